"""The virtual printer beside other people's programs: their streams come out as they say, and it tells them the truth.

Their streams and previews are recorded in papers.json; the programs themselves are asked in `make test-long`.
"""

from __future__ import annotations

import base64
import json
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from printer.font import Dots, glyph
from printer.picture import image
from printer.virtual.condition import Fault
from printer.virtual.machine import VirtualPrinter
from printer.virtual.server import VirtualPrinterServer
from tests.peers import questions
from tests.printer.scanning import read_by_zbar, read_by_zxing

RECORDED = questions.HERE / "papers.json"
LINK, DIGITS = "https://vilaaurora.example/p/7K2M", "81770000000010936599704113107970"
SVG = "{http://www.w3.org/2000/svg}"
Letter = tuple[str, int, int, int]  # the character, its left edge, its scale across and along


def recorded() -> dict[str, Any]:
    papers: dict[str, Any] = json.loads(RECORDED.read_text(encoding="utf-8"))
    return papers


def rendered(stream: str) -> Dots:
    """Everything that comes out, one piece below the other."""
    printer = VirtualPrinter()
    printer.feed(base64.b64decode(stream))
    assert printer.unknown == []
    assert printer.papers
    return np.vstack([paper.dots for paper in printer.papers])


def preview_lines(svg: str) -> Iterator[list[Letter]]:
    """The lines of a receiptline preview that are plain text, top to bottom. Its cells are 12 by 24 dots."""
    for group in ET.fromstring(svg).iter(f"{SVG}g"):
        for text in group.findall(f"{SVG}text"):
            across, along = _scale(text.get("transform", ""))
            letters = [
                (span.text or " ", round((float(span.get("x", "0")) - 6) * across), across, along)
                for span in text.findall(f"{SVG}tspan")
            ]
            if any(letter.strip("\xa0 ") for letter, *_ in letters):
                yield letters


def _scale(transform: str) -> tuple[int, int]:
    found = re.search(r"scale\((\d+),(\d+)\)", transform)
    return (int(found[1]), int(found[2])) if found else (1, 1)


def find(paper: Dots, letters: list[Letter], begin: int) -> int | None:
    """The row below the first place, from `begin` on, where all these letters stand side by side, plain or bold."""
    height = 24 * max(along for *_, along in letters)
    for bottom in range(begin + height, len(paper) + 1):
        if all(_stands(paper, letter, bottom) for letter in letters):
            return bottom
    return None


def _stands(paper: Dots, letter: Letter, bottom: int) -> bool:
    char, left, across, along = letter
    char = " " if char == "\xa0" else char
    there = paper[bottom - 24 * along : bottom, left : left + 12 * across]
    return any(np.array_equal(there, glyph(char, across, along, bold=bold)) for bold in (False, True))


def line(text: str, left: int = 0, scale: int = 1) -> list[Letter]:
    return [(char, left + index * 12 * scale, scale, scale) for index, char in enumerate(text)]


def assert_codes(paper: Dots, codes: set[str]) -> None:
    assert read_by_zxing(image(paper)) == codes
    assert read_by_zbar(image(paper)) == codes


def test_a_receiptline_stream_comes_out_as_its_own_preview_shows_it() -> None:
    paper = recorded()["receiptline"]
    dots, row, found = rendered(paper["stream"]), 0, 0
    lines = list(preview_lines(paper["svg"]))
    for letters in lines:
        words = "".join(char for char, *_ in letters)
        if words == "invertido":  # white on black, which the preview draws by a filter
            continue
        bottom = find(dots, letters, row)
        assert bottom is not None, f"{words!r} is not where the preview has it"
        row, found = bottom, found + 1
    assert found >= 5
    assert_codes(dots, {LINK, DIGITS})


def test_a_letter_that_is_missing_would_be_noticed() -> None:
    dots = rendered(recorded()["receiptline"]["stream"])
    assert find(dots, line("VILA AURORB", 156, 2), 0) is None


def test_a_receipt_printer_encoder_stream_comes_out_as_it_was_written() -> None:
    dots = rendered(recorded()["encoder"]["stream"])
    row = 0
    for letters in (line("Vila Aurora", 156, 2), line("Ação é São"), line("─" * 48), line("Valor")):
        bottom = find(dots, letters, row)
        assert bottom is not None, letters
        row = bottom
    assert_codes(dots, {LINK, "12345678"})


def test_an_escpos_buffer_stream_comes_out_as_it_was_written() -> None:
    dots = rendered(recorded()["buffer"]["stream"])
    title = find(dots, line("Vila Aurora", 156, 2), 0)
    assert title is not None
    assert find(dots, line("Ação é São"), title) is not None
    assert_codes(dots, {LINK})


@pytest.mark.long
def test_the_recorded_papers_are_what_the_peers_make_today() -> None:
    assert shutil.which("node"), "node is missing: run `make peers`"
    made = subprocess.run(
        ["node", "papers.js"], cwd=questions.HERE, capture_output=True, text=True, check=True, timeout=60
    )
    assert json.loads(made.stdout) == recorded()


@pytest.mark.long
@pytest.mark.parametrize(
    ("fault", "says", "papers"),
    [(None, "success", 1), (Fault.COVER_OPEN, "coveropen", 0), (Fault.PAPER_OUT, "paperempty", 0)],
)
def test_receiptio_is_told_the_truth(tmp_path: Path, fault: Fault | None, says: str, papers: int) -> None:
    """It knows port 9100 alone: the printer stands at an address of this machine that nobody else uses."""
    machine = VirtualPrinter(speed_mm_s=2000)
    with VirtualPrinterServer("127.77.91.1", 9100, tmp_path, machine=machine) as server:
        if fault is not None:
            server.set_fault(fault)
        ran = subprocess.run(
            ["node", "node_modules/receiptio/bin/cli.js", "-d", "127.77.91.1", "-c", "48", "-t", "10"],
            cwd=questions.HERE, input="^^^VILA AURORA\n\nValor | 412,80\n", capture_output=True, text=True,
            check=False, timeout=90,
        )  # fmt: skip
        assert ran.stderr.strip() == says  # that is where it says so
        assert len(machine.papers) == papers
