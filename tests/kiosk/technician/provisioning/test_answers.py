"""What only a person knows: said on the command line, known from last time, or asked, one question after the other."""

from __future__ import annotations

import argparse
import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from kiosk.technician.provisioning.answers import Answers, gather, token_text
from kiosk.technician.provisioning.machine import Machine, ProvisioningError

PROJECT = Path(__file__).resolve().parents[4]
NOTHING = {"label": None, "place": None, "printer": None, "printer_profile": None, "unconfirmed": None, "rotate": None,
           "panel": None, "touch_matrix": None}  # fmt: skip
PANEL = {"width_px": 1080, "height_px": 1920, "width_mm": 296.7, "height_mm": 527.4}


class Technician:
    """Answers by the beginning of the question, otherwise with what is offered."""

    def __init__(self, **answers: str) -> None:
        self.answers = answers
        self.asked: list[str] = []

    def __call__(self, question: str, default: str) -> str:
        self.asked.append(question)
        return next((said for word, said in self.answers.items() if word in question.lower()), default)


def gathered(root: Path, technician: Technician | None, *, known: dict[str, Any] | None = None,
             turns: int | None = None, **given: object) -> Answers:  # fmt: skip
    machine = Machine(root, dry=False, say=lambda _line: None)
    return gather(machine, argparse.Namespace(**NOTHING | given), known or {}, technician, turns)


def test_everything_is_asked_once_and_in_order(tmp_path: Path) -> None:
    technician = Technician(name="VA-100", stands="Praça", hangs="90", millimetres="1080x1920/296.7x527.4",
                            network="network:192.0.2.20", profile="epson-tm-t20x")  # fmt: skip
    found = gathered(tmp_path, technician)
    assert [question.split()[0] for question in technician.asked] == ["This", "Where", "How", "The", "The", "The"]
    assert (found.quarter_turns, found.printer) == (1, True)
    assert found.settings == {
        "label": "VA-100", "place": "Praça", "panel": PANEL,
        "printer": {"transport": "network", "host": "192.0.2.20", "port": 9100, "profile": "epson-tm-t20x"},
    }  # fmt: skip
    again = Technician()
    assert gathered(tmp_path, again, known=found.settings, turns=1).settings["label"] == "VA-100"
    assert again.asked == []


def test_what_was_said_on_the_command_line_is_not_asked(tmp_path: Path) -> None:
    technician = Technician()
    said = {"label": "A", "place": "", "rotate": 270, "panel": "1080x1920/296.7x527.4", "printer": "none"}
    found = gathered(tmp_path, technician, **said)
    assert technician.asked == []
    assert (found.quarter_turns, found.printer, found.settings["panel"]) == (3, False, PANEL)


def test_where_nobody_is_to_answer_only_the_name_is_needed(tmp_path: Path) -> None:
    assert gathered(tmp_path, None, label="A").settings == {"label": "A", "place": ""}
    with pytest.raises(ProvisioningError, match="say it with --label"):
        gathered(tmp_path, None)


@pytest.mark.parametrize(
    ("answers", "said"),
    [({"hangs": "45"}, "none of 0, 90, 180, 270"), ({"millimetres": "large"}, "--panel is said as"),
     ({"network": "bluetooth"}, "is none of network"), ({"network": "network:192.0.2.20"}, "--printer-profile")],
)  # fmt: skip
def test_an_answer_that_is_none_is_refused_in_a_line(tmp_path: Path, answers: dict[str, str], said: str) -> None:
    with pytest.raises(ProvisioningError, match=said):
        gathered(tmp_path, Technician(name="A", **answers))


def test_a_token_file_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    assert token_text(None) is None
    with pytest.raises(ProvisioningError, match="cannot be read"):
        token_text(tmp_path / "nowhere")


def test_on_a_terminal_the_questions_are_put_and_answered() -> None:
    """The command's own asking, on a real terminal; a blank answer takes what is offered."""
    script = ("from kiosk.technician.provisioning.command import _ask\n"
              "print(repr(_ask('Its name', '')), repr(_ask('It hangs', '0')))")  # fmt: skip
    ours, theirs = pty.openpty()
    command = [sys.executable, "-c", script]
    with subprocess.Popen(command, cwd=PROJECT, stdin=theirs, stdout=theirs, stderr=theirs):
        os.close(theirs)
        os.write(ours, b"VA-100\n\n")
        said = "".join(_heard(ours))
    os.close(ours)
    assert "Its name: " in said
    assert "It hangs [0]: " in said
    assert "'VA-100' '0'" in said


def _heard(terminal: int) -> Iterator[str]:
    """Until nobody is at the other end of it."""
    with suppress(OSError):
        while True:
            yield os.read(terminal, 4096).decode()
