"""The release that the centre names arrives whole, over any line, beside everything else, and lies ready for root."""

import hashlib
import json
import random

import pytest

from offline_cache import disk, release
from offline_cache.application_fetch import EVERY_S, ApplicationFetch
from offline_cache.catalogue_client import NotWritten
from offline_cache.client import Unreachable
from offline_cache.contract import hand_over
from offline_cache.contract.messages import LIST_PIECE_BYTES
from offline_cache.release import Release, Told
from offline_cache.signed_metadata import NotVouchedFor
from tests.central.checkout import FILES, PLATFORM, Builder
from tests.central.commands import Typed
from tests.offline_cache.reading import NOW

LOCK = hashlib.sha256(FILES["systemd/appliance.lock"].encode()).hexdigest()
# Three pieces and a bit, however well it is packed.
LONG = random.Random(7).randbytes(LIST_PIECE_BYTES * 3).hex()


class Machine:
    """A kiosk with release 0, whose centre publishes others."""

    def __init__(self, reader, totem, keys, builder, monkeypatch):
        self.reader, self._totem, self._keys, self._builder = reader, totem, keys, builder
        self.place = reader.folder.path / hand_over.FOLDER
        self.now_s, self.between = 0.0, 0
        self.patch = monkeypatch
        self.runs(0)
        self.fetch = self.another()

    def another(self):
        """As after a start of the sync process."""
        return ApplicationFetch(self.reader.folder, self.reader.store, random.Random(1))

    def runs(self, number, lock=LOCK):
        self.patch.setattr(release, "here", lambda: Release(number, "1.4.0", lock, 4, 3))

    def told(self, told):
        said = {"state": told.state, "bad": told.bad, "why": told.why, "next": told.next}
        (self.reader.folder.path / "report.json").write_text(json.dumps(said))

    def publish(self, number, **more):
        archives = self._builder(number, **more)
        self._totem("push", *archives, "--keys", self._keys, "--no-rollout")
        return archives

    def step(self):
        def between():
            self.between += 1

        return self.fetch.step(self.reader.connection, NOW, self.now_s, between)

    def settle(self):
        steps = 0
        while self.step():
            steps += 1
            assert steps < 60
        return steps

    def wish(self, number):
        self.fetch.wish(number, self.now_s)

    @property
    def offered(self):
        file = self.place / hand_over.WISH
        return json.loads(file.read_text()) if file.exists() else None

    @property
    def archive(self):
        return (self.place / hand_over.ARCHIVE).read_bytes()


@pytest.fixture
def machine(reader, repository, tmp_path, monkeypatch):
    totem = Typed(repository.centre.state.path, group="release")
    totem("init", "--keys", tmp_path / "keys")
    return Machine(reader, totem, tmp_path / "keys", Builder(tmp_path), monkeypatch)


def test_a_release_is_fetched_in_pieces_and_left_with_all_that_vouches_for_it(machine):
    (archive,) = machine.publish(1, printer____init___py=LONG)
    machine.wish(1)
    assert machine.settle() >= 4, "a piece a step"
    assert machine.offered == {"release": 1, "target": "totem.1.any.tar.gz"}
    assert machine.archive == archive.read_bytes()
    names = {file.name for file in (machine.place / hand_over.METADATA).iterdir()}
    assert {"1.root.json", "timestamp.json", "snapshot.json", "targets.json", "application.json"} <= names
    assert machine.between, "look-ups are served meanwhile"
    assert not machine.step(), "and not fetched again"


def broken(*_arguments, **_options):
    raise ConnectionResetError


def test_a_line_that_breaks_costs_one_piece(machine, monkeypatch):
    (archive,) = machine.publish(1, printer____init___py=LONG)
    machine.wish(1)
    for _ in range(3):
        machine.step()
    had = sum(file.stat().st_size for file in machine.place.glob("*.part"))
    assert had == 2 * LIST_PIECE_BYTES
    with monkeypatch.context() as line:
        line.setattr(machine.reader.connection, "exchange", broken)
        with pytest.raises(Unreachable):
            machine.step()
        assert not machine.step(), "tried again later"
    machine.now_s, machine.fetch = EVERY_S, machine.another()
    machine.wish(1)
    machine.step()
    assert sum(file.stat().st_size for file in machine.place.glob("*.part")) == had
    machine.settle()
    assert machine.archive == archive.read_bytes()


