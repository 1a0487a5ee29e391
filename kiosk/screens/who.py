"""Whose paper it is, once the request is registered."""

from __future__ import annotations

from kiosk.issuing.masks import short_name
from kiosk.screens.frame import Identity
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
    if session.read_a_card:
        return Identity("receipt-fill", text("Paper of [b]{name}[/b] · card already taken", name=name))
    return Identity("receipt-fill", text("Paper of [b]{name}[/b]", name=name))
