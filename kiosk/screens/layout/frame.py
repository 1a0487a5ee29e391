"""What every frame tells: who serves, where in the journey the citizen is, who they are taken for."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.catalog.model import Identification, Operator
from kiosk.issuing.masks import short_name
from kiosk.screens.scene import Scene
from kiosk.widgets.block import Block, Column, Row
from kiosk.widgets.emblem import Emblem
from kiosk.widgets.icon import Icon
from kiosk.widgets.tokens import Theme
from kiosk.widgets.words import Words, plain


@dataclass(frozen=True)
class JourneyStep:
    """Where the citizen is: `done` of `total`, and the same in words ("Step 1 of 4: card")."""

    done: int
    total: int
    words: str


@dataclass(frozen=True)
class Identity:
    """What the strip says: an icon and a marked-up sentence. A claim never looks like a proof."""

    icon: str
    words: str
    personal: bool = True


def identity_of(scene: Scene) -> Identity | None:
    """Who the citizen is taken for at this moment, and on what ground; None when there is nothing to say."""
    session, text = scene.state.session, scene.text
    if session is None or session.service is None:
        return None
    if session.service.anonymous:
        return Identity("detective-fill", text("[b]Anonymous[/b] request: we do not ask who you are"), personal=False)
    if session.holder is None:
        return None
    name = plain(short_name(session.holder.name))
    if session.holder.proven:
        return Identity("shield-check-fill", text("[b]{name}[/b] · identity proven: card and PIN", name=name))
    match session.service.identification:
        case Identification.CARD_PIN:
            return Identity("identification-card-fill", text("Card of [b]{name}[/b] · PIN not checked yet", name=name))
        case Identification.CARD:
            return Identity("identification-card-fill", text("Card of [b]{name}[/b]", name=name))
        case Identification.CLAIMED:
            return Identity("user", text("[b]{name}[/b] · typed here, not checked", name=name))
        case Identification.NONE:
            return None


def crest_mark(theme: Theme, operator: Operator) -> Block:
    """The operator's emblem, or a sign in its place."""
    side = 88 if theme.spread else 64
    if operator.crest is None:
        return Icon(theme, "bank", side, theme.palette.on_header)
    return Emblem(theme, operator.crest, theme.icon_px(side))


def operator_mark(theme: Theme, operator: Operator, *, short: bool = False) -> Row:
    """Crest and name of who serves, on the header's ground; `short`: only the line that tells them from others."""
    colour = theme.palette.on_header
    lines = [] if short else [Words(theme, operator.name_line1, "small", colour=colour, role="")]
    name = Column([*lines, Words(theme, operator.name_line2, "lead", bold=True, colour=colour, role="")])
    name.role, name.name, name.control_id = "text", f"{operator.name_line1} {operator.name_line2}", "operator"
    return Row([crest_mark(theme, operator), name], shares=[0, 1], gap=theme.space(32))
