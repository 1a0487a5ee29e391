"""`totem doctor` says what the technician's screen says, in words and as JSON, and by its exit status."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner

from kiosk.commands import doctor as command
from kiosk.health import examination
from kiosk.health.findings import Finding, Level, Part, What, found
from kiosk.health.judging import judge
from offline_cache.folder import StateFolder
from tests.kiosk.health.readings import HEALTHY

WRONG = (found(Part.STORE, What.STORE_WHOLE), found(Part.PRINTER, What.PRINTER_PAPER_OUT))


def asked(monkeypatch: pytest.MonkeyPatch, findings: tuple[Finding, ...], *options: str) -> Any:
    monkeypatch.setattr(examination, "examine", lambda _folder: findings)
    return CliRunner().invoke(command.doctor, list(options))


def test_a_kiosk_that_is_well_ends_with_0_and_a_line_for_each_part(monkeypatch: pytest.MonkeyPatch) -> None:
    findings = judge(HEALTHY)
    done = asked(monkeypatch, findings)
    assert done.exit_code == 0
    assert len(done.output.splitlines()) == len(findings)
    assert all(line.startswith("ok") for line in done.output.splitlines())


def test_what_needs_a_hand_ends_with_1_and_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    done = asked(monkeypatch, WRONG, "--language", "pt-BR")
    assert done.exit_code == 1
    assert "broken     Impressora: sem papel" in done.output
    assert "-> Ponha uma bobina nova e feche a tampa." in done.output


def test_machines_are_told_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    done = asked(monkeypatch, WRONG, "--json")
    told = json.loads(done.output)
    assert (done.exit_code, told["needs_a_hand"]) == (1, True)
    assert [(each["part"], each["state"], each["what"]) for each in told["findings"]] == [
        ("store", "ok", "store-whole"), ("printer", "broken", "printer-paper-out"),
    ]  # fmt: skip
    assert told["findings"][1]["remedy"] == "Put in a new roll and close the cover."


def test_a_folder_without_anything_in_it_is_examined_all_the_same(tmp_path: Any) -> None:
    findings = examination.examine(StateFolder(tmp_path))
    levels = {finding.part: finding.level for finding in findings}
    assert levels[Part.SETTINGS] is levels[Part.STORE] is levels[Part.PROCESSES] is Level.BROKEN
    assert all(dict(finding.values).get("why") != "" for finding in findings)
