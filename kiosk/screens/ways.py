"""The ways from the services to the search, to the whole list and to a request that was made before."""

from __future__ import annotations

from dataclasses import replace

from kiosk.journey.events import CategoryChosen, SearchAsked, TrackAsked
from kiosk.journey.state import ALL
from kiosk.screens.scene import Scene
from kiosk.widgets import button as looks
from kiosk.widgets.block import Block, Row
from kiosk.widgets.button import Pressable
from kiosk.widgets.buttons import topic_button
from kiosk.widgets.icon import Icon
from kiosk.widgets.words import Words

SEARCH_HEIGHT, SEARCH_RADIUS = 116, 58


def search(scene: Scene, *, short: bool = False, example: bool = True) -> Block:
    """What looks like a field and leads to the search; `short`: a button like others."""
    theme, text = scene.theme, scene.text
    label = text("Search")
    if short:
        return topic_button(
            theme, label, lambda: scene.send(SearchAsked()), icon="magnifying-glass", control_id="search",
        )
    look = replace(looks.target(theme), radius=SEARCH_RADIUS)
    words = text("Search, for example: taxes") if example else label
    hint = Words(theme, words, "body", colour=theme.palette.ink2, role="")
    content = Row([Icon(theme, "magnifying-glass", 60), hint], shares=[0, 1], gap=theme.pad(24))
    return Pressable(
        theme, look, content, control_id="search", name=words, act=lambda: scene.send(SearchAsked()),
        height=SEARCH_HEIGHT, pad=(36, 8),
    )


def tracking(scene: Scene, *, short: bool = False) -> Block:
    """For who has asked before and holds a code."""
    theme, text = scene.theme, scene.text
    if short:
        return topic_button(theme, text("Code"), lambda: scene.send(TrackAsked()), icon="ticket", control_id="track")
    brand = theme.palette.brand
    look = replace(looks.secondary(theme), fill=theme.palette.tint)
    label = text("Have a code? Follow it here")
    words = Words(theme, label, "body", bold=True, colour=brand, role="")
    parts = [Icon(theme, "ticket", 60), words, Icon(theme, "arrow-right", 56)]
    content = Row(parts, shares=[0, 1, 0], gap=theme.pad(24))
    return Pressable(
        theme, look, content, control_id="track", name=label, act=lambda: scene.send(TrackAsked()),
        height=SEARCH_HEIGHT, pad=(28, 8),
    )


def whole_list(scene: Scene) -> Block:
    return topic_button(
        scene.theme, scene.text("All, from A to Z"), lambda: scene.send(CategoryChosen(ALL)),
        icon="list-magnifying-glass", control_id=f"category:{ALL}",
    )
