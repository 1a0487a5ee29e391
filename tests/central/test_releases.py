"""Releases beside catalogues in one repository: who signs, what is published, what a kiosk can fetch and verify."""

import json
import os
import shutil
from pathlib import Path

import pytest
import requests
from pydantic import RootModel
from tuf.api.exceptions import UnsignedMetadataError

from central import publishing, releases, repository, signing
from offline_cache.contract.messages import (
    LIST_PIECE_BYTES,
    LIST_SIZE_HEADER,
    NONCE_HEADER,
    RELEASE_DIRECTIVE,
    Heartbeat,
)
from offline_cache.signed_metadata import NotVouchedFor
from offline_cache.signing import draw_nonce, verify_answer
from offline_cache.store import open_store
from tests.central import checkout
from tests.central.checkout import PLATFORM, Builder
from tests.central.commands import Typed
from tests.central.world import YAML, make_state, running
from tests.centre import Centre
from tests.offline_cache.reading import Kiosk


@pytest.fixture
def centre(tmp_path, anchors):
    """With version 1 of a catalogue."""
    with running(make_state(tmp_path / "central", anchors)) as world:
        publishing.publish(world.state, YAML, world.now())
        yield world


@pytest.fixture
def totem(centre):
    return Typed(centre.state.path, group="release")


@pytest.fixture
def archives(tmp_path):
    return Builder(tmp_path)


@pytest.fixture
def keys(totem, tmp_path):
    """Of one who signs releases."""
    totem("init", "--keys", tmp_path / "keys")
    return tmp_path / "keys"


def fetched(world, folder, name):
    """The bytes of a target as TUF's own client verified them, from the first root on."""
    found = checkout.updater(world, folder)
    info = found.get_targetinfo(name)
    return None if info is None else Path(found.download_target(info, str(folder / "target"))).read_bytes()


def test_a_release_is_built_signed_by_two_of_three_people_and_pushed(centre, totem, tmp_path):
    tree = checkout.make(tmp_path / "tree")
    assert "SHA-256" in totem_build(totem, tree, "--release", 1, "--out", tmp_path / "out")
    archive = tmp_path / "out/totem.1.any.tar.gz"
    assert "run `totem release init` first" in totem("sign", archive, code=2)
    people = [tmp_path / name for name in ("ana", "bia", "caio")]
    folders = [word for folder in people for word in ("--keys", folder)]
    assert "2 of 3 keys sign releases" in totem("init", *folders, "--threshold", 2)
    assert all(b"ENCRYPTED" in file.read_bytes() for folder in people for file in folder.glob("application-*.pem"))
    assert "with people" in totem("push", archive, code=2)
    assert "release 1, 1 of 2 signatures" in totem("sign", archive, "--keys", people[0])
    signed = tmp_path / "out/totem.1.signed.json"
    assert "signed by 1 of the 2 keys that application needs" in totem("push", signed, code=2)
    assert not releases.listed(centre.state)
    # the second builds the same commit, on a machine that has no centre, and holds it against what is to be signed
    desk = tmp_path / "desk"
    totem_build(totem, tree, "--release", 1, "--out", desk)
    shutil.copy(signed, desk)
    own = desk / "totem.1.any.tar.gz"
    said = totem("sign", desk / signed.name, own, "--keys", people[2], state=tmp_path / "nowhere")
    assert "2 of 2 signatures" in said
    own.write_bytes(own.read_bytes() + b"\0")
    assert "is not the archive that is listed" in totem("sign", desk / signed.name, own, "--keys", people[2], code=2)
    shutil.copy(desk / signed.name, signed)
    assert "Release 1 is published" in totem("push", signed)
    assert fetched(centre, tmp_path / "kiosk", archive.name) == archive.read_bytes()
    # once more, by who did not see the end of it
    assert "Release 1 is published" in totem("push", signed)
    assert repository.newest(centre.state, "application") == 2


