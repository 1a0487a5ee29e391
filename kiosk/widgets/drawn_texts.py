"""Texts drawn once: the same picture serves both palettes and every rebuild of a screen, since it is white and tinted.

What names or concerns a citizen never comes in here: it is drawn for its own control and goes with it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any

MOST_BYTES = 48 * 1024 * 1024
BYTES_A_PIXEL = 4


@dataclass(frozen=True)
class Drawn:
    """A text as a picture, and the width of its longest line in pixels."""

    texture: Any
    widest_px: float

    @property
    def size_bytes(self) -> int:
        if self.texture is None:
            return 0
        wide, tall = self.texture.size
        return int(wide * tall * BYTES_A_PIXEL)


class DrawnTexts:
    """The texts used last, in no more than so many bytes."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._kept: OrderedDict[Hashable, Drawn] = OrderedDict()
        self.size_bytes = 0

    def get(self, key: Hashable, draw: Callable[[], Drawn]) -> Drawn:
        """The text of that key, drawn if it is not there; the one used longest ago makes room."""
        drawn = self._kept.get(key)
        if drawn is not None:
            self._kept.move_to_end(key)
            return drawn
        drawn = draw()
        self._kept[key] = drawn
        self.size_bytes += drawn.size_bytes
        while self.size_bytes > self._most_bytes and len(self._kept) > 1:
            _, oldest = self._kept.popitem(last=False)
            self.size_bytes -= oldest.size_bytes
        return drawn

    def keys(self) -> list[Hashable]:
        """What is kept, the one used longest ago first."""
        return list(self._kept)

    def forget(self) -> None:
        self._kept.clear()
        self.size_bytes = 0


TEXTS = DrawnTexts()
