"""The watchdog's signal of a loop whose turns may take longer than systemd is willing to wait.

A request to the centre takes up to ten seconds, a name look-up without a network longer. The loop says with each turn
that it goes on; a thread tells systemd every two seconds as long as the last turn is not too long ago. So a process
that is stopped or starved as a whole is found by systemd within its WatchdogSec, and a loop that hangs within `limit_s`
and that time.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from offline_cache.notify import notify

EVERY_S = 2.0


class Pulse:
    """Beats from `with` to its end; `turn()` is called by the loop, at least once in `limit_s` seconds."""

    def __init__(
        self,
        limit_s: float,
        *,
        tell: Callable[[str], None] = notify,
        clock: Callable[[], float] = time.monotonic,
        every_s: float = EVERY_S,
    ) -> None:
        self._limit_s = limit_s
        self._tell = tell
        self._clock = clock
        self._every_s = every_s
        self._turned_s = clock()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="pulse", daemon=True)

    def turn(self) -> None:
        """The loop goes on."""
        self._turned_s = self._clock()

    def alive(self) -> bool:
        """True while the last turn is not too long ago."""
        return self._clock() - self._turned_s <= self._limit_s

    def _beat(self) -> None:
        while not self._ended.is_set():
            if self.alive():
                self._tell("WATCHDOG=1")
            self._ended.wait(self._every_s)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()
