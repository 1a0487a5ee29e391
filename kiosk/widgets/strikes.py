"""Double strikes: a second touch too soon after the first is a trembling hand, not a wish (EN 301 549 5.7, 5.8)."""

from __future__ import annotations

import time
from collections.abc import Callable

REPEAT_S = 0.5  # EN 301 549 5.8
# "ss" and "11" are typed on purpose, and a lost digit of a PIN would cost a try: a key is deaf for less, unless the
# citizen asked for twice or three times as much time. Adjustable up to 0.5 s: EN 301 549 5.8.
KEY_REPEAT_S = {1: 0.2, 2: 0.35, 3: 0.5}


class Strikes:
    """Accepts a press, or not. Any control is deaf for 0.5 s after a press that is not a key's: the screen changed.

    A key is deaf to itself alone, and for less. `patience`: how many times the usual time the citizen asked for.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.patience = 1
        self._last: tuple[str, bool, float] | None = None

    def accept(self, control_id: str, *, key: bool) -> bool:
        """Whether this press counts; if so, it is the last one from now on."""
        if self.deaf(control_id, key=key):
            return False
        self._last = (control_id, key, self.clock())
        return True

    def deaf(self, control_id: str, *, key: bool) -> bool:
        """Whether a press now would not count."""
        if self._last is None:
            return False
        last_id, last_key, at = self._last
        wait = KEY_REPEAT_S[self.patience] if key and last_key else REPEAT_S
        return self.clock() - at < wait and (last_id == control_id or not last_key)

    def forget(self) -> None:
        """The next press counts, whatever came before."""
        self._last = None


STRIKES = Strikes()
