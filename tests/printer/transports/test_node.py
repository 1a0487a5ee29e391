"""A device file: a FIFO stands for what the kernel writes for us, a pseudo terminal for what it also reads."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from printer.transport import TransportLostError
from printer.transports.node import NodeTransport


def test_what_a_full_file_does_not_take_is_not_lost(tmp_path: Path) -> None:
    fifo = tmp_path / "lp0"
    os.mkfifo(fifo)
    printer = os.open(fifo, os.O_RDWR | os.O_NONBLOCK)
    transport = NodeTransport(str(fifo))
    transport.open()
    job, sent, received = bytes(range(256)) * 1000, 0, b""
    while (taken := transport.write(job[sent:])) > 0:
        sent += taken
    assert 0 < sent < len(job)
    while len(received) < len(job):
        received += os.read(printer, 65536)
        sent += transport.write(job[sent:]) if sent < len(job) else 0
    assert received == job
    transport.close()
    os.close(printer)


def test_nothing_to_read_is_nothing(tmp_path: Path) -> None:
    fifo = tmp_path / "lp0"
    os.mkfifo(fifo)
    transport = NodeTransport(str(fifo))
    transport.open()
    assert transport.read() == b""
    transport.close()


def test_a_second_owner_is_kept_out(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "lp0")
    first, second = NodeTransport(str(tmp_path / "lp0")), NodeTransport(str(tmp_path / "lp0"))
    first.open()
    with pytest.raises(TransportLostError, match="another program owns") as lost:
        second.open()
    assert not lost.value.unplugged
    first.close()
    second.open()
    second.close()


def test_a_file_that_is_not_there_is_unplugged_and_opens_when_it_comes(tmp_path: Path) -> None:
    transport = NodeTransport(str(tmp_path / "lp0"))
    with pytest.raises(TransportLostError) as lost:
        transport.open()
    assert lost.value.unplugged
    os.mkfifo(tmp_path / "lp0")
    transport.open()
    transport.close()


def test_a_closed_file_takes_nothing(tmp_path: Path) -> None:
    with pytest.raises(TransportLostError):
        NodeTransport(str(tmp_path / "lp0")).write(b"x")
