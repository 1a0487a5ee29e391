"""What a good card is found to be: before its PIN, and after it."""

from __future__ import annotations

from offline_cache.contract.checks import Check, CheckName, CheckOutcome, passed

_BEFORE = (
    CheckName.FORMAT, CheckName.CHAIN, CheckName.POLICY, CheckName.USAGE, CheckName.KEY, CheckName.VALIDITY,
    CheckName.REVOCATION,
)  # fmt: skip
READ = tuple(passed(name) for name in _BEFORE)
PROVED = (*READ, passed(CheckName.HOLDER))


def without(name: CheckName, checks: tuple[Check, ...] = READ) -> tuple[Check, ...]:
    """The same card, one thing of which could not be looked at."""
    return tuple(
        Check(name, CheckOutcome.NOT_CHECKED) if check.name is name else check for check in checks
    )
