"""The same commit gives the same bytes; and what is no release, or was tampered with, is refused in one line."""

import io
import os
import shutil
import tarfile
import tomllib

import pytest

from central import release_archive, release_build
from central.release_archive import ReleaseError
from tests.central import checkout
from tests.central.checkout import PLATFORM, WHEEL, WHEEL_NAME, git


@pytest.fixture
def tree(tmp_path):
    return checkout.make(tmp_path / "checkout")


def members(path):
    with tarfile.open(path) as tar:
        return {entry.name: (entry, tar.extractfile(entry).read()) for entry in tar}


def test_two_people_who_build_one_commit_have_the_same_bytes(tree, tmp_path):
    first = release_build.build(tree, 3, tmp_path / "one")
    git(tmp_path, "clone", "-q", str(tree), "other")
    other = tmp_path / "other"
    before = os.umask(0o077)
    try:
        (other / "kiosk/__init__.py").touch()
        (other / "kiosk/__pycache__").mkdir()
        os.utime(other / "provision", (1, 1))
        second = release_build.build(other, 3, tmp_path / "two")
    finally:
        os.umask(before)
    assert first.read_bytes() == second.read_bytes()
    assert first.name == "totem.3.any.tar.gz"


def test_it_holds_what_provisioning_takes_and_says_which_release_it_is(tree, tmp_path):
    found = members(release_build.build(tree, 3, tmp_path / "out"))
    assert list(found) == sorted(found)
    assert not {"docs/what-no-kiosk-needs.md", "kiosk/locale/es/kiosk.po"} & set(found)
    assert {"kiosk/locale/es/kiosk.mo", "systemd/totem-kiosk.service", "unprovision"} < set(found)
    for entry, _ in found.values():
        assert (entry.isreg(), entry.mtime, entry.uid, entry.gid, entry.uname) == (True, 0, 0, 0, "")
    assert (found["provision"][0].mode, found["kiosk/__init__.py"][0].mode) == (0o755, 0o644)
    said = tomllib.loads(found["pyproject.toml"][1].decode())["tool"]
    assert said == {"totem": {"release": 3, "schema": 4, "oldest_reader": 3}, "x": {"y": 1}}


def test_the_archive_tells_it_all_without_being_run(tree, tmp_path):
    plain = release_archive.inspect(release_build.build(tree, 3, tmp_path / "out"))
    gathered = release_build.Wheels(PLATFORM, checkout.wheels(tmp_path / "wheels"))
    full = release_archive.inspect(release_build.build(tree, 3, tmp_path / "out", gathered))
    assert (plain.release, plain.version, plain.schema, plain.oldest_reader) == (3, "1.4.0", 4, 3)
    assert (full.platform, full.program, full.custom()) == (PLATFORM, plain.program, plain.custom())
    assert members(full.file)[f"wheels/{WHEEL_NAME}"][1] == WHEEL


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda tree: (tree / "kiosk/__init__.py").write_text("x = 1\n"), "is not as it was committed"),
        (lambda tree: (tree / "kiosk/new.py").write_text(""), "is not as it was committed"),
        (lambda tree: (tree / "provision").chmod(0o644), "is not as it was committed"),
        (lambda tree: committed(tree, lambda: (tree / "kiosk/away").symlink_to("/etc/passwd")), "is no plain file"),
        (lambda tree: committed(tree, lambda: shutil.rmtree(tree / "printer")), "has no printer"),
        (lambda tree: committed(tree, lambda: (tree / "offline_cache/schema.py").write_text("!")), "cannot be read"),
        (lambda tree: shutil.rmtree(tree / ".git"), "git cannot read"),
    ],
)
def test_a_tree_that_is_not_what_was_committed_is_refused(tree, tmp_path, spoil, said):
    spoil(tree)
    with pytest.raises(ReleaseError, match=said) as refused:
        release_build.build(tree, 3, tmp_path / "out")
    assert "\n" not in str(refused.value)
    assert not (tmp_path / "out").exists()


def committed(tree, change):
    change()
    git(tree, "add", "-A")
    git(tree, "commit", "-q", "-m", "changed")


def test_only_the_top_of_a_checkout_is_built(tree, tmp_path):
    with pytest.raises(ReleaseError, match="not the top of a checkout"):
        release_build.build(tree / "kiosk", 3, tmp_path / "out")


def test_wheels_gathered_elsewhere_are_those_of_the_lock_and_of_a_named_platform(tree, tmp_path):
    gathered = checkout.wheels(tmp_path / "wheels")
    options = {"wheels": False, "python": "python3"}
    with pytest.raises(ReleaseError, match="--platform"):
        release_build.make(tree, 3, tmp_path, wheels_from=gathered, platform="any", **options)
    # the folder that `./provision stick` filled, or its wheels
    made = release_build.make(tree, 3, tmp_path, wheels_from=tmp_path, platform=PLATFORM, **options)
    assert made.name == f"totem.3.{PLATFORM}.tar.gz"
    (gathered / "stranger-1-py3-none-any.whl").write_bytes(b"of somebody else")
    with pytest.raises(ReleaseError, match="is none that systemd"):
        release_build.make(tree, 3, tmp_path, wheels_from=gathered, platform=PLATFORM, **options)
    with pytest.raises(ReleaseError, match="has no wheels"):
        release_build.make(tree, 3, tmp_path, wheels_from=tree, platform=PLATFORM, **options)


def packed(path, entries):
    with tarfile.open(path, "w:gz") as tar:
        for name, kind in entries:
            entry = tarfile.TarInfo(name)
            entry.type, entry.linkname, entry.size = kind, "/etc/passwd", 4 if kind == tarfile.REGTYPE else 0
            tar.addfile(entry, io.BytesIO(b"here"))
    return path


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("../outside", tarfile.REGTYPE), ("/etc/passwd", tarfile.REGTYPE), ("kiosk/../../x", tarfile.REGTYPE),
        ("kiosk/./x", tarfile.REGTYPE), ("kiosk/a\nb", tarfile.REGTYPE), ("kiosk/link", tarfile.SYMTYPE),
        ("kiosk/hard", tarfile.LNKTYPE), ("kiosk/device", tarfile.CHRTYPE), ("kiosk/pipe", tarfile.FIFOTYPE),
    ],
)  # fmt: skip
def test_an_archive_with_anything_but_plain_files_below_it_is_refused(tmp_path, name, kind):
    with pytest.raises(ReleaseError, match="do not use this file"):
        release_archive.inspect(packed(tmp_path / "totem.3.any.tar.gz", [(name, kind)]))


def test_what_is_no_release_or_not_the_one_of_its_name_is_refused(tree, tmp_path):
    good = release_build.build(tree, 3, tmp_path / "out")
    for name in ("totem.4.any.tar.gz", f"totem.3.{PLATFORM}.tar.gz"):
        shutil.copy(good, tmp_path / name)
        with pytest.raises(ReleaseError, match="not what its name says"):
            release_archive.inspect(tmp_path / name)
    cut = tmp_path / "totem.3.any.tar.gz"
    for content in (b"", b"no archive", good.read_bytes()[:-200], good.read_bytes()[:300]):
        cut.write_bytes(content)
        with pytest.raises(ReleaseError, match="is no release"):
            release_archive.inspect(cut)
    with pytest.raises(ReleaseError, match="no release's name"):
        release_archive.inspect(shutil.copy(good, tmp_path / "totem.tar.gz"))
