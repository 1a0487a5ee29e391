"""A serial printer over a pseudo terminal: raw bytes both ways, short writes, one owner, a line that goes dead."""

from __future__ import annotations

import os
import select
import termios
import tty
from collections.abc import Iterator

import pytest

from printer.transport import TransportLostError
from printer.transports.serial import SerialTransport

ALL_BYTES = bytes(range(256))


@pytest.fixture
def line() -> Iterator[tuple[int, str]]:
    """The printer's end of a line, and the path of ours."""
    printer, host = os.openpty()
    tty.setraw(printer)
    yield printer, os.ttyname(host)
    os.close(host)
    os.close(printer)


def opened(path: str) -> SerialTransport:
    transport = SerialTransport(path, 115200, flow="none")
    transport.open()
    return transport


def test_every_byte_passes_both_ways_untouched(line: tuple[int, str]) -> None:
    printer, path = line
    transport = opened(path)
    assert transport.write(ALL_BYTES) == 256
    assert os.read(printer, 1000) == ALL_BYTES
    assert transport.read() == b""
    os.write(printer, ALL_BYTES)
    assert select.select([transport], [], [], 5)[0]
    assert transport.read() == ALL_BYTES
    transport.close()


def test_a_line_that_takes_no_more_says_how_much_it_took_and_nothing_is_lost(line: tuple[int, str]) -> None:
    printer, path = line
    transport = opened(path)
    job, sent, received = ALL_BYTES * 400, 0, b""
    while (taken := transport.write(job[sent:])) > 0:
        sent += taken
    assert 0 < sent < len(job)
    while len(received) < len(job):
        received += os.read(printer, 4096)
        sent += transport.write(job[sent:]) if sent < len(job) else 0
    assert received == job
    transport.close()


def test_speed_and_raw_mode_are_set(line: tuple[int, str]) -> None:
    _, path = line
    transport = opened(path)
    settings = termios.tcgetattr(transport.fileno())
    assert settings[4] == settings[5] == termios.B115200
    assert not settings[3] & (termios.ECHO | termios.ICANON | termios.ISIG)
    assert not settings[1] & termios.OPOST
    transport.close()


def test_a_second_owner_is_kept_out(line: tuple[int, str]) -> None:
    _, path = line
    first = opened(path)
    with pytest.raises(TransportLostError, match="another program owns"):
        opened(path)
    first.close()
    opened(path).close()


def test_a_port_that_does_not_exist_is_unplugged() -> None:
    with pytest.raises(TransportLostError) as lost:
        opened("/dev/does-not-exist")
    assert lost.value.unplugged


def test_a_line_whose_other_end_is_gone_is_lost() -> None:
    printer, host = os.openpty()
    transport = opened(os.ttyname(host))
    os.close(host)
    os.close(printer)
    with pytest.raises(TransportLostError):
        transport.write(b"x")
    transport.close()


def test_a_speed_that_no_port_has_is_refused() -> None:
    with pytest.raises(ValueError, match="12345"):
        SerialTransport("/dev/ttyS0", 12345)
