"""The units start what the command knows, in the order in which the processes rely on each other, and always again."""

from __future__ import annotations

import configparser
from pathlib import Path

import click
import pytest

from kiosk.cli import main
from kiosk.simulation.world import FORGETFUL
from kiosk.technician.provisioning import system

SYSTEMD = Path(__file__).parents[2] / "systemd"
UNITS = sorted(SYSTEMD.glob("*.service"))
OURS = [unit for unit in UNITS if unit.stem != "totem-mend"]
KIOSK = [unit for unit in UNITS if unit.stem in {"totem-kiosk", "totem-printer", "totem-sync"}]


class _Unit(configparser.RawConfigParser):
    """Of a setting that is given several times all values count, a line each."""

    def optionxform(self, optionstr: str) -> str:
        return optionstr


def read(unit: Path) -> configparser.RawConfigParser:
    parser = _Unit(strict=False, interpolation=None)
    parser.read(unit, encoding="utf-8")
    return parser


def lines(unit: Path, name: str) -> list[str]:
    found = (line.partition("=") for line in unit.read_text(encoding="utf-8").splitlines())
    return [value for key, _, value in found if key == name]


@pytest.mark.parametrize("unit", OURS, ids=lambda unit: unit.stem)
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
    assert parsed["Service"]["Restart"] == "always"
    # A process that is stopped or starved is back within ten seconds.
    assert int(parsed["Service"]["WatchdogSec"]) + int(parsed["Service"]["RestartSec"]) < 10
    assert parsed["Service"]["Type"] == "notify"


def test_who_could_not_start_without_the_store_is_started_once_it_is_ready() -> None:
    store = read(SYSTEMD / "totem-store.service")
    assert store["Service"]["Restart"] == "on-failure"
    assert sorted(store["Unit"]["Upholds"].split()) == sorted(unit.name for unit in KIOSK)


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_no_unit_gives_up_or_leaves_a_core_file(unit: Path) -> None:
    parsed = read(unit)
    assert parsed["Unit"]["StartLimitIntervalSec"] == "0"
    assert parsed["Service"]["LimitCORE"] == "0"


@pytest.mark.parametrize("unit", OURS, ids=lambda unit: unit.stem)
def test_memory_is_limited_and_never_swapped_out(unit: Path) -> None:
    service = read(unit)["Service"]
    assert service["MemorySwapMax"] == "0"
    assert service["MemoryMax"]


@pytest.mark.parametrize("unit", KIOSK, ids=lambda unit: unit.stem)
def test_a_kiosk_process_overwrites_what_it_frees_as_in_the_demonstration(unit: Path) -> None:
    given = dict(pair.split("=", 1) for line in lines(unit, "Environment") for pair in line.split())
    assert FORGETFUL.items() <= given.items()


def test_only_sync_is_given_the_device_key() -> None:
    given = [unit.stem for unit in UNITS if "device.key" in " ".join(lines(unit, "LoadCredentialEncrypted"))]
    assert given == ["totem-sync"]


def test_only_sync_has_the_whole_network() -> None:
    free = [unit.stem for unit in KIOSK if "any" not in lines(unit, "IPAddressDeny")]
    assert free == ["totem-sync"]
    assert lines(SYSTEMD / "totem-kiosk.service", "RestrictAddressFamilies") == ["AF_UNIX AF_NETLINK"]


def test_everything_that_provisioning_installs_is_there() -> None:
    root = SYSTEMD.parent
    assert [name for name, *_ in system.FILES if not (root / name).is_file()] == []


def test_every_unit_of_the_kiosk_is_installed() -> None:
    ours = {path.name for path in SYSTEMD.iterdir() if path.suffix in {".service", ".path", ".timer"}}
    assert ours - {"totem-central.service"} == set(system.UNITS)
