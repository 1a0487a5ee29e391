"""The disk is full, read-only or failing at any write or sync: what was said is so, what could not be written was
refused, and when the disk is well again everything arrives, once.
"""

import errno
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from offline_cache import custodian, numbers
from offline_cache.contract.messages import NumberBlock
from tests.offline_cache.looping import SERIES, recover, settle
from tests.offline_cache.oracle import account
from tests.offline_cache.test_fleet import at_work
from tests.power import recording
from tests.power.workload import ROOT

ERRORS = {"full": errno.ENOSPC, "read-only": errno.EROFS, "failing": errno.EIO}
ROUNDS, ROUNDS_LONG = 25, 300


def fail(centre, path: Path, how: str, rounds: int) -> None:
    draw = random.Random(f"{how} {os.environ['TOTEM_SEED']}")
    folder = centre.folder(path / "kiosk")
    with at_work(folder) as (sync, store):
        recover(sync)
        settle(sync)
        first = 10**6 * (1 + draw.randrange(900))
        numbers.add_block(store, NumberBlock(block=how, series=SERIES, first=first, last=first + 9999))
    environment = os.environ | {
        "LD_PRELOAD": str(recording.build(path, "failing")), "FAIL_ROOT": str(folder.path.resolve())
    }  # fmt: skip
    command = [sys.executable, "-m", "tests.power.failing", str(folder.path)]
    with (
        (path / "failing.log").open("w") as log,
        subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True
        ) as nursery,
    ):

        def play(part: str, calls: int, times: int, syncs: int) -> list[str]:
            nursery.stdin.write(f"{part} {ERRORS[how]} {calls} {times} {syncs}\n")
            nursery.stdin.flush()
            return nursery.stdout.readline().split()

        said: list[str] = []
        for turn in range(rounds):
            # Once, a few times, or until that process ends; from a write in the middle of a commit, or a sync, on.
            times = draw.choice((1, 1, 3, 10, -1)) if turn % 5 else draw.choice((1, 3))
            part = "kiosk" if turn % 5 else "sync"
            said += play(part, draw.randrange(25), times, int(how == "failing" and draw.random() < 0.3))
        nursery.stdin.close()
    shutil.rmtree(folder.run, ignore_errors=True)
    assert not [word for word in said if word.startswith(("died", "stuck"))], (path / "failing.log").read_text()
    assert said.count("refused") > rounds // 4
    told = [word for word in said if word != "refused"]
    assert len(told) > rounds // 2
    assert custodian.prepare(folder).quarantined is None
    with at_work(folder) as (sync, store):
        recover(sync)
        settle(sync)
        issued = len(store.rows("select 1 from outbox where code is not null"))
        given = store.rows("select sum(next - first) as n from number_blocks")[0]["n"]
    # A commit whose sync failed may be there all the same: refused, but whole, with its own code and number.
    assert given == issued
    account(centre, folder, told)


@pytest.mark.parametrize("how", ERRORS)
def test_a_disk_that_fails_at_any_write_loses_nothing_and_doubles_nothing(centre, tmp_path, how):
    fail(centre, tmp_path, how, ROUNDS)


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("how", ERRORS)
def test_a_disk_that_fails_at_any_write_hundreds_of_times_loses_nothing(centre, tmp_path, how):
    fail(centre, tmp_path, how, ROUNDS_LONG)
