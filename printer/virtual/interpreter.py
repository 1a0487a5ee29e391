"""ESC/POS commands to what the mechanism does: rows to burn, cuts, answers due when it gets there."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import numpy as np

from printer.font import Dots, glyph
from printer.symbols import itf_dots, qr_modules
from printer.virtual.actions import (
    Action,
    AutomaticStatus,
    CountUp,
    Cut,
    Eject,
    Identity,
    PaperSensor,
    ProcessId,
    Rows,
    Status,
)
from printer.virtual.commands import Command
from printer.virtual.surface import LineBuffer, Page

_STANDARD_PAGES = {0: "cp437", 2: "cp850", 3: "cp860", 16: "cp1252", 19: "cp858"}
"""ESC t n, as on Epson's printers."""
_LINE_DEFAULT = 34  # 1/6 inch at 203 dpi
_BINARY_WIDE = {2: 5, 3: 8, 4: 10, 5: 13, 6: 15}  # GS w: thick elements at 0.125 mm a dot
_QR_LEVELS = {48: "L", 49: "M", 50: "Q", 51: "H"}
_ITF = (5, 70)
_IGNORED = (
    # answered when they arrived
    *("DLE \x04", "DLE \x05", "DLE \x14"),
    # settings that change nothing here
    *(
        "FS .",
        "FS &",
        "FS C",
        "FS -",
        "FS S",
        "FS (A",
        "ESC R",
        "ESC M",
        "ESC =",
        "ESC U",
        "ESC c",
        "ESC p",
        "ESC {",
        "ESC V",
        "ESC  ",
    ),
    *("GS f", "GS L", "GS W", "GS b", "GS (A"),
)


