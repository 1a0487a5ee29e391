"""How much memory sessions leave behind: the screen's process after many of them, beside a bare application's.

    python -m bench.memory [--sessions 1000]

In one process, on a real window without an X server: every session goes through the screens from the first to the
last, in its own language and settings, drawn each time, and is wiped as the application does it. The bare application
puts as many labels on the same window.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import statistics
from pathlib import Path

from kiosk.app import forget
from kiosk.catalog.model import Language
from kiosk.widgets.setup import ENVIRONMENT
from kiosk.widgets.tokens import PANELS

os.environ.update(ENVIRONMENT)

from tests.kiosk import vila_aurora
from tests.kiosk.matrix.glass import Glass
from tests.kiosk.matrix.scenes import scenes
from tests.kiosk.matrix.variants import Variant

WINDOW = 100  # sessions, at either end
WARM = 50  # sessions: every language, size and contrast has been seen, caches are full
SESSION = (
    "attract", "services", "details of a guide", "insert card", "reading card", "pin", "checking pin",
    "consulting debts", "many debts", "review of a debt", "committing with card", "take card iptu", "printing iptu",
    "done iptu confirmed",
    "attract",
)  # fmt: skip
GOAL_MB = 10


def resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def session(glass: Glass, number: int) -> None:
    """One citizen, from the first screen to the first screen."""
    from kivy.clock import Clock
    from kivy.lang import Builder

    language = list(Language)[number % len(Language)]
    text = ("normal", "normal", "large", "largest")[number // 4 % 4]
    variant = Variant("tall", language, text, high_contrast=number % 3 == 0)
    shown = scenes(CATALOGUE, language)
    for name in SESSION:
        glass.show(shown[name], variant)
        glass.draw()
        # A running application's loop ticks: what waits for the next frame does not pile up.
        Clock.tick()
        Clock.tick_draw()
        Builder.sync()
    forget()
    gc.collect()


def bare(glass: Glass, labels: int) -> float:
    """What so many labels, each drawn and taken away, leave behind in megabytes."""
    from kivy.uix.label import Label

    before = 0.0
    for number in range(labels):
        label = Label(text=str(number), size=(1080, 1920), font_size=200)
        label.texture_update()
        glass.view.add_widget(label)
        glass.draw()
        glass.view.remove_widget(label)
        if number == labels // 10:
            gc.collect()
            before = resident_mb()
    gc.collect()
    return resident_mb() - before


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=1000)
    sessions = parser.parse_args().sessions
    glass = Glass(PANELS["tall"])
    left_by_labels = bare(glass, sessions)
    for number in range(WARM):
        session(glass, number)
    held_mb = []
    for number in range(sessions):
        session(glass, number)
        held_mb.append(resident_mb())
    # What the allocator keeps for the next screen goes up and down by tens of megabytes: medians of both ends.
    window = max(1, min(WINDOW, sessions // 4))
    before, after = statistics.median(held_mb[:window]), statistics.median(held_mb[-window:])
    print(
        json.dumps(
            {
                "sessions": sessions,
                "screens": sessions * len(SESSION),
                "before_mb": round(before, 1),
                "growth_mb": round(after - before, 1),
                "bare_growth_mb": round(left_by_labels, 1),
                "goal": f"at most {GOAL_MB} MB over 1,000 sessions",
            }
        )
    )


CATALOGUE = vila_aurora.catalogue()

if __name__ == "__main__":
    main()
