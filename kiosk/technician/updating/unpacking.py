"""Unpacking a release: regular files with plain names, as many and as large as a release is, and nothing else.

The archive was signed; all the same it is read as if it were not. The headers are read one by one (POSIX ustar,
IEEE 1003.1-2008 pax(1), "ustar Interchange Format"), and none that could say anything else is followed: no links, no
devices, no extended headers. GNU's entry for a long name (`@LongLink`, type L) is a name like any other: wheels have
such.
"""

from __future__ import annotations

import gzip
import os
import tarfile
import zlib
from pathlib import Path, PurePosixPath
from typing import Protocol

TOPS = frozenset({
    "kiosk", "printer", "devices", "offline_cache", "systemd", "wheels", "pyproject.toml", "provision", "unprovision",
    "LICENSE",
})  # fmt: skip
MOST_FILES = 20_000
# A release with all its wheels is 160 MB.
MOST_BYTES = 1 << 30
# Left free on the disk, whatever comes.
SPARE_BYTES = 256 << 20
_BLOCK = 512
_PIECE = 1 << 20
_LONGEST_NAME = 255
_LONGEST_PADDING = 1 << 20
_PLAIN = (tarfile.REGTYPE, tarfile.AREGTYPE)


class Bytes(Protocol):
    def read(self, size: int, /) -> bytes: ...


class UnpackingError(Exception):
    """The archive is not what a release is; one plain line."""


class NoRoomError(Exception):
    """The disk has no room for it; another time it may have."""


def unpack(archive: Path, into: Path, *, most_bytes: int = MOST_BYTES) -> None:
    """All of it, into a folder that is made. UnpackingError or NoRoomError; what was written then is worth nothing."""
    into.mkdir(mode=0o755)
    found = os.statvfs(into)
    free = found.f_bavail * found.f_frsize - SPARE_BYTES
    try:
        with gzip.open(archive, "rb") as stream:
            _files(stream, into, most_bytes, free)
    except (gzip.BadGzipFile, EOFError, zlib.error, tarfile.HeaderError) as error:
        raise UnpackingError(f"the archive cannot be read: {error}") from error


def _files(stream: Bytes, into: Path, most: int, free: int) -> None:
    written, seen, long_name = 0, set[PurePosixPath](), ""
    while (header := _exactly(stream, _BLOCK)).strip(b"\0"):
        member = tarfile.TarInfo.frombuf(header, "utf-8", "strict")
        if member.type == tarfile.GNUTYPE_LONGNAME and 0 < member.size <= _LONGEST_NAME + 1 and not long_name:
            long_name = _exactly(stream, _BLOCK)[: member.size].rstrip(b"\0").decode("utf-8", "replace")
            continue
        member.name, long_name = long_name or member.name, ""
        if member.type == tarfile.DIRTYPE and member.size == 0:
            _name(member.name.rstrip("/"))
            continue
        if member.type not in _PLAIN:
            raise UnpackingError(f"{member.name!r} is no plain file")
        name = _name(member.name)
        written += member.size
        if name in seen or len(seen) >= MOST_FILES or written > most:
            raise UnpackingError(f"{member.name!r}: too many files, too large, or twice the same")
        if written > free:
            raise NoRoomError
        seen.add(name)
        _write(stream, into / name, member.size, executable=bool(member.mode & 0o100))
    # To the very end, where the sum of it all stands.
    padding = 0
    while piece := stream.read(_PIECE):
        padding += len(piece)
        if piece.strip(b"\0") or padding > _LONGEST_PADDING:
            raise UnpackingError("something follows the archive")


def _name(said: str) -> PurePosixPath:
    name = PurePosixPath(said)
    plain = said.isprintable() and "\\" not in said and not name.is_absolute() and len(said) <= _LONGEST_NAME
    if not plain or ".." in name.parts or not name.parts or name.parts[0] not in TOPS or str(name) != said:
        raise UnpackingError(f"{said!r} is no name of a release's file")
    return name


def _write(stream: Bytes, file: Path, size: int, *, executable: bool) -> None:
    try:
        file.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        fd = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o755 if executable else 0o644)
    except (FileExistsError, NotADirectoryError) as error:
        raise UnpackingError(f"{file.name!r} is a file and a folder") from error
    with os.fdopen(fd, "wb") as target:
        left = size
        while left:
            piece = _exactly(stream, min(left, _PIECE))
            target.write(piece)
            left -= len(piece)
    _exactly(stream, -size % _BLOCK)


def _exactly(stream: Bytes, length: int) -> bytes:
    content = b""
    while len(content) < length:
        piece = stream.read(length - len(content))
        if not piece:
            raise UnpackingError("the archive ends in the middle")
        content += piece
    return content
