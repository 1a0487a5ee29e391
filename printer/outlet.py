"""The outlet of a printer with a presenter: a paper lies there until it is taken, or taken back when its time is over.

The sensor alone is believed. What was taken back is counted in the audit log: it lies in a sealed box, and is
somebody's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from printer.profiles import Profile

# A mechanism needs so long to draw a paper in, before it is told again.
RETRACT_AGAIN_S = 10.0


@dataclass
class Outlet:
    """`limit_s` tells how long a paper may lie there, and is asked when one comes. `occupied` is None where no sensor
    watches.
    """

    profile: Profile
    limit_s: Callable[[], float]
    occupied: bool | None = None
    _until_s: float = 0.0
    _told_s: float | None = None

    @property
    def blocked(self) -> bool:
        """A paper lies where the next one would come out."""
        return self.profile.presenter is not None and self.occupied is True

    def seen(self, now_s: float, *, occupied: bool) -> bool:
        """The sensor's word. True when a paper has just gone that had been called back: it was forgotten."""
        forgotten = self.occupied is True and not occupied and self._told_s is not None
        if occupied is not self.occupied:
            self.occupied, self._told_s = occupied, None
            self._until_s = now_s + self.limit_s() if occupied else 0.0
        return forgotten

    def unknown(self) -> None:
        """Nobody answers: what lies there is not known."""
        self.occupied, self._told_s = None, None

    def due(self, now_s: float) -> bytes:
        """The command that takes the paper back, when its time is over; else nothing."""
        if not self.blocked or self.profile.presenter is None:
            return b""
        if now_s < self._until_s or (self._told_s is not None and now_s - self._told_s < RETRACT_AGAIN_S):
            return b""
        self._told_s = now_s
        return bytes.fromhex(self.profile.presenter.retract)
