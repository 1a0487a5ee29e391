"""A disk as a power cut leaves it: what was synced is there; of the rest, the worst of three kinds of disk.

Names too are kept only when their folder was synced; of the changes of names that were not, a first part is kept, as
file systems with a journal do.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from tests.power.recording import Step

BLOCK = 4096
SECTOR = 512


# Path to the file's number and content, None for a folder.
Before = dict[str, tuple[int, bytes | None]]


def holding_now(folder: Path) -> Before:
    """What lies in a folder, outer folders first."""
    found: Before = {}
    for path in sorted(folder.rglob("*")):
        content = None if path.is_dir() else path.read_bytes()
        found[str(path.relative_to(folder))] = (path.stat().st_ino, content)
    return found


class Cut(StrEnum):
    """What becomes of what was written and not synced."""

    DROPPED = "dropped: block by block it came or it did not, in any order"
    TORN = "torn: some sectors of each write came, the last one in part"
    BLOCKS = "blocks: the whole blocks around a write are lost with it, as on a flash card"


@dataclass
class _File:
    synced: bytearray = field(default_factory=bytearray)
    pending: list[Step] = field(default_factory=list)
    covered: int = 0

    def sync(self) -> None:
        for step in self.pending[: self.covered]:
            _apply(self.synced, step)
        del self.pending[: self.covered]
        self.covered = 0


@dataclass
class _Name:
    """A change of names, and the folders that must be synced before it is sure."""

    step: Step
    unsure: set[str]


def _apply(content: bytearray, step: Step) -> None:
    if step.op == "T":
        if step.offset < len(content):
            del content[step.offset :]
        else:
            content.extend(bytes(step.offset - len(content)))
        return
    if step.offset > len(content):
        content.extend(bytes(step.offset - len(content)))
    content[step.offset : step.offset + len(step.data)] = step.data


class Disk:
    """Takes the steps in order; `after_cut` says at any moment what a cut would leave."""

    def __init__(self) -> None:
        self._files: dict[int, _File] = {}
        self._names: list[_Name] = []
        self._folders: dict[int, str] = {}
        self._covered: dict[str, int] = {}

    @classmethod
    def holding(cls, before: Before) -> Disk:
        """A disk on which that lies, all of it synced."""
        disk = cls()
        for path, (inode, content) in before.items():
            if content is None:
                disk._folders[inode] = path
            else:
                disk._files[inode] = _File(bytearray(content))
            disk._names.append(_Name(Step("M" if content is None else "C", inode, 0, path, "", b"", 0), set()))
        return disk

    def take(self, step: Step) -> None:
        match step.op:
            case "C":
                self._files[step.inode] = _File()
                self._name(step, {_parent(step.first)})
            case "M":
                self._folders[step.inode] = step.first
                self._name(step, {_parent(step.first)})
            case "R":
                self._name(step, {_parent(step.first), _parent(step.second)})
            case "U":
                self._name(step, {_parent(step.first)})
            case "W" | "T":
                self._files.setdefault(step.inode, _File()).pending.append(step)
            case "S":
                if step.inode in self._files:
                    self._files[step.inode].covered = len(self._files[step.inode].pending)
                else:
                    self._covered[self._folder(step)] = len(self._names)
            case "E":
                if step.inode in self._files:
                    self._files[step.inode].sync()
                else:
                    folder = self._folder(step)
                    for name in self._names[: self._covered.get(folder, 0)]:
                        name.unsure.discard(folder)
            case _:
                pass

    def _name(self, step: Step, folders: set[str]) -> None:
        self._names.append(_Name(step, folders))

    def _folder(self, step: Step) -> str:
        """A folder that was not made while it was recorded is the root."""
        return self._folders.get(step.inode, "")

    def after_cut(self, cut: Cut | None, draw: random.Random) -> dict[str, bytes | None]:
        """Path to content, None for a folder. Without a cut: everything as it was written."""
        unsure = sum(1 for name in self._names if name.unsure)
        kept = unsure if cut is None else draw.randint(0, unsure)
        found: dict[str, int | None] = {}
        for name in self._names:
            if name.unsure:
                kept -= 1
                if kept < 0:
                    continue
            step = name.step
            match step.op:
                case "C":
                    found[step.first] = step.inode
                case "M":
                    found[step.first] = None
                case "U":
                    found.pop(step.first, None)
                case _:
                    _rename(found, step)
        return {
            path: None if inode is None else bytes(self._content(self._files[inode], cut, draw))
            for path, inode in found.items()
        }

    @staticmethod
    def _content(file: _File, cut: Cut | None, draw: random.Random) -> bytearray:
        content = bytearray(file.synced)
        for step in file.pending:
            if cut is None:
                _apply(content, step)
            elif step.op == "T":
                if draw.random() < 0.5:
                    _apply(content, step)
            elif cut is Cut.DROPPED:
                for piece in _pieces(step, BLOCK):
                    if draw.random() < 0.5:
                        _apply(content, piece)
            elif cut is Cut.TORN:
                _tear(content, step, draw)
            else:
                _lose_blocks(content, step, draw)
        return content


def _parent(path: str) -> str:
    return path.rpartition("/")[0]


def _rename(found: dict[str, int | None], step: Step) -> None:
    below = f"{step.first}/"
    moved = {path: inode for path, inode in found.items() if path == step.first or path.startswith(below)}
    for path in moved:
        del found[path]
    if step.second:
        for path, inode in moved.items():
            found[step.second + path[len(step.first) :]] = inode


def _pieces(step: Step, size: int) -> list[Step]:
    """The write, cut where the disk's blocks end."""
    pieces, at = [], step.offset
    end = step.offset + len(step.data)
    while at < end:
        until = min(end, (at // size + 1) * size)
        part = step.data[at - step.offset : until - step.offset]
        pieces.append(Step("W", step.inode, at, "", "", part, step.end))
        at = until
    return pieces


def _tear(content: bytearray, step: Step, draw: random.Random) -> None:
    pieces = [piece for piece in _pieces(step, SECTOR) if draw.random() < 0.7]
    for piece in pieces[:-1]:
        _apply(content, piece)
    if pieces:
        last = pieces[-1]
        some = last.data[: draw.randint(0, len(last.data))]
        _apply(content, Step("W", last.inode, last.offset, "", "", some, last.end))


def _lose_blocks(content: bytearray, step: Step, draw: random.Random) -> None:
    """Each block that the write touches comes whole, stays as it was, or is lost with all that shares it."""
    for piece in _pieces(step, BLOCK):
        fate = draw.random()
        if fate < 0.4:
            _apply(content, piece)
        elif fate < 0.8:
            start = piece.offset // BLOCK * BLOCK
            end = max(len(content), piece.offset + len(piece.data))
            size = min(start + BLOCK, end) - start
            rubbish = draw.choice((bytes(size), b"\xff" * size, draw.randbytes(size)))
            _apply(content, Step("W", piece.inode, start, "", "", rubbish, piece.end))


def write(content: dict[str, bytes | None], folder: Path) -> None:
    """Puts what a cut left into an empty folder. Locks and the log's index are the running processes' own."""
    for path, data in sorted(content.items()):
        target = folder / path
        if data is None:
            target.mkdir(parents=True, exist_ok=True)
        elif not path.endswith("-shm"):
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
