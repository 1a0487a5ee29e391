import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kiosk.commands.printer import printer
from offline_cache.folder import StateFolder
from offline_cache.wake import Mailbox
from printer.virtual.condition import Fault
from printer.virtual.machine import VirtualPrinter
from printer.virtual.server import VirtualPrinterServer
from tests.printer.spooler_rig import prepared
from tests.printer.test_spooler_process import printer_process, wait


def run(folder: StateFolder, *words: str) -> Result:
    return CliRunner().invoke(printer, [*words, "--state", str(folder.path)])


@pytest.fixture
def virtual(tmp_path: Path) -> Iterator[VirtualPrinterServer]:
    with VirtualPrinterServer("127.0.0.1", 0, tmp_path / "paper", machine=VirtualPrinter(speed_mm_s=2000)) as server:
        yield server


@contextmanager
def running(folder: StateFolder) -> Iterator[None]:
    with Mailbox(folder, "kiosk") as kiosk, printer_process(folder):
        wait(lambda: {"printer": "ready"} in kiosk.receive(0.1))
        yield


def test_status_is_the_printers_own_word_when_no_process_owns_it(tmp_path: Path, virtual: VirtualPrinterServer) -> None:
    folder = prepared(tmp_path / "state", virtual.port)
    said = run(folder, "status")
    assert said.exit_code == 0
    assert said.output.splitlines()[0] == "ready"
    virtual.set_fault(Fault.COVER_OPEN)
    said = run(folder, "status", "--json")
    assert said.exit_code == 1
    assert json.loads(said.output) == {"condition": "cover-open", "process": False, "jobs": []}


def test_status_is_the_process_word_when_it_owns_the_printer(tmp_path: Path, virtual: VirtualPrinterServer) -> None:
    folder = prepared(tmp_path / "state", virtual.port)
    with running(folder):
        said = run(folder, "status", "--json")
    assert said.exit_code == 0
    assert json.loads(said.output) == {"condition": "ready", "process": True, "jobs": []}


def test_a_test_page_is_printed_and_confirmed(tmp_path: Path, virtual: VirtualPrinterServer) -> None:
    folder = prepared(tmp_path / "state", virtual.port)
    with running(folder):
        said = run(folder, "test")
    # The virtual printer runs in this process, and its log stands in the same output.
    assert "printed: the printer confirmed it" in said.output.splitlines()
    assert said.exit_code == 0
    assert len(virtual.wait_papers(1, 10)) == 1


def test_a_test_page_needs_the_printer_process(tmp_path: Path) -> None:
    said = run(prepared(tmp_path / "state", 1), "test")
    assert said.exit_code == 1
    assert said.output == "totem: the printer process is not running: start it with `totem run printer`\n"


def test_detect_says_where_a_printer_answers(tmp_path: Path, virtual: VirtualPrinterServer) -> None:
    folder = prepared(tmp_path / "state", virtual.port)
    said = run(folder, "detect")
    assert said.exit_code == 0
    assert said.output.startswith(f"a printer answers at 127.0.0.1:{virtual.port}")


def test_detect_says_that_nobody_answers(tmp_path: Path) -> None:
    said = run(prepared(tmp_path / "state", 1), "detect")
    assert said.exit_code == 1
    assert said.output.startswith("no printer at 127.0.0.1:1: nobody answers")


def test_a_folder_without_settings_is_told_in_one_line(tmp_path: Path) -> None:
    said = run(StateFolder(tmp_path), "detect")
    assert said.exit_code == 2
    assert len(said.output.splitlines()) == 1


def test_the_status_receipt_is_printed_in_the_language_that_was_asked(
    tmp_path: Path, virtual: VirtualPrinterServer
) -> None:
    folder = prepared(tmp_path / "state", virtual.port)
    with running(folder):
        said = run(folder, "test", "--status", "--language", "it", "--json")
    assert said.exit_code == 0
    assert len(virtual.wait_papers(1, 10)) == 1
