"""A release goes out as a catalogue does, by what kiosks say in their heartbeats; a bad one is stopped and led back."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from central import heartbeats, listings, publishing, releases, rollout_status, rollouts, signing, vigilance
from central.centre import open_centre
from central.models import Kiosk
from central.repository import APPLICATION, RepositoryError
from central.rollout_kinds import RELEASE
from offline_cache.contract.messages import CATALOGUE_DIRECTIVE, RELEASE_DIRECTIVE, Heartbeat
from tests.central.checkout import PLATFORM, Builder, runs
from tests.central.world import YAML, make_state

# What the steps are of: 1, 2, 8, 30.
KIOSKS = 30
OTHER_LOCK = "0" * 64


class Signer:
    """Who signs and publishes releases of one centre; `centre` has a catalogue."""

    def __init__(self, centre, aside):
        self.centre, self.build = centre, Builder(aside)
        from securesystemslib.signer import CryptoSigner

        self.keys = [CryptoSigner(Ed25519PrivateKey.generate())]
        signing.delegate(
            centre.state, centre.now(), APPLICATION, keys=self.keys, threshold=1,
            targets=signing.own_targets_signers(centre.state), paths=releases.PATHS,
        )  # fmt: skip

    def publish(self, number, *, min_release=None, **changed):
        built = self.build(number, **changed)
        releases.publish(self.centre.state, built, self.keys, self.centre.now(), min_release)


class Clock:
    def __init__(self):
        self.now = datetime.now(UTC)

    def __call__(self):
        return self.now


class Fleet:
    """Simulated kiosks: each tells which release it runs, and changes to what it is told, unless that fails there."""

    def __init__(self, centre, kiosks):
        self.centre = centre
        self.told = {f"VA-{number:03d}": runs(1) for number in range(kiosks)}
        self.ran = {name: {1} for name in self.told}
        self.off = set()
        with centre.database.transaction() as session:
            for name in self.told:
                key = base64.b64encode(Ed25519PrivateKey.generate().public_key().public_bytes_raw()).decode()
                session.add(
                    Kiosk(
                        id=name, label="", public_key=key, state="active", simulation=True, enrolled=centre.now(),
                        group="centro" if name < "VA-005" else None,
                    )
                )  # fmt: skip

    def send(self, name, application):
        beat = Heartbeat(
            queue_depth=0, oldest_unsynced_s=None, printer="ok", reader="ok", disk_free_mb=9999, clock="", boot_id="",
            catalogue_version=1, audit_head="", catalogue_proven=True, application=application,
        )  # fmt: skip
        return heartbeats.receive(self.centre, name, beat)

    def beat(self, broken=frozenset(), *, proven=True):
        """A round of heartbeats. A kiosk switches at once; `broken` releases fail their health check."""
        for name in sorted(set(self.told) - self.off):
            about = self.told[name]
            answer = self.send(name, about)
            assert CATALOGUE_DIRECTIVE not in answer.directives
            assert (RELEASE_DIRECTIVE in answer.directives) == (answer.release not in {None, about.release})
            if RELEASE_DIRECTIVE not in answer.directives:
                if about.state == "trying" and proven:
                    self.told[name] = runs(about.release, bad=about.bad)
                continue
            assert answer.release in releases.listed(self.centre.state)
            assert answer.release not in about.bad
            self.ran[name].add(answer.release)
            if answer.release in broken:
                self.told[name] = runs(about.release, bad=(*about.bad, answer.release), why="health:printer")
            else:
                self.told[name] = runs(answer.release, state="trying", bad=about.bad)

    def running(self, release):
        return sum(1 for about in self.told.values() if about.release == release)

    def touched(self, release):
        return sum(1 for ran in self.ran.values() if release in ran)


@pytest.fixture
def centre(tmp_path, anchors):
    made = open_centre(make_state(tmp_path / "central", anchors), Clock())
    publishing.publish(made.state, YAML, made.now())
    yield made
    made.database.close()


@pytest.fixture
def signer(centre, tmp_path):
    """Release 1 has been everywhere, release 2 is published."""
    made = Signer(centre, tmp_path)
    made.publish(1)
    rollouts.begin(centre, 1, steps=("100%",), kind=RELEASE)
    made.publish(2)
    return made


@pytest.fixture
def fleet(centre, signer):
    del signer
    return Fleet(centre, KIOSKS)


def test_a_good_release_reaches_one_then_five_percent_then_a_quarter_then_all(fleet, centre):
    rollouts.begin(centre, 2, kind=RELEASE)
    reached = [fleet.running(2)]
    while fleet.running(2) < KIOSKS:
        fleet.beat()
        reached.append(fleet.running(2))
        assert len(reached) < 20
    assert reached == sorted(reached)
    # one, two, eight, thirty, each at least for a round in which health checks end
    assert {0, 1, 2, 8, KIOSKS} <= set(reached)
    for _ in range(2):
        fleet.beat()
    assert rollouts.of_version(centre, 2, RELEASE) == "done"
    # the catalogue's own rollouts know nothing of it
    assert rollouts.of_version(centre, 2) is None
    assert rollout_status.of(centre)["rollouts"] == []


def test_a_bad_release_is_stopped_at_the_canary_and_no_other_kiosk_ever_sees_it(fleet, centre):
    rollouts.begin(centre, 2, kind=RELEASE)
    for _ in range(4):
        fleet.beat(broken={2})
    assert fleet.touched(2) == 1
    assert fleet.running(1) == KIOSKS
    (canary,) = [name for name, about in fleet.told.items() if about.bad]
    assert {(row["kiosk"], row["kind"], row["times"]) for row in vigilance.alerts(centre)} == {
        (canary, "release-taken-back", 1)
    }
    (row,) = [row for row in listings.kiosks(centre) if row["kiosk"] == canary]
    assert (row["release"], row["program"], row["release_state"]) == (1, "1.4.0", "proven")
    assert (row["platform"], row["release_bad"], row["release_why"]) == (PLATFORM, [2], "health:printer")
    said = "\n".join(rollout_status.lines(rollout_status.of(centre, RELEASE), RELEASE))
    assert "release 2  stopped at 1: 1 failed  1 of the kiosks in step 1 failed" in said
    assert f"{KIOSKS} kiosks run release 1" in said
    assert "1 kiosk took release 2 back" in said
    assert f"{canary} runs release 1: health:printer" in said


def test_a_step_waits_for_the_health_check_of_every_kiosk_that_is_there(fleet, centre):
    rollouts.begin(centre, 2, kind=RELEASE)
    for _ in range(3):
        fleet.beat(proven=False)
        assert fleet.running(2) == 1
    (canary,) = [name for name, about in fleet.told.items() if about.release == 2]
    found = rollout_status.of(centre, RELEASE)
    assert found["rollouts"][0]["waits_for"] == [canary]
    assert f"  waits for {canary}" in rollout_status.lines(found, RELEASE)
    fleet.beat()
    fleet.beat()
    fleet.beat()
    assert fleet.running(2) == 2


def test_one_that_fails_after_it_was_switched_everywhere_in_its_step_leads_the_others_back(fleet, centre):
    rollouts.begin(centre, 2, steps=("8", "100%"), kind=RELEASE)
    fleet.beat()
    fleet.beat(proven=False)
    switched = [name for name, about in fleet.told.items() if about.release == 2]
    assert len(switched) == 8
    fleet.told[switched[3]] = runs(1, bad=(2,), why="health:restarts")
    for _ in range(2):
        fleet.beat()
    assert fleet.running(1) == KIOSKS
    # by the centre's word, while only the one that failed says that it is bad
    assert [about.bad for about in fleet.told.values() if about.bad] == [(2,)]


def test_as_many_kiosks_may_fail_as_the_administrator_allows_and_they_are_not_asked_again(fleet, centre):
    rollouts.begin(centre, 2, failures=1, kind=RELEASE)
    fleet.beat(broken={2})
    for _ in range(12):
        fleet.beat()
    assert (fleet.running(1), fleet.running(2)) == (1, KIOSKS - 1)
    (failed,) = [name for name, about in fleet.told.items() if about.bad]
    answer = fleet.send(failed, fleet.told[failed])
    assert answer.release == 1
    assert RELEASE_DIRECTIVE not in answer.directives


def test_an_administrator_takes_a_release_back_and_every_kiosk_returns(fleet, centre):
    rollouts.begin(centre, 2, steps=("100%",), kind=RELEASE)
    for _ in range(3):
        fleet.beat()
    assert fleet.running(2) == KIOSKS
    assert rollouts.stop(centre, "it was slow", kind=RELEASE).version == 2
    for _ in range(2):
        fleet.beat()
    assert fleet.running(1) == KIOSKS
    with pytest.raises(RepositoryError, match="before release 1 nothing was rolled out"):
        rollouts.stop(centre, "all of it", kind=RELEASE)


def test_a_group_alone_gets_what_is_rolled_out_to_it(fleet, centre):
    rollouts.begin(centre, 2, group="centro", steps=("100%",), kind=RELEASE)
    for _ in range(3):
        fleet.beat()
    assert {name for name, about in fleet.told.items() if about.release == 2} == {f"VA-00{n}" for n in range(5)}


def test_nobody_is_led_to_what_was_only_published_or_withdrawn_by_the_floor(fleet, centre, signer):
    fleet.beat()
    assert fleet.touched(2) == 0
    signer.publish(3, min_release=3)
    # release 1 is below the signed floor: nobody is told to go there, and nobody was led to 3 yet
    fleet.told["VA-000"] = runs(0, state="current")
    fleet.beat()
    assert fleet.touched(3) == 0
    assert fleet.told["VA-000"].release == 0
    assert fleet.send("VA-001", fleet.told["VA-001"]).release is None
    with pytest.raises(RepositoryError, match="release 2 is not published, or was withdrawn"):
        rollouts.begin(centre, 2, kind=RELEASE)
    rollouts.begin(centre, 3, steps=("100%",), kind=RELEASE)
    for _ in range(3):
        fleet.beat()
    assert fleet.running(3) == KIOSKS
    # back is below the floor as well
    with pytest.raises(RepositoryError, match="push a corrected release instead"):
        rollouts.stop(centre, "too late", kind=RELEASE)


def test_a_rollout_of_what_was_withdrawn_holds_nobody_up(fleet, centre, signer):
    rollouts.begin(centre, 2, kind=RELEASE)
    fleet.beat()
    signer.publish(3, min_release=3)
    fleet.beat()
    assert fleet.touched(3) == 0
    rollouts.begin(centre, 3, steps=("100%",), kind=RELEASE)
    for _ in range(3):
        fleet.beat()
    assert fleet.running(3) == KIOSKS
    assert rollouts.of_version(centre, 2, RELEASE) == "stopped"


def test_a_machine_that_was_provisioned_with_a_newer_program_is_not_led_down_and_an_older_one_up(fleet):
    fleet.told["VA-000"] = runs(7, state="current")
    fleet.told["VA-001"] = runs(0, state="current")
    fleet.beat()
    assert fleet.told["VA-000"].release == 7
    assert fleet.told["VA-001"].release == 1


def test_who_runs_more_has_no_part_and_an_older_release_is_no_rollout_but_a_rollback(fleet, centre, signer):
    fleet.told["VA-000"] = runs(7, state="current", lock=OTHER_LOCK)
    fleet.beat()
    rollouts.begin(centre, 2, steps=("100%",), kind=RELEASE)
    for _ in range(3):
        fleet.beat()
    assert (fleet.running(2), fleet.running(7)) == (KIOSKS - 1, 1)
    assert rollouts.of_version(centre, 2, RELEASE) == "done"
    with pytest.raises(RepositoryError, match="release 2 was rolled out after it: take that back"):
        rollouts.begin(centre, 1, kind=RELEASE)


def test_who_was_provisioned_with_the_release_counts_as_one_that_runs_it_well(fleet, centre):
    fleet.told = {name: runs(2, state="current") for name in fleet.told}
    rollouts.begin(centre, 2, kind=RELEASE)
    for _ in range(6):
        fleet.beat()
    assert rollouts.of_version(centre, 2, RELEASE) == "done"


def test_who_says_nothing_of_releases_has_no_part_in_them_and_reads_its_answer(fleet, centre):
    for name in list(fleet.told)[:29]:
        assert fleet.send(name, None).release is None
    fleet.send("VA-029", runs(1))
    rollouts.begin(centre, 2, kind=RELEASE)
    fleet.told = {"VA-029": fleet.told["VA-029"]}
    for _ in range(4):
        fleet.beat()
    assert rollouts.of_version(centre, 2, RELEASE) == "done"
    assert fleet.send("VA-000", None).release is None
    assert rollout_status.of(centre, RELEASE)["by_hand"] == 29


def test_other_dependencies_go_only_where_their_wheels_are_listed(fleet, centre, signer):
    fleet.beat()
    fleet.told["VA-007"] = runs(1, lock=OTHER_LOCK, platform="cp313-x86_64")
    fleet.beat()
    with pytest.raises(RepositoryError, match="VA-007 cannot run release 2, which has other dependencies"):
        rollouts.begin(centre, 2, kind=RELEASE)
    rollouts.begin(centre, 2, group="centro", steps=("100%",), kind=RELEASE)
    signer.publish(3, with_wheels=True)
    fleet.told = {name: runs(about.release, lock=OTHER_LOCK) for name, about in fleet.told.items()}
    for _ in range(3):
        fleet.beat()
    # release 2 has no archive with wheels for them
    assert fleet.running(2) == 0
    assert rollouts.begin_pushed(centre, 3, steps=("100%",), group=None, kind=RELEASE) == [2]
    for _ in range(3):
        fleet.beat()
    assert fleet.running(3) == KIOSKS


def test_a_step_of_the_store_that_could_not_be_taken_back_is_not_taken(fleet, centre, signer):
    """The store is of schema 4 and read from 3 on; release 3 leaves one that only schema 5 reads."""
    fleet.beat()
    signer.publish(3, offline_cache__schema_py="LATEST = 6\nOLDEST_READER = 5\n")
    with pytest.raises(RepositoryError, match="roll out one between them first"):
        rollouts.begin(centre, 3, kind=RELEASE)
    signer.publish(4, offline_cache__schema_py="LATEST = 5\nOLDEST_READER = 4\n")
    rollouts.begin(centre, 4, steps=("100%",), kind=RELEASE)
    for _ in range(3):
        fleet.beat()
    assert fleet.running(4) == KIOSKS
    signer.publish(5, offline_cache__schema_py="LATEST = 6\nOLDEST_READER = 5\n")
    rollouts.begin(centre, 5, steps=("100%",), kind=RELEASE)
    for _ in range(3):
        fleet.beat()
    assert fleet.running(5) == KIOSKS


def test_what_a_kiosk_refuses_without_having_tried_it_is_an_alert_of_its_own(fleet, centre):
    fleet.send("VA-000", runs(1))
    for _ in range(3):
        fleet.send("VA-000", runs(1, why="disk-full"))
    fleet.send("VA-000", runs(1, why="disk-full", bad=(2,)))
    assert {(row["kind"], row["times"]) for row in vigilance.alerts(centre)} == {
        ("release-refused", 1), ("release-taken-back", 1),
    }  # fmt: skip


def test_a_kiosk_that_is_away_is_not_waited_for(fleet, centre):
    fleet.beat()
    rollouts.begin(centre, 2, steps=("8", "100%"), kind=RELEASE)
    fleet.beat()
    switched = [name for name, about in fleet.told.items() if about.release == 2]
    fleet.off = set(switched[:2])
    for _ in range(2):
        fleet.beat()
    assert fleet.running(2) == 8, "who was there a moment ago is expected"
    centre.clock.now += timedelta(minutes=11)
    for _ in range(3):
        fleet.beat()
    assert fleet.running(2) == KIOSKS
