"""A receipt through the encoder and the virtual printer of its profile: the one paper that comes out."""

from __future__ import annotations

from PIL import Image

from printer import escpos
from printer.profiles import Profile
from printer.receipt import Receipt
from printer.virtual.machine import VirtualPrinter


def printed(receipt: Receipt, profile: Profile) -> Image.Image:
    """The paper, without what a printer without a cutter feeds to the edge."""
    printer = VirtualPrinter.of(profile)
    printer.feed(escpos.encode(receipt, profile, None))
    assert printer.unknown == []
    if profile.cutter == "none":
        printer.tear_off()
    (paper,) = printer.papers
    assert not paper.torn
    if profile.cutter == "none":
        edge = int(profile.cut[-2:], 16)
        assert not paper.dots[-edge:].any()
        return paper.image.crop((0, 0, profile.dots, len(paper.dots) - edge))
    return paper.image
