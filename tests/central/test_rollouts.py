"""A version goes out step by step, and one that fails at the first kiosks never reaches the others."""

import base64
from types import SimpleNamespace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from central import publishing, rollouts
from central.centre import open_centre
from central.models import Kiosk
from central.repository import RepositoryError
from tests.central.world import YAML, make_state

KIOSKS = 200


@pytest.fixture
def fleet(tmp_path, anchors):
    """A centre with two published versions and 200 kiosks that run the first."""
    centre = open_centre(make_state(tmp_path / "central", anchors))
    for _ in range(2):
        publishing.publish(centre.state, YAML, centre.now())
    rollouts.begin(centre, 1, steps=("100%",))
    with centre.database.transaction() as session:
        for number in range(KIOSKS):
            key = base64.b64encode(Ed25519PrivateKey.generate().public_key().public_bytes_raw()).decode()
            session.add(
                Kiosk(
                    id=f"VA-{number:03d}", label="", public_key=key, state="active", simulation=True,
                    enrolled=centre.now(), group="centro" if number < 10 else None,
                )
            )
    yield Fleet(centre)
    centre.database.close()


class Fleet:
    """Simulated kiosks: each beat tells what it runs, and it runs what it is told, unless that breaks it."""

    def __init__(self, centre):
        self.centre = centre
        self.runs = {f"VA-{number:03d}": 1 for number in range(KIOSKS)}
        self.bad = dict.fromkeys(self.runs, ())
        self.ran = {name: {1} for name in self.runs}

    def beat(self, broken=frozenset()):
        for name in self.runs:
            beat = SimpleNamespace(catalogue_version=self.runs[name], catalogue_bad=self.bad[name], faults=0)
            with self.centre.database.transaction() as session:
                told = rollouts.heard(self.centre, session, session.get_one(Kiosk, name), beat)
            if told is None or told.version in self.bad[name]:
                continue
            self.ran[name].add(told.version)
            if told.version in broken:
                self.bad[name] = (*self.bad[name], told.version)
            else:
                self.runs[name] = told.version

    def running(self, version):
        return sum(1 for runs in self.runs.values() if runs == version)

    def touched(self, version):
        return sum(1 for ran in self.ran.values() if version in ran)


def test_a_good_version_reaches_one_then_five_percent_then_a_quarter_then_all(fleet):
    rollouts.begin(fleet.centre, 2)
    reached = []
    while fleet.running(2) < KIOSKS:
        fleet.beat()
        reached.append(fleet.running(2))
        assert len(reached) < 12
    # within one round of heartbeats the next step may begin; none is skipped
    assert fleet.touched(2) == KIOSKS
    assert sorted(reached) == reached
    fleet.beat()
    assert fleet.running(2) == KIOSKS


def test_a_bad_version_is_stopped_at_the_canary_and_199_kiosks_never_see_it(fleet):
    begun = rollouts.begin(fleet.centre, 2)
    for _ in range(5):
        fleet.beat(broken={2})
    assert fleet.touched(2) == 1
    assert fleet.running(1) == KIOSKS
    with pytest.raises(RepositoryError, match=r"no rollout|nothing was rolled out"):
        rollouts.stop(fleet.centre, "again", begun.version)


def test_as_many_kiosks_may_fail_as_the_administrator_allows(fleet):
    rollouts.begin(fleet.centre, 2, failures=1)
    for _ in range(6):
        fleet.beat(broken={2})
    assert fleet.touched(2) > 1
    assert fleet.touched(2) <= 11


def test_a_rollback_brings_every_kiosk_back_with_its_next_heartbeat(fleet):
    rollouts.begin(fleet.centre, 2, steps=("100%",))
    fleet.beat()
    fleet.beat()
    assert fleet.running(2) == KIOSKS
    rollouts.stop(fleet.centre, "prices were wrong")
    fleet.beat()
    assert fleet.running(1) == KIOSKS


def test_a_group_alone_gets_what_is_rolled_out_to_it(fleet):
    rollouts.begin(fleet.centre, 2, group="centro", steps=("100%",))
    for _ in range(3):
        fleet.beat()
    assert fleet.running(2) == 10


def test_a_second_rollout_waits_for_the_first(fleet):
    rollouts.begin(fleet.centre, 2)
    with pytest.raises(RepositoryError, match="still running"):
        rollouts.begin(fleet.centre, 2)


@pytest.mark.parametrize("steps", [(), ("5%",), ("25%", "5%", "100%"), ("x", "100%"), ("0", "100%")])
def test_steps_that_lead_nowhere_are_refused(steps):
    with pytest.raises(RepositoryError, match="steps"):
        rollouts.counts(steps, KIOSKS)


def test_what_is_not_published_is_not_rolled_out(fleet):
    with pytest.raises(RepositoryError, match="version 9 is not published"):
        rollouts.begin(fleet.centre, 9)
