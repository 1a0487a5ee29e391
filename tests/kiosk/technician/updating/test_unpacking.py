"""Whatever an archive says, only plain files with plain names come out of it, in the folder that was meant."""

from __future__ import annotations

import gzip
import io
import tarfile
from pathlib import Path

import pytest

from kiosk.technician.updating.unpacking import NoRoomError, UnpackingError, unpack
from tests.kiosk.technician.updating.rig import program
from tests.kiosk.technician.updating.signed import archive

GOOD = {"kiosk/__init__.py": b"", "wheels/a-1.whl": b"PK", "pyproject.toml": b"[project]\n", "provision": b"#!"}


def written(tmp_path: Path, packed: bytes) -> Path:
    (tmp_path / "archive").write_bytes(packed)
    return tmp_path / "archive"


def refused(tmp_path: Path, packed: bytes, words: str = "") -> None:
    """And nothing lies outside the folder."""
    aside = tmp_path / "aside"
    aside.mkdir()
    (tmp_path / "witness").write_text("mine")
    with pytest.raises(UnpackingError, match=words):
        unpack(written(aside, packed), aside / "into")
    assert (tmp_path / "witness").read_text() == "mine"
    assert {path.name for path in tmp_path.iterdir()} == {"aside", "witness"}
    assert {path.name for path in aside.iterdir()} == {"archive", "into"}


def member(name: str, content: bytes = b"", **said: object) -> bytes:
    """An archive of one entry, as an attacker writes it."""
    raw = io.BytesIO()
    entry = tarfile.TarInfo(name)
    entry.size = len(content)
    for field, value in said.items():
        setattr(entry, field, value)
    raw.write(entry.tobuf(tarfile.USTAR_FORMAT, "utf-8", "strict"))
    raw.write(content + bytes(-len(content) % 512))
    return gzip.compress(raw.getvalue() + bytes(1024))


def test_a_release_comes_out_as_it_went_in(tmp_path: Path) -> None:
    unpack(written(tmp_path, archive(GOOD, modes={"provision": 0o755})), tmp_path / "into")
    found = {str(path.relative_to(tmp_path / "into")): path.read_bytes() for path in (tmp_path / "into").rglob("*.*")}
    assert found == {name: body for name, body in GOOD.items() if "." in name}
    assert (tmp_path / "into/provision").stat().st_mode & 0o777 == 0o755
    assert (tmp_path / "into/pyproject.toml").stat().st_mode & 0o777 == 0o644


def test_a_whole_program_comes_out(tmp_path: Path) -> None:
    files = program(3)
    unpack(written(tmp_path, archive(files)), tmp_path / "into")
    assert {name: (tmp_path / "into" / name).read_bytes() for name in files} == files


@pytest.mark.parametrize(
    "name",
    ["../witness", "/witness", "kiosk/../../witness", "kiosk/..", "..", "./kiosk/x", "kiosk//x", "etc/passwd",
     "kiosk\\..\\x", "kiosk/\x07", "kiosk/\nx", "witness", "kiosk/x/"],
)  # fmt: skip
def test_a_name_that_is_none_of_a_release_s_is_refused(tmp_path: Path, name: str) -> None:
    refused(tmp_path, member(name, b"evil"), "is no name")


@pytest.mark.parametrize(
    ("kind", "more"),
    [(tarfile.SYMTYPE, {"linkname": "/etc"}), (tarfile.LNKTYPE, {"linkname": "../witness"}), (tarfile.CHRTYPE, {}),
     (tarfile.BLKTYPE, {}), (tarfile.FIFOTYPE, {}), (tarfile.CONTTYPE, {}), (tarfile.GNUTYPE_SPARSE, {}),
     (tarfile.XHDTYPE, {}), (tarfile.XGLTYPE, {}), (tarfile.GNUTYPE_LONGNAME, {}), (tarfile.GNUTYPE_LONGLINK, {})],
)  # fmt: skip
def test_what_is_no_plain_file_is_refused(tmp_path: Path, kind: bytes, more: dict[str, object]) -> None:
    refused(tmp_path, member("kiosk/x", type=kind, **more), "no plain file")


def test_a_wheel_s_long_name_is_a_name_like_any_other(tmp_path: Path) -> None:
    for name, good in ((f"wheels/{'a' * 180}.whl", True), (f"{'x/' * 60}../../witness", False), ("k" * 300, False)):
        raw = io.BytesIO()
        with tarfile.open(fileobj=raw, mode="w", format=tarfile.GNU_FORMAT) as tar:
            tar.addfile(tarfile.TarInfo(name))
        aside = tmp_path / name[:1] / name[-7:].replace("/", "")
        aside.mkdir(parents=True)
        packed = written(aside, gzip.compress(raw.getvalue()))
        if good:
            unpack(packed, aside / "into")
            assert (aside / "into" / name).is_file()
        else:
            with pytest.raises(UnpackingError):
                unpack(packed, aside / "into")
            assert list((aside / "into").iterdir()) == []


def test_a_file_in_the_place_of_a_folder_is_refused(tmp_path: Path) -> None:
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name in ("kiosk/x", "kiosk/x/y"):
            tar.addfile(tarfile.TarInfo(name))
    refused(tmp_path, gzip.compress(raw.getvalue()), "file and a folder")


def test_the_same_name_twice_is_refused(tmp_path: Path) -> None:
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for _ in range(2):
            tar.addfile(tarfile.TarInfo("kiosk/x"))
    refused(tmp_path, gzip.compress(raw.getvalue()), "twice the same")


def test_a_bomb_is_refused_before_it_is_written(tmp_path: Path) -> None:
    entry = tarfile.TarInfo("kiosk/bomb")
    entry.size = 7 << 30
    packed = gzip.compress(entry.tobuf(tarfile.USTAR_FORMAT, "utf-8", "strict") + bytes(1 << 20))
    refused(tmp_path, packed, "too large")
    assert list((tmp_path / "aside/into").iterdir()) == []


def test_many_small_files_are_a_bomb_too(tmp_path: Path) -> None:
    packed = archive({f"kiosk/{number}": b"12345678" for number in range(40)})
    with pytest.raises(UnpackingError, match="too large"):
        unpack(written(tmp_path, packed), tmp_path / "into", most_bytes=99)


def test_a_disk_without_room_is_no_fault_of_the_archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.technician.updating.unpacking.SPARE_BYTES", 1 << 62)
    with pytest.raises(NoRoomError):
        unpack(written(tmp_path, archive(GOOD)), tmp_path / "into")


@pytest.mark.parametrize("length", [0, 1, 11, 60, -40, -9, -1])
def test_an_archive_that_was_cut_short_is_refused(tmp_path: Path, length: int) -> None:
    whole = archive(program(1))
    with pytest.raises(UnpackingError):
        unpack(written(tmp_path, whole[:length]), tmp_path / "into")


def test_nothing_follows_an_archive(tmp_path: Path) -> None:
    packed = gzip.compress(gzip.decompress(archive(GOOD)) + bytes(1024) + b"more")
    refused(tmp_path, packed, "something follows")


def test_a_checksum_that_does_not_fit_is_refused(tmp_path: Path) -> None:
    packed = bytearray(gzip.decompress(archive(GOOD)))
    packed[3] ^= 1
    refused(tmp_path, gzip.compress(bytes(packed)), "cannot be read")
