"""The way to the printer: bytes out, bytes in, nothing about what they mean.

python-escpos makes the connection. Reading, writing and timeouts are ours: its own write blocks until everything is
gone, so that nobody could tell how far a job has come, and its status calls take silence for "paper is there".
"""

from __future__ import annotations

import fcntl
import os
import socket
import struct
import termios
from typing import Any, Protocol

CONNECT_TIMEOUT_S = 1.0
# Small, so that "accepted" means the printer's side and not our kernel's buffers.
SEND_BUFFER_BYTES = 4096


class TransportLostError(Exception):
    """The printer cannot be reached, or has just gone."""


class Transport(Protocol):
    """One way to one printer. Not open after construction, and again after `close`."""

    def open(self) -> None:
        """Connects, within about a second; TransportLostError if nobody answers."""

    def fileno(self) -> int:
        """For select; only while open."""

    def write(self, data: bytes) -> int:
        """How many of the bytes could be handed over at once, possibly 0; never waits. TransportLostError."""

    def read(self) -> bytes:
        """What has come, possibly nothing; never waits. TransportLostError when the other end has closed."""

    def in_flight(self) -> int:
        """How many handed bytes the other end has not acknowledged yet."""

    def close(self) -> None:
        """May be called at any time."""


class NetworkTransport:
    """Raw TCP, port 9100 as a rule."""

    def __init__(self, host: str, port: int, connect_timeout_s: float = CONNECT_TIMEOUT_S) -> None:
        self._where = (host, port, connect_timeout_s)
        self._network: Any = None

    def open(self) -> None:
        # Imported here: it reads a large database of printers.
        from escpos.exceptions import DeviceNotFoundError
        from escpos.printer import Network

        self.close()
        host, port, timeout_s = self._where
        network = Network(host, port, timeout=timeout_s)
        try:
            network.open()
        except (DeviceNotFoundError, OSError) as error:
            raise TransportLostError(f"nobody answers at {host}:{port}") from error
        device: socket.socket = network.device
        device.setblocking(False)
        device.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        device.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
        self._network = network

    @property
    def _device(self) -> socket.socket:
        if self._network is None:
            raise TransportLostError("not connected")
        device: socket.socket = self._network.device
        return device

    def fileno(self) -> int:
        return self._device.fileno()

    def write(self, data: bytes) -> int:
        try:
            return self._device.send(data)
        except BlockingIOError:
            return 0
        except OSError as error:
            raise TransportLostError(str(error)) from error

    def read(self) -> bytes:
        try:
            data = self._device.recv(4096)
        except BlockingIOError:
            return b""
        except OSError as error:
            raise TransportLostError(str(error)) from error
        if not data:
            raise TransportLostError("the printer closed the connection")
        return data

    def in_flight(self) -> int:
        # SIOCOUTQ of tcp(7): sent or waiting, not acknowledged.
        answer = fcntl.ioctl(self._device.fileno(), termios.TIOCOUTQ, struct.pack("i", 0))
        return int(struct.unpack("i", answer)[0])

    def close(self) -> None:
        network, self._network = self._network, None
        if network is not None:
            network.close()


def keep_escpos_quiet(memory: str) -> None:
    """Before python-escpos is first imported: its cache of the printer database goes into a folder in memory.

    Otherwise it makes a new folder under /tmp at every start.
    """
    os.environ.setdefault("ESCPOS_CAPABILITIES_PICKLE_DIR", memory)
