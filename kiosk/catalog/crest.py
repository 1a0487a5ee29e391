"""The operator's emblem: what a picture must be to stand in a catalogue, and how well it is seen on the brand's ground.

A PNG of 8 bits a part, with or without an alpha channel, not interlaced (PNG specification 11.2.2).
"""

from __future__ import annotations

import struct
import zlib
from statistics import median

from kiosk.catalog.contrast import LEAST_DRAWN, luminance, parts, ratio

MOST_BYTES = 64 * 1024
LEAST_SIDE_PX, MOST_SIDE_PX = 64, 512
SIGNATURE = b"\x89PNG\r\n\x1a\n"
# Bytes a pixel by colour type: grey, colours, grey with alpha, colours with alpha.
CHANNELS = {0: 1, 2: 3, 4: 2, 6: 4}
OPAQUE = 128
# On paper: dots a side, and the bytes of a row.
PAPER_DOTS = 104
PAPER_ROW_BYTES = PAPER_DOTS // 8

Pixel = tuple[int, int, int, int]


class CrestError(ValueError):
    """The picture cannot be used; one plain line."""


def check(data: bytes) -> tuple[int, int]:
    """Width and height in pixels. CrestError for what is no such PNG, is too large or too small."""
    if len(data) > MOST_BYTES:
        raise CrestError(f"has {len(data) // 1024} KiB, and {MOST_BYTES // 1024} are allowed")
    if not data.startswith(SIGNATURE) or data[12:16] != b"IHDR" or len(data) < 33:
        raise CrestError("is no PNG picture")
    width, height, depth, kind, _, _, interlaced = struct.unpack(">IIBBBBB", data[16:29])
    if depth != 8 or kind not in CHANNELS or interlaced:
        raise CrestError("must have 8 bits a channel, no colour table and no interlacing: save it as plain RGBA")
    if not (LEAST_SIDE_PX <= width <= MOST_SIDE_PX and LEAST_SIDE_PX <= height <= MOST_SIDE_PX):
        raise CrestError(f"is {width} x {height} pixels, and a side has {LEAST_SIDE_PX} to {MOST_SIDE_PX}")
    return width, height


def pixels(data: bytes) -> list[Pixel]:
    """Red, green, blue, alpha of every pixel, row by row. CrestError as `check`, and for broken contents."""
    width, height = check(data)
    channels = CHANNELS[data[25]]
    try:
        raw = _unpacked(data, height * (width * channels + 1))
    except (struct.error, zlib.error) as error:
        raise CrestError("is broken: save it again") from error
    if len(raw) != height * (width * channels + 1):
        raise CrestError("is broken: save it again")
    found: list[Pixel] = []
    before = bytearray(width * channels)
    for start in range(0, len(raw), width * channels + 1):
        row = bytearray(raw[start + 1 : start + 1 + width * channels])
        _unfilter(raw[start], row, before, channels)
        before = row
        found += [_pixel(row[at : at + channels]) for at in range(0, len(row), channels)]
    return found


def _unpacked(data: bytes, expected: int) -> bytes:
    packed, at = bytearray(), len(SIGNATURE)
    while at + 8 <= len(data):
        size, kind = struct.unpack(">I4s", data[at : at + 8])
        if kind == b"IDAT":
            packed += data[at + 8 : at + 8 + size]
        at += size + 12
    # Never more than the header promised, whatever the stream would grow to.
    return zlib.decompressobj().decompress(bytes(packed), expected + 1)


def _unfilter(kind: int, row: bytearray, before: bytearray, channels: int) -> None:
    """Undo one row's filter in place (PNG specification 9.2)."""
    for at in range(len(row)):
        left = row[at - channels] if at >= channels else 0
        up = before[at]
        corner = before[at - channels] if at >= channels else 0
        if kind == 1:
            row[at] = (row[at] + left) & 0xFF
        elif kind == 2:
            row[at] = (row[at] + up) & 0xFF
        elif kind == 3:
            row[at] = (row[at] + (left + up) // 2) & 0xFF
        elif kind == 4:
            guess = left + up - corner
            near = min((abs(guess - left), 0, left), (abs(guess - up), 1, up), (abs(guess - corner), 2, corner))
            row[at] = (row[at] + near[2]) & 0xFF


def _pixel(entry: bytes | bytearray) -> Pixel:
    match len(entry):
        case 1:
            return entry[0], entry[0], entry[0], 255
        case 2:
            return entry[0], entry[0], entry[0], entry[1]
        case 3:
            return entry[0], entry[1], entry[2], 255
        case _:
            return entry[0], entry[1], entry[2], entry[3]


def seen_on(data: bytes, ground: str) -> float:
    """The contrast with a ground that half of the emblem reaches: the median over its pixels, half opaque and more."""
    under = luminance(*parts(ground))
    known: dict[tuple[int, int, int], float] = {}
    found = []
    for red, green, blue, alpha in pixels(data):
        if alpha >= OPAQUE:
            colour = (red, green, blue)
            if colour not in known:
                known[colour] = ratio(luminance(*colour), under)
            found.append(known[colour])
    return median(found) if found else 1.0


def colour_fault(data: bytes, brand: str) -> str | None:
    """What is wrong with the emblem in its own colours, in one line."""
    try:
        measured = seen_on(data, brand)
    except CrestError as error:
        return str(error)
    if measured < LEAST_DRAWN:
        return (
            f"half of it has no more than {measured:.1f}:1 on the brand's colour, and {LEAST_DRAWN:.0f}:1 are needed: "
            "give it a light ground of its own"
        )
    return None


def one_colour_fault(data: bytes) -> str | None:
    """What is wrong with the emblem in one colour: its shape is its alpha channel, and it is drawn in any colour."""
    try:
        covered = [alpha >= OPAQUE for *_, alpha in pixels(data)]
    except CrestError as error:
        return str(error)
    if not any(covered) or all(covered):
        return "has no shape: what is to be seen must be opaque, and everything else transparent"
    return None


def on_paper(data: bytes) -> bytes:
    """The emblem's shape as large as 104 x 104 dots take it, in the middle: rows of bits, the leftmost first.

    CrestError as `pixels`.
    """
    width, height = check(data)
    alpha = [entry[3] for entry in pixels(data)]
    side = max(width, height)
    left, top = (side - width) // 2, (side - height) // 2
    rows = bytearray(PAPER_DOTS * PAPER_ROW_BYTES)
    for y in range(PAPER_DOTS):
        down = _span(y, side, top, height)
        for x in range(PAPER_DOTS):
            across = _span(x, side, left, width)
            covered = sum(alpha[line * width + at] for line in down for at in across)
            if covered and covered >= OPAQUE * len(down) * len(across):
                rows[y * PAPER_ROW_BYTES + x // 8] |= 0x80 >> x % 8
    return bytes(rows)


def _span(dot: int, side: int, before: int, length: int) -> range:
    """Which pixels lie under a dot, of so many that begin after `before` empty ones."""
    first, last = dot * side // PAPER_DOTS, -(-(dot + 1) * side // PAPER_DOTS)
    return range(max(first - before, 0), min(last - before, length))