def totem_build(totem, tree, *words):
    """`build` needs no centre, and takes no folder of one."""
    from click.testing import CliRunner

    from central.release_cli import release

    result = CliRunner().invoke(release, ["build", str(tree), *map(str, words)])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_catalogues_and_releases_go_on_beside_each_other(centre, totem, keys, archives, tmp_path):
    catalog = Typed(centre.state.path)
    totem("push", *archives(1, with_wheels=True), "--keys", keys)
    written = tmp_path / "catalogue.yaml"
    written.write_text(YAML, encoding="utf-8")
    catalog("push", written)
    totem("push", *archives(2), "--keys", keys)
    assert sorted(repository.vouched(centre.state)) == [1, 2]
    assert {release: found.platforms for release, found in releases.listed(centre.state).items()} == {
        1: (PLATFORM,), 2: (),
    }  # fmt: skip
    for name in ("vila-aurora.1.json", "vila-aurora.2.json", "totem.1.any.tar.gz", f"totem.1.{PLATFORM}.tar.gz"):
        assert fetched(centre, tmp_path / f"kiosk-{name}", name)
    assert "version 2" in catalog("status")
    assert "release" not in catalog("status")
    assert "application" not in catalog("status")
    assert f"release 1  version 1.4.0  lowest that may run 1  wheels for {PLATFORM}" in totem("status")
    # the keys of catalogues are handed over, and sign no release; those of releases no catalogue
    people = tmp_path / "people"
    catalog("init", "--keys", people)
    assert "no key of targets lies in" in catalog("push", written, "--keys", keys, code=2)
    assert "no key of application lies in" in totem("push", *archives(3), "--keys", people, code=2)
    catalog("push", written, "--keys", people)
    totem("push", *archives(3), "--keys", keys)
    assert fetched(centre, tmp_path / "late", "totem.3.any.tar.gz")
    for taken in ("totem", "application"):
        assert "is no operator's id" in catalog("init", "--keys", keys, "--operator", taken, code=2)
        written.write_text(YAML.replace("vila-aurora", taken), encoding="utf-8")
        assert "is no operator's id" in catalog("push", written, "--keys", people, code=2)


def test_a_kiosks_catalogue_takes_no_notice_of_releases(totem, keys, archives, tmp_path, anchors, centre):
    served = Centre(centre.state, int(centre.url.rpartition(":")[2]))
    folder = served.folder(tmp_path / "kiosk")
    totem("push", *archives(1), "--keys", keys)
    with open_store(folder) as store:
        kiosk = Kiosk(folder, store, served)
        kiosk.keep()
        for number, wanted in enumerate(("totem.1.any.tar.gz", "totem.1.json"), start=2):
            with pytest.raises(NotVouchedFor):
                kiosk.fetch(wanted=wanted)
            served.publish(YAML.replace("156", wanted))
            kiosk.keep()
            assert kiosk.version() == number
        kiosk.connection.close()
    shutil.rmtree(folder.run, ignore_errors=True)


def test_keys_of_targets_that_are_with_people_delegate(centre, tmp_path, totem, archives):
    people, keys = [tmp_path / name for name in ("ana", "bia")], tmp_path / "keys"
    Typed(centre.state.path)("init", "--keys", people[0], "--keys", people[1], "--threshold", 2)
    assert "name their folders with --signed-by" in totem("init", "--keys", keys, code=2)
    assert "too few keys of targets" in totem("init", "--keys", keys, "--signed-by", people[0], code=2)
    assert not releases.listed(centre.state)
    assert "run `totem release init` first" in totem("sign", *archives(1), code=2)
    totem("init", "--keys", keys, "--signed-by", people[0], "--signed-by", people[1])
    totem("push", *archives(1), "--keys", keys)
    assert fetched(centre, tmp_path / "kiosk", "totem.1.any.tar.gz")


def test_other_keys_take_the_place_of_those_before_and_what_is_published_stays(centre, totem, keys, archives, tmp_path):
    totem("push", *archives(1), "--keys", keys)
    others = tmp_path / "others"
    totem("init", "--keys", others)
    assert fetched(centre, tmp_path / "kiosk", "totem.1.any.tar.gz")
    assert "none that may sign" in totem("sign", *archives(2), "--keys", keys, code=2)
    assert "signed by 0 of the 1 keys" in totem("push", *archives(2), "--keys", keys, code=2)
    totem("push", *archives(2), "--keys", others)
    assert sorted(releases.listed(centre.state)) == [1, 2]


class Killed(BaseException):
    """As if by SIGKILL: nothing that tidies up after an error runs."""


