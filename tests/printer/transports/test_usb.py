"""USB by pyusb, with a made-up bus in libusb's place. No real device and no libusb were part of this."""

from __future__ import annotations

import select
from collections.abc import Iterator

import pytest

from printer.transport import TransportLostError
from printer.transports.registry import usb_ids
from printer.transports.usb import UsbTransport
from tests.printer.transports.fake_usb import PRODUCT, VENDOR, FakeBus


@pytest.fixture
def bus() -> FakeBus:
    return FakeBus()


@pytest.fixture
def transport(bus: FakeBus) -> Iterator[UsbTransport]:
    made = UsbTransport(VENDOR, PRODUCT, backend=bus)
    made.open()
    yield made
    made.close()


def test_the_kernels_driver_gives_way_and_the_interface_is_ours_alone(bus: FakeBus, transport: UsbTransport) -> None:
    assert not bus.kernel_driver
    assert bus.owner == "us"
    second = UsbTransport(VENDOR, PRODUCT, backend=bus)
    with pytest.raises(TransportLostError, match="another program owns"):
        second.open()
    transport.close()
    assert bus.owner is None


def test_a_transfer_that_ends_in_the_middle_says_how_much_was_taken(bus: FakeBus, transport: UsbTransport) -> None:
    job, sent = bytes(range(256)) * 20, 0
    bus.room = 1500
    while taken := transport.write(job[sent:]):
        sent += taken
    assert sent == 1500
    bus.room = None
    while sent < len(job):
        sent += transport.write(job[sent:])
    assert bus.received == job


def test_what_the_printer_says_can_be_waited_for_and_is_read(bus: FakeBus, transport: UsbTransport) -> None:
    assert transport.read() == b""
    with bus.lock:
        bus.says = b"\x12\x12\x12\x12"
    assert select.select([transport], [], [], 10)[0]
    assert transport.read() == b"\x12\x12\x12\x12"


def test_a_device_that_leaves_the_bus_is_unplugged_and_comes_back(bus: FakeBus, transport: UsbTransport) -> None:
    bus.present = False
    with pytest.raises(TransportLostError) as lost:
        transport.write(b"x")
    assert lost.value.unplugged
    assert lost.value.partial
    select.select([transport], [], [], 10)
    with pytest.raises(TransportLostError):
        transport.read()
    transport.close()
    with pytest.raises(TransportLostError, match="no USB device 04b8:0202"):
        transport.open()
    bus.present, bus.owner = True, None
    transport.open()
    assert transport.write(b"back") == 4


@pytest.mark.parametrize("text", ["", "04b8", "04b8:", "x:y"])
def test_numbers_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="vendor:product"):
        usb_ids(text)
    assert usb_ids("04b8:0202") == (VENDOR, PRODUCT)
