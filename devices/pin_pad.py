"""The PIN pad of a reader: the digits go from its keys to the card and never through this machine.

PC/SC part 10, revision 2.02.09: which features a reader has (2.2), and the structure of VERIFY_PIN_DIRECT (2.5.2).
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass

GET_FEATURE_REQUEST = 3400  # CM_IOCTL_GET_FEATURE_REQUEST is SCARD_CTL_CODE of this
VERIFY_PIN_DIRECT = 0x06
TIMEOUT_S = 30
VALIDATION_KEY = 0x02  # bEntryValidationCondition: the key that says "done"
PORTUGUESE_OF_BRAZIL = 0x0416  # wLangId
# The reader's own status words, 2.5.2: nobody typed, the cancel key, a PIN of the wrong length.
NOT_TYPED = frozenset({0x6400, 0x6401, 0x6403})

Control = Callable[[int, list[int]], bytes]


@dataclass(frozen=True)
class PinForm:
    """How a family's PIN stands in its VERIFY: 2.5.2, bmFormatString, bmPINBlockString, bmPINLengthFormat.

    `blank` is the command with an empty block of the length that the card expects.
    """

    format_string: int
    block_string: int
    length_format: int
    digits: range
    blank: tuple[int, ...]


@dataclass(frozen=True)
class PinPad:
    """The pad of the reader in which the card lies. `control` is SCardControl on its connection."""

    control: Control
    code: int

    def verify(self, form: PinForm) -> int:
        """Has the reader ask for a PIN and send it to the card once: the status word, the reader's or the card's.

        CardFault of the connection if the reader does not answer.
        """
        answer = self.control(self.code, structure(form))
        return int.from_bytes(answer[-2:], "big") if len(answer) >= 2 else 0


def structure(form: PinForm) -> list[int]:
    """PIN_VERIFY_STRUCTURE, little-endian as the host is."""
    least, most = form.digits.start, form.digits.stop - 1
    assert sys.byteorder == "little"
    head = [
        TIMEOUT_S, TIMEOUT_S, form.format_string, form.block_string, form.length_format, most, least, VALIDATION_KEY,
        1, PORTUGUESE_OF_BRAZIL & 0xFF, PORTUGUESE_OF_BRAZIL >> 8, 0, 0, 0, 0,
    ]  # fmt: skip
    return [*head, *len(form.blank).to_bytes(4, "little"), *form.blank]


def find(control: Control, request_code: int) -> PinPad | None:
    """The pad, if the reader has one that sends a PIN to the card by itself; None for whatever else it answers."""
    code = features(control(request_code, [])).get(VERIFY_PIN_DIRECT)
    return PinPad(control, code) if code is not None else None


def features(answer: bytes) -> dict[int, int]:
    """2.2: tag, length 4, control code (big-endian); what is cut off, or longer than anybody needs, is left out."""
    found: dict[int, int] = {}
    at = 0
    while at + 6 <= len(answer) and answer[at + 1] == 4:
        found[answer[at]] = int.from_bytes(answer[at + 2 : at + 6], "big")
        at += 6
    return found
