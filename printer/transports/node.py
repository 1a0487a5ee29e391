"""A device file: `/dev/usb/lp0`, `/dev/ttyUSB0`, whatever the kernel reads and writes for us."""

from __future__ import annotations

import errno
import fcntl
import os

from printer.transport import TransportLostError

# What the kernel says of a device that has left the bus.
GONE = frozenset({errno.ENODEV, errno.ENXIO, errno.ENOENT, errno.EIO, errno.ESHUTDOWN})
_LEFT_TO_OTHERS = frozenset({errno.EWOULDBLOCK, errno.EACCES, errno.EBUSY})


class NodeTransport:
    """Non-blocking, both ways, and locked: one owner."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._file: int | None = None

    def open(self) -> None:
        self.close()
        try:
            file = os.open(self._path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError as error:
            raise self._lost(error) from error
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self.configure(file)
        except OSError as error:
            os.close(file)
            raise self._lost(error) from error
        self._file = file

    def configure(self, file: int) -> None:
        """What this kind of device needs before the first byte."""

    def fileno(self) -> int:
        if self._file is None:
            raise TransportLostError("not open")
        return self._file

    def write(self, data: bytes) -> int:
        try:
            return os.write(self.fileno(), data)
        except BlockingIOError:
            return 0
        except OSError as error:
            raise self._lost(error) from error

    def read(self) -> bytes:
        try:
            return os.read(self.fileno(), 4096)
        except BlockingIOError:
            return b""
        except OSError as error:
            raise self._lost(error) from error

    def in_flight(self) -> int:
        return 0

    def close(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            os.close(file)

    def _lost(self, error: OSError) -> TransportLostError:
        if error.errno in _LEFT_TO_OTHERS:
            return TransportLostError(f"another program owns {self._path}, or it may not be opened")
        return TransportLostError(f"{self._path}: {error.strerror}", unplugged=error.errno in GONE)
