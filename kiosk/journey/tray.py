"""The paper outlet: nobody leaves a paper there unasked, and nobody finds another's there unwarned."""

from __future__ import annotations

from dataclasses import replace

from kiosk.journey.session import Next, go, stay
from kiosk.journey.state import ClearTray, Done, Services, State


def cleared(state: State) -> Next:
    """Who comes next has laid aside what was there, or found nothing."""
    if state.session is None or not isinstance(state.stage, ClearTray):
        return stay(state)
    return go(replace(state, paper_left=False), Services())


def changed(state: State, *, empty: bool) -> Next:
    """The sensor at the outlet. Paper that comes out lies there until it is taken: only `empty` after it says so."""
    before = state.devices.tray_empty
    state = replace(state, devices=replace(state.devices, tray_empty=empty))
    if not empty:
        return stay(state)
    if isinstance(state.stage, ClearTray):
        return cleared(state)
    if isinstance(state.stage, Done) and before is False:
        return go(state, replace(state.stage, taken=True))
    return stay(replace(state, paper_left=False))
