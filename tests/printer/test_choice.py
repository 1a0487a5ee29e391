"""A printer is taken into service by what its profile can promise; the rest of totem.toml stays as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from offline_cache import settings
from offline_cache.settings import PrinterSettings
from printer import choice, profiles

TEXT = """label = "VA-018"   # printed on every paper

[centre]
url = "https://centre.example"
ca = "ca.pem"

[printer]
profile = "epson-tm-t20x"
host = "192.0.2.20"   # the old one
# usb = "04b8:0202"

# the A4 printer
[page_printer]
queue = "pages"

[panel]
width_px = 800
"""
USB = PrinterSettings(transport="usb", usb="04b8:0202", profile="epson-tm-t88v")


def file(folder: Path, text: str = TEXT) -> Path:
    made = folder / "totem.toml"
    made.write_text(text, encoding="utf-8")
    return made


def test_the_printer_is_written_and_everything_else_stays(tmp_path: Path) -> None:
    chosen = file(tmp_path)
    before = settings.read(chosen)
    choice.choose(chosen, USB)
    assert settings.read(chosen) == before.model_copy(update={"printer": USB})
    text = chosen.read_text(encoding="utf-8")
    assert "# printed on every paper" in text
    assert "# the A4 printer\n[page_printer]" in text
    assert "192.0.2.20" not in text
    assert [each.name for each in tmp_path.iterdir()] == ["totem.toml"]


def test_choosing_again_changes_nothing_more(tmp_path: Path) -> None:
    chosen = file(tmp_path)
    choice.choose(chosen, USB)
    once = chosen.read_text(encoding="utf-8")
    choice.choose(chosen, USB)
    assert chosen.read_text(encoding="utf-8") == once


def test_settings_without_a_printer_get_one(tmp_path: Path) -> None:
    chosen = file(tmp_path, '[centre]\nurl = "https://centre.example"\nca = "ca.pem"\n')
    choice.choose(chosen, USB)
    assert settings.read(chosen).printer == USB


@pytest.mark.parametrize("name", profiles.names())
def test_a_printer_that_cannot_confirm_is_refused_and_nothing_is_written(tmp_path: Path, name: str) -> None:
    chosen = file(tmp_path)
    wanted = PrinterSettings(host="192.0.2.9", profile=name)
    if profiles.load(name).confirms:
        choice.choose(chosen, wanted)
        return
    for said in ("", "yes", profiles.OVERRIDE.upper()):
        with pytest.raises(choice.PrinterRefusedError, match="cannot tell whether a paper came out"):
            choice.choose(chosen, wanted.model_copy(update={"unconfirmed": said}))
    assert chosen.read_text(encoding="utf-8") == TEXT
    accepted = wanted.model_copy(update={"unconfirmed": profiles.OVERRIDE})
    choice.choose(chosen, accepted)
    assert settings.read(chosen).printer == accepted


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (PrinterSettings(profile="laser"), "no printer profile"),
        (PrinterSettings(transport="usb", usb="here"), "vendor:product"),
        (PrinterSettings(transport="serial"), "needs device"),
    ],
)
def test_a_printer_that_cannot_be_reached_as_named_is_not_written(
    tmp_path: Path, wanted: PrinterSettings, said: str
) -> None:
    chosen = file(tmp_path)
    with pytest.raises(ValueError, match=said):
        choice.choose(chosen, wanted)
    assert chosen.read_text(encoding="utf-8") == TEXT


INLINE = TEXT.partition("[printer]")[0].replace("[centre]", 'printer = { host = "192.0.2.20" }\n[centre]')


@pytest.mark.parametrize("text", ["[centre\n", INLINE])
def test_a_file_that_cannot_be_changed_so_stays_as_it_was(tmp_path: Path, text: str) -> None:
    chosen = file(tmp_path, text)
    with pytest.raises(ValueError, match=r"totem\.toml: "):
        choice.choose(chosen, USB)
    assert chosen.read_text(encoding="utf-8") == text
    assert [each.name for each in tmp_path.iterdir()] == ["totem.toml"]
