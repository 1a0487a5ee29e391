"""Making sure that the printer holds nothing of an earlier paper, before anything else is printed.

The fence is a question behind the flush: its answer proves that everything before it has been dealt with. Answers by
process id and by count name what they answer. Answers in band (GS r) look alike, and that of the job itself may come
before the fence's: there the fence asks twice, and when a pause has followed the last answer, their number tells.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from kiosk.journey.state import PRINTS, PrinterCondition
from offline_cache.print_jobs import new_process_id
from printer.connection import Connection
from printer.delivery import FENCE_ASKS, counted_request, fence, flush, stop_now
from printer.profiles import Profile
from printer.status import Count, InBand, ProcessId

# The printer works and yet does not answer the fence.
FENCE_S = 10.0
# Longer than the flush and the cut between a job's own in-band answer and the fence's.
IN_BAND_PAUSE_S = 2.0


class Progress(Enum):
    WAITING = "waiting"
    CLEARED = "cleared"
    UNANSWERED = "unanswered"
    COMPLETED = "completed"
    """Cleared, and the job's own answer came before: its paper was completed after all."""
    IMPOSSIBLE = "impossible"
    """This printer answers no fence: what it still holds nobody can know."""


@dataclass
class Clearing:
    """`dirty`: the printer may hold something."""

    connection: Connection
    profile: Profile
    dirty: bool = False
    _fence: bytes | None = None
    _count: int | None = None
    _sent_s: float = 0.0
    _answered_s: float | None = None
    _answers: int = 0

    def stop(self) -> None:
        """The printer has stopped in mid-print: what it holds must not come out when a hand has mended it."""
        self.dirty = True
        self._fence = None
        self.connection.command(stop_now(self.profile))

    def need(self) -> None:
        """The printer may hold something: clear it as soon as it works."""
        self.dirty = True

    def done(self) -> None:
        self.dirty = False
        self._fence = None

    def lost(self) -> None:
        """The connection is gone, and the fence with it."""
        self._fence = None

    @property
    def counting(self) -> bool:
        """Answers in band may be the fence's: their number will tell."""
        return self._fence is not None

    def told(self, condition: PrinterCondition) -> None:
        """The printer's condition, as it comes: one that stands still is cleared then and there."""
        if self.dirty and condition not in PRINTS and condition is not PrinterCondition.UNKNOWN:
            self.stop()

    def answered(self, reply: ProcessId | InBand | Count, now_s: float) -> bool:
        """True if this is the fence's answer for certain."""
        match reply:
            case ProcessId(answered):
                return self._fence is not None and answered == self._fence
            case Count(number):
                return self._fence is not None and number == self._count
            case InBand():
                if self._fence is not None:
                    self._answered_s = now_s
                    self._answers += 1
                return False

    def tick(self, now_s: float) -> Progress:
        """Sends flush and fence once the printer works, and says how far it is."""
        if not self.dirty or self.connection.condition not in PRINTS:
            return Progress.WAITING
        if self._fence is None:
            self._fence, self._sent_s, self._answered_s, self._answers = new_process_id(), now_s, None, 0
            counted, self._count = counted_request(self.profile, self.connection.count)
            self.connection.command(flush(self.profile) + (counted or fence(self.profile, self._fence)))
        elif not self.profile.confirms:
            return Progress.IMPOSSIBLE
        elif self._answers >= FENCE_ASKS:
            if now_s - (self._answered_s or now_s) <= IN_BAND_PAUSE_S:
                return Progress.WAITING
            return Progress.CLEARED if self._answers == FENCE_ASKS else Progress.COMPLETED
        elif now_s - self._sent_s > FENCE_S:
            return Progress.UNANSWERED
        return Progress.WAITING
