"""Printer profiles: what one model of printer can do, as data (`models/*.json`).

A new model is a new file, not new code. Names of code pages and their numbers for ESC t come from
python-escpos's database of printers, under the name given as `capabilities`.
"""

from __future__ import annotations

import json
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Confirmation(StrEnum):
    """How the printer tells that a paper is out."""

    PROCESS_ID = "process-id"
    """GS ( H function 48: the printer answers with our id once printing is completed."""
    IN_BAND = "in-band"
    """A trailing GS r 1: answered after what was sent before it."""


class Profile(BaseModel):
    """One model. Lengths are dots of the print head."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    title: str
    capabilities: str = Field(description="the profile of python-escpos it builds on")
    dots: int = Field(ge=384, le=832, description="printable width")
    columns: int = Field(ge=32, le=69, description="characters of font A in a line")
    dpi: int
    code_page: str
    page_mode: bool
    qr: Literal["native", "raster"]
    itf_wide_dots: int = Field(ge=5, le=6, description="wide element of an ITF whose narrow one is 2 dots")
    feed_before_cut_dots: int = Field(ge=0, le=255)
    cut: str = Field(pattern=r"^([0-9a-f]{2})+$", description="command bytes in hexadecimal")
    confirmation: Confirmation
    status: str = Field(description="the map of status bits")

    @property
    def encoding(self) -> str:
        """The code page's name among Python's codecs."""
        return self.code_page.lower()


def names() -> tuple[str, ...]:
    """The profiles there are, sorted."""
    models = (resources.files("printer") / "models").iterdir()
    return tuple(sorted(item.name.removesuffix(".json") for item in models if item.name.endswith(".json")))


@cache
def load(name: str) -> Profile:
    """The profile of that name. ValueError when there is none."""
    if name not in names():
        raise ValueError(f"no printer profile {name!r}; there are: {', '.join(names())}")
    text = (resources.files("printer") / "models" / f"{name}.json").read_text(encoding="utf-8")
    return Profile(name=name, **json.loads(text))


@cache
def code_page_number(profile: Profile) -> int:
    """The n of ESC t for the profile's code page, from python-escpos's database.

    Its data file is read directly: importing `escpos.capabilities` would configure logging and leave a
    folder behind. ValueError when the printer does not have the page.
    """
    database = json.loads((resources.files("escpos") / "capabilities.json").read_text(encoding="utf-8"))
    pages = database["profiles"][profile.capabilities]["codePages"]
    for number, page in pages.items():
        if page == profile.code_page:
            return int(number)
    raise ValueError(f"{profile.capabilities} has no code page {profile.code_page}")