def test_a_push_killed_at_any_moment_leaves_the_old_or_the_new_one_whole_and_may_be_repeated(
    centre, totem, keys, archives, tmp_path, monkeypatch
):
    totem("push", *archives(1), "--keys", keys)
    first, second = built = archives(2, with_wheels=True)
    totem("sign", *built, "--keys", keys)
    signed = first.parent / "totem.2.signed.json"
    sync, moment, found = os.fsync, 0, [1]
    while found == [1]:
        # every file is synchronised before it takes its place, and its folder after
        left = iter(range(moment + 1))
        for laid in centre.state.tuf_targets.glob("*.totem.2.*"):
            laid.unlink()

        def killing(descriptor, left=left, last=moment):
            if next(left) == last:
                raise Killed
            sync(descriptor)

        with monkeypatch.context() as cutting:
            cutting.setattr(os, "fsync", killing)
            with pytest.raises(Killed):
                releases.publish_signed(centre.state, bundle_of(signed), [signed.parent], centre.now())
        found, moment = sorted(releases.listed(centre.state)), moment + 1
        assert fetched(centre, tmp_path / f"kiosk-{moment}", "totem.1.any.tar.gz")
        for archive in built:
            there = fetched(centre, tmp_path / f"kiosk-{moment}", archive.name)
            assert there == (archive.read_bytes() if 2 in found else None)
    # two archives, their list, snapshot and timestamp; after the last file only its folder was left
    assert moment == 2 * (2 + 1 + 2)
    (centre.state.tuf_targets / ".half.tar.gz.new").touch()
    assert "Release 2 is published" in totem("push", signed)
    totem("push", *archives(3), "--keys", keys)
    assert not list(centre.state.tuf_targets.glob(".*"))
    assert fetched(centre, tmp_path / "whole", second.name) == second.read_bytes()


def bundle_of(file):
    return signing.read_bundle(file, releases.SignedRelease).signed


def test_a_full_disk_is_said_and_keeps_nothing_of_what_did_not_fit(centre, totem, keys, archives, monkeypatch):
    import errno

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as filling:
        filling.setattr(releases.private_files.shutil, "copyfileobj", full)
        assert "the disk is full: nothing was published" in totem("push", *archives(1), "--keys", keys, code=2)
    assert not list(centre.state.tuf_targets.glob("*totem*"))
    totem("push", *archives(1), "--keys", keys)


def test_an_archive_that_is_not_the_one_that_was_signed_is_not_published(centre, totem, keys, archives):
    (archive,) = archives(1)
    totem("sign", archive, "--keys", keys)
    signed = archive.parent / "totem.1.signed.json"
    content = archive.read_bytes()
    archive.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    assert "is not the archive that was signed" in totem("push", signed, code=2)
    archive.unlink()
    assert "totem.1.any.tar.gz is missing" in totem("push", signed, code=2)
    assert not list(centre.state.tuf_targets.glob("*totem*"))
    archive.write_bytes(content)
    totem("push", signed)


def test_of_two_who_sign_at_once_the_second_is_told_to_sign_again(centre, totem, keys, archives):
    (one,), (two,) = archives(1), archives(1, said="other")
    totem("sign", one, "--keys", keys)
    totem("sign", two, "--keys", keys)
    totem("push", one.parent / "totem.1.signed.json")
    assert "published meanwhile" in totem("push", two.parent / "totem.1.signed.json", code=2)
    assert "published already: build with --release 2" in totem("sign", two, "--keys", keys, code=2)
    assert len(list(centre.state.tuf_targets.glob("*totem*"))) == 1


def test_a_release_is_of_one_program_and_its_number_only_rises(totem, keys, archives, tmp_path):
    plain, full = archives(2, with_wheels=True)
    assert "totem.2.any.tar.gz is missing" in totem("push", full, "--keys", keys, code=2)
    aside = tmp_path / "aside"
    aside.mkdir()
    (other,) = archives(2, said="other")
    assert "are not of one program" in totem("push", other, full, "--keys", keys, code=2)
    totem("push", plain, "--keys", keys)
    for late in (other, archives(2, said="other", with_wheels=True)[1], *archives(1)):
        assert "published already: build with --release 3" in totem("push", late, "--keys", keys, code=2)
    # the wheels of a platform may follow
    totem("push", full, "--keys", keys)
    assert f"wheels for {PLATFORM}" in totem("status")
    for content in (b"{", b"{}", b'{"metadata": []}'):
        (aside / "broken.signed.json").write_bytes(content)
        assert "no signed release" in totem("push", aside / "broken.signed.json", code=2)
    assert "is no release's name" in totem("push", tmp_path / "keys/application-1.pem", "--keys", keys, code=2)


def test_what_lies_below_the_signed_floor_is_withdrawn_and_the_floor_never_falls(
    centre, totem, keys, archives, tmp_path
):
    for number in range(1, 7):
        totem("push", *archives(number), "--keys", keys, "--no-rollout")
    # the newest four stay, and the disk holds no others
    assert sorted(releases.listed(centre.state)) == [3, 4, 5, 6]
    assert {found.min_version for found in releases.listed(centre.state).values()} == {3}
    assert len(list(centre.state.tuf_targets.glob("*totem*"))) == 4
    assert fetched(centre, tmp_path / "one", "totem.2.any.tar.gz") is None
    assert "no release would be left" in totem("sign", "--min-release", 7, "--keys", keys, code=2)
    renewed = tmp_path / "renewed.signed.json"
    said = totem("sign", "--min-release", 5, "--keys", keys, "--out", renewed)
    assert "the releases that are listed already, 1 of 1 signatures" in said
    assert "signed anew" in totem("push", renewed)
    assert "signed anew" in totem("push", renewed)
    assert {number: found.min_version for number, found in releases.listed(centre.state).items()} == {5: 5, 6: 5}
    totem("push", *archives(7), "--keys", keys, "--no-rollout")
    assert {found.min_version for found in releases.listed(centre.state).values()} == {5}
    assert "release 3 is not published, or was withdrawn" in totem("rollout", 3, code=2)
    before = checkout.updater(centre, tmp_path / "two").get_targetinfo("totem.7.any.tar.gz")
    custom = before.unrecognized_fields["custom"]
    assert (custom["release"], custom["min_release"], custom["schema"], custom["oldest_reader"]) == (7, 5, 4, 3)
    assert "operator" not in custom


