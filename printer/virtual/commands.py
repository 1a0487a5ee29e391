"""Bytes to ESC/POS commands: how long each is, without knowing what it does.

Lengths from Epson's ESC/POS reference. A command that is not complete yet is left for the next call; one
that is not known is given as it stands and takes nothing after it, as on a printer.
"""

from __future__ import annotations

from dataclasses import dataclass

ESC, FS, GS, DLE = 0x1B, 0x1C, 0x1D, 0x10

_PARAMETERS = {
    ESC: {
        b"@": 0, b"!": 1, b"$": 2, b"-": 1, b"2": 0, b"3": 1, b"E": 1, b"G": 1, b"J": 1, b"K": 1, b"d": 1,
        b"e": 1, b"a": 1, b"t": 1, b"R": 1, b"M": 1, b"L": 0, b"S": 0, b"T": 1, b"W": 8, b"V": 1, b"{": 1,
        b"\\": 2, b" ": 1, b"=": 1, b"p": 3, b"c": 2, b"i": 0, b"m": 0, b"r": 1, b"%": 1, b"?": 1, b"U": 1,
        b"\x0c": 0, b"B": 2, b"A": 1,
    },
    GS: {
        b"!": 1, b"$": 2, b"B": 1, b"H": 1, b"h": 1, b"w": 1, b"f": 1, b"L": 2, b"W": 2, b"P": 2, b"a": 1,
        b"r": 1, b"I": 1, b"b": 1, b"\\": 2, b"/": 1, b":": 0, b"^": 3, b"T": 1, b"\xe0": 1, b"\xf9": 2, b"\xf8": 1,
        b"\x05": 0,
    },
    FS: {b".": 0, b"&": 0, b"!": 1, b"-": 1, b"S": 2, b"C": 1, b"W": 1, b"p": 2},
    DLE: {b"\x04": 1, b"\x05": 1, b"\x14": 3},
}  # fmt: skip
_NAMES = {ESC: "ESC ", FS: "FS ", GS: "GS ", DLE: "DLE "}
_CUTS_WITH_FEED = frozenset((65, 66, 97, 98, 103, 104))
_LAST_BARCODE_OF_FUNCTION_A = 6


@dataclass(frozen=True, slots=True)
class Command:
    """`name` as in the manual ("GS v0", "LF", "text"); `data` is everything after it."""

    name: str
    data: bytes = b""


_CONTROLS = {0x0A: "LF", 0x0C: "FF", 0x0D: "CR", 0x09: "HT", 0x18: "CAN", 0x05: "ENQ", 0x17: "ETB"}
_STAR = {b"\x06": 1, b"\x1e": 2, b"d": 1}
"""What ESC means on Star's printers where it means something else on others."""
_NULS = bytearray(64)
_ONE_BYTE_OF_GS_E = frozenset((2, 5, 6))


def parse(buffer: bytearray, *, star: bool = False) -> list[Command]:
    """Takes the complete commands off the front of `buffer`."""
    commands = []
    position = 0
    while position < len(buffer):
        found = _next(buffer, position, star=star)
        if found is None:
            break
        command, position = found
        if command is not None:
            commands.append(command)
    del buffer[:position]
    return commands


def _next(buffer: bytearray, at: int, *, star: bool) -> tuple[Command | None, int] | None:
    """The command at `at` and where the next begins; None while it is incomplete."""
    first = buffer[at]
    if first in _NAMES:
        return _escape(buffer, at, star=star)
    if first == 0:  # runs of them end broken commands
        end = at
        while end < len(buffer) and buffer[end : end + 64] == _NULS:
            end += 64
        return None, max(end, at + 1)
    if first < 0x20:
        name = _CONTROLS.get(first)
        return (Command(name) if name else None), at + 1
    end = at
    while end < len(buffer) and buffer[end] >= 0x20:
        end += 1
    return Command("text", bytes(buffer[at:end])), end


