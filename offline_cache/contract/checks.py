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
