"""A technician's visit: seen by the card and proven by its PIN, or let in by a code of the centre. Never inside a
session; over when the card comes out.

Wrong PINs lock the kiosk for technicians, longer each time, whichever card they were tried with and however often the
kiosk was started anew. Citizens are not kept waiting by that.
"""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from kiosk.journey import events as ev
from kiosk.journey import technician_acts as acts
from kiosk.journey import technician_challenge as by_code
from kiosk.journey.effects import Effect, Examine, KeepLockout, NoteTechnician, ProveTechnician, Wipe
from kiosk.journey.session import Next, go, stay
from kiosk.journey.state import Attract, ReaderCondition, Starting, State
from kiosk.journey.technician_acts import note
from kiosk.journey.technician_challenge import at_rest, lock_s
from kiosk.journey.technician_events import AtRest
from kiosk.journey.technician_stages import (
    INSIDE,
    Challenge,
    TechnicianChecking,
    TechnicianFailed,
    TechnicianMode,
    TechnicianPin,
)
from offline_cache.contract.staff import Role, Technician, TechnicianTrouble

PIN_DIGITS = range(6, 9)  # SP 800-73-4 part 2, 3.2.1
IDLE_S = 300


def outside(state: State, event: AtRest) -> Next:
    """While no technician is there; an answer that comes too late changes nothing."""
    match event:
        case ev.TechnicianSeen():
            return seen(state, event)
        case ev.TechnicianRefused(trouble=trouble):
            return refused(state, trouble)
        case ev.LockoutKnown(failures=failures):
            return lockout_known(state, failures)
        case ev.MaintenanceAsked():
            return by_code.asked(state)
        case ev.ChallengeBegun():
            return by_code.begun(state, event)
        case ev.NoTechnician() | ev.TechnicianProved() | ev.TechnicianPinRefused():
            return stay(state)
        case _:
            assert_never(event)


def lockout_known(state: State, failures: int) -> Next:
    """What was kept over a restart: the whole of the last lock begins anew, for nobody knows how long it was off."""
    return stay(replace(state, wrong_pins=failures, locked_until_s=state.now_s + lock_s(failures)))


def seen(state: State, event: ev.TechnicianSeen) -> Next:
    """A card of the operator came into the reader of a kiosk at rest."""
    if not at_rest(state):
        return stay(state)
    state = replace(state, touched_s=state.now_s)
    if state.now_s < state.locked_until_s:
        return go(state, TechnicianFailed(None, state.locked_until_s), note("locked", event.who))
    return go(state, TechnicianPin(event.who, event.tries_left), note("seen", event.who))


def refused(state: State, trouble: TechnicianTrouble) -> Next:
    if not at_rest(state):
        return stay(state)
    return go(replace(state, touched_s=state.now_s), TechnicianFailed(trouble), NoteTechnician(f"refused-{trouble}"))


def during(state: State, event: ev.Event) -> Next | None:
    """What happens while a technician is there; None for what happens as it would to an empty kiosk."""
    stage = state.stage
    if isinstance(event, ev.Tick):
        return _tick(replace(state, now_s=event.now_s))
    if isinstance(stage, INSIDE):
        done = acts.during(state, stage, event)
        if done is not None:
            return done
    if isinstance(stage, Challenge):
        judged = by_code.during(state, stage, event)
        if judged is not None:
            return judged
    if not _by_card(state):
        return _leave(state) if isinstance(event, ev.WentBack | ev.Ended) else None
    return _with_card(state, event)


def _with_card(state: State, event: ev.Event) -> Next | None:
    match state.stage, event:
        case _, ev.CardRemoved():
            return _leave(replace(state, devices=replace(state.devices, card_present=False)))
        case _, ev.ReaderChanged(condition=condition) if condition is not ReaderCondition.READY:
            return _leave(replace(state, devices=replace(state.devices, reader=condition, card_present=None)))
        case _, ev.WentBack() | ev.Ended() | ev.NoTechnician():
            return _leave(state)
        case TechnicianPin() as stage, ev.PinTyped(count=count):
            return go(replace(state, touched_s=state.now_s), replace(stage, typed=count))
        case TechnicianPin(who=who, tries_left=left, typed=typed), ev.Continued() if typed in PIN_DIGITS:
            return go(state, TechnicianChecking(who, left), ProveTechnician())
        case TechnicianChecking(who=who), ev.TechnicianProved():
            state = replace(state, wrong_pins=0, locked_until_s=0.0)
            return go(state, TechnicianMode(who), KeepLockout(0), note("in", who), Examine())
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


def _tick(state: State) -> Next:
    """Whoever stands there and does nothing is taken for gone. A challenge waits as long as its code counts."""
    if isinstance(state.stage, Challenge):
        late = state.now_s >= state.stage.until_s
        return go(state, TechnicianFailed(TechnicianTrouble.TOO_LATE)) if late else stay(state)
    return _leave(state) if state.now_s - state.touched_s > IDLE_S else stay(state)


def _by_card(state: State) -> bool:
    """Whether the card's going ends the visit."""
    stage = state.stage
    if isinstance(stage, INSIDE):
        return stage.who.role is not Role.REMOTE
    return not isinstance(stage, Challenge)


def _wrong(state: State, who: Technician, left: int | None, *, counted: bool) -> Next:
    if not counted:  # not what a PIN looks like: the card never saw it
        return go(state, TechnicianPin(who, left, wrong=True))
    return _counted(state, who, TechnicianPin(who, left, wrong=True))


def _failed(state: State, who: Technician, trouble: TechnicianTrouble) -> Next:
    stage = TechnicianFailed(trouble)
    if trouble in {TechnicianTrouble.LAST_TRY, TechnicianTrouble.BLOCKED}:
        return _counted(state, who, stage)
    return go(state, stage, note(f"refused-{trouble}", who))


def _counted(state: State, who: Technician, stage: TechnicianPin | TechnicianFailed) -> Next:
    """One wrong PIN more, kept before anything else can be tried."""
    failures = state.wrong_pins + 1
    until_s = state.now_s + lock_s(failures)
    state = replace(state, wrong_pins=failures, locked_until_s=until_s)
    effects: tuple[Effect, ...] = (KeepLockout(failures), note("wrong-pin", who))
    if lock_s(failures) and isinstance(stage, TechnicianPin):
        return go(state, TechnicianFailed(None, until_s), *effects)
    return go(state, stage, *effects)


def _leave(state: State) -> Next:
    """The card's going logs out; one that still lies there is nobody's for who comes next."""
    stage = state.stage
    out = (note("out", stage.who),) if isinstance(stage, INSIDE) else ()
    left = replace(state, card_left=state.devices.card_present is True, overlay=None)
    return go(left, Attract() if state.catalogue is not None else Starting(), *out, Wipe())
