"""ESC/POS: a receipt as the bytes that a printer understands.

Commands are named as in Epson's reference. Dots are the motion unit throughout (GS P), text goes out in one
code page, and every position is given, so that paper and picture agree. Our own encoder: python-escpos
switches code pages in mid-line, sends barcodes that are too wide to print, and cannot use page mode; from it
come the numbers of code pages (profiles) and the transports.
"""

from __future__ import annotations

from math import ceil
from typing import assert_never

import numpy as np

from printer.font import Dots
from printer.layout import lay_out
from printer.picture import bars_dots, code_dots, crest_dots, drawing_dots, strip_dots
from printer.profiles import Confirmation, Profile, code_page_number
from printer.raster import drawn, raster
from printer.receipt import Receipt
from printer.strips import Bars, Blank, Code, Crest, Drawing, Line, Placed, Run, Sheet, Strip, Turned
from printer.symbols import BAR_HEIGHT, BAR_NARROW, BAR_QUIET

ESC, GS, LF, FF, ETB = b"\x1b", b"\x1d", b"\n", b"\x0c", b"\x17"
_LINE = 32  # the line spacing set once; other advances are given with ESC J
_FEED_MAX = 255


def encode(receipt: Receipt, profile: Profile, process_id: bytes | None) -> bytes:
    """The whole job: reset, paper, cut, and the question whether it is out.

    `process_id` (four characters from 32 to 126) asks for confirmation in the profile's way; None asks
    nothing. ValueError when a code does not fit the paper or the id is not sendable.
    """
    return begin(profile) + body(receipt, profile) + ending(receipt, profile) + request(profile, process_id)


def begin(profile: Profile) -> bytes:
    """The reset: whatever the printer was set to, or was in the middle of, is forgotten."""
    return bytes.fromhex(profile.begin)


def body(receipt: Receipt, profile: Profile) -> bytes:
    """The paper, without reset and cut. ValueError when a code does not fit."""
    if profile.text == "raster":
        return drawn(lay_out(receipt, profile), profile)
    out = _Encoder(profile)
    for strip in lay_out(receipt, profile):
        out.strip(strip)
    return out.settings() + bytes(out.data)


def ending(receipt: Receipt, profile: Profile) -> bytes:
    """The cut, and where there is a presenter, the paper handed out."""
    present = bytes.fromhex(profile.presenter.present) if profile.presenter else b""
    return profile.cut_for(receipt.cut) + present


def request(profile: Profile, process_id: bytes | None) -> bytes:
    """What asks the printer to tell when everything before it is on paper. Sensors tell it unasked."""
    if process_id is None:
        return b""
    if len(process_id) != 4 or not all(32 <= byte <= 126 for byte in process_id):
        raise ValueError("a process id is four characters from 32 to 126")
    match profile.confirmation:
        case Confirmation.PROCESS_ID:
            return GS + b"(H\x06\x0000" + process_id
        case Confirmation.IN_BAND:
            return GS + b"r\x01"
        case Confirmation.COUNTER:
            return ETB
        case Confirmation.PRESENTER | Confirmation.NONE:
            return b""
        case _:
            assert_never(profile.confirmation)


def _word(number: int) -> bytes:
    return number.to_bytes(2, "little")


