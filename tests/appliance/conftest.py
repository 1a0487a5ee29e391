"""These need root, systemd-nspawn and a quarter of an hour: only `make test-appliance` collects them."""

from __future__ import annotations

import os

NAMED = os.environ.get("TOTEM_APPLIANCE", "").split()
collect_ignore_glob = [] if NAMED else ["test_*.py"]
# What is tried there is ours and not Debian's: one of them is enough.
collect_ignore_glob += [] if "trixie" in NAMED else ["test_updates.py"]
