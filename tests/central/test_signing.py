"""Keys of people: several signers, thresholds, delegations, rotation, tokens. A real kiosk follows over real HTTPS."""

import json
import shutil
import subprocess

import pytest

from central import publishing
from offline_cache.signed_metadata import NotVouchedFor
from offline_cache.store import open_store
from tests.central.commands import Typed
from tests.central.world import CATALOGUE, make_state, running
from tests.centre import Centre
from tests.offline_cache.reading import Kiosk

# Debian's package softhsm2, on every architecture.
MODULE = "/usr/lib/softhsm/libsofthsm2.so"


@pytest.fixture
def centre(tmp_path, anchors):
    """A centre in this process, with version 1 published under its own keys."""
    with running(make_state(tmp_path / "central", anchors)) as world:
        made = Centre(world.state, int(world.url.rpartition(":")[2]))
        made.publish()
        yield made


@pytest.fixture
def totem(centre):
    return Typed(centre.state.path)


@pytest.fixture
def kiosk(centre, tmp_path):
    """A kiosk that runs version 1."""
    folder = centre.folder(tmp_path / "kiosk")
    with open_store(folder) as store:
        made = Kiosk(folder, store, centre)
        made.keep()
        yield made
        made.connection.close()
    shutil.rmtree(folder.run, ignore_errors=True)


@pytest.fixture
def written(tmp_path):
    """A catalogue on an administrator's disk; each call changes it."""

    def write(phone, operator="vila-aurora"):
        value = CATALOGUE | {"operator": CATALOGUE["operator"] | {"phone": phone, "id": operator}}
        file = tmp_path / "catalogue.yaml"
        file.write_text(json.dumps(value), encoding="utf-8")
        return file

    return write


def test_two_of_three_people_sign_each_with_a_key_and_a_passphrase_of_their_own(
    centre, totem, kiosk, written, tmp_path
):
    ana, bia, caio = (tmp_path / name for name in ("ana", "bia", "caio"))
    theirs = ("ana's", "bia's", "caio's")
    folders = [word for folder in (ana, bia, caio) for word in ("--keys", folder)]
    # new ones of root and of targets, then to open them again
    typed = "".join(f"{words}\n" for words in theirs * 4)
    assert "2 of 3 keys sign" in totem("init", *folders, "--threshold", 2, typed=typed)
    assert {file.name for file in centre.state.keys.glob("tuf-*")} == {"tuf-snapshot.key", "tuf-timestamp.key"}
    assert all(b"ENCRYPTED" in file.read_bytes() for file in ana.glob("*.pem"))
    file = written("2 of 3")
    signed = file.with_suffix(".signed.json")
    assert "with people" in totem("push", file, code=2)
    assert "does not open" in totem("sign", file, "--keys", ana, code=2, typed="bia's\n")
    assert not signed.exists()
    assert "1 of 2 signatures" in totem("sign", file, "--keys", ana, typed="ana's\n")
    assert "signed by 1 of the 2 keys" in totem("push", signed, code=2)
    assert publishing.newest_version(centre.state) == 1
    # the second signs on a machine that has no centre
    assert "2 of 2" in totem("sign", signed, "--keys", caio, typed="caio's\n", state=tmp_path / "nowhere")
    assert "Version 2 is published" in totem("push", signed)
    kiosk.keep()
    assert kiosk.version() == 2
    # once more, by who did not see the end of it
    assert "Version 2 is published" in totem("push", signed)
    assert publishing.newest_version(centre.state) == 2
    assert "the root is with people already" in totem("init", *folders, code=2)


def test_more_signatures_than_keys_are_refused_before_anything_is_handed_over(totem, tmp_path, centre):
    assert "2 signatures cannot come from 1 keys" in totem(
        "init", "--keys", tmp_path / "keys", "--threshold", 2, code=2
    )
    assert (centre.state.keys / "tuf-root.key").exists()
    totem("init", "--keys", tmp_path / "keys", "--count", 2, "--threshold", 2)


def test_an_operators_own_keys_sign_its_catalogues_and_no_others(centre, totem, kiosk, written, tmp_path):
    people, theirs = tmp_path / "people", tmp_path / "theirs"
    totem("init", "--keys", people)
    totem("init", "--keys", theirs, "--operator", "vila-aurora", "--signed-by", people)
    assert "is no operator's id" in totem("init", "--keys", theirs, "--operator", "snapshot", code=2)
    # what was published stays listed, by the new role
    assert kiosk.fetch(wanted="vila-aurora.1.json") is None
    file = written("theirs")
    assert "no key of vila-aurora lies in" in totem("push", file, "--keys", people, code=2)
    totem("push", file, "--keys", theirs)
    kiosk.keep()
    assert kiosk.version() == 2
    # another operator's stay with targets, and no kiosk of this one follows them
    totem("push", written("156", operator="other-city"), "--keys", people)
    with pytest.raises(NotVouchedFor, match="another operator"):
        kiosk.fetch(wanted="other-city.3.json")
    assert kiosk.fetch(wanted="vila-aurora.2.json") is None


