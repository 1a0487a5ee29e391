"""When to try again: full jitter on monotonic time, and the centre's own wish where it has one."""

from __future__ import annotations

import email.utils
import random
from dataclasses import dataclass
from datetime import UTC, datetime

BASE_S = 1.0
# A centre may ask for patience, but a mistaken header must not silence a kiosk for a day.
LONGEST_WISH_S = 3600.0


@dataclass
class Backoff:
    """uniform(0, min(cap, base * 2^n)), the first retry included, so that a fleet does not come back as one."""

    cap_s: float
    draw: random.Random
    failures: int = 0

    def after_failure(self, wish_s: float | None = None) -> float:
        """Seconds to wait after one more failure; never sooner than the centre wished, and spread after that."""
        ceiling_s = min(self.cap_s, BASE_S * 2.0 ** min(self.failures, 30))
        self.failures += 1
        return (wish_s or 0.0) + self.draw.uniform(0, ceiling_s)

    def succeeded(self) -> None:
        self.failures = 0


def retry_after_s(header: str | None, now: datetime) -> float | None:
    """Retry-After in both of its forms (RFC 9110, 10.2.3): seconds, or a date. None if absent or senseless."""
    text = (header or "").strip()
    if text.isascii() and text.isdigit():
        # More digits than this are no number of seconds that anybody means.
        return min(float(text[:9]), LONGEST_WISH_S)
    moment = http_date(text)
    return None if moment is None else min(max(0.0, (moment - now).total_seconds()), LONGEST_WISH_S)


def http_date(header: str | None) -> datetime | None:
    """A date of a header (RFC 9110, 5.6.7), in UTC where it names no zone; None if it is none."""
    try:
        moment = email.utils.parsedate_to_datetime(header or "")
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError, IndexError, TypeError):
        return None
