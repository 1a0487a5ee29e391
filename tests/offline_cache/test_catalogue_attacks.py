"""The attacks of the TUF specification (1.5.2), played against the kiosk over real HTTPS.

Who attacks has the centre's disk and address, and the keys that lie there: those of snapshot and timestamp. The keys of
root and targets are with people.
"""

import shutil
import time
from datetime import timedelta

import pytest
from tuf.api.metadata import Metadata, MetaFile, Snapshot, Timestamp

from central import publishing, signing
from central import repository as on_disk
from offline_cache import catalogue_cache, catalogue_client, clock, floors, signed_metadata
from offline_cache.client import Unreachable
from offline_cache.clock import Reading
from offline_cache.signed_metadata import NotVouchedFor
from tests.offline_cache.lines import Scripted, answer
from tests.offline_cache.reading import NOW, Kiosk


def online(repository, meta, number=None):
    """Signs with the keys that lie at the centre: a snapshot of these versions, and the timestamp that leads to it."""
    state = repository.centre.state
    file = state.tuf_metadata / "timestamp.json"
    version = number or Metadata[Timestamp].from_file(str(file)).signed.version + 1
    snapshot = number or on_disk.newest(state, "snapshot") + 1
    metas = {f"{role}.json": MetaFile(version=found) for role, found in meta.items()}
    made = Metadata(Snapshot(version=snapshot, expires=NOW + timedelta(days=30), meta=metas))
    made.sign(on_disk.online_signer(state, "snapshot"))
    on_disk.write(state, f"{snapshot}.snapshot.json", made)
    leads = Timestamp(version=version, expires=NOW + timedelta(days=7), snapshot_meta=MetaFile(version=snapshot))
    leading = Metadata(leads)
    leading.sign(on_disk.online_signer(state, "timestamp"))
    on_disk.write(state, "timestamp.json", leading)


def targets_version(repository):
    return on_disk.published(repository.centre.state, "targets").signed.version


def refused(reader, wanted, *, words="", now=NOW):
    """The kiosk takes nothing, says why, and serves what it served before."""
    before = reader.version()
    with pytest.raises(NotVouchedFor, match=words):
        reader.fetch(wanted=wanted, now=now)
    assert reader.version() == before
    assert list((reader.folder.tuf / "work").iterdir()) == []


@pytest.fixture
def served(reader, repository):
    """A kiosk that runs the newest catalogue."""
    repository.publish()
    reader.keep()
    return reader


# ---- arbitrary installation ----------------------------------------------------------------------------


def test_arbitrary_installation_of_bytes_under_a_good_name(served, repository):
    repository.publish("newer")
    file = repository.target
    file.write_bytes(file.read_bytes().replace(b'"newer"', b'"9999!"'))
    refused(served, served.newest(), words="does not match|LengthOrHash")


def test_arbitrary_installation_of_a_catalogue_that_only_the_centres_own_keys_signed(served, repository):
    state = repository.centre.state
    number = targets_version(repository) + 1
    forged = on_disk.published(state, "targets")
    forged.signed.version = number
    forged.signed.targets["vila-aurora.999.json"] = next(iter(forged.signed.targets.values()))
    forged.signatures.clear()
    forged.sign(on_disk.online_signer(state, "snapshot"))
    on_disk.write(state, f"{number}.targets.json", forged)
    online(repository, {"targets": number})
    refused(served, "vila-aurora.999.json", words="UnsignedMetadata")


def test_a_directive_towards_what_nobody_signed(served):
    refused(served, "vila-aurora.999.json", words="does not list")
    refused(served, "other-city.1.json", words="another operator")
    refused(served, "../../etc/passwd", words="names no catalogue")


# ---- rollback ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("forgetful", [False, True], ids=["its cache kept", "its cache deleted"])
def test_rollback_to_targets_of_before_signed_anew_with_the_keys_at_the_centre(served, repository, forgetful):
    old = targets_version(repository)
    repository.publish("newer")
    served.keep()
    online(repository, {"targets": old})
    if forgetful:
        served.forget_metadata()
    refused(served, "vila-aurora.1.json", words="targets|BadVersion")


