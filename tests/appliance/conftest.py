"""These need root, systemd-nspawn and a quarter of an hour: only `make test-appliance` collects them.

The real glass needs qemu besides. Where that is not there, the end of the run says so loudly.
"""

from __future__ import annotations

import os

import pytest

from tests.appliance import emulator, possible, roots

NAMED = os.environ.get("TOTEM_APPLIANCE", "").split()
# What stands in the way of the emulated machine; None where it was not asked for.
WITHOUT_GLASS = emulator.missing() if roots.EMULATED in NAMED else None
collect_ignore_glob = ["test_*.py"] if not NAMED else ["test_glass.py"] if WITHOUT_GLASS != [] else []
# What is tried there is ours and not Debian's: one of them is enough.
collect_ignore_glob += [] if "trixie" in NAMED else ["test_updates.py"]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if WITHOUT_GLASS:
        terminalreporter.write_line(possible.loudly("the real glass", WITHOUT_GLASS))
