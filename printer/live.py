"""Live status for the kiosk and the sync process: told at every change, and every second because datagrams get lost."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from kiosk.journey.state import JobState, PrinterCondition
from offline_cache.folder import StateFolder
from offline_cache.wake import post

LISTENERS = ("kiosk", "sync")
REPEAT_S = 1.0
# How long the end of a job is told.
TELL_END_S = 10.0


@dataclass
class Live:
    """What was told last, and which jobs have just ended."""

    folder: StateFolder
    _ended: dict[str, tuple[JobState, str, float]] = field(default_factory=dict)
    _told: list[dict[str, Any]] = field(default_factory=list)
    _told_s: float = float("-inf")

    def ended(self, job_id: str, outcome: JobState, reason: str, now_s: float) -> None:
        """A job has ended: the others are woken, since the store has changed."""
        self._ended[job_id] = (outcome, reason, now_s + TELL_END_S)
        for name in LISTENERS:
            post(self.folder, name)

    def messages(
        self,
        condition: PrinterCondition,
        outlet_occupied: bool | None,
        job: tuple[str, JobState, float] | None,
        now_s: float,
    ) -> list[dict[str, Any]]:
        """One for the printer, one for each job that is printed or has just ended, with the reason of its end."""
        self._ended = {name: end for name, end in self._ended.items() if end[2] > now_s}
        printer: dict[str, Any] = {"printer": condition.value}
        if outlet_occupied is not None:
            printer["outlet"] = outlet_occupied
        ends = [
            {"job": name, "state": outcome.value, "progress": 1.0, "reason": reason}
            for name, (outcome, reason, _) in self._ended.items()
        ]
        under_way = [{"job": job[0], "state": job[1].value, "progress": job[2]}] if job else []
        return [printer, *ends, *under_way]

    def tell(self, messages: list[dict[str, Any]], now_s: float) -> None:
        if messages == self._told and now_s - self._told_s < REPEAT_S:
            return
        self._told, self._told_s = messages, now_s
        for message in messages:
            for name in LISTENERS:
                post(self.folder, name, message)
