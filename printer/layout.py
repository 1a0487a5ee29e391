"""Where every dot of a receipt goes: blocks become strips, top to bottom, for one profile.

The ESC/POS encoder and the picture are both made from these strips, so that they say the same. All lengths
are dots. Nothing is cut off at the right: text wraps at words, long words break, a value that does not fit
beside its label falls below it.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Sequence
from dataclasses import replace
from typing import assert_never

from printer.characters import printable
from printer.drawings import across, shrunk
from printer.profiles import Profile
from printer.receipt import (
    Align,
    AnyBlock,
    Band,
    Barcode,
    Feed,
    Field_,
    Header,
    Heading,
    Matrix,
    Payment,
    Picture,
    Qr,
    Receipt,
    Rule,
    Table,
    Text,
)
from printer.spacing import gap, may_part, repeated
from printer.strips import (
    BAND_HEIGHT,
    CELL_HEIGHT,
    CELL_WIDTH,
    CREST,
    PITCH,
    Bars,
    Blank,
    Code,
    Crest,
    Drawing,
    Line,
    Placed,
    Run,
    Sheet,
    Strip,
    Turned,
)
from printer.symbols import BAR_HEIGHT, BAR_QUIET, MATRIX_QUIET_MODULES, QR_QUIET_MODULES, qr_side
from printer.tables import widths
from printer.wrapping import wrap

_NAME_X, _NAME_TOP, _NAME_PITCH = 124, 2, 52
_NAME_COLUMNS = 12  # of double size: fewer, and the name goes below the crest
_SIDE_BARS = 112  # the rotated barcode beside the texts, from its left edge to the paper's
_SIDE_TURNED = 28  # between the two: one line of font A, turned
_MARK_EVERY = 300
_NO_VALUE = {
    "pt-BR": "SIMULAÇÃO - SEM VALOR",
    "es": "SIMULACIÓN - SIN VALOR",
    "it": "SIMULAZIONE - SENZA VALORE",
    "en": "SIMULATION - NO VALUE",
}


def lay_out(receipt: Receipt, profile: Profile) -> tuple[Strip, ...]:
    """The strips of a receipt. ValueError when a code is wider than the paper."""
    return _Layout(profile, _NO_VALUE[receipt.language] if receipt.no_value else None).all(receipt)


class _Layout:
    def __init__(self, profile: Profile, mark: str | None) -> None:
        self.profile = profile
        self.mark = printable(mark, profile.encoding) if mark else None
        self.strips: list[Strip] = []
        self.since_mark = 0

    def all(self, receipt: Receipt) -> tuple[Strip, ...]:
        if receipt.blocks and not isinstance(receipt.blocks[0], Band):
            self.no_value()
        previous: AnyBlock | None = None
        for block in receipt.blocks:
            if previous is not None:
                if self.mark and self.since_mark >= _MARK_EVERY and may_part(previous, block):
                    self.no_value()
                else:
                    self.gap(gap(previous, block))
            self.block(block)
            previous = block
        if receipt.blocks and not isinstance(receipt.blocks[-1], Band):
            self.no_value()
        self.gap(self.profile.feed_before_cut_dots)
        return tuple(self.strips)

    def block(self, block: AnyBlock) -> None:
        match block:
            case Header():
                self.header(block)
            case Heading(text=text, level=level):
                for line in self.wrapped(text, self.profile.columns // (3 - level)):
                    self.text(line, 3 - level, bold=True, align=Align.CENTRE if level == 1 else Align.LEFT)
            case Text():
                size = self.fitting(block.text, block.size)
                for line in self.wrapped(block.text, self.profile.columns // size - block.indent):
                    self.text(" " * block.indent + line, size, bold=block.bold, align=block.align)
            case Field_():
                self.field(block)
            case Table():
                self.table(block)
            case Rule():
                self.add(Line((Run(0, self.clean("═" if block.double else "─") * self.profile.columns),), 28))
            case Band():
                self.band(block.text)
            case Qr():
                self.qr(block.data.encode(), block.module_dots)
            case Matrix():
                self.matrix(block)
            case Barcode():
                self.barcode(block)
            case Picture():
                self.add(shrunk(block, self.profile.dots))
            case Payment():
                self.payment(block)
            case Feed():
                self.add(Blank(block.dots))
            case _:
                assert_never(block)

    def add(self, strip: Strip) -> None:
        self.strips.append(strip)
        self.since_mark += strip.advance

    def gap(self, dots: int) -> None:
        """Paper before the next strip; given to the line above where there is one."""
        if not dots:
            return
        self.since_mark += dots
        last = self.strips[-1] if self.strips else None
        if isinstance(last, Line | Blank) and last.advance + dots <= 255:
            self.strips[-1] = replace(last, advance=last.advance + dots)
        else:
            self.strips.append(Blank(dots))

    def clean(self, text: str) -> str:
        return printable(text, self.profile.encoding)

    def wrapped(self, text: str, columns: int) -> list[str]:
        return wrap("\n".join(self.clean(line) for line in text.split("\n")), columns)

    def fitting(self, text: str, size: int) -> int:
        """The size, or the next smaller one at which no word has to be broken: a code stays in one piece."""
        longest = max((len(word) for word in self.clean(text).split()), default=0)
        while size > 1 and longest > self.profile.columns // size:
            size -= 1
        return size

    def line(self, text: str, size: int, width: int, *, bold: bool, align: Align) -> Line:
        room = width - len(text) * CELL_WIDTH * size
        x = {Align.LEFT: 0, Align.CENTRE: room // 2, Align.RIGHT: room}[align]
        return Line((Run(x, text, size, bold),), PITCH[size])

    def text(self, text: str, size: int, *, bold: bool = False, align: Align = Align.LEFT) -> None:
        if text:
            self.add(self.line(text, size, self.profile.dots, bold=bold, align=align))
        else:
            self.gap(PITCH[size])

    def no_value(self) -> None:
        """The mark of a simulation's paper. The issuer's own band, first and last, says it as well."""
        if not self.mark:
            return
        self.gap(6)
        self.text(repeated(self.mark, self.profile.dots), 1, bold=True, align=Align.CENTRE)
        self.gap(4)
        self.since_mark = 0

    def header(self, block: Header) -> None:
        columns = (self.profile.dots - _NAME_X) // (2 * CELL_WIDTH)
        if columns < _NAME_COLUMNS:
            self.header_below(block)
            return
        names = [line for name in (block.name_line1, block.name_line2) for line in self.wrapped(name, columns) if line]
        parts = _crest(block.crest, 0)
        for index, name in enumerate(names):
            parts.append(Placed(_NAME_TOP + index * _NAME_PITCH, Line((Run(_NAME_X, name, 2, bold=True),), 0)))
        self.gap(8)
        self.add(Sheet(tuple(parts), max(CREST, _NAME_TOP + len(names) * _NAME_PITCH)))
        self.gap(14)
        self.pair(block.department, block.kiosk, 1, 1)

    def header_below(self, block: Header) -> None:
        """On narrow paper: the crest in the middle, the name below it."""
        self.gap(8)
        if crest := _crest(block.crest, (self.profile.dots - CREST) // 2):
            self.add(Sheet(tuple(crest), CREST))
            self.gap(14)
        for name in (block.name_line1, block.name_line2):
            for line in self.wrapped(name, self.profile.columns // 2):
                self.text(line, 2, bold=True, align=Align.CENTRE)
        self.gap(8)
        self.pair(block.department, block.kiosk, 1, 1)

    def field(self, block: Field_) -> None:
        if block.marked:
            self.marked_field(block)
            return
        self.pair(block.label, block.value, block.size, block.value_size, heads=block.heads)

    def marked_field(self, block: Field_) -> None:
        """The value white on black, a cell of black on both sides; the label above it where both have no room."""
        label, value = self.clean(block.label.strip()), f" {self.clean(block.value.strip())} "
        value = value[: self.profile.columns // block.value_size]
        run = Run(0, value, block.value_size, bold=True, reverse=True)
        run = replace(run, x=self.profile.dots - run.width)
        lines = self.wrapped(label, self.profile.columns // block.size)
        for line in lines[:-1]:
            self.text(line, block.size, bold=True)
        left = Run(0, lines[-1], block.size, bold=True)
        if left.width + CELL_WIDTH > run.x:
            self.text(lines[-1], block.size, bold=True)
            left = replace(left, text="")
        self.add(Line((left, run), PITCH[max(block.size, block.value_size)]))

    def table(self, block: Table) -> None:
        """Cells side by side, a column's width as its content needs; row by row where columns have no room."""
        headings = [self.clean(cell) for cell in block.headings]
        rows = [[self.clean(cell) for cell in row] for row in block.rows]
        columns = widths([headings, *rows], self.profile.columns)
        if columns is None:
            for row in rows:
                for heading, cell in zip(headings, row, strict=True):
                    self.pair(heading, cell, 1, 1)
                self.gap(8)
            return
        aligns = block.aligns or (Align.LEFT,) * len(headings)
        if any(headings):
            self.cells(headings, columns, aligns, bold=True)
        for row in rows:
            self.cells(row, columns, aligns, bold=False)

    def cells(self, row: Sequence[str], columns: Sequence[int], aligns: Sequence[Align], *, bold: bool) -> None:
        cells = [wrap(cell, width) for cell, width in zip(row, columns, strict=True)]
        for index in range(max(map(len, cells))):
            runs, x = [], 0
            for lines, width, align in zip(cells, columns, aligns, strict=True):
                text = lines[index] if index < len(lines) else ""
                room = (width - len(text)) * CELL_WIDTH
                shift = {Align.LEFT: 0, Align.CENTRE: room // 2, Align.RIGHT: room}[align]
                if text:
                    runs.append(Run(x + shift, text, 1, bold))
                x += (width + 1) * CELL_WIDTH
            self.add(Line(tuple(runs or [Run(0, "")]), PITCH[1]))

    def barcode(self, block: Barcode) -> None:
        x = (self.profile.dots - BAR_HEIGHT) // 2
        bars = Bars(x, block.data, self.profile.itf_wide_dots, block.symbology)
        drawn = across(bars, self.profile.dots)
        self.gap(8)
        if drawn is not None:
            self.add(drawn)
        else:
            self.gap(BAR_QUIET)
            self.add(bars)
            self.gap(BAR_QUIET)
        self.gap(8)
        self.centred(block.data)

    def pair(self, label: str, value: str, size: int, value_size: int, *, heads: bool = False) -> None:
        """Label left and plain (emphasised when double), value right and emphasised; `heads`: the other way round."""
        label, value = self.clean(label.strip()), self.clean(value.strip())
        left = Run(0, label, size, bold=heads or size > 1)
        right = Run(0, value, value_size, bold=not heads)
        right = replace(right, x=self.profile.dots - right.width)
        if label and value and left.width + CELL_WIDTH * max(size, value_size) <= right.x:
            self.add(Line((left, right), PITCH[max(size, value_size)]))
            return
        for line in self.wrapped(label, self.profile.columns // size):
            self.text(line, size, bold=left.bold)
        for line in self.wrapped(value, self.profile.columns // value_size):
            self.text(line, value_size, bold=right.bold, align=Align.RIGHT)

    def band(self, text: str) -> None:
        for line in self.wrapped(text, self.profile.columns // 2):
            run = self.line(line, 2, self.profile.dots, bold=True, align=Align.CENTRE).runs
            self.add(Line(run, BAND_HEIGHT, reverse=True))
        self.gap(14)

    def qr(self, data: bytes, module: int) -> None:
        side = qr_side(data)
        while (side + 2 * QR_QUIET_MODULES) * module > self.profile.dots:
            module -= 1
        if module < 4:
            raise ValueError("the QR code is wider than the paper at 4 dots a module: shorten its text")
        self.gap(QR_QUIET_MODULES * module)
        self.add(Code((self.profile.dots - side * module) // 2, data, module))
        self.gap(QR_QUIET_MODULES * module)

    def matrix(self, block: Matrix) -> None:
        code = Code(0, block.data.encode("ascii"), block.module_dots, "data-matrix")
        quiet = MATRIX_QUIET_MODULES * block.module_dots
        if code.advance + 2 * quiet > self.profile.dots:
            raise ValueError("the Data Matrix is wider than the paper: shorten its text")
        self.gap(quiet)
        self.add(replace(code, x=(self.profile.dots - code.advance) // 2))
        self.gap(quiet)

    def payment(self, block: Payment) -> None:
        self.band(block.band)
        if self.profile.page_mode:
            self.add(self.payment_sheet(block))
            return
        if block.pix_payload is not None:
            self.centred(block.pix_title, 2)
            self.qr(block.pix_payload.encode(), 5)
            self.centred(block.pix_hint)
            self.no_value()
            self.gap(20)
        self.centred(block.code_title, 2)
        self.centred(block.code_hint)
        self.gap(8)
        for number in block.line_blocks:
            self.centred(number, 2)
        self.centred(block.code_where)
        self.gap(BAR_QUIET)
        bars = self.bars(block, (self.profile.dots - BAR_HEIGHT) // 2)
        if self.mark:
            self.add(self.marked(bars, self.mark))
        else:
            self.add(bars)
        self.gap(BAR_QUIET)

    def bars(self, block: Payment, x: int) -> Bars:
        return Bars(x, block.barcode, self.profile.itf_wide_dots, block.symbology)

    def marked(self, bars: Bars, mark: str) -> Sheet:
        """Bars that stand alone, with the mark of a simulation along both sides."""
        text = repeated(mark, bars.advance)
        left = Turned(bars.x - CELL_HEIGHT - 16, text)
        right = Turned(bars.x + BAR_HEIGHT + 16, text)
        return Sheet((Placed(0, left), Placed(0, bars), Placed(0, right)), bars.advance)

    def centred(self, text: str, size: int = 1) -> None:
        for line in self.wrapped(text, self.profile.columns // size):
            self.text(line, size, bold=size > 1, align=Align.CENTRE)

    def payment_sheet(self, block: Payment) -> Sheet:
        """Texts and QR upright at the left in 36 columns, the barcode along the right edge."""
        bars_x = self.profile.dots - _SIDE_BARS
        columns = (bars_x - _SIDE_TURNED - 4) // CELL_WIDTH
        width = columns * CELL_WIDTH
        parts: list[Placed] = []
        y = 0

        def put(text: str, size: int, after: int = 0) -> None:
            nonlocal y
            for line in self.wrapped(text, columns // size):
                if line:
                    parts.append(Placed(y, self.line(line, size, width, bold=size > 1, align=Align.LEFT)))
                y += PITCH[size]
            y += after

        if block.pix_payload is not None:
            put(block.pix_title, 2, after=-8)
            payload = block.pix_payload.encode()
            side = qr_side(payload)
            module = min(5, width // (side + 2 * QR_QUIET_MODULES))
            if module < 4:
                raise ValueError("the Pix QR code is wider than its place at 4 dots a module: shorten the payload")
            y += QR_QUIET_MODULES * module
            parts.append(Placed(y, Code((width - side * module) // 2, payload, module)))
            y += (side + QR_QUIET_MODULES) * module
            put(block.pix_hint, 1, after=26)
        put(block.code_title, 2, after=-4)
        put(block.code_hint, 1, after=12)
        for number in block.line_blocks:
            put(number, 2)
        y += 4
        put(block.code_where, 1, after=6)
        bars = self.bars(block, bars_x)
        parts.append(Placed(BAR_QUIET, bars))
        height = max(y, bars.advance + 2 * BAR_QUIET)
        if self.mark:
            parts.append(Placed(0, Turned(bars_x - _SIDE_TURNED, repeated(self.mark, height))))
        return Sheet(tuple(parts), height)


def _crest(written: str | None, x: int) -> list[Placed]:
    """The crest at that place, where there is one; dots that are all white are none."""
    if written is None:
        return [Placed(0, Crest(x))]
    rows = b64decode(written)
    return [Placed(0, Drawing(x, CREST, rows))] if any(rows) else []