def test_every_key_is_replaced_and_a_kiosk_that_slept_through_it_follows(centre, totem, kiosk, written, tmp_path):
    old, new = tmp_path / "old", tmp_path / "new"
    totem("init", "--keys", old)
    totem("rotate", "timestamp", "--keys", old)
    totem("rotate", "snapshot", "--keys", old)
    assert "name it with --new-keys" in totem("rotate", "targets", "--keys", old, code=2)
    totem("rotate", "targets", "--keys", old, "--new-keys", new)
    assert kiosk.fetch(wanted="vila-aurora.1.json") is None
    totem("rotate", "root", "--keys", old, "--new-keys", new)
    assert "too few keys of root signed" in totem("rotate", "timestamp", "--keys", old, code=2)
    file = written("new keys")
    assert "none that may sign" in totem("sign", file, "--keys", old, code=2)
    totem("push", file, "--keys", new)
    kiosk.keep()
    assert kiosk.version() == 2
    fresh = Kiosk(kiosk.folder, kiosk.store, centre)
    fresh.forget_metadata()
    assert fresh.fetch() is None
    fresh.connection.close()


def test_a_rotation_that_is_refused_changes_nothing(centre, totem, kiosk, tmp_path, written):
    people, strangers = tmp_path / "people", tmp_path / "strangers"
    totem("init", "--keys", people)
    before = {file.name: file.read_bytes() for file in centre.state.keys.iterdir()}
    assert "is no folder of keys" in totem("rotate", "timestamp", "--keys", strangers, code=2)
    strangers.mkdir()
    shutil.copy(people / "targets-1.pem", strangers / "root-1.pem")
    assert "too few keys of root signed" in totem("rotate", "timestamp", "--keys", strangers, code=2)
    assert {file.name: file.read_bytes() for file in centre.state.keys.iterdir()} == before
    totem("push", written("after"), "--keys", people)
    kiosk.keep()


@pytest.fixture
def token(tmp_path, monkeypatch):
    """A PKCS#11 token with a P-256 key for targets and one for root, that never leave it."""
    (tmp_path / "tokens").mkdir()
    settings = tmp_path / "softhsm2.conf"
    settings.write_text(f"directories.tokendir = {tmp_path / 'tokens'}\nlog.level = ERROR\n", encoding="ascii")
    monkeypatch.setenv("SOFTHSM2_CONF", str(settings))
    command = ["softhsm2-util", "--init-token", "--free", "--label", "office", "--pin", "648219", "--so-pin", "3537363"]
    subprocess.run(command, check=True, capture_output=True)
    keys = tmp_path / "with-token"
    keys.mkdir()
    for number, role in enumerate(("root", "targets"), start=1):
        command = [
            "pkcs11-tool", "--module", MODULE, "--login", "--pin", "648219", "--token-label", "office",
            "--keypairgen", "--key-type", "EC:prime256v1", "--label", f"totem {role}", "--id", f"0{number}",
        ]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True)
        (keys / f"{role}-1.token").write_text(f"{MODULE}\noffice\ntotem {role}\n", encoding="utf-8")
    return keys


def test_keys_in_a_token_sign_and_never_leave_it(centre, totem, kiosk, written, token):
    # SoftHSM and this process's TLS use one libcrypto, which a token's end would shut down
    totem.passphrase, totem.apart = "648219", True
    totem("init", "--keys", token)
    assert [file.name for file in token.glob("*.pem")] == []
    file = written("token")
    totem("push", file, "--keys", token)
    kiosk.keep()
    assert kiosk.version() == 2
    totem.passphrase = "000000"
    assert "cannot be used" in totem("push", file, "--keys", token, code=2)
    (token / "targets-1.token").write_text("one line\n", encoding="utf-8")
    assert "three lines" in totem("push", file, "--keys", token, code=2)


def test_of_two_administrators_who_sign_at_once_the_second_is_told_to_sign_again(totem, written, centre, tmp_path):
    one, two = tmp_path / "one.signed.json", tmp_path / "two.signed.json"
    keys = tmp_path / "keys"
    totem("init", "--keys", keys)
    totem("sign", written("one"), "--keys", keys, "--out", one)
    totem("sign", written("two"), "--keys", keys, "--out", two)
    totem("push", one)
    assert "published meanwhile" in totem("push", two, code=2)
    assert publishing.published(centre.state).operator.phone == "one"
    totem("sign", written("two"), "--keys", keys, "--out", two)
    totem("push", two)
    assert publishing.published(centre.state).operator.phone == "two"


def test_what_is_no_signed_catalogue_is_one_plain_line(totem, tmp_path, written):
    file = tmp_path / "broken.signed.json"
    for content in (b"{", b"{}", b'{"metadata": []}'):
        file.write_bytes(content)
        assert "no signed catalogue" in totem("push", file, code=2)
    assert "give it when you sign the YAML" in _signed_twice(totem, written, tmp_path)


def _signed_twice(totem, written, tmp_path):
    out = tmp_path / "out.signed.json"
    totem("sign", written("x"), "--out", out)
    return totem("sign", out, "--min-version", 1, code=2)
