"""Pictures: tinted icons, and drawings in their own colours."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from kivy.core.image import Image as CoreImage
from kivy.graphics import Color, Rectangle

from kiosk.widgets.block import Block
from kiosk.widgets.surface import Rounded
from kiosk.widgets.tokens import Theme, rgba

ASSETS = Path(__file__).parent / "assets"
FALLBACK = "file-text"


@cache
def has_icon(name: str) -> bool:
    """Whether an icon of that name is on board; a catalogue may name one that is not."""
    return (ASSETS / "icons" / f"{name}.png").is_file()


@cache
def _texture(path: Path) -> Any:
    """Files are at most about twice as large as they are drawn: mipmaps would cost software GL 7 ms for an icon."""
    return CoreImage(str(path)).texture


class Icon(Block):
    """A tinted icon, square, `side` design pixels. Names are Phosphor's; `-fill` for on, done and wrong."""

    ornament = True

    def __init__(self, theme: Theme, icon: str, side: float = 56, colour: str | None = None) -> None:
        super().__init__()
        self._own = colour or theme.palette.brand
        self._side = theme.icon_px(side)
        with self.canvas:
            self._ink = Color(rgba=rgba(self._own))
            self._picture = Rectangle(size=(0, 0))
        self.become(icon)

    def become(self, icon: str) -> None:
        """Show another icon; an unknown name shows a sheet of paper."""
        chosen = icon if has_icon(icon) else FALLBACK
        self._picture.texture = _texture(ASSETS / "icons" / f"{chosen}.png")

    def width_for(self, available: float) -> float:
        return min(available, self._side)

    def height_for(self, width: float) -> float:
        del width
        return self._side

    def arrange(self) -> None:
        side = min(self._side, self.width, self.height)
        self._picture.size = (side, side)
        self._picture.pos = (round(self.center_x - side / 2), round(self.center_y - side / 2))

    def paint(self, colour: str | None) -> None:
        self._ink.rgba = rgba(colour or self._own)


class Badge(Block):
    """An icon in white on a rounded square (or disc) of the brand's colour."""

    ornament = True

    def __init__(
        self, theme: Theme, icon: str, side: float = 96, *, disc: bool = False, fill: str | None = None,
        colour: str | None = None,
    ) -> None:
        super().__init__()
        self._side = theme.icon_px(side)
        radius = self._side // 2 if disc else theme.px(24 if side < 120 else 28)
        self._ground = Rounded(self.canvas, fill or theme.palette.brand, radius)
        self.icon = Icon(theme, icon, side * (0.6 if disc else 0.66), colour or theme.palette.on_brand)
        self.add_widget(self.icon)

    def width_for(self, available: float) -> float:
        return min(available, self._side)

    def height_for(self, width: float) -> float:
        del width
        return self._side

    def arrange(self) -> None:
        side = min(self._side, self.width, self.height)
        x, y = self.center_x - side / 2, self.center_y - side / 2
        self._ground.put(x, y, side, side)
        self.icon.place(x, y + side, side, side)

    def paint(self, colour: str | None) -> None:
        """A badge keeps its colours when its control is pressed."""


class Picture(Block):
    """A drawing in its own colours, as wide as its place, or `width` design pixels. `name` says what it shows."""

    def __init__(
        self, theme: Theme, file: str, width: float | None = None, name: str = "", control_id: str = "",
    ) -> None:
        super().__init__()
        self.name, self.control_id = name, control_id
        self.role = "image" if name else ""
        self._wide = theme.px(width) if width is not None else None
        with self.canvas:
            Color(1, 1, 1, 1)
            self._picture = Rectangle(texture=_texture(ASSETS / file), size=(0, 0))

    def width_for(self, available: float) -> float:
        return min(available, self._wide if self._wide is not None else available)

    def height_for(self, width: float) -> float:
        wide, tall = self._picture.texture.size
        return round(self.width_for(width) * float(tall / wide))

    def arrange(self) -> None:
        wide = self.width_for(self.width)
        tall = self.height_for(wide)
        self._picture.size = (round(wide), tall)
        self._picture.pos = (round(self.center_x - wide / 2), round(self.top - tall))
