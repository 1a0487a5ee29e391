"""Issues without end and says each code and number after its commit; killed by the test."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from offline_cache.folder import StateFolder
from offline_cache.issue import issue
from offline_cache.store import open_store
from tests.offline_cache.sealing import preparing

with open_store(StateFolder(Path(sys.argv[1]))) as store:
    while True:
        issued = issue(store, series="fees", prepare=preparing(b"x" * 3000, job=True))
        print(issued.code, issued.number, flush=True)
