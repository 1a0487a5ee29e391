"""Starts the real processes of kiosk and centre by forking, in milliseconds, so that they can be killed often.

    python -m tests.kills.nursery KIOSK_FOLDER CENTRE_FOLDER PORT

Reads names of parts, a line each, starts that part and answers with its process id. `kiosk` issues tickets without end
and says each code on the nursery's standard error after its commit. When its input ends, all that it started ends.
"""

import ctypes
import os
import signal
import sys
import traceback
from pathlib import Path

import central.app
import central.serve
import kiosk.performers.registration
import offline_cache.sync_process
import printer.process
from bench import made_up_kiosk
from central.state import CentralState
from offline_cache import print_jobs, store, wake
from offline_cache.folder import StateFolder

PR_SET_PDEATHSIG = 1
PRINTED_OF = 25


def issue(folder: StateFolder) -> None:
    with store.open_store(folder) as opened:
        state = made_up_kiosk.request(opened, "fee")
        serial = 0
        while True:
            ticket = kiosk.performers.registration.register(opened, folder, state).ticket
            os.write(2, f"{ticket.code}\n".encode())
            wake.post(folder, "sync")
            if serial % PRINTED_OF == 0:
                print_jobs.release(opened, ticket.job)
                wake.post(folder, "printer")
            else:
                print_jobs.drop(folder, opened, ticket.job)
            serial += 1
            signal.sigtimedwait([], 0.01)


def serve(state: CentralState, port: int) -> None:
    central.serve.serve(state, central.serve.bind("127.0.0.1", port), lambda _port: None)


def main(kiosk_folder: str, centre_folder: str, port: str) -> None:
    folder, state = StateFolder(Path(kiosk_folder)), CentralState(Path(centre_folder))
    parts = {
        "kiosk": lambda: issue(folder),
        "printer": lambda: printer.process.main(folder),
        "sync": lambda: offline_cache.sync_process.main(folder),
        "centre": lambda: serve(state, int(port)),
    }
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            log = os.open(folder.path.parent / f"{line.strip()}.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            os.dup2(log, 1)
            if line.strip() != "kiosk":
                os.dup2(log, 2)
            sys.stdout.reconfigure(line_buffering=True)
            try:
                parts[line.strip()]()
            except BaseException:  # noqa: BLE001  told in the log, and the child ends
                traceback.print_exc()
            os._exit(0)
        print(child, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
