"""The units start what the command knows, in the order in which the processes rely on each other."""

from __future__ import annotations

import configparser
from pathlib import Path

import click
import pytest

from kiosk.cli import main
from kiosk.simulation.world import FORGETFUL

UNITS = sorted((Path(__file__).parents[2] / "systemd").glob("*.service"))
KIOSK = [unit for unit in UNITS if unit.stem in {"totem-kiosk", "totem-printer", "totem-sync"}]


class _Unit(configparser.RawConfigParser):
    def optionxform(self, optionstr: str) -> str:
        return optionstr


def read(unit: Path) -> configparser.RawConfigParser:
    parser = _Unit(strict=False, interpolation=None)
    parser.read(unit, encoding="utf-8")
    return parser


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_each_unit_starts_a_subcommand_that_exists(unit: Path) -> None:
    words = read(unit)["Service"]["ExecStart"].split()
    at = next(place for place, word in enumerate(words) if word.endswith("/bin/totem"))
    command: click.Command | None = main
    context = click.Context(main)
    for word in words[at + 1 : at + 3]:
        if isinstance(command, click.Group):
            command = command.get_command(context, word)
        else:
            assert command is not None
            choice = command.params[0].type
            assert isinstance(choice, click.Choice)
            assert word in choice.choices
    assert command is not None


@pytest.mark.parametrize("unit", KIOSK, ids=lambda unit: unit.stem)
def test_a_kiosk_process_waits_for_the_store_and_always_comes_back(unit: Path) -> None:
    parsed = read(unit)
    assert "totem-store.service" in parsed["Unit"]["Requires"]
    assert "totem-store.service" in parsed["Unit"]["After"]
    assert parsed["Unit"]["StartLimitIntervalSec"] == "0"
    assert parsed["Service"]["Restart"] == "always"
    assert parsed["Service"]["LimitCORE"] == "0"


@pytest.mark.parametrize("unit", KIOSK, ids=lambda unit: unit.stem)
def test_a_kiosk_process_overwrites_what_it_frees_as_in_the_demonstration(unit: Path) -> None:
    assert read(unit)["Service"]["Environment"] == " ".join(f"{name}={value}" for name, value in FORGETFUL.items())


def test_only_sync_is_given_the_device_key() -> None:
    given = [unit.stem for unit in UNITS if "device.key" in unit.read_text(encoding="utf-8")]
    assert given == ["totem-sync"]
