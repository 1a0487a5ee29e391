"""Papers in the outlet of a printer with a presenter, and printers that cannot tell, on a simulated clock."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.journey.state import JobState, PrinterCondition
from offline_cache import audit
from printer import profiles
from printer.spooler import RETRACT_S
from printer.virtual.condition import Fault
from tests.printer import samples
from tests.printer.simulated import World, quick

PRESENTERS = ["custom-vkp80", "citizen-ppu-231"]


def printed(path: Path, name: str) -> World:
    """A ticket has come out, and lies in the outlet."""
    world = World(path, profiles.load(name))
    world.queue("first", samples.ticket())
    assert world.until_end("first") is JobState.CONFIRMED
    assert world.spooler.outlet.occupied is True
    return world


@pytest.mark.parametrize("name", PRESENTERS)
def test_the_sensor_confirms_the_paper_and_tells_when_it_is_taken(tmp_path: Path, name: str) -> None:
    with quick():
        world = printed(tmp_path, name)
        assert world.spooler.status(world.now_s)[0] == {"printer": "ready", "outlet": True}
        world.machine.take_paper()
        for _ in range(10):
            world.step(0.5)
        assert world.spooler.status(world.now_s)[0] == {"printer": "ready", "outlet": False}
        assert world.machine.retracted == []


@pytest.mark.parametrize("name", PRESENTERS)
def test_a_forgotten_paper_is_taken_back_after_its_time_and_counted(tmp_path: Path, name: str) -> None:
    with quick():
        world = printed(tmp_path, name)
        while world.spooler.outlet.occupied:
            world.step(0.5)
            assert world.now_s < 1000 + RETRACT_S + 30
        assert world.now_s > 1000 + RETRACT_S
        assert len(world.machine.retracted) == 1
        assert audit.told(world.store, audit.AuditEvent.PAPER_RETRACTED)[0] == 1


@pytest.mark.parametrize("name", PRESENTERS)
def test_the_next_paper_waits_until_the_outlet_is_free(tmp_path: Path, name: str) -> None:
    with quick():
        world = printed(tmp_path, name)
        world.queue("second", samples.guide())
        for _ in range(20):
            world.step(0.5)
        assert world.job("second").state is JobState.QUEUED
        world.machine.take_paper()
        assert world.until_end("second") is JobState.CONFIRMED


def test_a_paper_that_is_not_handed_out_is_never_called_printed(tmp_path: Path) -> None:
    with quick():
        world = World(tmp_path, profiles.load("custom-vkp80"))
        world.machine._presenter = False
        world.queue("first", samples.ticket())
        assert world.until_end("first") is JobState.UNKNOWN


@pytest.mark.parametrize("name", ["bematech-mp-4200-bema", "daruma-dr800", "generic-58mm"])
def test_a_printer_that_cannot_tell_leaves_every_paper_to_the_citizens_word(tmp_path: Path, name: str) -> None:
    with quick():
        world = World(tmp_path, profiles.load(name))
        world.queue("first", samples.ticket())
        assert world.until_end("first") is JobState.UNKNOWN
        assert world.job("first").detail == "cannot-confirm"
        assert world.now_s < 1010
        world.queue("second", samples.ticket())
        assert world.until_end("second") is JobState.UNKNOWN


def test_a_printer_that_cannot_tell_prints_nothing_again_once_it_has_stopped(tmp_path: Path) -> None:
    with quick():
        world = World(tmp_path, profiles.load("daruma-dr800"))
        world.queue("first", samples.ticket())
        world.wire.strike_at, world.wire.strike = 5000, lambda: world.machine.set_fault(Fault.PAPER_OUT)
        world.after(5, lambda: world.machine.clear_fault(Fault.PAPER_OUT))
        assert world.until_end("first") is JobState.UNKNOWN
        assert world.job("first").copies == 1


@pytest.mark.parametrize("name", profiles.names())
@pytest.mark.parametrize("fault", list(Fault))
def test_every_fault_is_told_by_its_name_on_every_printer_that_can_tell_it(
    tmp_path: Path, name: str, fault: Fault
) -> None:
    untold = {"daruma-dr800": {Fault.JAM, Fault.CUTTER, Fault.OVERHEATED}, "bematech-mp-4200-bema": {Fault.JAM}}
    with quick():
        world = World(tmp_path, profiles.load(name))
        world.machine.set_fault(fault)
        for _ in range(4):
            world.step(0.5)
        expected = PrinterCondition.ERROR if fault in untold.get(name, set()) else PrinterCondition(fault.value)
        assert world.spooler.connection.condition is expected
        world.machine.clear_fault(fault)
        for _ in range(4):
            world.step(0.5)
        assert world.spooler.connection.condition is PrinterCondition.READY


@pytest.mark.parametrize("name", profiles.names())
def test_a_roll_near_its_end_is_told_before_it_ends_and_goes_on_printing(tmp_path: Path, name: str) -> None:
    with quick():
        world = World(tmp_path, profiles.load(name))
        world.machine.load(500)
        world.machine._change(type(world.machine.condition)(near_end=True))
        for _ in range(4):
            world.step(0.5)
        assert world.spooler.connection.condition is PrinterCondition.PAPER_LOW


def test_a_cable_that_is_out_and_a_printer_that_is_off_are_told_apart(tmp_path: Path) -> None:
    from printer.transports.network import NetworkTransport

    (tmp_path / "eth0" / "device").mkdir(parents=True)
    carrier = tmp_path / "eth0" / "carrier"
    transport = NetworkTransport("192.0.2.1", 9100, interfaces=tmp_path)
    for state, unplugged in (("1\n", False), ("0\n", True)):
        carrier.write_text(state)
        assert transport._unplugged() is unplugged


def test_a_power_cycle_that_the_line_does_not_show_is_told_as_one(tmp_path: Path) -> None:
    """On a serial line nothing hangs up: the printer is silent for a while, then answers, and has forgotten."""
    with quick():
        world = World(tmp_path, profiles.load("epson-tm-t20x"))
        world.machine._speed = 50.0
        world.queue("first", samples.guide())
        while world.job("first").state is not JobState.SENT:
            world.step()
        keep = type(world.wire).reachable
        type(world.wire).reachable = property(lambda _: True)
        try:
            world.machine.power_off()
            world.after(4, world.machine.power_on)
            assert world.until_end("first") is JobState.UNKNOWN
        finally:
            type(world.wire).reachable = keep
        assert world.job("first").detail == "power-cycle"