def test_rollback_of_the_root_to_one_whose_key_was_replaced(served, repository, tmp_path):
    state = repository.centre.state
    old = repository.save()
    signing.rotate(state, NOW, "timestamp", new=[], root_signers=signing.own_root_signers(state))
    repository.publish("newer")
    served.keep()
    repository.restore(old)
    served.forget_metadata()
    refused(served, served.newest(), words="root 1 is older than 2")


def test_rollback_to_a_catalogue_that_was_withdrawn(served, repository):
    state, withdrawn = repository.centre.state, served.version()
    text = publishing.published(state).model_dump_json(
        by_alias=True, exclude={"version", "published", "trust_anchors", "sealing_keys"}
    )
    signed = publishing.prepare(state, text, NOW, min_version=withdrawn + 1)
    for signer in signing.own_targets_signers(state):
        signed.metadata.sign(signer)
    publishing.publish_signed(state, signed, NOW)
    found = catalogue_client.fetch(served.folder, served.store, served.connection, NOW, served.newest())
    assert catalogue_cache.keep(served.store, found.content, min_version=found.min_version)
    refused(served, f"vila-aurora.{withdrawn}.json", words="does not list")
    # nor from its own disk, whoever marks the newer one bad
    kept = served.store.row("select content from catalogue where version = ?", (withdrawn,))
    with pytest.raises(catalogue_cache.CatalogueRefusedError, match="was withdrawn"):
        catalogue_cache.offer(served.store, bytes(kept["content"]))


# ---- freeze, and clocks ---------------------------------------------------------------------------------


def test_indefinite_freeze_is_seen_when_the_signatures_end(served, repository):
    same = served.newest()
    assert served.fetch(wanted=same, now=NOW + timedelta(days=6)) is None
    refused(served, same, words="Expired", now=NOW + timedelta(days=8))


def reading(wall):
    return Reading("boot", 100.0, wall)


def test_a_slow_clock_makes_nothing_fresh_again(served):
    clock.confirm(served.store, clock.read(), NOW + timedelta(days=8))
    believed = clock.best(served.store, reading(NOW.replace(year=2020)))
    refused(served, served.newest(), words="Expired", now=believed)


def test_a_fast_clock_ends_nothing_and_is_not_remembered(served, repository):
    clock.confirm(served.store, clock.read(), NOW)
    ahead = reading(NOW + timedelta(days=3650))
    assert not clock.confirm(served.store, ahead, NOW)
    repository.publish("newer")
    assert served.fetch(now=clock.best(served.store, ahead)) is not None
    assert floors.value(served.store, clock.FLOOR) == int(NOW.timestamp())


# ---- fast-forward ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [2**31, 10**30], ids=["that a store can count", "that none can"])
def test_fast_forward_is_recovered_from_by_new_keys(served, repository, number):
    state = repository.centre.state
    good = repository.save()
    online(repository, {"targets": targets_version(repository)}, number)
    if number > signed_metadata.HIGHEST:
        refused(served, served.newest(), words="no centre gives")
    else:
        assert served.fetch() is None
    repository.restore(good)
    version = repository.publish("good")
    refused(served, served.newest(), words="BadVersion|version")
    for role in ("timestamp", "snapshot"):
        signing.rotate(state, NOW, role, new=[], root_signers=signing.own_root_signers(state))
    served.keep()
    assert served.version() == version


def test_fast_forward_is_recovered_from_though_the_line_broke_in_the_middle(served, repository, relay):
    state = repository.centre.state
    good = repository.save()
    online(repository, {"targets": targets_version(repository)}, 2**31 + 1)
    assert served.fetch() is None
    repository.restore(good)
    repository.publish("good")
    for role in ("timestamp", "snapshot"):
        signing.rotate(state, NOW, role, new=[], root_signers=signing.own_root_signers(state))
    files = iter(range(100))
    with pytest.raises(Unreachable):
        # the two new roots arrive, and nothing after them
        served.fetch(between=lambda: relay.cut() if next(files) == 3 else None)
    relay.up = True
    served.keep()


