"""What time does to a session: the idle warning, the absolute limit, the rest before the next citizen.

Every limit is multiplied by the citizen's setting. WCAG 2.1, 2.2.1: a limit is told at least 20 s before, one touch
puts it off, at least ten times.
"""

from __future__ import annotations

from dataclasses import replace

from kiosk.catalog.model import Catalogue, SessionLimits
from kiosk.journey import paper
from kiosk.journey.session import Next, end, stay, with_session
from kiosk.journey.settings import EXTENSIONS, Settings
from kiosk.journey.state import (
    BEFORE_COMMIT,
    Committing,
    Failure,
    IdleWarning,
    Printing,
    Session,
    State,
    TakeCard,
)

LEAST_WARNING_S = 20


def idle_s(limits: SessionLimits, settings: Settings) -> int:
    """How long nobody may touch anything before the warning."""
    return limits.idle_s * settings.time


def warning_s(limits: SessionLimits, settings: Settings) -> int:
    """How long the warning stands before the session ends."""
    return max(LEAST_WARNING_S, limits.warning_s) * settings.time


def until_s(session: Session, limits: SessionLimits, settings: Settings) -> float:
    """When the session ends whatever is touched, on the scale of `State.now_s`."""
    whole_s = limits.absolute_s * settings.time
    return session.started_s + whole_s + session.extensions * extension_s(limits, settings)


def extension_s(limits: SessionLimits, settings: Settings) -> int:
    """What one touch on the warning of the absolute limit adds."""
    return idle_s(limits, settings) + warning_s(limits, settings)


def tick(state: State, now_s: float) -> Next:
    """A second has passed. What waits for paper ends with its deadline, and what is being written with its end."""
    state = replace(state, now_s=now_s)
    session, catalogue = state.session, state.catalogue
    if catalogue is None or isinstance(state.stage, Committing | Failure):
        return stay(without_warning(state))
    if session is None:
        return _at_rest(state, catalogue)
    if isinstance(state.stage, Printing | TakeCard):
        return paper.waited(without_warning(state), session)
    left_s, last = _left(state, session, catalogue.limits)
    if left_s <= 0:
        return end(state)
    if left_s > warning_s(catalogue.limits, state.settings) or (last and session.last_told):
        return stay(without_warning(state))
    return stay(replace(state, overlay=IdleWarning(seconds_left=max(1, round(left_s)), last=last)))


def _left(state: State, session: Session, limits: SessionLimits) -> tuple[float, bool]:
    """Seconds until the session ends, and whether no touch will put that off."""
    idle_left_s = state.touched_s + extension_s(limits, state.settings) - state.now_s
    if not isinstance(state.stage, BEFORE_COMMIT):
        return idle_left_s, False
    whole_left_s = until_s(session, limits, state.settings) - state.now_s
    if idle_left_s <= whole_left_s:
        return idle_left_s, False
    return whole_left_s, session.extensions >= EXTENSIONS


def still_here(state: State) -> Next:
    """The one touch on the warning: idle time begins anew, and the absolute limit is put off where it was near."""
    session, catalogue = state.session, state.catalogue
    warned = state.overlay
    state = replace(state, overlay=None, touched_s=state.now_s)
    if session is None or catalogue is None or not isinstance(warned, IdleWarning):
        return stay(state)
    left_s = until_s(session, catalogue.limits, state.settings) - state.now_s
    if warned.last:
        return stay(with_session(state, replace(session, last_told=True)))
    if left_s <= warning_s(catalogue.limits, state.settings) and session.extensions < EXTENSIONS:
        return stay(with_session(state, replace(session, extensions=session.extensions + 1)))
    return stay(state)


def touched(state: State) -> Next:
    """A touch beside the warning's button does not answer it."""
    if isinstance(state.overlay, IdleWarning):
        return stay(state)
    return stay(replace(state, touched_s=state.now_s))


def acted(state: State) -> State:
    """Something was done that only a person before the kiosk can do: they are still here."""
    if state.session is None:
        return state
    return replace(without_warning(state), touched_s=state.now_s)


def without_warning(state: State) -> State:
    return replace(state, overlay=None) if isinstance(state.overlay, IdleWarning) else state


def _at_rest(state: State, catalogue: Catalogue) -> Next:
    """Who looked at another language or changed a setting, and went, leaves the first screen as it was."""
    if state.now_s - state.touched_s < idle_s(catalogue.limits, state.settings):
        return stay(state)
    return stay(replace(state, overlay=None, language=catalogue.languages[0], settings=Settings()))
