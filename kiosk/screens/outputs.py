"""The ways to have a document: on which paper, or on the phone. What is not possible now says why."""

from __future__ import annotations

from typing import assert_never

from kiosk.catalog.model import Output, Service
from kiosk.journey import availability
from kiosk.journey.events import OutputChosen
from kiosk.journey.state import Session
from kiosk.screens.layout.holding import Choices
from kiosk.screens.scene import Scene
from kiosk.screens.trouble_words import of_printer
from kiosk.widgets.block import Block
from kiosk.widgets.choosers import option_button


def outputs(scene: Scene, session: Session) -> Choices:
    """The open ways, the chosen one marked."""
    theme, text = scene.theme, scene.text

    def option(output: Output) -> Block:
        return option_button(
            theme, _name(scene, output), lambda: scene.send(OutputChosen(output)), chosen=session.output is output,
            control_id=f"output:{output}",
        )

    ways = availability.ways(session, scene.state.devices)
    return Choices([option(output) for output in ways], heading=text("How do you want the document?"))


def not_now(scene: Scene, session: Session, service: Service) -> list[str]:
    """One line for each way that is closed, with its reason; marked up."""
    text, devices = scene.text, scene.state.devices
    closed = [output for output in service.outputs if output not in availability.ways(session, devices)]
    lines = []
    for output in closed:
        why = of_printer(availability.printer_of(output, devices)).title
        reason = text("No internet now") if output is Output.PHONE else text(why)
        lines.append(f"[b]{_name(scene, output)}:[/b] {reason}.")
    return lines


def _name(scene: Scene, output: Output) -> str:
    text = scene.text
    match output:
        case Output.THERMAL:
            return text("On receipt paper")
        case Output.A4:
            return text("On A4 paper")
        case Output.PHONE:
            return text("On my phone")
        case _ as never:
            assert_never(never)
