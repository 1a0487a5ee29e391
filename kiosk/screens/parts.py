"""What several of the journey's screens put together alike."""

from __future__ import annotations

from kiosk.catalog.guide_kinds import GuideKind
from kiosk.issuing.money import amount
from kiosk.journey.events import WentBack
from kiosk.journey.state import Session
from kiosk.screens.layout.shape import Shape, shape_of
from kiosk.screens.scene import Scene
from kiosk.widgets.block import Block, Column, Row
from kiosk.widgets.buttons import secondary_button
from kiosk.widgets.card import Card
from kiosk.widgets.icon import Icon
from kiosk.widgets.machine import Device, KioskPicture
from kiosk.widgets.tokens import Theme
from kiosk.widgets.words import Words


def price(session: Session | None, amount_cents: int) -> str:
    """An amount in the currency of the service's guide."""
    guide = session.service.guide if session and session.service else None
    return amount(amount_cents, guide.kind if guide else GuideKind.ARRECADACAO)


def back(scene: Scene) -> Block:
    """`Voltar`, at the left of the action row."""
    return secondary_button(
        scene.theme, scene.text("Back"), lambda: scene.send(WentBack()), icon="arrow-left", control_id="back"
    )


def without_card(scene: Scene, label: str, short: str = "") -> Block:
    """The way out for who has no card that works: to the list, which says what needs none; `short` where a long label
    would take three lines.
    """
    if short and shape_of(scene.theme) in {Shape.FLAT, Shape.TINY}:
        label = short

    def leave() -> None:
        # To the details of this service, then to all services.
        scene.send(WentBack())
        scene.send(WentBack())

    return secondary_button(scene.theme, label, leave, control_id="without-card")


def where_it_is(theme: Theme, device: Device, words: str) -> Row:
    """The kiosk with the device lit, beside a marked-up sentence about it."""
    said = Words(theme, words, "body", markup=True)
    if shape_of(theme) is not Shape.UPRIGHT:  # no room for a picture of the machine beside its words
        return Row([said], shares=[1])
    return Row([KioskPicture(theme, device, width=120), said], shares=[0, 1], gap=theme.space(64))


def said(theme: Theme, tone: str, icon: str, title: str, remedy: str) -> Card:
    """What is, large, and what to do, on the tone's tint: `ok` or `warn`."""
    colours = theme.palette
    ink, ground = (colours.ok, colours.ok_tint) if tone == "ok" else (colours.warn, colours.warn_tint)
    words = Column(
        [
            Words(theme, title, "title", bold=True, role="heading"),
            Words(theme, remedy, "lead", markup=True),
        ],
        gap=theme.space(8),
    )
    content = Row([Icon(theme, icon, 128 if theme.spread else 72, ink), words], shares=[0, 1], gap=theme.space(44))
    return Card(theme, content, fill=ground, pad=(44, 40))
