"""The settings: changed at any moment, before a session too, and gone with the session they were made for."""

from __future__ import annotations

from dataclasses import replace

from kiosk.journey.session import Next, stay
from kiosk.journey.settings import Settings
from kiosk.journey.state import AccessSheet, Failure, IdleWarning, Starting, State


def access_toggled(state: State) -> Next:
    """An idle warning is answered before anything else is opened."""
    if isinstance(state.stage, Starting | Failure) or isinstance(state.overlay, IdleWarning):
        return stay(state)
    return stay(replace(state, overlay=None if isinstance(state.overlay, AccessSheet) else AccessSheet()))


def adjusted(state: State, settings: Settings) -> Next:
    if isinstance(state.stage, Starting | Failure):
        return stay(state)
    return stay(replace(state, settings=settings))
