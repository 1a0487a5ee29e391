"""totem.toml keeps what a technician wrote; what is written can be read by the kiosk."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.technician.provisioning import settings
from kiosk.technician.provisioning.machine import Machine, ProvisioningError
from offline_cache.settings import read


def on(root: Path) -> Machine:
    return Machine(root, dry=False, say=lambda _line: None)


def test_what_provisioning_writes_the_kiosk_reads(tmp_path: Path) -> None:
    answered = {
        "label": 'VA-100 "A"', "place": "Praça",
        "panel": {"width_px": 1080, "height_px": 1920, "width_mm": 296.7, "height_mm": 527.4},
        "printer": {"transport": "usb", "usb": "04b8:0202", "profile": "epson-tm-t20x"},
    }  # fmt: skip
    settings.write(on(tmp_path), {}, answered)
    found = read(tmp_path / "etc/totem/totem.toml")
    assert (found.label, found.place, found.printer.usb) == ('VA-100 "A"', "Praça", "04b8:0202")
    assert found.panel.height_mm == 527.4


def test_what_a_technician_wrote_stays(tmp_path: Path) -> None:
    file = tmp_path / "etc/totem/totem.toml"
    file.parent.mkdir(parents=True)
    file.write_text('label = "A"\n[centre]\nurl = "https://x"\nca = "y"\n[speech]\nvoices = {pt-BR = "mb-br1"}\n')
    one = on(tmp_path)
    settings.write(one, settings.read(one), {"label": "B"})
    found = tomllib.loads(file.read_text())
    assert found["label"] == "B"
    assert found["speech"]["voices"]["pt-BR"] == "mb-br1"
    assert found["centre"]["url"] == "https://x"


def test_a_second_time_nothing_is_written(tmp_path: Path) -> None:
    settings.write(on(tmp_path), {}, {"label": "A"})
    again = on(tmp_path)
    settings.write(again, settings.read(again), {"label": "A"})
    assert again.changes == 0


def test_a_file_that_cannot_be_read_is_left_to_people(tmp_path: Path) -> None:
    file = tmp_path / "etc/totem/totem.toml"
    file.parent.mkdir(parents=True)
    file.write_text("label = \n")
    with pytest.raises(ProvisioningError, match="mend it"):
        settings.read(on(tmp_path))


_VALUES = st.recursive(
    st.booleans() | st.integers(-(2**60), 2**60) | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=4,
)


@given(st.dictionaries(st.text("abc_-é.", min_size=1), _VALUES | st.dictionaries(st.text("xyz", min_size=1), _VALUES)))
def test_whatever_is_written_reads_back_the_same(values: dict[str, object]) -> None:
    assert tomllib.loads(settings.text(values)) == values


@pytest.mark.parametrize(("turns", "matrix"), [(1, "0 -1 1 1 0 0"), (2, "-1 0 1 0 -1 1"), (3, "0 1 0 -1 0 1")])
def test_touches_turn_with_the_picture(tmp_path: Path, turns: int, matrix: str) -> None:
    assert settings.write_screen(on(tmp_path), turns, None)
    assert matrix in (tmp_path / settings.TOUCH.lstrip("/")).read_text()
    assert (tmp_path / settings.SCREEN.lstrip("/")).read_text() == f"TOTEM_TURNS={turns}\n"


def test_the_printer_process_may_reach_its_printer_alone(tmp_path: Path) -> None:
    one = on(tmp_path)
    assert settings.write_printer_access(one, {"transport": "network", "host": "192.0.2.20"})
    file = tmp_path / settings.PRINTER.lstrip("/")
    assert "IPAddressAllow=192.0.2.20\n" in file.read_text()
    assert settings.write_printer_access(one, {"transport": "usb"})
    assert not file.exists()
