"""What becomes of a release that is offered: a pure reducer.

Its state is written down before each effect is begun, so that a power cut at any point leaves one of the two whole
versions running: until a release is proven, the one that was proven last is what everything leads back to.
"""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from kiosk.technician.updating.state import (
    AtRest,
    AwaitQuiet,
    Build,
    Building,
    Built,
    Effect,
    Event,
    Examine,
    Healthy,
    LookAtOffer,
    NotBuilt,
    NothingOffered,
    NotSwitched,
    PutBack,
    PuttingBack,
    Quiet,
    Rest,
    Returned,
    Returning,
    Started,
    State,
    Switch,
    Switched,
    Switching,
    Tidied,
    Tidy,
    Trying,
    Unhealthy,
    Verified,
    Waiting,
    Withdrawn,
)
from offline_cache.contract.hand_over import Offered

# A release that brings the machine down may be begun so many times again, each after a start of the machine.
MOST_STARTS = 2
# As often the power may go in the middle of the switch before the release counts as the reason.
MOST_CUTS = 3

Next = tuple[State, Effect]


def reduce(state: State, event: Event) -> Next:
    """The next state, to be written down before the effect is begun. An event that fits no phase changes nothing."""
    match state.phase:
        case AtRest():
            return _at_rest(state, event)
        case Building(offered=offered):
            return _building(state, offered, event)
        case Waiting() as phase:
            return _waiting(state, phase, event)
        case Switching() | PuttingBack() as phase:
            return _switching(state, phase, event)
        case Trying() as phase:
            return _trying(state, phase, event)
        case Returning() as phase:
            match event:
                case Started():
                    return state, PutBack()
                case Returned():
                    return _ended(state, bad=phase.next.number, why=phase.why)
                case _:
                    return state, Rest()
        case _ as never:
            assert_never(never)


def refusal(state: State, offered: Offered) -> str | None:
    """Why a release that is vouched for is not even built; None if it may be.

    Both ways must stay open: the running program must be able to work with what this one leaves of the store, and this
    one with what is there.
    """
    if offered.oldest_reader > state.proven.schema:
        return "too-new-store"
    if max(state.reader, state.proven.oldest_reader) > offered.schema:
        return "too-old-program"
    return None


def _at_rest(state: State, event: Event) -> Next:
    match event:
        case Started(machine=machine):
            return state, (Rest() if machine else Tidy())
        case Tidied():
            return state, LookAtOffer()
        case Verified(offered=offered):
            if offered.release == state.proven.number or offered.release in (*state.bad, *state.refused):
                return state, Rest()
            why = refusal(state, offered)
            if why is not None:
                return replace(state, refused=(*state.refused, offered.release), why=why), Rest()
            return replace(state, phase=Building(offered)), Build(offered)
        case NothingOffered(why=why):
            return (replace(state, why=why) if why else state), Rest()
        case _:
            return state, Rest()


def _building(state: State, offered: Offered, event: Event) -> Next:
    match event:
        case Started(machine=True):
            return state, Rest()
        case Started():
            # What was half built goes; it is verified and built again.
            return replace(state, phase=AtRest()), Tidy()
        case Built(next=version):
            return replace(state, phase=Waiting(version)), AwaitQuiet(version)
        case NotBuilt(why=why, lasting=lasting):
            refused = (*state.refused, offered.release) if lasting else state.refused
            return replace(state, phase=AtRest(), refused=refused, why=why), Tidy()
        case _:
            return state, Rest()


def _waiting(state: State, phase: Waiting, event: Event) -> Next:
    match event:
        case Started(machine=True):
            return state, Rest()
        case Started():
            return state, AwaitQuiet(phase.next)
        case Quiet(broken=broken):
            # From here on the store may be what the release makes of it.
            reader = max(state.reader, state.proven.oldest_reader, phase.next.oldest_reader)
            return (
                replace(state, phase=Switching(phase.next, broken, phase.cuts), reader=reader),
                Switch(phase.next),
            )
        case Withdrawn():
            return replace(state, phase=AtRest()), Tidy()
        case _:
            return state, Rest()


def _switching(state: State, phase: Switching | PuttingBack, event: Event) -> Next:
    match phase, event:
        case _, Started():
            cuts = phase.cuts + isinstance(phase, Switching)
            return replace(state, phase=PuttingBack(phase.next, cuts)), PutBack()
        case Switching(), Switched():
            return replace(state, phase=Trying(phase.next, phase.before)), Examine(phase.next, phase.before)
        case Switching(), NotSwitched(why=why):
            return replace(state, phase=Returning(phase.next, why)), PutBack()
        case PuttingBack(), Returned():
            if phase.cuts >= MOST_CUTS:
                return _ended(state, bad=phase.next.number, why="interrupted")
            return replace(state, phase=Waiting(phase.next, phase.cuts)), AwaitQuiet(phase.next)
        case _:
            return state, Rest()


def _trying(state: State, phase: Trying, event: Event) -> Next:
    match event:
        case Started(machine=True):
            starts = phase.starts + 1
            if starts > MOST_STARTS:
                return replace(state, phase=Returning(phase.next, "restarts")), PutBack()
            return replace(state, phase=replace(phase, starts=starts)), Examine(phase.next, phase.before)
        case Started():
            return state, Examine(phase.next, phase.before)
        case Healthy():
            proven = replace(
                state, proven=phase.next, before=state.proven, updated=True, refused=(), why="", phase=AtRest()
            )
            return proven, Tidy()
        case Unhealthy(why=why):
            return replace(state, phase=Returning(phase.next, why)), PutBack()
        case _:
            return state, Rest()


def _ended(state: State, *, bad: int, why: str) -> Next:
    return replace(state, phase=AtRest(), bad=tuple(sorted({*state.bad, bad})), why=why), Tidy()
