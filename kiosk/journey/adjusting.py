"""The settings: changed at any moment, before a session too, and gone with the session they were made for."""

from __future__ import annotations

from dataclasses import replace

from kiosk.journey import waiting
from kiosk.journey.session import Next, stay, with_session
from kiosk.journey.settings import Settings
from kiosk.journey.state import AccessSheet, Failure, IdleWarning, Starting, State


def access_toggled(state: State) -> Next:
    """An idle warning is answered before anything else is opened."""
    if isinstance(state.stage, Starting | Failure) or isinstance(state.overlay, IdleWarning):
        return stay(state)
    overlay = None if isinstance(state.overlay, AccessSheet) else AccessSheet()
    return stay(replace(state, overlay=overlay, touched_s=state.now_s))


def adjusted(state: State, settings: Settings) -> Next:
    """Whoever gives time back is not surprised by an end without a warning."""
    if isinstance(state.stage, Starting | Failure):
        return stay(state)
    state = replace(state, settings=settings, touched_s=state.now_s)
    session, catalogue = state.session, state.catalogue
    if session is None or catalogue is None:
        return stay(state)
    left_s = waiting.until_s(session, catalogue.limits, settings) - state.now_s
    short_s = max(0.0, waiting.warning_s(catalogue.limits, settings) - left_s)
    return stay(with_session(state, replace(session, started_s=session.started_s + short_s)))
