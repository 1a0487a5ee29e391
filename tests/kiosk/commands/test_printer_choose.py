"""`totem printer choose`: what a technician types, and what stands in totem.toml afterwards."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kiosk.commands.printer import printer
from offline_cache.folder import StateFolder
from offline_cache.settings import PrinterSettings
from printer import profiles
from tests.printer.spooler_rig import prepared


@pytest.fixture
def folder(tmp_path: Path) -> StateFolder:
    return prepared(tmp_path / "state", 9100)


def choose(folder: StateFolder, *words: str) -> Result:
    return CliRunner().invoke(printer, ["choose", *words, "--state", str(folder.path)])


@pytest.mark.parametrize(
    ("words", "chosen"),
    [
        (("elgin-i9", "--host", "192.0.2.20"), PrinterSettings(host="192.0.2.20", profile="elgin-i9")),
        (
            ("epson-tm-t88v", "--usb", "04b8:0202", "--usb-serial", "J4"),
            PrinterSettings(transport="usb", usb="04b8:0202", usb_serial="J4", profile="epson-tm-t88v"),
        ),
        (
            ("custom-vkp80", "--serial", "/dev/ttyUSB0", "--bit-s", "38400", "--flow", "none"),
            PrinterSettings(
                transport="serial", device="/dev/ttyUSB0", bit_s=38400, flow="none", profile="custom-vkp80"
            ),
        ),
        (
            ("generic-80mm", "--file", "/dev/usb/lp0"),
            PrinterSettings(transport="file", device="/dev/usb/lp0", profile="generic-80mm"),
        ),
    ],
)
def test_each_way_to_a_printer_can_be_chosen(
    folder: StateFolder, words: tuple[str, ...], chosen: PrinterSettings
) -> None:
    said = choose(folder, *words)
    assert said.exit_code == 0, said.output
    assert folder.settings().printer == chosen


def test_a_printer_that_cannot_confirm_is_refused_with_the_words_that_would_accept_it(folder: StateFolder) -> None:
    before = folder.settings_file().read_text(encoding="utf-8")
    refused = choose(folder, "daruma-dr800", "--host", "192.0.2.20")
    assert refused.exit_code == 1
    assert f'--unconfirmed "{profiles.OVERRIDE}"' in refused.output
    assert choose(folder, "daruma-dr800", "--host", "192.0.2.20", "--unconfirmed", "yes").exit_code == 1
    assert folder.settings_file().read_text(encoding="utf-8") == before
    accepted = choose(folder, "daruma-dr800", "--host", "192.0.2.20", "--unconfirmed", profiles.OVERRIDE)
    assert accepted.exit_code == 0
    assert folder.settings().printer.unconfirmed == profiles.OVERRIDE


@pytest.mark.parametrize(
    "words",
    [
        ("elgin-i9",),
        ("elgin-i9", "--host", "192.0.2.20", "--usb", "04b8:0202"),
        ("elgin-i9", "--host", "192.0.2.20", "--bit-s", "9600"),
        ("elgin-i9", "--usb", "04b8"),
        ("laser", "--host", "192.0.2.20"),
    ],
)
def test_what_names_no_printer_is_wrong_use(folder: StateFolder, words: tuple[str, ...]) -> None:
    before = folder.settings_file().read_text(encoding="utf-8")
    assert choose(folder, *words).exit_code == 2
    assert folder.settings_file().read_text(encoding="utf-8") == before