def _escape(buffer: bytearray, at: int, *, star: bool) -> tuple[Command | None, int] | None:
    if at + 2 > len(buffer):
        return None
    family, letter = buffer[at], bytes(buffer[at + 1 : at + 2])
    name = _NAMES[family] + letter.decode("latin-1")
    start = at + 2
    length = _PARAMETERS[family].get(letter)
    if star and family == ESC:
        length = _STAR.get(letter, length)
        if letter == b"\x1d":
            return _star_raster(buffer, start)
    if length is None:
        extended = _extended(family, letter, buffer, start)
        if extended is None:
            return None
        name, start, length = extended
    if start + length > len(buffer):
        return None
    return Command(name, bytes(buffer[start : start + length])), start + length


def _extended(family: int, letter: bytes, buffer: bytearray, at: int) -> tuple[str, int, int] | None:
    """Name, start and length of the parameters of a command whose length its own bytes tell."""
    name = _NAMES[family] + letter.decode("latin-1")

    def byte(offset: int) -> int:
        return buffer[at + offset] if at + offset < len(buffer) else 0

    def word(offset: int) -> int:
        return byte(offset) | byte(offset + 1) << 8

    have = len(buffer) - at
    match family, letter:
        case (0x1D | 0x1C, b"("):  # GS ( X pL pH ...
            return None if have < 3 else (name + chr(byte(0)), at + 3, word(1))
        case (0x1D, b"8"):  # GS 8 L p1 p2 p3 p4 ...: GS ( L for more than 64 KB
            return None if have < 5 else ("GS (L", at + 5, word(1) | word(3) << 16)
        case (0x1D, b"v"):  # GS v 0 m xL xH yL yH d...
            return None if have < 6 else ("GS v0", at + 1, 5 + word(2) * word(4))
        case (0x1D, b"e"):  # GS e n [m]: Custom's ejector
            return None if have < 1 else (name, at, 1 if byte(0) in _ONE_BYTE_OF_GS_E else 2)
        case (0x1D, b"R"):  # GS R n [t]: Citizen's presenter
            return None if have < 1 else (name, at, 1 if byte(0) == 0 else 2)
        case (0x1D, b"V"):
            return None if have < 1 else (name, at, 2 if byte(0) in _CUTS_WITH_FEED else 1)
        case (0x1D, b"k"):
            return _barcode(name, buffer, at)
        case (0x1D, b"*"):
            return None if have < 2 else (name, at, 2 + byte(0) * byte(1) * 8)
        case (0x1B, b"*"):
            return None if have < 3 else (name, at, 3 + word(1) * (3 if byte(0) >= 32 else 1))
        case (0x1B, b"D"):
            end = buffer.find(0, at)
            return None if end < 0 else (name, at, end + 1 - at)
        case _:
            return name, at, 0


def _star_raster(buffer: bytearray, start: int) -> tuple[Command | None, int] | None:
    """ESC GS S m xL xH yL yH n d...: StarPRNT's raster; other commands behind ESC GS are not known here."""
    if start >= len(buffer):
        return None
    if buffer[start] != ord("S"):
        return Command("ESC GS"), start
    if start + 7 > len(buffer):
        return None
    width, height = (int.from_bytes(buffer[start + i : start + i + 2], "little") for i in (2, 4))
    end = start + 7 + width * height
    return None if end > len(buffer) else (Command("ESC GS S", bytes(buffer[start + 1 : end])), end)


def _barcode(name: str, buffer: bytearray, at: int) -> tuple[str, int, int] | None:
    """GS k m d... NUL (function A) or GS k m n d... (function B)."""
    if at >= len(buffer):
        return None
    if buffer[at] <= _LAST_BARCODE_OF_FUNCTION_A:
        end = buffer.find(0, at + 1)
        return None if end < 0 else (name, at, end + 1 - at)
    return None if at + 1 >= len(buffer) else (name, at, 2 + buffer[at + 1])
