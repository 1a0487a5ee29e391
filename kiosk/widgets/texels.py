"""Textures drawn pixel for pixel: by the nearest filter they look the same, and software GL needs half the time.

Whatever is drawn smaller or larger than it is (icons, crests, the receipt) keeps the smooth filter.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from kivy.graphics import Rectangle


def sharp(texture: Any) -> Any:
    """The texture, from now on drawn pixel for pixel."""
    if texture is not None:
        texture.mag_filter = texture.min_filter = "nearest"
    return texture


@cache
def sharpen_flat_shapes() -> None:
    """Flat shapes share one white pixel, which Kivy would filter too. Needs a window."""
    sharp(Rectangle().texture)
