"""The one place from which a PIN goes to a card (ISO 7816-4 clause 11.5.6, VERIFY): once, and never as the last try."""

from __future__ import annotations

from collections.abc import Callable

from devices.cards.base import CardFault, PinAccepted, PinBlocked, PinMalformed, PinNotSent, PinOutcome, PinWrong
from devices.transport import SUCCESS, Transport, send
from kiosk.journey.state import CardTrouble

BLOCKED = 0x6983
BLOCK_BYTES = 8


def padded(pin: bytearray) -> list[int]:
    """ASCII digits, filled up with FF."""
    return [*pin, *[0xFF] * (BLOCK_BYTES - len(pin))]


class Pin:
    """One PIN of one card, for as long as the card stays inserted."""

    def __init__(
        self,
        transport: Transport,
        reference: int,
        digits: range,
        *,
        encode: Callable[[bytearray], list[int]] = padded,
    ) -> None:
        """`digits`: how many a PIN of this family may have."""
        self._transport = transport
        self._reference = reference
        self._digits = digits
        self._encode = encode
        self._tried = False
        self._accepted = False

    def tries_left(self) -> int | None:
        """An empty VERIFY. 9000 says that the PIN is already verified, and nothing about the counter."""
        status = send(self._transport, [0x00, 0x20, 0x00, self._reference])
        if status >> 4 == 0x63C:
            return status & 0xF
        return 0 if status == BLOCKED else None

    def verify(self, pin: bytearray) -> PinOutcome:
        """With one try left nothing is sent; with a counter that the card hides, one try an insertion is."""
        left = self.tries_left()
        if left == 0:
            return PinBlocked()
        unknown = left is None and not self._accepted  # after an accepted PIN the counter is full, and hidden
        if left == 1 or (unknown and self._tried):
            return PinNotSent(left)
        if len(pin) not in self._digits or any(not 0x30 <= digit <= 0x39 for digit in pin):
            return PinMalformed(left)
        self._tried = True
        command = [0x00, 0x20, 0x00, self._reference, BLOCK_BYTES, *self._encode(pin)]
        try:
            status = send(self._transport, command)
        finally:
            command[:] = [0] * len(command)
        self._accepted = status == SUCCESS
        if self._accepted:
            return PinAccepted()
        if status == BLOCKED:
            return PinBlocked()
        if status >> 4 == 0x63C:
            return PinWrong(status & 0xF) if status & 0xF else PinBlocked()
        raise CardFault(CardTrouble.UNREADABLE, f"VERIFY answered {status:04X}")
