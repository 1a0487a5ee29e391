"""The emblem as administrators write it, two files named beside the catalogue, becomes the two pictures themselves."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Callable
from typing import Any

from kiosk.catalog import crest
from kiosk.catalog.places import Place

FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*\.png")
COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")


def put_in(value: dict[str, Any], files: Callable[[str], bytes] | None) -> list[tuple[Place, str]]:
    """Put the pictures in place of their files' names, in `value` itself; place and plain words for each that is wrong.

    A picture that cannot be used is taken out with its fellow, so that it is told of once. What is already a picture
    (a catalogue that was published before) stays.
    """
    operator = value.get("operator")
    written = operator.get("crest") if isinstance(operator, dict) else None
    if not isinstance(operator, dict) or not isinstance(written, dict):
        return []
    operator["crest"] = pictures = dict(written)
    faults: list[tuple[Place, str]] = []
    for name in ("colour", "one_colour"):
        entry = pictures.get(name)
        if not isinstance(entry, str):
            continue
        fault = None
        try:
            data = _bytes(entry, files)
            pictures[name] = b64encode(data).decode()
            fault = _fault(name, data, operator)
        except (OSError, Base64Error, ValueError) as error:
            missing = f"there is no picture {entry[:60]}: put it beside the catalogue"
            fault = str(error) if isinstance(error, crest.CrestError) else missing
        if fault:
            faults.append((("operator", "crest", name), fault))
    if faults:
        operator["crest"] = None
    elif isinstance(pictures.get("one_colour"), str):
        pictures["paper"] = b64encode(crest.on_paper(b64decode(pictures["one_colour"]))).decode()
    return faults


def _bytes(entry: str, files: Callable[[str], bytes] | None) -> bytes:
    if not FILE.fullmatch(entry):
        return b64decode(entry, validate=True)
    if files is None:
        raise crest.CrestError(f"{entry} is a file, and there is no folder to read it from")
    return files(entry)


def _fault(name: str, data: bytes, operator: dict[str, Any]) -> str | None:
    if name == "one_colour":
        return crest.one_colour_fault(data)
    colours = operator.get("colours")
    brand = colours.get("brand") if isinstance(colours, dict) else None
    # A brand that is no colour is told of by itself.
    known = isinstance(brand, str) and COLOUR.fullmatch(brand)
    return crest.colour_fault(data, str(brand) if known else "#000000")
