"""Raw TCP, port 9100 as a rule. python-escpos makes the connection."""

from __future__ import annotations

import fcntl
import socket
import struct
import termios
from pathlib import Path
from typing import Any

from printer.transport import SEND_BUFFER_BYTES, TransportLostError

CONNECT_TIMEOUT_S = 1.0
INTERFACES = Path("/sys/class/net")


class NetworkTransport:
    def __init__(
        self, host: str, port: int, connect_timeout_s: float = CONNECT_TIMEOUT_S, interfaces: Path = INTERFACES
    ) -> None:
        self._where = (host, port, connect_timeout_s)
        self._interfaces = interfaces
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
            raise TransportLostError(f"nobody answers at {host}:{port}", unplugged=self._unplugged()) from error
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
            raise TransportLostError(str(error), unplugged=self._unplugged()) from error

    def read(self) -> bytes:
        try:
            data = self._device.recv(4096)
        except BlockingIOError:
            return b""
        except OSError as error:
            raise TransportLostError(str(error), unplugged=self._unplugged()) from error
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

    def _unplugged(self) -> bool:
        """Whether no network device of this machine has a carrier: then it is our own cable that is out."""
        if self._where[0] in {"localhost", "::1"} or self._where[0].startswith("127."):
            return False
        return not any(_has_carrier(device) for device in self._interfaces.glob("*/device"))


def _has_carrier(device: Path) -> bool:
    try:
        return (device.parent / "carrier").read_text(encoding="ascii").strip() == "1"
    except OSError:  # a device that is switched off has none
        return False