def test_what_came_otherwise_than_it_was_signed_is_thrown_away_and_fetched_anew(machine):
    (archive,) = machine.publish(1, printer____init___py=LONG)
    machine.wish(1)
    machine.step()
    machine.step()
    (part,) = machine.place.glob("*.part")
    part.write_bytes(bytes(part.stat().st_size))
    with pytest.raises(NotVouchedFor, match="not what was signed"):
        machine.settle()
    assert machine.offered is None
    machine.now_s = EVERY_S
    machine.settle()
    assert machine.archive == archive.read_bytes()


def test_with_other_packages_it_is_the_archive_with_this_platform_s_wheels(machine):
    _plain, with_wheels = machine.publish(1, with_wheels=True)
    machine.runs(0, lock="0" * 64)
    machine.patch.setattr(release, "this_platform", lambda: PLATFORM)
    machine.wish(1)
    machine.settle()
    assert machine.offered["target"] == f"totem.1.{PLATFORM}.tar.gz"
    assert machine.archive == with_wheels.read_bytes()


def test_without_wheels_for_other_packages_nothing_is_fetched(machine):
    machine.publish(1)
    machine.runs(0, lock="0" * 64)
    machine.wish(1)
    with pytest.raises(NotVouchedFor, match="no release 1 for this kiosk"):
        machine.settle()
    assert not machine.place.exists()


def test_a_release_that_nobody_signed_is_not_asked_for(machine):
    machine.publish(1)
    machine.wish(2)
    with pytest.raises(NotVouchedFor, match="lists no release 2"):
        machine.settle()


@pytest.mark.parametrize(
    "told", [Told("proven", (1,), "health:screen"), Told("trying", (), "", 1), Told("current", (), "", 1)],
    ids=["taken back", "being tried", "being built"],
)  # fmt: skip
def test_what_was_tried_or_is_in_hand_is_not_fetched(machine, told):
    machine.publish(1)
    machine.told(told)
    machine.wish(1)
    assert not machine.step()


def test_what_could_not_be_taken_for_want_of_room_is_offered_again_without_fetching_it_again(machine):
    machine.publish(1, printer____init___py=LONG)
    machine.wish(1)
    first = machine.settle()
    (machine.place / hand_over.WISH).unlink()
    machine.told(Told("current", (), "disk-full"))
    assert not machine.step(), "not at once"
    machine.now_s = EVERY_S
    assert machine.settle() < first
    assert machine.offered == {"release": 1, "target": "totem.1.any.tar.gz"}


@pytest.mark.parametrize("wished", [None, 1], ids=["the wish was withdrawn", "it runs by now"])
def test_what_is_wished_for_no_more_is_cleared_away(machine, wished):
    machine.publish(1)
    machine.wish(1)
    machine.settle()
    if wished:
        machine.runs(1)
        machine.fetch = machine.another()
    machine.wish(wished)
    assert machine.offered is None
    assert [file.name for file in machine.place.iterdir()] == [hand_over.METADATA]


def test_who_waits_to_put_it_in_place_is_told_that_it_is_wished_for_no_more(machine):
    machine.publish(1)
    machine.wish(1)
    machine.settle()
    (machine.place / hand_over.WISH).unlink()
    machine.told(Told("current", (), "", 1))
    machine.wish(None)
    assert machine.offered == {"release": 0, "target": hand_over.NOTHING}


def test_a_full_disk_is_found_before_anything_is_written(machine, monkeypatch):
    machine.publish(1, printer____init___py=LONG)
    monkeypatch.setattr(disk, "free_mb", lambda _folder: disk.NEEDED_MB)
    machine.wish(1)
    with pytest.raises(NotWritten, match="the disk is full"):
        machine.step()
    assert not list(machine.place.glob("*.part"))


def test_the_heartbeat_tells_what_runs_here_and_what_became_of_the_last(machine):
    machine.told(Told("proven", (3,), "health:printer"))
    machine.runs(2)
    told = release.application(machine.reader.folder)
    assert (told.release, told.state, told.bad, told.why, told.lock) == (2, "proven", (3,), "health:printer", LOCK)


def test_a_report_that_cannot_be_read_says_nothing(machine):
    (machine.reader.folder.path / "report.json").write_text("[")
    assert release.told(machine.reader.folder) == Told()
