"""`python -m kiosk.rehearsal`: a signed catalogue comes in on standard input; exit 0 if every screen can be built.

`--pictures FOLDER` draws them too, with every receipt, and writes one page that shows them all.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from kiosk.catalog.read import from_json


def main(arguments: list[str]) -> int:
    """An exception ends with status 1 and its trace: whoever started this knows then."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--panel", default="{}", help="JSON of a Panel")
    parser.add_argument("--pictures", type=Path)
    chosen = parser.parse_args(arguments)
    os.nice(19)  # a citizen may stand before the screen meanwhile
    catalogue = from_json(sys.stdin.buffer.read())
    from kiosk.rehearsal import acts
    from kiosk.rehearsal.glass import Glass
    from kiosk.widgets.tokens import Panel

    glass, now = Glass(Panel(**json.loads(chosen.panel))), datetime.now(UTC)
    if chosen.pictures is not None:
        from kiosk.rehearsal.preview import Preview

        preview = Preview(catalogue, chosen.pictures, now)
        preview.screens(glass)
        preview.papers()
        preview.write()
        return 0
    for language in catalogue.languages:
        for _, state in acts.of(catalogue, language, now.date()):
            glass.show(state)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