class Interpreter:
    """The state of the command language: modes, positions, buffers. `unknown` lists what was not
    understood.
    """

    def __init__(
        self,
        dots: int,
        *,
        page_mode: bool,
        process_ids: bool,
        star: bool = False,
        dpi: int = 203,
        code_pages: Mapping[int, str] | None = None,
    ) -> None:
        self.dots = dots
        self.star = star
        self.dpi = dpi
        self.code_pages = code_pages or _STANDARD_PAGES
        self.page_mode = page_mode
        self.process_ids = process_ids
        self.unknown: list[Command] = []
        self.actions: list[Action] = []
        self._table = self._commands()
        self.reset()

    def reset(self) -> None:
        """ESC @."""
        self.line = LineBuffer(self.dots)
        self.page: Page | None = None
        self.width_factor = self.height_factor = 1
        self.bold = self.underlined = self.reverse = False
        self.align = 0
        self.encoding = self.code_pages.get(0, _STANDARD_PAGES[0])
        self.line_spacing = _LINE_DEFAULT
        self.unit = self.dpi
        self.bar_height, self.bar_width, self.bar_text = 162, 3, 0
        self.qr_data, self.qr_size, self.qr_level = b"", 3, "L"
        self.graphics: Dots | None = None

    def run(self, command: Command) -> list[Action]:
        """What the mechanism has to do for this command."""
        self.actions = []
        handler = self._table.get(command.name)
        if handler is None:
            self.unknown.append(command)
        else:
            handler(command.data)
        return self.actions

    def _commands(self) -> dict[str, Callable[[bytes], None]]:
        def ignore(_data: bytes) -> None:
            pass

        table: dict[str, Callable[[bytes], None]] = {
            "text": self._text,
            "LF": lambda _: self._feed_line(self.line_spacing),
            "CR": ignore,
            "HT": lambda _: self._text(b" " * (8 - self.line.x // 12 % 8)),
            "FF": lambda _: self._print_page(stay=False),
            "CAN": lambda _: self.page.clear() if self.page else None,
            "ESC @": lambda _: self.reset(),
            "ESC !": self._print_mode,
            "ESC $": self._set_x,
            "ESC -": lambda d: setattr(self, "underlined", d[0] % 48 > 0),
            "ESC 2": lambda _: setattr(self, "line_spacing", _LINE_DEFAULT),
            "ESC 3": lambda d: setattr(self, "line_spacing", self._units(d[0])),
            "ESC E": lambda d: setattr(self, "bold", bool(d[0] & 1)),
            "ESC G": lambda d: setattr(self, "bold", bool(d[0] & 1)),
            "ESC J": lambda d: self._feed_line(self._units(d[0])),
            "ESC d": lambda d: self._feed_line(d[0] * self.line_spacing),
            "ESC \\": self._move_x,
            "ESC a": lambda d: setattr(self, "align", d[0] % 48 % 3),
            "ESC t": lambda d: setattr(self, "encoding", self.code_pages.get(d[0], self.encoding)),
            "ESC *": self._column_image,
            "ESC L": lambda _: self._begin_page(),
            "ESC S": lambda _: setattr(self, "page", None),
            "ESC W": self._area,
            "ESC T": lambda d: self.page.set_direction(d[0]) if self.page else None,
            "ESC \x0c": lambda _: self._print_page(stay=True),
            "ESC i": lambda _: self.actions.append(Cut()),
            "ESC m": lambda _: self.actions.append(Cut()),
            "GS !": self._size,
            "GS $": self._set_y,
            "GS B": lambda d: setattr(self, "reverse", bool(d[0] & 1)),
            "GS P": lambda d: setattr(self, "unit", d[1] or self.dpi),
            "GS H": lambda d: setattr(self, "bar_text", d[0] % 48),
            "GS h": lambda d: setattr(self, "bar_height", d[0]),
            "GS w": lambda d: setattr(self, "bar_width", d[0]),
            "GS k": self._barcode,
            "GS v0": self._raster,
            "GS (k": self._qr,
            "GS (L": self._graphics,
            "GS (H": self._process_id,
            "GS I": lambda d: self.actions.append(Identity(d[0])),
            "GS V": self._cut,
            "GS a": lambda d: self.actions.append(AutomaticStatus(d[0] != 0)),
            "GS r": lambda d: self.actions.append(PaperSensor()) if d[0] % 48 == 1 else None,
        }
        return table | dict.fromkeys(_IGNORED, ignore) | self._of_other_makers()

    def _of_other_makers(self) -> dict[str, Callable[[bytes], None]]:
        def ignore(_data: bytes) -> None:
            pass

        def act(action: Action) -> Callable[[bytes], None]:
            return lambda _: self.actions.append(action)

        others: dict[str, Callable[[bytes], None]] = {
            "GS \xe0": lambda d: self.actions.append(AutomaticStatus(d[0] != 0)),
            "GS \xf8": act(Status("GS \xf8")),
            "GS \xf9": ignore,
            "GS \x05": act(Status("GS \x05")),
            "ENQ": act(Status("ENQ")),
            "ESC w": act(Cut()),
            "GS e": self._ejector,
            "GS R": lambda d: self.actions.append(Eject(retract=True)) if d[0] == 0 else None,
            "ETB": act(CountUp()),
        }
        if self.star:
            others |= {
                "ESC \x06": ignore,
                "ESC \x1e": self._star_mode,
                "ESC d": act(Cut()),
                "ESC GS S": lambda d: self._raster(b"\0" + d[1:5] + d[6:]),
            }
        return others

    def _ejector(self, data: bytes) -> None:
        """Custom's GS e: 2 takes the paper back, 3 hands it out, 5 lets it fall."""
        if data[0] in (2, 3):
            self.actions.append(Eject(retract=data[0] == 2))

    def _star_mode(self, data: bytes) -> None:
        """ESC RS a n: report changes."""
        if data[:1] == b"a":
            self.actions.append(AutomaticStatus(data[1] != 0))

    def _units(self, number: int) -> int:
        return number * self.dpi // self.unit

    def _text(self, data: bytes) -> None:
        for char in data.decode(self.encoding, errors="replace"):
            dots = glyph(char, self.width_factor, self.height_factor, bold=self.bold)
            if self.underlined:
                dots = dots.copy()
                dots[-2 * self.height_factor :] = True
            if self.reverse:
                dots = ~dots
            if self.page:
                self.page.put(dots)
                continue
            if self.line.x + dots.shape[1] > self.dots:
                self._feed_line(self.line_spacing)
            self.line.add(dots)

    def _feed_line(self, advance: int) -> None:
        if self.page:
            self.page.x = 0
            self.page.y += advance
            return
        rows = self.line.take(advance, self.align)
        if len(rows):
            self.actions.append(Rows(rows))

    def _print_mode(self, data: bytes) -> None:
        mode = data[0]
        self.bold = bool(mode & 0x08)
        self.height_factor = 2 if mode & 0x10 else 1
        self.width_factor = 2 if mode & 0x20 else 1
        self.underlined = bool(mode & 0x80)

    def _size(self, data: bytes) -> None:
        self.width_factor, self.height_factor = (data[0] >> 4 & 7) + 1, (data[0] & 7) + 1

    def _set_x(self, data: bytes) -> None:
        target = self._units(int.from_bytes(data, "little"))
        if self.page:
            self.page.x = target if target < self.page.width else self.page.x
        elif target < self.dots:
            self.line.x = target

    def _move_x(self, data: bytes) -> None:
        target = (self.page or self.line).x + self._units(int.from_bytes(data, "little", signed=True))
        if 0 <= target < (self.page.width if self.page else self.dots):
            (self.page or self.line).x = target

    def _set_y(self, data: bytes) -> None:
        target = self._units(int.from_bytes(data, "little"))
        if self.page and target <= self.page.height:
            self.page.y = target

    def _begin_page(self) -> None:
        if self.page_mode and not self.line.pieces:
            self.page = Page(self.dots, 24)

    def _area(self, data: bytes) -> None:
        if not self.page:
            return
        x, y, width, height = (self._units(int.from_bytes(data[i : i + 2], "little")) for i in range(0, 8, 2))
        if width and height:
            self.page.set_area(x, y, width, height)

    def _print_page(self, *, stay: bool) -> None:
        if self.page:
            self.actions.append(Rows(self.page.rows()))
            if not stay:
                self.page = None

    def _image(self, dots: Dots) -> None:
        """A picture on a line of its own; on a page at the position."""
        if self.page:
            self.page.put(dots)
        elif not self.line.pieces:
            self.line.add(dots)
            self.actions.append(Rows(self.line.take(0, self.align)))

    def _raster(self, data: bytes) -> None:
        """GS v 0 m xL xH yL yH d...: ignored while the line holds text."""
        width_bytes, height = int.from_bytes(data[1:3], "little"), int.from_bytes(data[3:5], "little")
        if self.page or self.line.pieces or not width_bytes or not height:
            return
        dots = _unpack(data[5:], width_bytes).astype(np.bool_)
        self._image(dots.repeat(1 + (data[0] >> 1 & 1), axis=0).repeat(1 + (data[0] & 1), axis=1)[:, : self.dots])

    def _column_image(self, data: bytes) -> None:
        """ESC * m nL nH d...: 8 or 24 dots high, columns from the left."""
        mode, rows_bytes = data[0], 3 if data[0] >= 32 else 1
        columns = _unpack(data[3:], rows_bytes).astype(np.bool_)
        dots = columns.T.repeat(1 if mode & 1 else 2, axis=1)
        dots = dots if rows_bytes == 3 else dots.repeat(3, axis=0)
        if self.page:
            self.page.put(dots)
        else:
            self.line.add(dots[:, : max(self.dots - self.line.x, 0)])

    def _graphics(self, data: bytes) -> None:
        """GS ( L: functions 112 (store a raster) and 50 (print it)."""
        function = data[1]
        if function == 112:
            zoom_x, zoom_y = data[3], data[4]
            width, height = int.from_bytes(data[6:8], "little"), int.from_bytes(data[8:10], "little")
            dots = _unpack(data[10:], (width + 7) // 8)[:height, :width].astype(np.bool_)
            self.graphics = dots.repeat(zoom_y, axis=0).repeat(zoom_x, axis=1)
        elif function in (2, 50) and self.graphics is not None:
            self._image(self.graphics[:, : self.dots])
            self.graphics = None

    def _qr(self, data: bytes) -> None:
        """GS ( k: QR only (cn 49)."""
        if data[0] != 49:
            self.unknown.append(Command("GS (k", data))
            return
        match data[1]:
            case 67:
                self.qr_size = data[2]
            case 69:
                self.qr_level = _QR_LEVELS.get(data[2], "L")
            case 80:
                self.qr_data = data[3:]
            case 81 if self.qr_data:
                modules = qr_modules(self.qr_data, self.qr_level)
                dots = modules.repeat(self.qr_size, axis=0).repeat(self.qr_size, axis=1)
                if dots.shape[1] <= self._room():
                    self._image(dots)

    def _barcode(self, data: bytes) -> None:
        """GS k: ITF; one that is wider than its line prints nothing, without a word, as real printers do."""
        system, content = data[0], (data[1:-1] if data[0] <= 6 else data[2:])
        if system not in _ITF or not re.fullmatch(rb"(\d\d)+", content):
            self.unknown.append(Command("GS k", data))
            return
        row = itf_dots(content.decode("ascii"), self.bar_width, _BINARY_WIDE.get(self.bar_width, 5))
        if len(row) > self._room():
            return
        self._image(row[np.newaxis, :].repeat(self.bar_height, axis=0))
        if self.bar_text & 2 and not self.page:
            self._text(content)
            self._feed_line(self.line_spacing)

    def _room(self) -> int:
        return self.page.width - self.page.x if self.page else self.dots

    def _process_id(self, data: bytes) -> None:
        if self.process_ids and data[:2] == b"00":
            self.actions.append(ProcessId(data[2:6]))

    def _cut(self, data: bytes) -> None:
        if self.line.pieces:
            self._feed_line(self.line_spacing)
        if len(data) > 1 and data[1]:
            self._feed_line(self._units(data[1]))
        self.actions.append(Cut())


def _unpack(data: bytes, row_bytes: int) -> Dots:
    packed = np.frombuffer(data, dtype=np.uint8).reshape(-1, row_bytes)
    return np.unpackbits(packed, axis=1).astype(np.bool_)
