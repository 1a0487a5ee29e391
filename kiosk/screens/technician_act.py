"""One thing that a technician does, what came of it, and what can be done next."""

from __future__ import annotations

from functools import partial

from kiosk.health.findings import What
from kiosk.journey.events import ActAsked
from kiosk.journey.technician_stages import Act, TechnicianAct, allowed
from kiosk.screens.act_words import ACTS, FURTHER
from kiosk.screens.finding_rows import rows
from kiosk.screens.layout.arrange import ArrangedScreen
from kiosk.screens.layout.frame import Identity
from kiosk.screens.layout.holding import Choices, Holding
from kiosk.screens.parts import back
from kiosk.screens.scene import Scene
from kiosk.screens.technician import who_is_here
from kiosk.widgets.block import Block
from kiosk.widgets.buttons import primary_button, secondary_button, topic_button
from kiosk.widgets.words import Words


class TechnicianActScreen(ArrangedScreen):
    def holds(self, scene: Scene) -> Holding:
        theme, text, stage = scene.theme, scene.text, scene.state.stage
        assert isinstance(stage, TechnicianAct)
        called = ACTS[stage.act]
        tells: list[Block] = []
        if stage.findings:
            tells.append(rows(scene, stage.findings))
        if stage.busy:
            tells.append(Words(theme, text("One moment, please."), "lead"))
        elif not stage.findings and called.lead:
            tells.append(Words(theme, text(called.lead), "lead"))
        told = bool(called.lead and (stage.findings or stage.busy)) and not self.shape.short_of_room
        return Holding(
            title=text(called.title),
            subtitle=text(called.lead) if told else "",
            identity=Identity("wrench", who_is_here(scene, stage.who)),
            tells=tells,
            # On a low panel there is room for the findings, or for who is here and the bar.
            strip=not self.shape.short_of_room,
            bar=not self.shape.short_of_room,
            choices=self._choices(scene, stage),
            actions=[back(scene), *self._further(scene, stage)],
            end=False,
        )

    @staticmethod
    def _choices(scene: Scene, stage: TechnicianAct) -> list[Choices]:
        """What to restart is chosen, not confirmed."""
        if stage.act is not Act.RESTART:
            return []
        blocks = [
            topic_button(
                scene.theme, scene.text(ACTS[act].label), partial(scene.send, ActAsked(act)), icon=ACTS[act].icon,
                control_id=f"act:{act}", height=152, step="lead",
            )
            for act in FURTHER[Act.RESTART]
        ]
        return [Choices(blocks)]

    def _further(self, scene: Scene, stage: TechnicianAct) -> list[Block]:
        """Nothing while something is under way."""
        if stage.busy or stage.act is Act.RESTART:
            return []
        offered = [act for act in FURTHER.get(stage.act, ()) if allowed(stage.who, act) and _makes_sense(stage, act)]
        made: list[Block] = []
        for at, act in enumerate(reversed(offered)):
            made.append(self._button(scene, stage, act, primary=at == len(offered) - 1))
        return made

    @staticmethod
    def _button(scene: Scene, stage: TechnicianAct, act: Act, *, primary: bool) -> Block:
        text, called = scene.text, ACTS[act]
        label = text("Again") if act is stage.act else text(called.label)

        def ask() -> None:
            scene.send(ActAsked(act))

        if primary:
            return primary_button(scene.theme, label, ask, icon=called.icon, control_id=f"act:{act}")
        return secondary_button(scene.theme, label, ask, icon=called.icon, control_id=f"act:{act}")


def _makes_sense(stage: TechnicianAct, act: Act) -> bool:
    """Nothing is sent where nothing waits, and no catalogue taken back where none is kept beside it."""
    found = {finding.what for finding in stage.findings}
    if act is Act.SEND_NOW:
        return What.QUEUE_EMPTY not in found
    return act is not Act.ROLL_BACK or What.CATALOGUE_BEFORE in found
