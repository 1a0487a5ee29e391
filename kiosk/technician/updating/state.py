"""What becomes of a release that is offered: a pure reducer over closed unions.

Its state is written down before each effect is begun, so that a power cut at any point leaves one of the two whole
versions running: until a release is proven, the one that was proven last is what everything leads back to.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import assert_never

from offline_cache.contract.hand_over import Offered

# A release that brings the machine down may be begun so many times again, each after a start of the machine.
MOST_STARTS = 2
# As often the power may go in the middle of the switch before the release counts as the reason.
MOST_CUTS = 3


@dataclass(frozen=True)
class Version:
    """A release in its folder. `schema` and `oldest_reader` are those of its store."""

    number: int
    folder: str
    schema: int
    oldest_reader: int


# ---- phases ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class AtRest:
    """Nothing is being tried."""


@dataclass(frozen=True)
class Building:
    """Verified; its environment is being made beside the one in use."""

    offered: Offered


@dataclass(frozen=True)
class Waiting:
    """Whole; put in place as soon as nobody is there. `cuts`: how often the power went while it was."""

    next: Version
    cuts: int = 0


@dataclass(frozen=True)
class Switching:
    """Between two versions. `before`: what needed a hand before, which is not this release's fault."""

    next: Version
    before: tuple[str, ...]
    cuts: int = 0


@dataclass(frozen=True)
class PuttingBack:
    """The switch was interrupted: first everything as it was."""

    next: Version
    cuts: int


@dataclass(frozen=True)
class Trying:
    """It runs, and is being looked at."""

    next: Version
    before: tuple[str, ...]
    starts: int = 0


@dataclass(frozen=True)
class Returning:
    """It failed: the version before is put in its place again."""

    next: Version
    why: str


Phase = AtRest | Building | Waiting | Switching | PuttingBack | Trying | Returning


@dataclass(frozen=True)
class State:
    """`proven` is what everything leads back to, `before` what was proven before it. `bad`: tried and taken back, never
    tried again. `refused`: not tried, for a reason that lasts as long as `proven` does. `why`: of the last failure.
    `reader`: the oldest program that can still work with the store, after all that has been at it.
    """

    proven: Version
    before: Version | None = None
    updated: bool = False
    bad: tuple[int, ...] = ()
    refused: tuple[int, ...] = ()
    why: str = ""
    reader: int = 0
    phase: Phase = field(default_factory=AtRest)


# ---- events ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Started:
    """Of the program that keeps this state; `machine`: with the machine, before anything else of the kiosk."""

    machine: bool


@dataclass(frozen=True)
class Tidied:
    """Links and folders are as the state says."""


@dataclass(frozen=True)
class Verified:
    """A release is offered, and the signatures vouch for it."""

    offered: Offered


@dataclass(frozen=True)
class NothingOffered:
    """Or nothing that anybody vouches for: then `why` says so."""

    why: str = ""


@dataclass(frozen=True)
class Built:
    next: Version


@dataclass(frozen=True)
class NotBuilt:
    """`lasting`: it would be the same another time."""

    why: str
    lasting: bool


@dataclass(frozen=True)
class Quiet:
    """Nobody is there, and nobody can come before the switch. `broken`: what needs a hand already."""

    broken: tuple[str, ...]


@dataclass(frozen=True)
class Withdrawn:
    """The centre wishes for something else by now."""


@dataclass(frozen=True)
class Switched:
    """The release is in place and was started."""


@dataclass(frozen=True)
class NotSwitched:
    why: str


@dataclass(frozen=True)
class Healthy:
    pass


@dataclass(frozen=True)
class Unhealthy:
    why: str


@dataclass(frozen=True)
class Returned:
    """The proven version is in place again."""


Event = (
    Started | Tidied | Verified | NothingOffered | Built | NotBuilt | Quiet | Withdrawn | Switched | NotSwitched
    | Healthy | Unhealthy | Returned
)  # fmt: skip

# ---- effects ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Tidy:
    """The links lead to what is proven; folders of other versions than that and the one before go. -> Tidied"""


@dataclass(frozen=True)
class LookAtOffer:
    """-> Verified | NothingOffered"""


@dataclass(frozen=True)
class Build:
    """-> Built | NotBuilt"""

    offered: Offered


@dataclass(frozen=True)
class AwaitQuiet:
    """-> Quiet | Withdrawn"""

    next: Version


@dataclass(frozen=True)
class Switch:
    """-> Switched | NotSwitched"""

    next: Version


@dataclass(frozen=True)
class Examine:
    """-> Healthy | Unhealthy"""

    next: Version
    before: tuple[str, ...]


@dataclass(frozen=True)
class PutBack:
    """The proven version, its units and its processes. -> Returned"""


@dataclass(frozen=True)
class Rest:
    """Nothing is to be done until the next start."""


Effect = Tidy | LookAtOffer | Build | AwaitQuiet | Switch | Examine | PutBack | Rest
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
