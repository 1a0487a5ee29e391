"""Where an update stands, what can happen to it, and what is to be done: the closed unions of `reducer`."""

from __future__ import annotations

from dataclasses import dataclass, field

from offline_cache.contract.hand_over import Offered


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