# ---- mix and match -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["snapshot", "targets"])
def test_mix_and_match_of_metadata_of_different_days(served, repository, role):
    state = repository.centre.state
    before = on_disk.newest(state, role)
    old = (state.tuf_metadata / f"{before}.{role}.json").read_bytes()
    repository.publish("newer")
    (state.tuf_metadata / f"{on_disk.newest(state, role)}.{role}.json").write_bytes(old)
    refused(served, f"vila-aurora.{served.version() + 1}.json", words="BadVersion")


def test_mix_and_match_of_catalogues_of_different_days(served, repository):
    old = repository.target.read_bytes()
    repository.publish("newer")
    repository.target.write_bytes(old)
    refused(served, served.newest(), words="does not match|LengthOrHash")


# ---- endless data, slow retrieval ---------------------------------------------------------------------


class Attacker:
    """The centre's files over TLS with its certificate; what it does to one of them is `act(socket)`."""

    def __init__(self, repository, part, act):
        self.tuf, self.part, self.act = repository.tuf, part, act

    def __call__(self, sock, request):
        folder, name = request.path.split("/")[-2:]
        if self.part in name:
            self.act(sock)
            return
        file = self.tuf / folder / name
        sock.sendall(answer(200, file.read_bytes()) if file.is_file() else answer(404, b""))


def under_attack(served, repository, part, act):
    """What the kiosk says of a centre that does so to one of its files."""
    wanted = served.newest()
    with Scripted(repository.centre.state.tls, Attacker(repository, part, act)) as server:
        repository.centre.settings(served.folder, server.port)
        other = Kiosk(served.folder, served.store, repository.centre)
        try:
            with pytest.raises((NotVouchedFor, Unreachable)):
                other.fetch(wanted=wanted)
        finally:
            other.connection.close()
    assert list((served.folder.tuf / "work").iterdir()) == []


@pytest.mark.parametrize("part", [".root.json", "timestamp.json", ".snapshot.json", ".targets.json", ".vila-aurora."])
def test_endless_data_is_read_to_a_limit(served, repository, part):
    sent = []

    def endlessly(sock):
        sock.sendall(b"HTTP/1.1 200 X\r\n\r\n")
        while True:
            sock.sendall(b"a" * 65_536)
            sent.append(65_536)

    repository.publish("newer")
    under_attack(served, repository, part, endlessly)
    # the kiosk's limit, and what lies in buffers on the way
    assert sum(sent) < 16 * 2**20


def test_a_file_that_trickles_ends_with_its_time(served, repository, monkeypatch):
    monkeypatch.setattr(catalogue_client, "LIMIT_S", 0.5)

    def slowly(sock):
        sock.sendall(b"HTTP/1.1 200 X\r\nContent-Length: 1000\r\n\r\n")
        for _ in range(1000):
            sock.sendall(b"a")
            time.sleep(0.02)

    repository.publish("newer")
    began_s = time.monotonic()
    under_attack(served, repository, "timestamp.json", slowly)
    assert time.monotonic() - began_s < 5


# ---- wrong keys ----------------------------------------------------------------------------------------


def test_another_centre_with_keys_of_its_own(served, repository, monkeypatch):
    monkeypatch.setattr(publishing, "_check", lambda *_: None)
    for role in ("root", "timestamp", "snapshot", "targets"):
        repository.new_key(role)
    repository.publish("forged")
    refused(served, served.newest(), words="UnsignedMetadata")


def test_a_full_disk_keeps_what_is_there_and_is_told_in_one_line(served, repository, monkeypatch):
    version = repository.publish("newer")

    def full(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as filling:
        filling.setattr(shutil, "copyfileobj", full)
        with pytest.raises(catalogue_client.NotWritten, match="the disk is full") as told:
            served.fetch()
    assert "\n" not in str(told.value)
    assert list((served.folder.tuf / "work").iterdir()) == []
    served.keep()
    assert served.version() == version