class _Encoder:
    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self.data = bytearray()
        self.style: tuple[int, bool] = (1, False)

    def settings(self) -> bytes:
        """Code page (ESC t), dots as motion unit (GS P), line spacing (ESC 3)."""
        dpi = self.profile.dpi
        return (
            ESC + b"t" + bytes([code_page_number(self.profile)])
            + GS + b"P" + bytes([dpi, dpi])
            + ESC + b"3" + bytes([_LINE])
        )  # fmt: skip

    def strip(self, strip: Strip) -> None:
        match strip:
            case Blank():
                self.feed(strip.advance)
            case Line():
                self.line(strip)
            case Code(kind="qr") if self.profile.qr == "native":
                self.centred(_native_qr(strip))
            case Code():
                self.raster_at(code_dots(strip), strip.x)
            case Bars():
                self.raster_at(bars_dots(strip), strip.x, zoom_x=2)
            case Drawing():
                self.raster_at(drawing_dots(strip), strip.x, zoom_y=2 if strip.tall else 1)
            case Sheet() if self.profile.page_mode:
                self.sheet(strip)
            case Sheet():
                self.raster_sheet(strip)
            case _:
                assert_never(strip)

    def feed(self, dots: int) -> None:
        while dots:
            step = min(dots, _FEED_MAX)
            self.data += ESC + b"J" + bytes([step])
            dots -= step

    def centred(self, command: bytes) -> None:
        self.data += ESC + b"a\x01" + command + ESC + b"a\x00"

    def set_style(self, size: int, *, bold: bool) -> None:
        """ESC ! holds emphasis and double size at once; triple size needs GS !."""
        if (size, bold) == self.style:
            return
        self.data += ESC + b"!" + bytes([0x08 * bold | 0x30 * (size == 2)])
        if size > 2:
            self.data += GS + b"!" + bytes([(size - 1) * 0x11])
        self.style = (size, bold)

    def line(self, line: Line) -> None:
        if line.reverse:
            self.reversed(line.runs[0])
        else:
            cursor = 0
            for run in line.runs:
                self.run(run, cursor)
                cursor = run.x + run.width
        if line.advance == _LINE:
            self.data += LF
        else:
            step = min(line.advance, _FEED_MAX)
            self.data += ESC + b"J" + bytes([step])
            self.feed(line.advance - step)

    def run(self, run: Run, cursor: int) -> None:
        if not run.text:
            return
        if run.x != cursor:
            self.data += ESC + b"$" + _word(run.x)
        self.set_style(run.size, bold=run.bold)
        text = run.text.encode(self.profile.encoding)
        self.data += GS + b"B\x01" + text + GS + b"B\x00" if run.reverse else text

    def reversed(self, run: Run) -> None:
        """White on black from edge to edge: spaces carry the black, a narrow one at each end where halves
        are left.
        """
        cell = 12 * run.size
        right = self.profile.dots - run.x - run.width
        self.data += GS + b"B\x01"
        self.set_style(run.size, bold=run.bold)
        narrow = GS + b"!" + bytes([run.size - 1]) + b" "
        wide = GS + b"!" + bytes([(run.size - 1) * 0x11])
        if run.x % cell:
            self.data += narrow + wide
        self.data += b" " * (run.x // cell) + run.text.encode(self.profile.encoding) + b" " * (right // cell)
        if right % cell:
            self.data += narrow + wide
        self.data += GS + b"B\x00"

    def sheet(self, sheet: Sheet) -> None:
        """Page mode: turned parts in areas of their own first, then the upright ones in the whole area, then
        FF.
        """
        self.data += ESC + b"L"
        upright = []
        for placed in sheet.parts:
            match placed.part:
                case Turned() | Bars(symbology="itf"):
                    self.turned(placed.part, placed.y, sheet.advance)
                case _:
                    upright.append(placed)
        self.area(0, 0, self.profile.dots, sheet.advance, direction=0)
        for placed in upright:
            self.place(placed)
        self.data += FF

    def raster_sheet(self, sheet: Sheet) -> None:
        """Without page mode what stands side by side is drawn here, from the left or from the middle."""
        dots = strip_dots(sheet, self.profile.dots)
        used = np.flatnonzero(dots.any(axis=0))
        if not used.size:
            self.feed(len(dots))
            return
        left, right = int(used[0]), int(used[-1]) + 1
        if any(isinstance(placed.part, Bars | Code) for placed in sheet.parts):
            self.raster_at(dots[:, left:right], left)
        else:
            zoom = _zoom(dots)
            self.data += raster(dots[:, : right + right % 2], zoom, zoom)

    def raster_at(self, dots: Dots, x: int, *, zoom_x: int = 1, zoom_y: int = 1) -> None:
        """`x` from the left: only the middle (ESC a 1) is a place that every printer keeps.

        Every dot goes out as it is, but for the length of bars, which may be doubled by the printer (`zoom_x`,
        `zoom_y`): one that does not prints them half as long, and they scan all the same.
        """
        from_middle = max(self.profile.dots / 2 - x, x + dots.shape[1] - self.profile.dots / 2)
        width = 8 * zoom_x * ceil(from_middle / (4 * zoom_x))
        padded = np.zeros((len(dots), width), dtype=np.bool_)
        start = x - (self.profile.dots - width) // 2
        padded[:, start : start + dots.shape[1]] = dots
        self.centred(raster(padded, zoom_x, zoom_y))

    def area(self, x: int, y: int, width: int, height: int, *, direction: int) -> None:
        self.data += ESC + b"W" + _word(x) + _word(y) + _word(width) + _word(height)
        self.data += ESC + b"T" + bytes([direction])

    def move(self, x: int, bottom: int) -> None:
        """The reference point of text, images and codes is their lower left corner."""
        self.data += ESC + b"$" + _word(x) + GS + b"$" + _word(bottom)

    def turned(self, part: Bars | Turned, y: int, height: int) -> None:
        """Words run up the paper (ESC T 1), bars down it (ESC T 3)."""
        if isinstance(part, Turned):
            self.area(part.x, 0, 24, height, direction=1)
            self.move(0, 24)
            self.set_style(1, bold=False)
            self.data += part.text.encode(self.profile.encoding)
            return
        length = part.advance
        self.area(part.x, y - BAR_QUIET, BAR_HEIGHT, length + 2 * BAR_QUIET, direction=3)
        self.move(BAR_QUIET, BAR_HEIGHT)
        self.data += GS + b"h" + bytes([BAR_HEIGHT]) + GS + b"w" + bytes([BAR_NARROW]) + GS + b"H\x00"
        self.data += GS + b"k" + bytes([70, len(part.text)]) + part.text.encode("ascii")

    def place(self, placed: Placed) -> None:
        part, y = placed.part, placed.y
        match part:
            case Line():
                for run in part.runs:
                    self.move(run.x, y + part.height)
                    self.run(run, run.x)
            case Code():
                if self.profile.qr == "native" and part.kind == "qr":
                    self.move(part.x, y + part.advance)
                    self.data += _native_qr(part)
                else:
                    self.graphics(code_dots(part), part.x, y)
            case Crest():
                self.graphics(crest_dots(), part.x, y)
            case Drawing():
                self.graphics(drawing_dots(part), part.x, y)
            case Bars(symbology="gs1-128" | "code128"):
                # drawn here: printers disagree on how FNC1 is sent (GS k)
                self.graphics(bars_dots(part), part.x, y)
            case Bars() | Turned():
                raise AssertionError("turned parts have areas of their own")
            case _:
                assert_never(part)

    def graphics(self, dots: Dots, x: int, y: int) -> None:
        """GS ( L functions 112 and 50: the raster that page mode takes (GS v 0 belongs to standard mode)."""
        zoom = _zoom(dots)
        rows_used, columns_used = (np.flatnonzero(dots.any(axis=axis)) // zoom for axis in (1, 0))
        top, left = int(rows_used[0]) * zoom, int(columns_used[0]) * zoom
        bottom, right = (int(rows_used[-1]) + 1) * zoom, (int(columns_used[-1]) + 1) * zoom
        self.move(x + left, y + bottom)
        dots = dots[top:bottom:zoom, left:right:zoom]
        rows = np.packbits(dots, axis=1).tobytes()
        head = b"0p0" + bytes([zoom, zoom]) + b"1" + _word(dots.shape[1]) + _word(dots.shape[0])
        self.data += GS + b"(L" + _word(len(head) + len(rows)) + head + rows
        self.data += GS + b"(L\x02\x0002"


def _zoom(dots: Dots) -> int:
    """2 when every dot comes in squares of 2 x 2, else 1."""
    if dots.shape[0] % 2 or dots.shape[1] % 2:
        return 1
    small = dots[::2, ::2]
    return 2 if (small.repeat(2, axis=0).repeat(2, axis=1) == dots).all() else 1


def _native_qr(code: Code) -> bytes:
    """GS ( k: model 2, module size, ECC level M, data, print."""
    head = GS + b"(k"
    return (
        head + b"\x04\x001A2\x00"
        + head + b"\x03\x001C" + bytes([code.module])
        + head + b"\x03\x001E1"
        + head + _word(len(code.data) + 3) + b"1P0" + code.data
        + head + b"\x03\x001Q0"
    )  # fmt: skip
