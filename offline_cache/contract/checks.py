"""What is looked at before a card's word is taken, what came of it, and how well an identity is proven by it.

Pure. Kiosk and centre use the same names, so that the one can repeat what the other says.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class RefusalReason(StrEnum):
    """Why an evidence or a certificate was refused; every value is also a trouble of the journey."""

    NOT_TRUSTED = "not-trusted"
    EXPIRED = "expired"
    NO_IDENTITY = "no-identity"
    WEAK_KEY = "weak-key"
    NOT_GENUINE = "not-genuine"
    REVOKED = "revoked"


class CheckName(StrEnum):
    """`data` is what the card's files are signed or hashed with; `chip` and `holder` are answered challenges."""

    FORMAT = "format"
    DATA = "data"
    KEY = "key"
    POLICY = "policy"
    USAGE = "usage"
    CHAIN = "chain"
    VALIDITY = "validity"
    REVOCATION = "revocation"
    CHIP = "chip"
    HOLDER = "holder"
    OFFICER = "officer"


class CheckOutcome(StrEnum):
    """`low`: sound, but too weak to carry a high assurance."""

    PASSED = "passed"
    LOW = "low"
    FAILED = "failed"
    NOT_CHECKED = "not-checked"


@dataclass(frozen=True)
class Check:
    """One thing that was looked at, or honestly was not. A failed one ends in EvidenceRefused."""

    name: CheckName
    outcome: CheckOutcome
    detail: str = ""


class EvidenceRefused(Exception):
    """`detail` names what was wrong for the log; it never holds what a certificate says of a person."""

    def __init__(self, reason: RefusalReason, detail: str, check: CheckName) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail
        self.check = check


def passed(name: CheckName, detail: str = "") -> Check:
    return Check(name, CheckOutcome.PASSED, detail)


SIGNED_DATA = frozenset({CheckName.FORMAT, CheckName.CHAIN})
PROVEN_HOLDER = frozenset(
    {
        CheckName.FORMAT,
        CheckName.CHAIN,
        CheckName.POLICY,
        CheckName.USAGE,
        CheckName.KEY,
        CheckName.VALIDITY,
        CheckName.REVOCATION,
        CheckName.HOLDER,
    }
)


class Lack(StrEnum):
    """The one thing that keeps an identity below the level that is asked; the first that a person can understand.

    `signature`: what the card says is a claim. `chip`: it may be a copy. `pin`: this kind of card cannot prove who
    holds it. `weak-key`: its key is too short. `revocation`: nobody knows today whether it was cancelled. `clock`: the
    kiosk does not know the time. `officer`: somebody has to look at the person too. `number`: the service goes by a
    number that this card does not carry.
    """

    SIGNATURE = "signature"
    CHIP = "chip"
    PIN = "pin"
    WEAK_KEY = "weak-key"
    REVOCATION = "revocation"
    CLOCK = "clock"
    OFFICER = "officer"
    NUMBER = "number"


def assurance(checks: Iterable[Check]) -> int:
    """How well an identity is proven: 0 claimed, 1 signed data, 2 genuine chip, 3 the holder's PIN, 4 an officer too.

    1: the number is well formed and signed by an authority that chains to an anchor. 2: the chip, or its holder, also
    answered a fresh challenge. 3: the holder answered, and nothing was left out: key, policy, use, dates and a fresh
    revocation list. A check that failed, or is told twice with different outcomes, leaves a claim.
    """
    outcomes: dict[CheckName, CheckOutcome] = {}
    for check in checks:
        if outcomes.setdefault(check.name, check.outcome) is not check.outcome:
            return 0
    held = {name for name, outcome in outcomes.items() if outcome is CheckOutcome.PASSED}
    if CheckOutcome.FAILED in outcomes.values() or not held >= SIGNED_DATA:
        return 0
    if held >= PROVEN_HOLDER:
        return 4 if CheckName.OFFICER in held else 3
    return 2 if held & {CheckName.CHIP, CheckName.HOLDER} else 1


def reach(checks: Iterable[Check], *, has_key: bool) -> int:
    """The highest level that this card can still come to here: with the holder's PIN, where it has a key for that."""
    return assurance((*checks, passed(CheckName.HOLDER)) if has_key else checks)


def lack(checks: Iterable[Check], asked: int) -> Lack | None:
    """What is missing to the level that is asked; None if it is reached."""
    checks = tuple(checks)
    if assurance(checks) >= asked:
        return None
    outcomes = {check.name: check.outcome for check in checks}

    def held(name: CheckName) -> bool:
        return outcomes.get(name) is CheckOutcome.PASSED

    if not (held(CheckName.FORMAT) and held(CheckName.CHAIN)):
        return Lack.SIGNATURE
    if asked <= 2:
        return Lack.CHIP
    if not held(CheckName.HOLDER):
        return Lack.PIN
    if not held(CheckName.KEY):
        return Lack.WEAK_KEY
    if not held(CheckName.VALIDITY):
        return Lack.CLOCK
    return Lack.REVOCATION if not held(CheckName.REVOCATION) else Lack.OFFICER
