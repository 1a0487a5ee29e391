"""Before there is a verified catalogue: nothing to serve yet, said in four languages."""

from __future__ import annotations

from kiosk.catalog.model import Language
from kiosk.screens.scene import Scene, Screen
from kiosk.widgets.block import Block, Column, Space
from kiosk.widgets.icon import Icon
from kiosk.widgets.words import Words


class StartingScreen(Screen):
    def build(self, scene: Scene) -> None:
        theme, white = scene.theme, scene.theme.palette.on_brand
        self.ground(theme.palette.brand)
        blocks: list[Block] = [Icon(theme, "hourglass", 144, white), Space(theme.px(48))]
        for language in Language:
            first = language is Language.PT_BR
            text = scene.translator(language)
            blocks.append(Words(
                theme, text("This kiosk is getting ready"), "title" if first else "lead", bold=first, colour=white,
                align="center", role="heading" if first else "text",
            ))
            blocks.append(Space(theme.px(28)))
        column = Column(blocks, align="center")
        width = self.width - 2 * theme.margin
        self.put(column, theme.margin, (self.height + column.height_for(width)) / 2, width)
