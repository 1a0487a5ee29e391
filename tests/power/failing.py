"""Starts a kiosk's processes on a disk that fails, by forking, each with a failure of its own.

    LD_PRELOAD=failing.so FAIL_ROOT=FOLDER python -m tests.power.failing FOLDER

Reads lines `PART ERRNO CALLS TIMES SYNCS` and answers with one line when that part has ended: the codes that were said
after their commit, and how often the store refused. `kiosk` issues tickets with paper, `sync` sends what waits.
"""

import ctypes
import os
import random
import sys
import time
import traceback
from pathlib import Path

import kiosk.performers.registration
from bench import made_up_kiosk
from offline_cache import print_jobs, store
from offline_cache.folder import StateFolder
from offline_cache.sync import Sync

TICKETS = 4
LIMIT_S = 10.0
# Logs go to standard output otherwise.
ANSWERS = os.dup(1)
os.dup2(2, 1)


def say(words: bytes) -> None:
    os.write(ANSWERS, words)


def issue(folder: StateFolder, opened: store.Store) -> None:
    """As citizens come: one who is refused is followed by the next, in the same process."""
    state = made_up_kiosk.request(opened, "fee")
    for _ in range(TICKETS):
        try:
            ticket = kiosk.performers.registration.register(opened, folder, state).ticket
        except store.StoreUnwritableError:
            say(b"refused ")
            continue
        say(f"{ticket.code} ".encode())
        try:
            print_jobs.drop(folder, opened, ticket.job)
        except store.StoreUnwritableError:
            say(b"refused ")


def send(folder: StateFolder, opened: store.Store) -> None:
    """The loop, until the disk is well again and everything was sent."""
    sync = Sync(folder, opened, random.Random(7))
    until_s = time.monotonic() + LIMIT_S
    while not sync.link or sync.step(time.monotonic()):
        if time.monotonic() > until_s:
            say(b"stuck ")
            return
        sync.hear({"retry": True})
        sync.step(time.monotonic())


def main(path: str) -> None:
    folder = StateFolder(Path(path))
    parts = {"kiosk": issue, "sync": send}
    for line in sys.stdin:
        part, *how = line.split()
        child = os.fork()
        if child == 0:
            try:
                with store.open_store(folder) as opened:
                    ctypes.CDLL(None).fail_from(*map(int, how))
                    parts[part](folder, opened)
                    ctypes.CDLL(None).fail_from(0, -1, 0, 0)
            except BaseException as error:  # noqa: BLE001  told to the test, and the child ends
                traceback.print_exc()
                say(f"died:{type(error).__name__} ".encode())
            os._exit(0)
        os.waitpid(child, 0)
        say(b"\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
