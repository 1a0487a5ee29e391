"""Printer profiles: what one model of printer can do, as data (`models/*.json`).

A new model is a new file, not new code. Names of code pages and their numbers for ESC t come from python-escpos's
database of printers, under the name given as `capabilities`; a profile may give the number where the database does not
know the model. Commands are bytes in hexadecimal.
"""

from __future__ import annotations

import json
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Hex = Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{2})*$")]
OVERRIDE = "papers are never called printed"
"""What `[printer] unconfirmed` must say, word for word, before a printer that cannot confirm is taken into service."""


class Confirmation(StrEnum):
    """How the printer tells that a paper is out."""

    PROCESS_ID = "process-id"
    """GS ( H function 48: the printer answers with our id once printing is completed."""
    IN_BAND = "in-band"
    """A trailing GS r 1: answered after what was sent before it."""
    PRESENTER = "presenter"
    """The sensor at the outlet: a paper that was not there lies there after the job."""
    COUNTER = "counter"
    """Star's ETB: counted by the printer when everything before it is printed."""
    NONE = "none"
    """It cannot tell: nobody may call its papers printed."""


class Presenter(BaseModel):
    """A mouth that holds the paper for the citizen, and takes it back."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    present: Hex
    retract: Hex


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
    code_page_number: int | None = Field(default=None, ge=0, le=255)
    text: Literal["native", "raster"] = "native"
    raster: Literal["gs-v0", "star"] = "gs-v0"
    page_mode: bool = False
    qr: Literal["native", "raster"]
    itf_wide_dots: int = Field(ge=5, le=6, description="wide element of an ITF whose narrow one is 2 dots")
    begin: Hex = Field(default="1b40", description="what makes it forget whatever it was set to")
    feed_before_cut_dots: int = Field(ge=0, le=255)
    cutter: Literal["full", "partial", "none"]
    cut: Hex = Field(min_length=2, description="parts the paper, or feeds it to the edge where it is torn")
    partial_cut: Hex | None = None
    presenter: Presenter | None = None
    confirmation: Confirmation
    status: Literal["epson", "citizen", "custom", "star", "bematech", "daruma"]
    stop: Hex = Field(default="", description="real-time commands that clear the buffer of a printer that has stopped")
    usb: tuple[str, ...] = Field(default=(), description="vendor:product, in hexadecimal")
    bit_s: int = Field(default=19200, description="the speed of its serial port as delivered")
    source: str = Field(description="where this was read; nothing here was tried on the printer itself")

    @property
    def encoding(self) -> str:
        """The code page's name among Python's codecs."""
        return self.code_page.lower()

    @property
    def confirms(self) -> bool:
        return self.confirmation is not Confirmation.NONE

    def cut_for(self, wish: Literal["full", "partial"]) -> bytes:
        """The cut that was wished, or the one there is."""
        return bytes.fromhex(self.partial_cut if wish == "partial" and self.partial_cut else self.cut)


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


def refusal(profile: Profile, unconfirmed: str) -> str | None:
    """Why this printer may not be taken into service, in one line; None when it may.

    `unconfirmed` is what the technician wrote under that name in [printer].
    """
    if profile.confirms or unconfirmed == OVERRIDE:
        return None
    return (
        f"{profile.title} cannot tell whether a paper came out: use another printer, or write "
        f'unconfirmed = "{OVERRIDE}" under [printer] in totem.toml; citizens are then asked'
    )


@cache
def code_page_number(profile: Profile) -> int:
    """The n of ESC t for the profile's code page: its own, or that of python-escpos's database.

    Its data file is read directly: importing `escpos.capabilities` would configure logging and leave a
    folder behind. ValueError when the printer does not have the page.
    """
    if profile.code_page_number is not None:
        return profile.code_page_number
    database = json.loads((resources.files("escpos") / "capabilities.json").read_text(encoding="utf-8"))
    pages = database["profiles"][profile.capabilities]["codePages"]
    for number, page in pages.items():
        if page == profile.code_page:
            return int(number)
    raise ValueError(f"{profile.capabilities} has no code page {profile.code_page}")
