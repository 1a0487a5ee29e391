"""The page on accessibility has every clause of chapters 5 and 8, each with its proof or verdict, and our panels."""

from __future__ import annotations

import re

import pytest

from kiosk.widgets.tokens import PANELS
from tests.docs import pages

PAGE = pages.ROOT / "docs/accessibility.md"
VERDICTS = ("not met", "hardware", "does not arise", "informative")
# EN 301 549 V3.2.1, table of contents; headings that only hold others ask nothing themselves.
CLAUSES = (
    "5.1.1", "5.1.2.1", "5.1.2.2", "5.1.3.1", "5.1.3.2", "5.1.3.3", "5.1.3.4", "5.1.3.5", "5.1.3.6", "5.1.3.7",
    "5.1.3.8", "5.1.3.9", "5.1.3.10", "5.1.3.11", "5.1.3.12", "5.1.3.13", "5.1.3.14", "5.1.3.15", "5.1.3.16",
    "5.1.4", "5.1.5", "5.1.6.1", "5.1.6.2", "5.1.7", "5.2", "5.3", "5.4", "5.5.1", "5.5.2", "5.6.1", "5.6.2", "5.7",
    "5.8", "5.9", "8.1.1", "8.1.2", "8.1.3", "8.2.1.1", "8.2.1.2", "8.2.2.1", "8.2.2.2", "8.3.0", "8.3.1",
    "8.3.2.1", "8.3.2.2", "8.3.2.3.1", "8.3.2.3.2", "8.3.2.3.3", "8.3.2.4", "8.3.2.5", "8.3.2.6", "8.3.3.1",
    "8.3.3.2", "8.3.3.3.1", "8.3.3.3.2", "8.3.4.1", "8.3.4.2", "8.3.4.3.1", "8.3.4.3.2", "8.3.4.3.3", "8.3.5",
    "8.3.6", "8.4.1", "8.4.2.1", "8.4.2.2", "8.4.3", "8.5",
)  # fmt: skip


def rows() -> dict[str, str]:
    """Clause and its last cell."""
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if re.match(r"\| [58]\.", line)]
    return {clause: proof for clause, _, proof in cells}


def test_every_clause_stands_there_once_and_in_order() -> None:
    assert tuple(rows()) == CLAUSES


@pytest.mark.parametrize("clause", CLAUSES)
def test_every_clause_has_a_test_or_a_verdict(clause: str) -> None:
    proof = rows()[clause]
    pointed = "](#" in proof or "this table" in proof
    assert pages.TEST.search(proof) or pointed or any(verdict in proof for verdict in VERDICTS)


@pytest.mark.parametrize("name", PANELS)
def test_the_panels_are_those_of_the_tests(name: str) -> None:
    panel = PANELS[name]
    row = (
        f"| {name} | {panel.width_px} x {panel.height_px} | {panel.width_mm:.1f} x {panel.height_mm:.1f} | "
        f"{panel.px_per_mm:.2f} |"
    )
    assert row in PAGE.read_text(encoding="utf-8")
