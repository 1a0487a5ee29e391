"""After a run of everything: the few tests that failed, alone, once more.

    python -m tests.again

Real processes, windows and sockets share two cores in a run of everything. What fails there and passes here is named:
it waits for something that a busy machine does later than it believes, and is to be mended. Exit status as pytest's.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

FAILED = Path(".pytest_cache/v/cache/lastfailed")
# More at once is no unsteadiness.
MOST = 5


def main() -> int:
    """Plays them; 1 at once where there are too many, or none that is known."""
    failed = sorted(json.loads(FAILED.read_text(encoding="utf-8"))) if FAILED.is_file() else []
    if not 0 < len(failed) <= MOST:
        return 1
    line = "#" * 100
    sys.stdout.write(f"{line}\n{len(failed)} failed beside the others: once more, alone\n{line}\n")
    status = int(pytest.main(["-q", *failed]))
    if status == 0:
        told = "\n".join(f"  {name}" for name in failed)
        sys.stdout.write(f"{line}\nUNSTEADY: failed beside the others, passed alone:\n{told}\n{line}\n")
    return status


if __name__ == "__main__":
    sys.exit(main())
