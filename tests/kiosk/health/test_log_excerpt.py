"""The log's newest lines fit into few pictures, and nothing of a line is lost but its end."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

from kiosk.health import log_excerpt
from kiosk.health.log_excerpt import JOURNAL, LONGEST_LINE, MOST_PIECES, PIECE_BYTES
from offline_cache.folder import StateFolder


def journal(text: str, status: int = 0, error: str = ""):
    def run(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
        assert command == JOURNAL
        return subprocess.CompletedProcess(list(command), status, text, error)

    return run


def test_lines_are_cut_into_pieces_that_say_whose_they_are(tmp_path: Path) -> None:
    lines = [f"2026-11-24T14:05:{number:02d} kiosk link up=False" for number in range(30)]
    pages = log_excerpt.pages(StateFolder(tmp_path), "VA-017", journal("\n".join(lines)))
    assert 1 < len(pages) <= MOST_PIECES
    for number, page in enumerate(pages, start=1):
        first, _, rest = page.partition("\n")
        assert first == f"VA-017 {number}/{len(pages)}"
        assert len(rest.encode()) <= PIECE_BYTES
    assert [line for page in pages for line in page.splitlines()[1:]] == lines


def test_of_too_many_lines_the_newest_stay(tmp_path: Path) -> None:
    lines = [f"{number} {'x' * LONGEST_LINE}{'y' * 50}" for number in range(100)]
    pages = log_excerpt.pages(StateFolder(tmp_path), "VA-017", journal("\n".join(lines)))
    assert len(pages) == MOST_PIECES
    assert pages[-1].splitlines()[-1].startswith("99 ")
    assert not any("y" in page for page in pages)


def test_a_journal_that_may_not_be_read_says_so(tmp_path: Path) -> None:
    (page,) = log_excerpt.pages(StateFolder(tmp_path), "VA-017", journal("", 1, "No journal files were opened"))
    assert "No journal files were opened" in page


def test_an_empty_log_is_a_picture_too(tmp_path: Path) -> None:
    assert log_excerpt.pages(StateFolder(tmp_path), "VA-017", journal("")) == ("VA-017 1/1\n-",)


def test_a_demonstration_s_log_lies_in_its_folder(tmp_path: Path) -> None:
    (tmp_path / "simulation").write_text("", encoding="ascii")
    (tmp_path / "log").mkdir()
    (tmp_path / "log" / "sync.log").write_text("link up\n", encoding="utf-8")
    assert log_excerpt.pages(StateFolder(tmp_path), "VA-017", journal("")) == ("VA-017 1/1\nsync: link up",)
