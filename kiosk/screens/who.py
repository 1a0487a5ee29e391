"""Whose paper it is, once the request is registered."""

from __future__ import annotations

from kiosk.issuing.masks import short_name
from kiosk.screens.layout.frame import Identity
from kiosk.screens.scene import Scene
from kiosk.widgets.words import plain


def after_commit(scene: Scene) -> Identity | None:
    """For the strip. The card has been given back, so nothing is said of proof any more."""
    session, text = scene.state.session, scene.text
    if session is None or session.service is None:
        return None
    if session.service.anonymous:
        return Identity("detective-fill", text("[b]Anonymous[/b] request: no name on the paper"))
    if session.holder is None:
        return None
    name = plain(short_name(session.holder.name))
    match session.service.kind:
        case "guide":
            whose = text("Payment slip of [b]{name}[/b]", name=name)
        case "document":
            whose = text("Document of [b]{name}[/b]", name=name)
        case _:
            whose = text("Request of [b]{name}[/b]", name=name)
    if session.read_a_card:
        taken = text("card already taken")
        whose = f"{whose} · {taken}"
    return Identity("receipt-fill", whose)
