"""A serial port, 8 data bits, no parity: raw, non-blocking, exclusive."""

from __future__ import annotations

import contextlib
import fcntl
import struct
import termios
import tty
from typing import Literal

from printer.transport import TransportLostError
from printer.transports.node import NodeTransport

Flow = Literal["rts-cts", "xon-xoff", "none"]
_IFLAG, _CFLAG, _ISPEED, _OSPEED, _CC = 0, 2, 4, 5, 6
_ATTENDED = termios.TIOCM_DSR | termios.TIOCM_CTS


class SerialTransport(NodeTransport):
    """A line whose DSR or CTS was up, and on which both go down, has lost its cable or its printer's power."""

    def __init__(self, path: str, bit_s: int, flow: Flow = "rts-cts") -> None:
        super().__init__(path)
        self._speed = getattr(termios, f"B{bit_s}", None)
        if self._speed is None:
            raise ValueError(f"a serial port has no speed of {bit_s} bits a second")
        self._flow = flow
        self._attended = False

    def configure(self, file: int) -> None:
        tty.setraw(file, termios.TCSANOW)
        settings = termios.tcgetattr(file)
        flags = termios.CS8 | termios.CREAD | termios.CLOCAL
        settings[_CFLAG] = flags | (termios.CRTSCTS if self._flow == "rts-cts" else 0)
        if self._flow == "xon-xoff":
            settings[_IFLAG] |= termios.IXON
        settings[_ISPEED] = settings[_OSPEED] = self._speed
        settings[_CC][termios.VMIN] = settings[_CC][termios.VTIME] = 0
        termios.tcsetattr(file, termios.TCSANOW, settings)
        termios.tcflush(file, termios.TCIOFLUSH)
        # What flock does not keep out: programs that do not ask for it. A pseudo terminal has no such lock.
        with contextlib.suppress(OSError):
            fcntl.ioctl(file, termios.TIOCEXCL)
        self._attended = bool(_modem(file) & _ATTENDED)

    def read(self) -> bytes:
        data = super().read()
        if self._attended and not data and not _modem(self.fileno()) & _ATTENDED:
            raise TransportLostError("DSR and CTS are down", unplugged=True)
        return data

    def in_flight(self) -> int:
        answer = fcntl.ioctl(self.fileno(), termios.TIOCOUTQ, struct.pack("i", 0))
        return int(struct.unpack("i", answer)[0])


def _modem(file: int) -> int:
    """The state of the modem lines; 0 where there are none."""
    try:
        return int(struct.unpack("i", fcntl.ioctl(file, termios.TIOCMGET, struct.pack("i", 0)))[0])
    except OSError:
        return 0
