"""A receipt as sentences for a voice, in reading order. Pure: what the paper says, no more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from kiosk.issuing.aloud import aloud
from printer.receipt import (
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


def sentences(receipt: Receipt) -> list[str]:
    """One a block, as the eye meets them; codes and payment lines sign by sign, amounts and dates in words.

    What only a machine reads (the payload of a QR code, bars) is named, not read.
    """
    said = [line for block in receipt.blocks for line in _lines(block) if line.strip()]
    return [_ended(aloud(line, receipt.language)) for line in said]


def _lines(block: AnyBlock) -> Iterator[str]:
    match block:
        case Header(name_line1=one, name_line2=two, department=department, kiosk=kiosk):
            yield f"{one} {two}"
            yield f"{department}, {kiosk}" if department and kiosk else department or kiosk
        case Text(text=text) | Band(text=text) | Heading(text=text):
            yield text
        case Field_(label=label, value=value):
            yield f"{label.rstrip(':')}: {value}"
        case Table(headings=headings, rows=rows):
            for row in rows:
                yield "; ".join(f"{name}: {cell}" if name else cell for name, cell in zip(headings, row, strict=True))
        case Qr(what=what) | Matrix(what=what) | Barcode(what=what) | Picture(what=what):
            yield what
        case Payment():
            yield block.band
            if block.pix_payload is not None:
                yield f"{block.pix_title}. {block.pix_hint}"
            yield f"{block.code_title}. {block.code_hint}"
            yield from block.line_blocks
            yield block.code_where
        case Rule() | Feed():
            return
        case _:
            assert_never(block)


def _ended(line: str) -> str:
    return line if line.endswith((".", "!", "?", ":")) else f"{line}."
