"""A virtual reader's slot, seen from the card's side: a client of vpcd, the driver that a private pcscd loads.

Simulation only: vpcd listens on every address of the machine, so no appliance ever loads it. Wire: two bytes of
length (big-endian), then the payload; one byte is a control code, more is an APDU. Closing the connection is removal.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import Protocol

POWER_OFF, POWER_ON, RESET, ASK_ATR = 0x00, 0x01, 0x02, 0x04
RECONNECT_S = 0.1


class VirtualCard(Protocol):
    """A chip: gets power, loses power, answers APDUs."""

    @property
    def atr(self) -> bytes: ...

    def power_on(self) -> None: ...

    def power_off(self) -> None: ...

    def process(self, command: bytes) -> bytes:
        """Data and status word; never empty."""


class VirtualReader:
    """Puts cards into the slot that vpcd serves on `port` of this machine, and takes them out.

    A card stays in the slot while pcscd is restarted, as it would in a real reader. No method waits for pcscd.
    """

    def __init__(self, port: int) -> None:
        self._port = port
        self._slot: _Slot | None = None

    @property
    def card(self) -> VirtualCard | None:
        return self._slot.card if self._slot else None

    def insert(self, card: VirtualCard) -> None:
        """Whatever was in the slot is taken out first."""
        self.remove()
        self._slot = _Slot(self._port, card)
        self._slot.start()

    def remove(self) -> None:
        """Nothing happens if the slot is empty. May be called from the card itself, in the middle of an APDU."""
        slot, self._slot = self._slot, None
        if slot is not None:
            slot.take_out()


class _Slot(threading.Thread):
    def __init__(self, port: int, card: VirtualCard) -> None:
        super().__init__(name="virtual-card", daemon=True)
        self.card = card
        self._port = port
        self._out = threading.Event()
        self._connection: socket.socket | None = None
        self._lock = threading.Lock()

    def run(self) -> None:
        while not self._out.is_set():
            try:
                connection = socket.create_connection(("127.0.0.1", self._port), timeout=2)
            except OSError:
                self._out.wait(RECONNECT_S)
                continue
            with self._lock:
                self._connection = connection
            try:
                if not self._out.is_set():
                    self._serve(connection)
            except OSError:
                pass  # pcscd has gone, or the card was taken out
            finally:
                connection.close()
                self.card.power_off()

    def take_out(self) -> None:
        self._out.set()
        with self._lock:
            if self._connection is not None:
                with contextlib.suppress(OSError):  # it was closed already
                    self._connection.shutdown(socket.SHUT_RDWR)
        if threading.current_thread() is not self:
            self.join(timeout=5)

    def _serve(self, connection: socket.socket) -> None:
        connection.settimeout(None)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while True:
            length = int.from_bytes(_receive(connection, 2), "big")
            payload = _receive(connection, length)
            if payload in {bytes([POWER_ON]), bytes([RESET])}:
                self.card.power_on()
            elif payload == bytes([POWER_OFF]):
                self.card.power_off()
            elif payload == bytes([ASK_ATR]):
                _send(connection, self.card.atr)
            else:
                _send(connection, self.card.process(payload))


def _receive(connection: socket.socket, count: int) -> bytes:
    gathered = b""
    while len(gathered) < count:
        # Without it every APDU waits 40 ms for a delayed acknowledgement; the kernel clears the option again and again.
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        part = connection.recv(count - len(gathered))
        if not part:
            raise ConnectionError("the reader has gone")
        gathered += part
    return gathered


def _send(connection: socket.socket, payload: bytes) -> None:
    connection.sendall(len(payload).to_bytes(2, "big") + payload)
