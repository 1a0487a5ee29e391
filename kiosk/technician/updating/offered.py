"""The folder in which the sync process offers a release, opened by root: nothing in it is believed, no link followed.

Whoever may write there may change it at any moment: what is looked at is the copy that was made first.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from offline_cache.contract import hand_over
from offline_cache.contract.hand_over import Offered
from offline_cache.signed_metadata import NotVouchedFor

_PIECE = 1 << 20
_LONGEST_WISH = 4096
_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class OfferFolder:
    """Opened once; every name is looked up in it and nowhere else."""

    def __init__(self, fd: int) -> None:
        self._fd = fd

    @property
    def wish(self) -> str | None:
        """The target that is offered; None where nothing is."""
        try:
            said = json.loads(self.read(hand_over.WISH, _LONGEST_WISH))
            return str(said["target"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def forget_wish(self) -> None:
        """It was looked at, whatever came of it."""
        with suppress(FileNotFoundError):
            os.unlink(hand_over.WISH, dir_fd=self._fd)

    def metadata(self, name: str, longest: int) -> bytes:
        """A file that may vouch. OSError if there is none, ValueError if it is longer than it may be."""
        with _opened(hand_over.METADATA, self._fd, os.O_DIRECTORY) as folder:
            return _read(name, folder, longest)

    def read(self, name: str, longest: int) -> bytes:
        return _read(name, self._fd, longest)

    def copy_archive(self, offered: Offered, to: Path) -> None:
        """Root's own copy, which has the length and the hash that were signed; NotVouchedFor if it has not."""
        digest, left = hashlib.sha256(), offered.length
        with _opened(hand_over.ARCHIVE, self._fd) as source, to.open("wb") as target:
            _regular(source)
            while piece := os.read(source, min(_PIECE, left + 1)):
                left -= len(piece)
                if left < 0:
                    break
                digest.update(piece)
                target.write(piece)
            target.flush()
            os.fsync(target.fileno())
        if left or digest.hexdigest() != offered.sha256:
            to.unlink()
            raise NotVouchedFor(f"the archive is not what was signed as {offered.target}")


@contextmanager
def opened(path: Path) -> Iterator[OfferFolder | None]:
    """The folder; None where there is none, or something else in its place."""
    try:
        fd = os.open(path, _FLAGS | os.O_DIRECTORY)
    except OSError:
        yield None
        return
    try:
        yield OfferFolder(fd)
    finally:
        os.close(fd)


@contextmanager
def _opened(name: str, folder: int, more: int = 0) -> Iterator[int]:
    fd = os.open(name, _FLAGS | more, dir_fd=folder)
    try:
        yield fd
    finally:
        os.close(fd)


def _regular(fd: int) -> None:
    if not stat.S_ISREG(os.fstat(fd).st_mode):
        raise OSError("no file")


def _read(name: str, folder: int, longest: int) -> bytes:
    with _opened(name, folder) as fd:
        _regular(fd)
        content = b""
        while piece := os.read(fd, longest + 1 - len(content)):
            content += piece
            if len(content) > longest:
                raise ValueError(f"{name} is too long")
        return content
