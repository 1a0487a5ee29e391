"""What every emulated chip does alike (ISO 7816-4): commands taken apart, chains, long answers, files, and PINs."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

SUCCESS = b"\x90\x00"
WRONG_LENGTH, NOT_SATISFIED, BLOCKED = b"\x67\x00", b"\x69\x82", b"\x69\x83"
NO_FILE_SELECTED, NOT_NOW = b"\x69\x86", b"\x69\x85"
NO_CHAIN_END, BAD_DATA, NOT_FOUND, BAD_P1_P2, NO_INS = b"\x68\x83", b"\x6a\x80", b"\x6a\x82", b"\x6a\x86", b"\x6d\x00"
NO_SUCH_KEY, OUTSIDE_FILE = b"\x6a\x88", b"\x6b\x00"
MAX_CHAIN_BYTES = 4096
Answer = tuple[bytes, bytes]


def with_check_byte(atr: bytes) -> bytes:
    """ISO 7816-3 clause 8.2.5: TCK, which cards of any protocol but T=0 alone have."""
    check = 0
    for byte in atr[1:]:
        check ^= byte
    return atr + bytes([check])


def tlv(tag: bytes, value: bytes) -> bytes:
    """BER-TLV with the shortest length."""
    length = len(value)
    if length < 0x80:
        return tag + bytes([length]) + value
    octets = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return tag + bytes([0x80 | len(octets)]) + octets + value


class Chip(ABC):
    """Takes short APDUs; a family answers them."""

    expected = 256  # how many bytes the command at hand asks for
    _chain = b""
    _pending = b""

    @property
    @abstractmethod
    def atr(self) -> bytes: ...

    @abstractmethod
    def forget(self) -> None:
        """What a power cut does: the selected file, the verified PIN."""

    @abstractmethod
    def answer(self, command: tuple[int, int, int, int], data: bytes) -> Answer:
        """Data and status word for one whole command (CLA, INS, P1, P2); data counts only with 9000."""

    def power_on(self) -> None:
        self._chain = self._pending = b""
        self.forget()

    power_off = power_on

    def process(self, command: bytes) -> bytes:
        """One short APDU (ISO 7816-4 clause 5.1), with command chaining by CLA bit 5 and GET RESPONSE."""
        if len(command) < 4:
            return WRONG_LENGTH
        cla, ins, p1, p2 = command[:4]
        if ins == 0xC0:
            return self._more(command[4] if len(command) > 4 else 0)
        self._pending = b""
        data, expected = _body(command)
        if data is None:
            return WRONG_LENGTH
        if cla & 0x10:
            self._chain += data
            return SUCCESS if len(self._chain) <= MAX_CHAIN_BYTES else NO_CHAIN_END
        data, self._chain = self._chain + data, b""
        self.expected = expected or 256
        answer, status = self.answer((cla, ins, p1, p2), data)
        if status != SUCCESS:
            return status
        self._pending = answer
        if expected is None and answer:  # as with T=0, whose commands that bring data have no Le
            return bytes([0x61, min(len(answer), 256) & 0xFF])
        return self._more(expected or 0)

    def _more(self, expected: int) -> bytes:
        """At most `expected` bytes (00 is 256), and 61xx if there are more."""
        size = expected or 256
        part, self._pending = self._pending[:size], self._pending[size:]
        if not self._pending:
            return part + SUCCESS
        return part + bytes([0x61, min(len(self._pending), 256) & 0xFF])


@dataclass
class PinCounter:
    """A PIN as the chip holds it: `block` is what VERIFY brings when it is right. Survives power cuts."""

    block: bytes
    tries_left: int = 3
    tries: int = 3
    verified: bool = False

    def verify(self, data: bytes) -> bytes:
        """The status word of VERIFY; without data it asks for the counter."""
        if not data:
            return SUCCESS if self.verified else self._counter()
        if self.tries_left == 0:
            return BLOCKED
        if len(data) != len(self.block):
            return BAD_DATA
        self.verified = data == self.block
        self.tries_left = self.tries if self.verified else self.tries_left - 1
        return SUCCESS if self.verified else self._counter()

    def _counter(self) -> bytes:
        return bytes([0x63, 0xC0 | self.tries_left]) if self.tries_left else BLOCKED


class FileSystem:
    """Transparent files by their whole path from 3F00, and folders by what is in them."""

    def __init__(self, files: dict[bytes, bytes]) -> None:
        self.files = files
        self.folder = b"\x3f\x00"
        self.selected: bytes | None = None

    def reset(self) -> None:
        self.folder, self.selected = b"\x3f\x00", None

    def select(self, path: bytes) -> bytes:
        """An absolute path (with or without 3F00), or one from the folder that is selected."""
        for candidate in (path, b"\x3f\x00" + path, self.folder + path):
            if candidate in self.files:
                self.folder, self.selected = candidate[:-2], candidate
                return SUCCESS
            if any(name.startswith(candidate) and len(name) > len(candidate) >= 2 for name in self.files):
                self.folder, self.selected = candidate, None
                return SUCCESS
        return NOT_FOUND

    def read(self, offset: int, size: int) -> Answer:
        """READ BINARY: up to the end of the file, 6B00 beyond it."""
        if self.selected is None:
            return b"", NO_FILE_SELECTED
        content = self.files[self.selected]
        if offset > len(content) or (offset == len(content) and content):
            return b"", OUTSIDE_FILE
        return content[offset : offset + size], SUCCESS


def _body(command: bytes) -> tuple[bytes | None, int | None]:
    """Data and Le (None if there is none) of a short APDU; data None if the lengths do not fit."""
    rest = command[4:]
    if len(rest) <= 1:
        return b"", rest[0] if rest else None
    count = rest[0]
    if len(rest) == 1 + count:
        return rest[1:], None
    if len(rest) == 2 + count:
        return rest[1:-1], rest[-1]
    return None, None