def test_a_stolen_key_of_the_centre_publishes_no_release(centre, keys, totem, archives, tmp_path):
    """Snapshot and timestamp are signed at the centre, and vouch for freshness alone."""
    totem("push", *archives(1), "--keys", keys)
    state = centre.state
    made = repository.published(state, "application")
    made.signed.version += 1
    made.sign(repository.online_signer(state, "timestamp"))
    repository.write(state, f"{made.signed.version}.application.json", made)
    repository.sign_online(state, centre.now(), {"application": made.signed.version})
    with pytest.raises(UnsignedMetadataError):
        fetched(centre, tmp_path / "kiosk", "totem.1.any.tar.gz")
    # catalogues do not hang on it
    assert fetched(centre, tmp_path / "kiosk", "vila-aurora.1.json")


def test_a_large_archive_comes_in_pieces_each_signed_and_never_whole(centre):
    name = f"{'0' * 64}.totem.1.any.tar.gz"
    content = bytes(range(256)) * (17 * LIST_PIECE_BYTES // 256) + b"end"
    (centre.state.tuf_targets / name).write_bytes(content)
    url = f"{centre.url}/v1/catalogue/targets/{name}"
    whole = centre.http.get(url)
    assert (whole.status_code, whole.json()["error"]) == (413, "too-large")
    had = b""
    while len(had) < len(content):
        piece = centre.http.get(f"{url}?offset={len(had)}", headers={NONCE_HEADER: (nonce := draw_nonce())})
        verify_answer(piece, nonce, centre.centre.keys.answer_key)
        assert (piece.status_code, piece.headers[LIST_SIZE_HEADER]) == (200, str(len(content)))
        assert len(piece.content) <= LIST_PIECE_BYTES
        had += piece.content
    assert had == content
    for wrong in (len(content), -1, 1 << 70):
        assert centre.http.get(f"{url}?offset={wrong}").status_code == requests.codes.not_found


def test_programs_of_before_and_after_read_the_answer_to_their_heartbeat(centre, totem, keys, archives):
    totem("push", *archives(1), "--keys", keys)
    kiosk = centre.enrol()
    beat = Heartbeat(
        queue_depth=0, oldest_unsynced_s=None, printer="ok", reader="ok", disk_free_mb=9999, clock="", boot_id="",
        catalogue_version=1, audit_head="",
    )  # fmt: skip
    before = beat.model_dump(mode="json", exclude={"application"})
    answer = kiosk.post("/v1/heartbeats", Plain(root=before))
    assert answer.status_code == requests.codes.ok
    assert "release" not in answer.json()
    assert None not in answer.json().values()
    # nobody was there when it was pushed: whoever comes later gets it
    told = kiosk.post("/v1/heartbeats", beat.model_copy(update={"application": checkout.runs(0)})).json()
    assert (told["release"], RELEASE_DIRECTIVE in told["directives"]) == (1, True)
    told = kiosk.post("/v1/heartbeats", beat.model_copy(update={"application": checkout.runs(1)})).json()
    assert (told["release"], RELEASE_DIRECTIVE in told["directives"]) == (1, False)


class Plain(RootModel[dict]):
    """What a program of before sends."""


def test_what_is_said_for_machines(centre, totem, keys, archives):
    (archive,) = archives(1)
    assert json.loads(totem("sign", archive, "--keys", keys, "--json")) == {
        "file": str(archive.parent / "totem.1.signed.json"), "release": 1, "signatures": 1, "needed": 1,
    }  # fmt: skip
    assert json.loads(totem("push", archive, "--keys", keys, "--json")) == {"release": 1}
    found = json.loads(totem("status", "--json"))
    assert [entry["release"] for entry in found["releases"]] == [1]
    assert set(found["expires"]) == {"root", "targets", "snapshot", "timestamp", "application"}
    assert found["rollouts"][0]["release"] == 1
