"""The one place from which a PIN goes to a card (ISO 7816-4 clause 11.5.6, VERIFY): once, and never as the last try."""

from __future__ import annotations

from collections.abc import Callable

from devices.cards.base import (
    CardFault,
    PinAccepted,
    PinBlocked,
    PinMalformed,
    PinNotSent,
    PinNotTyped,
    PinOutcome,
    PinWrong,
)
from devices.pin_pad import NOT_TYPED, PinForm, PinPad
from devices.transport import SUCCESS, Transport, send
from kiosk.journey.state import CardTrouble

BLOCKED = 0x6983
BLOCK_BYTES = 8
# How a PIN pad writes a PIN (devices/pin_pad.py): digits in ASCII from the left, in a block of eight bytes.
ASCII_FORM = (0x82, 0x08, 0x00)


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
        pad: PinPad | None = None,
        form: tuple[int, int, int] = ASCII_FORM,
    ) -> None:
        """`digits`: how many a PIN of this family may have. `form`: how a reader's pad writes one."""
        self.pad = pad
        self._form = form
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
        if (held_back := self._held_back(left)) is not None:
            return held_back
        if len(pin) not in self._digits or any(not 0x30 <= digit <= 0x39 for digit in pin):
            return PinMalformed(left)
        self._tried = True
        command = [0x00, 0x20, 0x00, self._reference, BLOCK_BYTES, *self._encode(pin)]
        try:
            status = send(self._transport, command)
        finally:
            command[:] = [0] * len(command)
        return self._outcome(status)

    def verify_on_pad(self) -> PinOutcome:
        """The same with a PIN that is typed on the reader's own keys. CardFault if the reader has none."""
        if self.pad is None:
            raise CardFault(CardTrouble.UNREADABLE, "the reader has no PIN pad")
        left = self.tries_left()
        if (held_back := self._held_back(left)) is not None:
            return held_back
        before, self._tried = self._tried, True
        blank = (0x00, 0x20, 0x00, self._reference, BLOCK_BYTES, *self._encode(bytearray()))
        status = self.pad.verify(PinForm(*self._form, self._digits, blank))
        if status in NOT_TYPED:
            self._tried = before
            return PinNotTyped(left)
        return self._outcome(status)

    def _held_back(self, left: int | None) -> PinOutcome | None:
        """Why nothing may be sent now; None if a try may be spent."""
        if left == 0:
            return PinBlocked()
        unknown = left is None and not self._accepted  # after an accepted PIN the counter is full, and hidden
        return PinNotSent(left) if left == 1 or (unknown and self._tried) else None

    def _outcome(self, status: int) -> PinOutcome:
        self._accepted = status == SUCCESS
        if self._accepted:
            return PinAccepted()
        if status == BLOCKED:
            return PinBlocked()
        if status >> 4 == 0x63C:
            return PinWrong(status & 0xF) if status & 0xF else PinBlocked()
        raise CardFault(CardTrouble.UNREADABLE, f"VERIFY answered {status:04X}")
