"""Publishes in a process that is killed at a moment one can choose: `python -m tests.central.dying STATE`.

A line on standard input is the number of the disk synchronisation before which SIGKILL comes, and the catalogue's YAML,
as JSON. A line comes back: killed, or published.
"""

import json
import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

from central import publishing
from central.state import CentralState


def main() -> None:
    state = CentralState(Path(sys.argv[1]))
    _ = state.settings
    for line in sys.stdin:
        at, text = json.loads(line)
        child = os.fork()
        if not child:
            _die(state, at, text)
        _, status = os.waitpid(child, 0)
        killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        print("killed" if killed else "published" if not status else "failed", flush=True)


def _die(state: CentralState, at: int, text: str) -> None:
    """Every file is synchronised before it takes its place, and its folder after."""
    sync, left = os.fsync, at

    def dying(descriptor: int) -> None:
        nonlocal left
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)
        left -= 1
        sync(descriptor)

    os.fsync = dying
    try:
        publishing.publish(state, text, datetime.now(UTC))
    except Exception:  # noqa: BLE001  told by the status
        os._exit(1)
    os._exit(0)


if __name__ == "__main__":
    main()
