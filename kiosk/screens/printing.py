"""The paper is coming out: registered is certain, printed is not said before the printer has confirmed it."""

from __future__ import annotations

from collections.abc import Hashable

from kiosk.journey.state import JobState, PrinterCondition, Printing
from kiosk.screens.kind_words import PRINTED, REGISTERED, Printed, Registered, kind_of, on_a4
from kiosk.screens.layout.arrange import ArrangedScreen
from kiosk.screens.layout.holding import Holding
from kiosk.screens.layout.shape import Shape
from kiosk.screens.parts import said
from kiosk.screens.scene import Scene
from kiosk.screens.steps import Part, step
from kiosk.screens.trouble_words import of_printer
from kiosk.screens.who import after_commit
from kiosk.widgets.block import Block
from kiosk.widgets.card import Card, Fact, facts
from kiosk.widgets.pictures import PaperPicture
from kiosk.widgets.progress import Progress

TROUBLE_ICONS = {
    PrinterCondition.PAPER_OUT: "receipt-x",
    PrinterCondition.COVER_OPEN: "printer",
    PrinterCondition.JAM: "printer",
    PrinterCondition.CUTTER: "printer",
}


class PrintingScreen(ArrangedScreen):
    """The receipt's picture is uncovered downwards by the printer's own measure; its PIN is masked in the picture."""

    def watches(self, scene: Scene) -> Hashable:
        stage = scene.state.stage
        assert isinstance(stage, Printing)
        return stage.trouble, stage.job is JobState.SENT

    def holds(self, scene: Scene) -> Holding:
        stage, session = scene.state.stage, scene.state.session
        assert isinstance(stage, Printing)
        theme, text = scene.theme, scene.text
        service = session.service if session else None
        kind = kind_of(session)
        printed = PRINTED[kind]
        waiting = stage.trouble is not None
        pinned: list[Block] = []
        if stage.trouble is not None:
            words = of_printer(stage.trouble)
            icon = TROUBLE_ICONS.get(stage.trouble, "warning-fill")
            pinned.append(said(theme, "warn", icon, text(words.title), text(words.remedy)))
        self._progress = Progress(theme, stage.progress, name=text("Printed so far"))
        roomy = self.shape is Shape.UPRIGHT
        tall = 758 if roomy else 430
        # Of a sheet that comes out elsewhere there is no picture.
        name = text("Picture: the paper comes out of the slot below the screen")
        self._paper = None if on_a4(session) else PaperPicture(theme, name, tall=tall)
        return Holding(
            title="" if waiting else text(printed.title),
            subtitle="" if waiting else text("Wait until all of the paper is out. Do not pull."),
            step=step(service, Part.PAPER, text) if service else None,
            end=False,
            identity=after_commit(scene),
            strip=after_commit(scene) is not None,
            pinned=[*pinned, self._progress] if roomy else [self._progress],
            picture=self._paper,
            tells=[*(() if roomy else pinned), self._rows(scene, stage, REGISTERED[kind], printed)],
        )

    @staticmethod
    def _rows(scene: Scene, stage: Printing, registered: Registered, printed: Printed) -> Card:
        theme, text = scene.theme, scene.text
        if stage.trouble is not None:
            state = text("[b]Not yet.[/b] It goes on by itself, or this screen shows your code.")
        elif stage.job is JobState.SENT:
            state = text("[b]Checking.[/b] The printer is about to confirm.")
        else:
            state = text("[b]Checking.[/b] The printer tells us at the end.")
        done = Fact(text(registered.label), text(registered.value), "check-circle-fill", icon_colour=theme.palette.ok)
        return facts(theme, [done, Fact(text(printed.label), state, "circle-dashed")], room=20)

    def refresh(self, scene: Scene) -> None:
        stage = scene.state.stage
        assert isinstance(stage, Printing)
        self._progress.become(stage.progress)
        if self._paper is not None:
            self._paper.show(stage.progress, scene.receipt_picture(), waiting=stage.trouble is not None)
