"""Before there is a verified catalogue: nothing to serve yet, said in four languages, as far as the panel is high."""

from __future__ import annotations

from kiosk.catalog.model import Language
from kiosk.journey.events import MaintenanceAsked
from kiosk.screens.scene import Scene, Screen
from kiosk.widgets.block import Block, Column
from kiosk.widgets.buttons import secondary_button
from kiosk.widgets.icon import Icon
from kiosk.widgets.words import Words


class StartingScreen(Screen):
    def build(self, scene: Scene) -> None:
        theme, colours = scene.theme, scene.theme.palette
        self.ground(colours.header)
        width = self.width - 2 * theme.margin
        gap = theme.space(28)
        # Without a catalogue the network may be the fault: a code of the centre lets a technician in.
        technician = secondary_button(
            theme, scene.text("For technicians"), lambda: scene.send(MaintenanceAsked()), icon="wrench",
            control_id="maintenance",
        )
        foot = theme.margin + technician.height_for(width) + gap
        self.put(technician, theme.margin, foot - gap, width)
        room = self.height - theme.margin - foot
        blocks: list[Block] = []
        for language in Language:
            first = language is Language.PT_BR
            text = scene.translator(language)
            words = Words(
                theme, text("This kiosk is getting ready"), "title" if first else "lead",
                bold=first, colour=colours.on_header, align="center", role="heading" if first else "text",
            )
            room -= words.height_for(width) + gap
            if room >= 0 or first:
                blocks.append(words)
        hourglass = Icon(theme, "hourglass", 144, colours.on_header)
        if hourglass.height_for(width) + gap <= room:
            blocks.insert(0, hourglass)
        column = Column(blocks, gap=gap, align="center")
        self.put(column, theme.margin, (self.height + foot - theme.margin + column.height_for(width)) / 2, width)
