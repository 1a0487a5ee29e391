"""The kiosk's own process, with a stopwatch in it: `python -m bench.watched_kiosk STATE FIGURES`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any


def main() -> None:
    state, figures = Path(sys.argv[1]), Path(sys.argv[2])
    from kiosk import app
    from offline_cache.folder import StateFolder

    build = app._application

    def watched(*arguments: Any, **options: Any) -> Any:
        made = build(*arguments, **options)
        join = made._join

        def joined() -> None:
            _watch(figures)
            join()

        made._join = joined
        return made

    app._application = watched
    app.main(StateFolder(state))


def _watch(figures: Path) -> None:
    """Before the control socket listens: a touch arrives as a request, is dispatched as a finger."""
    from bench.stopwatch import Stopwatch
    from kiosk.access.control import Control

    stopwatch = Stopwatch(figures)
    ask, touch, tap = Control._ask, Control._touch, Control._tap

    def asked(self: Control, pattern: str) -> dict[str, Any]:
        stopwatch.arrived()
        return ask(self, pattern)

    def touched(self: Control, pattern: str) -> dict[str, Any]:
        """What was refused (no such control yet, too soon after another) never was a touch: it is asked again."""
        answer = touch(self, pattern)
        if "error" in answer:
            stopwatch.refused()
        return answer

    def tapped(self: Control, x: float, y: float) -> None:
        stopwatch.dispatched()
        tap(self, x, y)

    Control._ask, Control._touch, Control._tap = asked, touched, tapped  # type: ignore[method-assign]


if __name__ == "__main__":
    main()
