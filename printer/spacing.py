"""How far blocks stand apart, and where a simulation's mark may stand between them."""

from __future__ import annotations

from printer.receipt import AnyBlock, Band, Barcode, Feed, Field_, Matrix, Payment, Qr, Rule, Text
from printer.strips import CELL_WIDTH


def repeated(mark: str, dots: int) -> str:
    """The mark as often as it fits, spread from edge to edge."""
    columns = dots // CELL_WIDTH
    times = max((columns + 1) // (len(mark) + 1), 1)
    between = (columns - times * len(mark)) // (times - 1) if times > 1 else 0
    return (" " * between).join([mark] * times)


def may_part(previous: AnyBlock, block: AnyBlock) -> bool:
    """Whether a simulation's mark may stand between: not inside a title, a code or what explains a QR code."""
    if isinstance(block, Rule | Feed) or isinstance(previous, Band | Qr | Matrix | Barcode):
        return False
    if isinstance(previous, Text):
        explains = isinstance(block, Qr | Matrix | Barcode)
        return not explains and (not isinstance(block, Text) or previous.size == block.size == 1)
    return True


def gap(previous: AnyBlock, block: AnyBlock) -> int:
    if isinstance(block, Band | Payment):
        return 10
    if isinstance(block, Rule):
        return 4
    codes = Qr | Matrix | Barcode
    if isinstance(previous, Rule | Band | Payment | Feed | codes) or isinstance(block, codes | Feed):
        return 0
    if isinstance(previous, Field_) and isinstance(block, Field_):
        return 0
    if isinstance(previous, Text) and isinstance(block, Text) and previous.size == block.size > 1:
        return 0
    return 6
