"""Each process of an appliance begins anew once a night, when nobody needs it: memory that leaked is given back, and
what only shows after weeks never comes to that. Its unit starts it again within seconds.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from datetime import datetime

HOUR = 3
# Not twice in one night, nor soon after a technician was here.
LEAST_UPTIME_S = 20 * 3600.0
# Where the clock lies, or the nights are busy, any idle moment will do after this.
MOST_UPTIME_S = 47 * 3600.0


def due(uptime_s: float, local_hour: int) -> bool:
    """True when an idle process that has run for so long should end at this hour of the machine's own time."""
    return uptime_s >= MOST_UPTIME_S or (uptime_s >= LEAST_UPTIME_S and local_hour == HOUR)


@dataclass(frozen=True)
class Night:
    """Since when this process runs (monotonic seconds), and whether anybody would start it again."""

    started_s: float
    supervised: bool

    @classmethod
    def of_this_process(cls) -> Night:
        """Supervised is who was started by systemd."""
        return cls(time.monotonic(), supervised="INVOCATION_ID" in os.environ and "NOTIFY_SOCKET" in os.environ)

    def has_come(self) -> bool:
        """True when this process should end now, if it is idle."""
        return self.supervised and due(time.monotonic() - self.started_s, datetime.now().astimezone().hour)
