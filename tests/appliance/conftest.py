"""These need root, systemd-nspawn and a quarter of an hour: only `make test-appliance` collects them."""

from __future__ import annotations

import os

collect_ignore_glob = [] if os.environ.get("TOTEM_APPLIANCE") else ["test_*.py"]
