"""Issues N tickets as the kiosk does and says each tracking code as soon as it is on disk for good.

    python bench/enqueue.py N --state DIR

Pull the plug, or kill it: every code that was said is listed afterwards by `totem queue codes --state DIR`.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

# Run as a file, Python looks for modules beside it first; the project lies one level up.
sys.path[0] = str(Path(__file__).resolve().parents[1])


def main() -> int:
    from bench import made_up_kiosk
    from kiosk.performers import registration
    from offline_cache.store import StoreError, open_store

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", metavar="N", type=int, help="how many tickets to issue")
    parser.add_argument("--state", metavar="DIR", type=Path, required=True, help="the state folder; made if missing")
    wanted = parser.parse_args()
    if wanted.count < 0:
        parser.error("N must not be negative")
    try:
        folder = made_up_kiosk.prepare(wanted.state, at_least=wanted.count)
        with open_store(folder) as store:
            state = made_up_kiosk.request(store)
            for _ in range(wanted.count):
                done = registration.register(store, folder, state)
                # One system call, past every buffer: whoever reads it may rely on it.
                os.write(1, f"{done.ticket.code}\n".encode())
    except (StoreError, made_up_kiosk.OtherFolderError) as error:
        sys.stderr.write(f"enqueue: {error}\n")
        return 2
    except OSError as error:
        sys.stderr.write(f"enqueue: {error.filename or 'the disk'}: {error.strerror}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
