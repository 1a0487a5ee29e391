"""A technician without a card that works: the kiosk shows a number, the centre answers with a code.

Wrong codes never lock out who has a card: anybody can type them. They lock this way in, longer each time.
"""

from __future__ import annotations

from dataclasses import replace

from kiosk.journey import events as ev
from kiosk.journey.effects import BeginChallenge, CheckCode, Examine, NoteTechnician
from kiosk.journey.session import Next, go, stay
from kiosk.journey.state import Attract, Starting, State
from kiosk.journey.technician_acts import note
from kiosk.journey.technician_stages import Challenge, TechnicianFailed, TechnicianMode
from offline_cache.contract import challenge
from offline_cache.contract.staff import Role, Technician, TechnicianTrouble

LOCKS_FROM, FIRST_LOCK_S, LONGEST_LOCK_S = 2, 60, 3600


def lock_s(failures: int) -> int:
    """How long nobody gets in after so many failures in a row: from the second one a minute, then twice as long."""
    if failures < LOCKS_FROM:
        return 0
    return min(LONGEST_LOCK_S, FIRST_LOCK_S << min(failures - LOCKS_FROM, 10))


def at_rest(state: State) -> bool:
    return state.session is None and isinstance(state.stage, Attract | Starting)


def asked(state: State) -> Next:
    """From the first screen, or from the help on it, while the network is the fault: else a card is at hand."""
    if not at_rest(state) or state.devices.link:
        return stay(state)
    state = replace(state, overlay=None, touched_s=state.now_s)
    if state.now_s < state.codes_locked_until_s:
        return go(state, TechnicianFailed(None, state.codes_locked_until_s))
    return stay(state, BeginChallenge())


def begun(state: State, event: ev.ChallengeBegun) -> Next:
    if not at_rest(state):
        return stay(state)
    if event.kiosk is None:
        return go(state, TechnicianFailed(TechnicianTrouble.NOT_ENROLLED))
    until_s = state.now_s + challenge.VALID_S
    # Who goes back and begins again has no more tries than before.
    stage = Challenge(event.kiosk, event.nonce, until_s, challenge.TRIES - state.used_tries)
    return go(state, stage, _noted("challenge", event.nonce))


def during(state: State, stage: Challenge, event: ev.Event) -> Next | None:
    """None for what happens as it would to an empty kiosk."""
    match event:
        case ev.PinTyped(count=count) if not stage.checking:
            return go(replace(state, touched_s=state.now_s), replace(stage, typed=count))
        case ev.Continued() if stage.typed == challenge.CODE_DIGITS and not stage.checking:
            return go(state, replace(stage, checking=True, wrong=False), CheckCode(stage.nonce))
        case ev.CodeJudged(right=right) if stage.checking:
            return _judged(state, stage, right=right)
        case ev.Started() | ev.Continued() | ev.PinTyped():
            return stay(state)
        case _:
            return None


def _judged(state: State, stage: Challenge, *, right: bool | None) -> Next:
    if right is None:
        return go(state, TechnicianFailed(TechnicianTrouble.UNANSWERED))
    if right:
        who = Technician("", Role.REMOTE, (), f"challenge-{stage.nonce}", "")
        state = replace(state, wrong_codes=0, used_tries=0, touched_s=state.now_s)
        return go(state, TechnicianMode(who), note("in", who), Examine())
    left = stage.tries_left - 1
    if left:
        again = replace(stage, tries_left=left, typed=0, wrong=True, checking=False)
        return go(replace(state, used_tries=challenge.TRIES - left), again, _noted("wrong-code", stage.nonce))
    failures = state.wrong_codes + 1
    until_s = state.now_s + lock_s(failures + 1)
    state = replace(state, wrong_codes=failures, used_tries=0, codes_locked_until_s=until_s)
    return go(state, TechnicianFailed(None, until_s), _noted("wrong-codes", stage.nonce))


def _noted(act: str, nonce: str) -> NoteTechnician:
    return NoteTechnician(act, f"challenge-{nonce}", Role.REMOTE.value)
