"""Transparent files of a card (ISO 7816-4 clauses 11.2 and 11.1): select one, read it whole or up to where it ends.

With caps on what a hostile card may send, and without believing any length that it states.
"""

from __future__ import annotations

from devices.cards.base import CardFault
from devices.transport import SUCCESS, Transport, exchange, send
from kiosk.journey.state import CardTrouble

# READ BINARY has 15 bits of offset. Some CNS masks refuse to give more than 255 bytes at once.
MAX_FILE_BYTES = 0x7FFF
CHUNK = 0xF8
NOT_FOUND, END_BEFORE_LE, OUTSIDE, WRONG_PARAMETERS = 0x6A82, 0x6282, 0x6B00, 0x6A86
BY_PATH, BY_FILE, BY_NAME = 0x08, 0x02, 0x04
NO_ANSWER, DEFAULT_ANSWER = 0x0C, 0x00


class FileMissing(CardFault):
    """There is no such file; whether that matters is the family's business."""

    def __init__(self, path: bytes) -> None:
        super().__init__(CardTrouble.UNREADABLE, f"the card has no file {path.hex().upper()}")


def select_application(transport: Transport, name: bytes) -> None:
    """CardFault UNKNOWN_FAMILY if the card has no application of this name (AID)."""
    command = [0x00, 0xA4, BY_NAME, NO_ANSWER, len(name), *name]
    status = send(transport, command)
    if status != SUCCESS and status >> 8 != 0x61:
        raise CardFault(CardTrouble.UNKNOWN_FAMILY, f"no application {name.hex().upper()} ({status:04X})")


def select(transport: Transport, path: bytes, *, by: int = BY_PATH, answer: int = NO_ANSWER) -> None:
    """FileMissing, or CardFault UNREADABLE for any other refusal."""
    command = [0x00, 0xA4, by, answer, len(path), *path]
    if answer == NO_ANSWER:
        status = send(transport, command)
    else:
        _, status = exchange(transport, [*command, 0x00])
    if status == NOT_FOUND:
        raise FileMissing(path)
    if status != SUCCESS and status >> 8 != 0x61:
        raise CardFault(CardTrouble.UNREADABLE, f"SELECT {path.hex().upper()} answered {status:04X}")


def read_selected(transport: Transport, limit: int = MAX_FILE_BYTES, *, chunk: int = CHUNK) -> bytes:
    """The selected file up to its end, or `limit` bytes of it, `chunk` (256 at most) a read. CardFault UNREADABLE if a
    read is refused.
    """
    gathered = bytearray()
    while len(gathered) < limit:
        offset, size = len(gathered), min(chunk, limit - len(gathered))
        data, status = exchange(transport, [0x00, 0xB0, offset >> 8, offset & 0xFF, size & 0xFF])
        if gathered and status in {OUTSIDE, WRONG_PARAMETERS}:
            break
        if status not in {SUCCESS, END_BEFORE_LE}:
            raise CardFault(CardTrouble.UNREADABLE, f"READ BINARY answered {status:04X}")
        if len(data) > size:
            raise CardFault(CardTrouble.UNREADABLE, "READ BINARY answered more than was asked for")
        gathered += data
        if len(data) < size:
            break
    return bytes(gathered)


def read_der(transport: Transport, limit: int = MAX_FILE_BYTES, *, chunk: int = CHUNK) -> bytes:
    """The one DER object (a certificate, mostly) that the selected file begins with, without what fills the file up.

    Empty if the file holds none; CardFault UNREADABLE if it is cut off or longer than `limit`.
    """
    head = read_selected(transport, chunk, chunk=chunk)
    total = der_length(head)
    if total == 0:
        return b""
    if total > limit:
        raise CardFault(CardTrouble.UNREADABLE, "a file is longer than any of its kind")
    whole = head if total <= len(head) else head + _rest(transport, len(head), total, chunk)
    if len(whole) < total:
        raise CardFault(CardTrouble.UNREADABLE, "a file is cut off")
    return whole[:total]


def der_length(head: bytes) -> int:
    """How long the SEQUENCE that begins here says it is, with its header; 0 if none begins here (X.690 clause 8.1)."""
    if len(head) < 2 or head[0] != 0x30:
        return 0
    if head[1] < 0x80:
        return 2 + head[1]
    octets = head[1] & 0x7F
    if not 1 <= octets <= 3 or len(head) < 2 + octets:
        return 0
    return 2 + octets + int.from_bytes(head[2 : 2 + octets], "big")


def _rest(transport: Transport, offset: int, total: int, chunk: int) -> bytes:
    gathered = bytearray()
    while offset + len(gathered) < total:
        at, size = offset + len(gathered), min(chunk, total - offset - len(gathered))
        data, status = exchange(transport, [0x00, 0xB0, at >> 8, at & 0xFF, size & 0xFF])
        if status not in {SUCCESS, END_BEFORE_LE} or not data or len(data) > size:
            raise CardFault(CardTrouble.UNREADABLE, f"READ BINARY answered {status:04X}")
        gathered += data
    return bytes(gathered)
