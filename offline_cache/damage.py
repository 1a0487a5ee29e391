"""Damage that is found while the kiosk runs: who finds it says so and ends; systemd then has the custodian look.

On an appliance `totem-mend.path` watches for the mark and has `totem-store` run again, for which the others are stopped
and afterwards started. Elsewhere the mark means nothing, and the next custodian takes it away.
"""

from __future__ import annotations

import contextlib

from offline_cache.folder import StateFolder

MARK = "store-damaged"


def report(folder: StateFolder) -> None:
    """Leaves the mark. Never fails: whoever calls it is about to end anyway."""
    with contextlib.suppress(OSError):
        (folder.run / MARK).touch(mode=0o600)


def looked_after(folder: StateFolder) -> None:
    """Takes the mark away: the custodian has looked at every page."""
    (folder.run / MARK).unlink(missing_ok=True)
