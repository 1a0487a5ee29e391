"""The card worker: the child process in which everything that touches a card happens, so that it can be killed.

Frames on standard input and output (devices/frames.py, docs/architecture.md). What is light runs first: reader and
card are reported while the rest is still being imported. One thread watches the readers, one speaks to the card, the
first one reads the parent's frames; the end of its input is the end of the process.
"""

from __future__ import annotations

import argparse
import os
import queue
import resource
import threading
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import Any

from devices import frames

PR_SET_DUMPABLE = 4  # linux/prctl.h
WALL_CLOCK_S = 15.0
WARM_UP_S = 2.0
PAD_S = 30.0  # devices/pin_pad.py, TIMEOUT_S
# What the first read would wait for.
WARM = ("asn1crypto.x509", "cryptography.x509", "pyhanko_certvalidator", "stdnum.br.cpf")
GONE, MUTE, FAULT = 0, 3, 4


@dataclass(frozen=True)
class _Job:
    message: dict[str, Any]
    pin: bytearray | None


class _Output:
    """Whole frames only, whichever thread speaks; the process ends when nobody listens."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._lock = threading.Lock()

    def __call__(self, report: dict[str, Any]) -> None:
        with self._lock:
            try:
                frames.write_json(self._descriptor, report)
            except OSError:
                os._exit(GONE)


class _Deadline:
    """A card that says nothing cannot be interrupted: the process reports it and ends, and is replaced."""

    def __init__(self, emit: _Output, seconds: float) -> None:
        self._emit = emit
        self._timer = threading.Timer(seconds, self._expired)
        self._timer.daemon = True
        self._over = threading.Lock()

    def start(self) -> None:
        self._timer.start()

    def met(self) -> bool:
        """True once: the job has ended in time and may report."""
        self._timer.cancel()
        return self._over.acquire(blocking=False)

    def _expired(self) -> None:
        if self._over.acquire(blocking=False):
            self._emit({"event": "refused", "trouble": "unreadable", "detail": "the card took too long"})
            os._exit(MUTE)


def main() -> None:
    """Runs until standard input ends."""
    parser = argparse.ArgumentParser(prog="python -m devices.worker")
    parser.add_argument("--wall-clock-s", type=float, default=WALL_CLOCK_S)
    parser.add_argument("--pkcs11-module", action="append", default=[])
    parser.add_argument("--revocation-lists", default=None)
    parser.add_argument("--issuers", default=None)
    arguments = parser.parse_args()
    _leave_no_dump()
    emit = _Output(_take_standard_output())
    told = threading.Event()
    jobs: queue.Queue[_Job] = queue.Queue()
    _start(emit, lambda: _watch(emit, told))
    _start(emit, lambda: _work(emit, told, jobs, arguments))
    try:
        while (message := frames.read_json(0)) is not None:
            jobs.put(_Job(message, _pin() if message.get("with_pin") else None))
    except Exception as error:  # noqa: BLE001  reported, then the process ends
        _fault(emit, error)
    os._exit(GONE)


def _pin() -> bytearray:
    frame = frames.read(0)
    if frame is None or frame[0] != frames.PIN:
        raise frames.FrameError("the PIN is missing")
    return frame[1]


def _watch(emit: _Output, told: threading.Event) -> None:
    from devices.reader import CardPresence, Presence, watch

    def report(presence: Presence) -> None:
        emit({"event": "card" if isinstance(presence, CardPresence) else "reader", "present": presence.present})
        told.set()

    watch(report, threading.Event())


def _work(emit: _Output, told: threading.Event, jobs: queue.Queue[_Job], arguments: argparse.Namespace) -> None:
    told.wait(WARM_UP_S)
    for name in WARM:
        import_module(name)

    from devices.session import CardSession
    from devices.technician_session import TechnicianSession

    session, technicians, judge = CardSession(arguments.pkcs11_module), TechnicianSession(), _judge(arguments)
    while True:
        job = jobs.get()
        # Somebody types on the reader's keys: its own limit counts, and ours begins behind it.
        more_s = PAD_S if job.message.get("on_pad") else 0.0
        _in_time(emit, arguments.wall_clock_s + more_s, partial(_do, session, technicians, job, judge))
        _in_time(emit, arguments.wall_clock_s, session.complete)


def _in_time(emit: _Output, seconds: float, work: Callable[[], dict[str, Any] | None]) -> None:
    deadline = _Deadline(emit, seconds)
    deadline.start()
    report = work()
    if deadline.met() and report is not None:
        emit(report)


def _do(session: Any, technicians: Any, job: _Job, judge: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
    try:
        return _done(session, technicians, job, judge)
    finally:
        if job.pin is not None:
            frames.zero(job.pin)


def _done(session: Any, technicians: Any, job: _Job, judge: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
    """ValueError and KeyError if the parent asks for what there is not."""
    from offline_cache.contract.evidence import Statement

    message = job.message
    report: dict[str, Any]
    match message["do"]:
        case "read":
            technicians.close()
            report = session.read(judge(message), message["families"])
        case "prove":
            report = session.prove(Statement.model_validate(message["statement"]), job.pin, on_pad=message["on_pad"])
        case "look-for-technician":
            session.close()
            report = technicians.look(_operator(message), _moment(message["at"]), message["site"])
        case "prove-technician":
            report = technicians.prove(job.pin or bytearray())
        case _:
            raise ValueError("an unknown command")
    return report


def _operator(message: dict[str, Any]) -> Any:
    from base64 import b64decode

    from offline_cache.contract.staff import OperatorTrust

    held = message["list"]
    return OperatorTrust(tuple(message["anchors"]), b64decode(held) if held is not None else None)


def _moment(text: str | None) -> Any:
    from datetime import datetime

    return datetime.fromisoformat(text) if text is not None else None


def _judge(arguments: argparse.Namespace) -> Callable[[dict[str, Any]], Any]:
    """What makes of a command by what a card is judged."""
    from datetime import datetime, timedelta
    from pathlib import Path

    from devices import revocation_cache
    from devices.cards.base import Trust, no_lists
    from devices.issuer_cache import IssuerCache
    from offline_cache.contract.revocation import RevocationLists, lists_for

    issuers = IssuerCache(Path(arguments.issuers) if arguments.issuers is not None else None)

    def trust(message: dict[str, Any]) -> Trust:
        at: datetime | None = _moment(message["at"])
        anchors, grace = tuple(message["anchors"]), timedelta(hours=message["grace_h"])

        def lists(certificates: Sequence[bytes]) -> RevocationLists:
            folder = Path(arguments.revocation_lists)
            return lists_for(certificates, anchors, lambda name: revocation_cache.read(folder, name), grace)

        return Trust(anchors, at, lists if arguments.revocation_lists is not None else no_lists, issuers)

    return trust


def _start(emit: _Output, run: Any) -> None:
    def guarded() -> None:
        try:
            run()
        except Exception as error:  # noqa: BLE001  reported, then the process ends
            _fault(emit, error)

    threading.Thread(target=guarded, daemon=True).start()


def _fault(emit: _Output, error: Exception) -> None:
    """A programming error, or a parent that breaks the protocol: its type and place, never its text."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{type(error).__name__} in {os.path.basename(last.filename)}:{last.lineno}"  # noqa: PTH119
    emit({"event": "fault", "where": where})
    os._exit(FAULT)


def _take_standard_output() -> int:
    """The descriptor for frames; whatever else is printed goes to standard error and cannot break a frame."""
    descriptor = os.dup(1)
    os.dup2(2, 1)
    return descriptor


def _leave_no_dump() -> None:
    """No core file, and no other process of this user may read this memory."""
    import ctypes

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_DUMPABLE)")


if __name__ == "__main__":
    main()
