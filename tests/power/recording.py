"""What processes did to one folder, written down by `recorder.c` in the order in which they did it."""

from __future__ import annotations

import os
import struct
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_HEADER = struct.Struct("<IIIIQQ")


@dataclass(frozen=True)
class Step:
    """One record. `end`: how long the log was when it stood there.

    `op`: C create, W write, T truncate to `offset`, S sync begins, E sync is done, R rename, U unlink, M make a folder,
    A something is about to be said on standard output.
    """

    op: str
    inode: int
    offset: int
    first: str
    second: str
    data: bytes
    end: int


def build(folder: Path, name: str = "recorder") -> Path:
    """A C file from beside this one as a library for LD_PRELOAD."""
    library, source = folder / f"{name}.so", Path(__file__).with_name(f"{name}.c")
    subprocess.run(["gcc", "-O1", "-shared", "-fPIC", "-o", str(library), str(source), "-ldl"], check=True)
    return library


def environment(library: Path, root: Path, log: Path, *, says: bool = False) -> dict[str, str]:
    """What a process needs in its environment to be recorded."""
    wanted = {"LD_PRELOAD": str(library), "RECORD_ROOT": str(root), "RECORD_LOG": str(log)}
    plain = {name: value for name, value in os.environ.items() if name != "NOTIFY_SOCKET"}
    return {**plain, **wanted, **({"RECORD_STDOUT": "1"} if says else {})}


def read(log: Path) -> Iterator[Step]:
    """The records of a log, but for one that a kill cut short."""
    content = log.read_bytes()
    at = 0
    while at + _HEADER.size <= len(content):
        op, first, second, size, inode, offset = _HEADER.unpack_from(content, at)
        at += _HEADER.size
        end = at + first + second + size
        if end > len(content):
            return
        names = content[at : at + first].decode(), content[at + first : at + first + second].decode()
        yield Step(chr(op), inode, offset, *names, content[at + first + second : end], end)
        at = end
