"""Once a day, when nobody is there, the programs begin anew: what weeks of use leave behind in memory goes."""

from __future__ import annotations

from dataclasses import replace

from kiosk.journey.effects import Effect, Restart
from kiosk.journey.session import Next
from kiosk.journey.state import Attract, Starting, State

# Nobody has touched anything for so long.
QUIET_S = 600
# A kiosk that was started this evening need not begin anew tonight; one whose clock is wrong, or where somebody always
# stood at that hour, does after a day and a half, whatever the hour.
LEAST_UP_S = 12 * 3600
LONGEST_UP_S = 36 * 3600
WINDOW_MIN = 120
DAY_MIN = 24 * 60


def after(state: State, effects: tuple[Effect, ...]) -> Next:
    """What a second adds: the wish to begin anew, once, if now is the time."""
    if effects or not due(state):
        return state, effects
    # The programs end within moments; should they not, it is not asked again every second.
    return replace(state, started_s=state.now_s), (Restart(),)


def due(state: State) -> bool:
    if not state.restart or state.session is not None or not isinstance(state.stage, Attract | Starting):
        return False
    up_s = state.now_s - state.started_s
    if state.now_s - max(state.touched_s, state.started_s) < QUIET_S or up_s < LEAST_UP_S:
        return False
    return up_s >= LONGEST_UP_S or _at_that_hour(state)


def _at_that_hour(state: State) -> bool:
    """Within two hours after it, by the operator's wall clock where that can be trusted."""
    local = state.devices.local
    if local is None:
        return False
    hour, minute = state.restart.split(":")
    return (local.hour * 60 + local.minute - int(hour) * 60 - int(minute)) % DAY_MIN < WINDOW_MIN
