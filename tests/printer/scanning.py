"""Reading papers as a phone or a till would: two independent decoders, after a light blur."""

from __future__ import annotations

import zxingcpp
from PIL import Image, ImageFilter, ImageOps
from pyzbar import pyzbar


def photographed(image: Image.Image) -> Image.Image:
    """White around the paper and the softness of a print head and a lens."""
    framed = ImageOps.expand(image.convert("L"), border=48, fill=255)
    return framed.filter(ImageFilter.GaussianBlur(0.8))


def read_by_zxing(image: Image.Image) -> set[str]:
    return {found.text for found in zxingcpp.read_barcodes(photographed(image))}


def read_by_zbar(image: Image.Image) -> set[str]:
    return {found.data.decode("utf-8") for found in pyzbar.decode(photographed(image))}
