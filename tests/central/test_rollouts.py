"""A version goes out step by step, and one that fails at the first kiosks never reaches the others."""

import base64
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from central import publishing, rollout_status, rollouts
from central.centre import open_centre
from central.models import HeartbeatRow, Kiosk
from central.repository import RepositoryError
from tests.central.world import YAML, make_state

# What the steps are of: 1, 3, 15, 60.
KIOSKS = 60


@pytest.fixture
def fleet(request, tmp_path, anchors):
    """A centre with two published versions and sixty kiosks that run the first, or as many as the test asks for."""
    kiosks = getattr(request, "param", KIOSKS)
    clock = Clock()
    centre = open_centre(make_state(tmp_path / "central", anchors), clock)
    for _ in range(2):
        publishing.publish(centre.state, YAML, centre.now())
    rollouts.begin(centre, 1, steps=("100%",))
    with centre.database.transaction() as session:
        for number in range(kiosks):
            key = base64.b64encode(Ed25519PrivateKey.generate().public_key().public_bytes_raw()).decode()
            session.add(
                Kiosk(
                    id=f"VA-{number:03d}", label="", public_key=key, state="active", simulation=True,
                    enrolled=centre.now(), group="centro" if number < 10 else None,
                )
            )
    yield Fleet(centre, clock, kiosks)
    centre.database.close()


class Clock:
    def __init__(self):
        self.now = datetime.now(UTC)

    def __call__(self):
        return self.now

    def pass_(self, **time):
        self.now += timedelta(**time)


def hear(centre, name, beat):
    with centre.database.transaction() as session:
        known = rollouts.newest_first(session)
        return rollouts.heard(centre, session, session.get_one(Kiosk, name), beat, known)


class Fleet:
    """Simulated kiosks: each beat tells what it runs, and it runs what it is told, unless that breaks it."""

    def __init__(self, centre, clock, kiosks):
        self.centre, self.clock = centre, clock
        self.proven = dict.fromkeys((f"VA-{number:03d}" for number in range(kiosks)), True)
        self.off = set()
        self.runs = {f"VA-{number:03d}": 1 for number in range(kiosks)}
        self.bad = dict.fromkeys(self.runs, ())
        self.ran = {name: {1} for name in self.runs}

    def beat(self, broken=frozenset(), *, visited=True):
        """A round of heartbeats; `visited`: a citizen came to each kiosk before it."""
        for name in sorted(set(self.runs) - self.off):
            self.proven[name] |= visited
            beat = SimpleNamespace(
                catalogue_version=self.runs[name], catalogue_proven=self.proven[name], catalogue_bad=self.bad[name],
                faults=0,
            )  # fmt: skip
            told = hear(self.centre, name, beat)
            if told is None or told.version in {*self.bad[name], self.runs[name]}:
                continue
            self.ran[name].add(told.version)
            if told.version in broken:
                self.bad[name] = (*self.bad[name], told.version)
            else:
                self.runs[name], self.proven[name] = told.version, False

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


@pytest.mark.parametrize("fleet", [200], indirect=True)
def test_a_bad_version_is_stopped_at_the_canary_and_199_kiosks_never_see_it(fleet):
    begun = rollouts.begin(fleet.centre, 2)
    for _ in range(5):
        fleet.beat(broken={2})
    assert fleet.touched(2) == 1
    assert fleet.running(1) == 200
    with pytest.raises(RepositoryError, match=r"no rollout|nothing was rolled out"):
        rollouts.stop(fleet.centre, "again", begun.version)


def test_a_step_waits_until_a_citizen_has_been_there(fleet):
    rollouts.begin(fleet.centre, 2)
    for _ in range(4):
        fleet.beat(visited=False)
        assert fleet.running(2) == 1
    assert waited_for(fleet) == [name for name, runs in fleet.runs.items() if runs == 2]
    fleet.beat()
    fleet.beat(visited=False)
    assert fleet.running(2) == 3


def test_one_that_breaks_in_its_first_session_stops_it_at_the_canary(fleet):
    rollouts.begin(fleet.centre, 2)
    fleet.beat(visited=False)
    (canary,) = [name for name, runs in fleet.runs.items() if runs == 2]
    fleet.runs[canary], fleet.bad[canary] = 1, (2,)
    for _ in range(3):
        fleet.beat()
    assert fleet.touched(2) == 1
    assert fleet.running(1) == KIOSKS


def test_a_kiosk_that_is_switched_off_is_not_waited_for_but_no_step_passes_on_silence_alone(fleet):
    rollouts.begin(fleet.centre, 2)
    fleet.beat()
    (canary,) = [name for name, runs in fleet.runs.items() if runs == 2]
    fleet.off = {canary}
    fleet.clock.pass_(minutes=30)
    fleet.beat()
    assert fleet.running(2) == 1, "the only kiosk of its step has said nothing"
    fleet.off = set()
    fleet.beat()
    fleet.beat(visited=False)
    reached = [name for name, runs in fleet.runs.items() if runs == 2]
    assert len(reached) == 3
    fleet.off = {next(name for name in reached if name != canary)}
    fleet.clock.pass_(minutes=5)
    fleet.beat()
    fleet.beat()
    assert fleet.running(2) == 3, "who was there a moment ago is expected"
    fleet.clock.pass_(minutes=6)
    fleet.beat()
    fleet.beat(visited=False)
    assert fleet.running(2) == 15


def test_kiosks_that_were_heard_lately_are_the_first_to_try(fleet):
    with fleet.centre.database.transaction() as session:
        for name in ("VA-007", "VA-023"):
            body = {"catalogue_version": 1}
            session.add(HeartbeatRow(kiosk=name, received=fleet.clock.now, body=body))
    rollouts.begin(fleet.centre, 2)
    fleet.beat()
    assert {name for name, runs in fleet.runs.items() if runs == 2} <= {"VA-007", "VA-023"}


def test_before_any_rollout_is_done_kiosks_have_what_was_published_before(tmp_path, anchors):
    centre = open_centre(make_state(tmp_path / "central", anchors))
    for _ in range(2):
        publishing.publish(centre.state, YAML, centre.now())
    with centre.database.transaction() as session:
        session.add(
            Kiosk(id="VA-001", label="", public_key="k", state="active", simulation=True, enrolled=centre.now())
        )
    fresh = SimpleNamespace(catalogue_version=0, catalogue_proven=True, catalogue_bad=(), faults=0)
    assert hear(centre, "VA-001", fresh).version == 2
    rollouts.begin(centre, 2, steps=("100%",))
    assert hear(centre, "VA-001", fresh).version == 2
    rollouts.stop(centre, "it was wrong")
    assert hear(centre, "VA-001", fresh).version == 1
    centre.database.close()


def waited_for(fleet):
    return rollout_status.of(fleet.centre)["rollouts"][0]["waits_for"]


def test_as_many_kiosks_may_fail_as_the_administrator_allows(fleet):
    rollouts.begin(fleet.centre, 2, failures=1)
    for _ in range(6):
        fleet.beat(broken={2})
    assert fleet.touched(2) > 1
    assert fleet.touched(2) <= 4


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
