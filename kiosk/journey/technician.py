"""A technician's visit: seen by the card, proven by its PIN, over when the card comes out. Never inside a session.

Wrong PINs lock the kiosk for technicians, longer each time, whichever card they were tried with and however often the
kiosk was started anew. Citizens are not kept waiting by that.
"""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from kiosk.journey import events as ev
from kiosk.journey.effects import Effect, KeepLockout, NoteTechnician, ProveTechnician, Wipe
from kiosk.journey.session import Next, go, stay
from kiosk.journey.state import Attract, ReaderCondition, Starting, State
from kiosk.journey.technician_stages import (
    TECHNICIAN_STAGES,
    TechnicianChecking,
    TechnicianFailed,
    TechnicianMode,
    TechnicianPin,
)
from offline_cache.contract.staff import Technician, TechnicianTrouble

PIN_DIGITS = range(6, 9)  # SP 800-73-4 part 2, 3.2.1
LOCKS_FROM, FIRST_LOCK_S, LONGEST_LOCK_S = 2, 60, 3600
IDLE_S = 300


def lock_s(failures: int) -> int:
    """How long nobody gets in after so many wrong PINs in a row: from the second one a minute, then twice as long."""
    if failures < LOCKS_FROM:
        return 0
    return min(LONGEST_LOCK_S, FIRST_LOCK_S << min(failures - LOCKS_FROM, 10))


OfTechnicians = (
    ev.TechnicianSeen
    | ev.TechnicianRefused
    | ev.NoTechnician
    | ev.TechnicianProved
    | ev.TechnicianPinRefused
    | ev.LockoutKnown
)


def outside(state: State, event: OfTechnicians) -> Next:
    """While no technician is there; an answer that comes too late changes nothing."""
    match event:
        case ev.TechnicianSeen():
            return seen(state, event)
        case ev.TechnicianRefused(trouble=trouble):
            return refused(state, trouble)
        case ev.LockoutKnown(failures=failures):
            return lockout_known(state, failures)
        case ev.NoTechnician() | ev.TechnicianProved() | ev.TechnicianPinRefused():
            return stay(state)
        case _:
            assert_never(event)


def lockout_known(state: State, failures: int) -> Next:
    """What was kept over a restart: the whole of the last lock begins anew, for nobody knows how long it was off."""
    return stay(replace(state, wrong_pins=failures, locked_until_s=state.now_s + lock_s(failures)))


def seen(state: State, event: ev.TechnicianSeen) -> Next:
    """A card of the operator came into the reader of a kiosk at rest."""
    if not _at_rest(state):
        return stay(state)
    state = replace(state, touched_s=state.now_s)
    if state.now_s < state.locked_until_s:
        return go(state, TechnicianFailed(None, state.locked_until_s), _note("locked", event.who))
    return go(state, TechnicianPin(event.who, event.tries_left), _note("seen", event.who))


def refused(state: State, trouble: TechnicianTrouble) -> Next:
    if not _at_rest(state):
        return stay(state)
    return go(replace(state, touched_s=state.now_s), TechnicianFailed(trouble), NoteTechnician(f"refused-{trouble}"))


def during(state: State, event: ev.Event) -> Next | None:
    """What happens while a technician is there; None for what happens as it would to an empty kiosk."""
    match state.stage, event:
        case _, ev.CardRemoved():
            return _leave(replace(state, devices=replace(state.devices, card_present=False)))
        case _, ev.ReaderChanged(condition=condition) if condition is not ReaderCondition.READY:
            return _leave(replace(state, devices=replace(state.devices, reader=condition, card_present=None)))
        case _, ev.WentBack() | ev.Ended() | ev.NoTechnician():
            return _leave(state)
        case _, ev.Tick(now_s=now_s):
            state = replace(state, now_s=now_s)
            return _leave(state) if now_s - state.touched_s > IDLE_S else stay(state)
        case TechnicianPin() as stage, ev.PinTyped(count=count):
            return go(replace(state, touched_s=state.now_s), replace(stage, typed=count))
        case TechnicianPin(who=who, tries_left=left, typed=typed), ev.Continued() if typed in PIN_DIGITS:
            return go(state, TechnicianChecking(who, left), ProveTechnician())
        case TechnicianChecking(who=who), ev.TechnicianProved():
            state = replace(state, wrong_pins=0, locked_until_s=0.0)
            return go(state, TechnicianMode(who), KeepLockout(0), _note("in", who))
        case TechnicianChecking(who=who, tries_left=before), ev.TechnicianPinRefused(tries_left=left):
            return _wrong(state, who, left, counted=left is None or left != before)
        case TechnicianChecking(who=who), ev.TechnicianRefused(trouble=trouble):
            return _failed(state, who, trouble)
        case TechnicianChecking(who=who), ev.CardRefused():
            return _failed(state, who, TechnicianTrouble.UNREADABLE)
        case _, ev.Started() | ev.Continued() | ev.PinTyped() | ev.CardInserted():
            return stay(state)
        case _:
            return None


def _wrong(state: State, who: Technician, left: int | None, *, counted: bool) -> Next:
    if not counted:  # not what a PIN looks like: the card never saw it
        return go(state, TechnicianPin(who, left, wrong=True))
    return _counted(state, who, TechnicianPin(who, left, wrong=True))


def _failed(state: State, who: Technician, trouble: TechnicianTrouble) -> Next:
    stage = TechnicianFailed(trouble)
    if trouble in {TechnicianTrouble.LAST_TRY, TechnicianTrouble.BLOCKED}:
        return _counted(state, who, stage)
    return go(state, stage, _note(f"refused-{trouble}", who))


def _counted(state: State, who: Technician, stage: TechnicianPin | TechnicianFailed) -> Next:
    """One wrong PIN more, kept before anything else can be tried."""
    failures = state.wrong_pins + 1
    until_s = state.now_s + lock_s(failures)
    state = replace(state, wrong_pins=failures, locked_until_s=until_s)
    effects: tuple[Effect, ...] = (KeepLockout(failures), _note("wrong-pin", who))
    if lock_s(failures) and isinstance(stage, TechnicianPin):
        return go(state, TechnicianFailed(None, until_s), *effects)
    return go(state, stage, *effects)


def _leave(state: State) -> Next:
    """The card's going logs out; one that still lies there is nobody's for who comes next."""
    stage = state.stage
    assert isinstance(stage, TECHNICIAN_STAGES)
    out = (_note("out", stage.who),) if isinstance(stage, TechnicianMode) else ()
    left = replace(state, card_left=state.devices.card_present is True, overlay=None)
    return go(left, Attract() if state.catalogue is not None else Starting(), *out, Wipe())


def _at_rest(state: State) -> bool:
    return state.session is None and isinstance(state.stage, Attract | Starting)


def _note(act: str, who: Technician) -> NoteTechnician:
    return NoteTechnician(act, who.certificate, who.role.value)
