"""The newest lines of the log, in pieces that a phone reads from the screen one after the other.

The journal holds event names and ids only; here it is cut to the part of each line that says what happened.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Sequence

from offline_cache.folder import StateFolder

# Of a QR code that is still read from a small panel: version 17 at level M has 504 bytes (ISO/IEC 18004, table 7).
PIECE_BYTES = 480
MOST_PIECES = 6
LINES = 60
LONGEST_LINE = 160
JOURNAL = ("journalctl", "--no-pager", "--output=short-iso", "--lines", str(LINES), "--unit=totem-*")
PROCESSES = ("kiosk", "printer", "sync")

Run = Callable[[Sequence[str]], "subprocess.CompletedProcess[str]"]


def pages(folder: StateFolder, label: str, run: Run) -> tuple[str, ...]:
    """The pieces, the newest lines in the last one; each begins with whose it is and which of how many."""
    lines = _of_files(folder) if folder.simulation else _of_journal(run)
    pieces = _pieces([line[:LONGEST_LINE] for line in lines if line.strip()])
    return tuple(f"{label} {number}/{len(pieces)}\n{piece}" for number, piece in enumerate(pieces, start=1))


def _of_journal(run: Run) -> list[str]:
    done = run(JOURNAL)
    return done.stdout.splitlines() if done.returncode == 0 else [done.stderr.strip() or "journalctl failed"]


def _of_files(folder: StateFolder) -> list[str]:
    """A demonstration writes a file for each process."""
    lines: list[str] = []
    for name in PROCESSES:
        try:
            text = (folder.path / "log" / f"{name}.log").read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
        lines += [f"{name}: {line}" for line in text.splitlines()[-LINES // len(PROCESSES) :]]
    return lines


def _pieces(lines: Sequence[str]) -> list[str]:
    """As many whole lines as fit, from the newest back; never more pieces than somebody has patience for."""
    pieces: list[list[str]] = [[]]
    used = 0
    for line in reversed(lines):
        size = len(line.encode()) + 1
        if used + size > PIECE_BYTES and pieces[-1]:
            if len(pieces) == MOST_PIECES:
                break
            pieces.append([])
            used = 0
        pieces[-1].append(line)
        used += size
    return ["\n".join(reversed(piece)) for piece in reversed(pieces) if piece] or ["-"]
