"""The parent's end of the card worker: starts it, speaks to it, outlives it."""

from __future__ import annotations

import base64
import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from devices import frames
from offline_cache.contract.evidence import Statement
from offline_cache.contract.revocation import GRACE

# A new worker loads itself while the screen says goodbye to a citizen, or greets the next one.
BEHIND_THE_SCREEN = "5"


class CardWorker:
    """One worker at a time; `start` again replaces it.

    `on_event` gets each event (docs/architecture.md, the card worker) on a thread of this object, and `{"event":
    "died"}` once when the child ends without `kill`. A worker that was killed says nothing more.
    """

    def __init__(
        self,
        on_event: Callable[[dict[str, Any]], None],
        *,
        pcscd_socket: str | Path | None = None,
        wall_clock_s: float = 15.0,
        pkcs11_modules: Sequence[str | Path] = (),
        revocation_lists: str | Path | None = None,
        issuers: str | Path | None = None,
    ) -> None:
        """`pcscd_socket` None is the system's pcscd. `wall_clock_s` is what one command may take.

        `pkcs11_modules` may be loaded, in this order, for families that need one (none given: those that are known and
        installed); `revocation_lists` is the folder of devices/revocation_cache.py, `issuers` that of issuer_cache.py.
        """
        self._on_event = on_event
        self._pcscd_socket = pcscd_socket
        self._options = ["--wall-clock-s", str(wall_clock_s)]
        for module in pkcs11_modules:
            self._options += ["--pkcs11-module", str(module)]
        if revocation_lists is not None:
            self._options += ["--revocation-lists", str(revocation_lists)]
        if issuers is not None:
            self._options += ["--issuers", str(issuers)]
        self._process: subprocess.Popen[bytes] | None = None
        self._writing = threading.Lock()

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Returns at once; the first events are whether there is a reader and a card."""
        self.kill()
        environment = dict(os.environ)
        if self._pcscd_socket is not None:
            environment["PCSCLITE_CSOCK_NAME"] = str(self._pcscd_socket)
        process = subprocess.Popen(
            ["nice", "-n", BEHIND_THE_SCREEN, sys.executable, "-m", "devices.worker", *self._options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            env=environment,
        )
        self._process = process
        threading.Thread(target=self._listen, args=(process,), name="card-worker", daemon=True).start()

    def read(
        self,
        anchors: Sequence[str],
        at: datetime | None,
        families: Sequence[str] = ("piv-icp-brasil",),
        grace: timedelta = GRACE,
    ) -> None:
        """Answers `identity` or `refused`; an identity that is not final is followed by `checked` or `refused`.

        `at` None: no clock is trusted. `families`: which cards are accepted. `grace`: how late a list may be.
        """
        told = {"anchors": list(anchors), "at": at.isoformat() if at else None, "families": list(families)}
        self._send({"do": "read", **told, "grace_h": grace.total_seconds() / 3600})

    def prove(self, statement: Statement, pin: bytearray | None, *, on_pad: bool = False) -> None:
        """Answers `proved`, `pin-refused` or `refused`. `pin` is zeroed here, whatever happens. `on_pad`: the reader
        asks for it (`pad` of the identity).
        """
        try:
            told = {"with_pin": pin is not None, "on_pad": on_pad}
            self._send({"do": "prove", "statement": statement.model_dump(mode="json"), **told}, pin)
        finally:
            if pin is not None:
                frames.zero(pin)

    def look_for_technician(
        self, anchors: Sequence[str], revocation_list: bytes | None, at: datetime | None, site: str
    ) -> None:
        """Answers `technician`, `technician-refused` or `no-technician`."""
        held = base64.b64encode(revocation_list).decode("ascii") if revocation_list is not None else None
        moment = at.isoformat() if at else None
        self._send(
            {"do": "look-for-technician", "anchors": list(anchors), "list": held, "at": moment, "site": site}
        )

    def prove_technician(self, pin: bytearray) -> None:
        """Answers `technician-proved`, `technician-pin-refused` or `technician-refused`. `pin` is zeroed here."""
        try:
            self._send({"do": "prove-technician", "with_pin": True}, pin)
        finally:
            frames.zero(pin)

    def kill(self) -> None:
        """Ends the worker at once, and with it the card's memory of a PIN. Nothing happens if there is none."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        with self._writing, contextlib.suppress(OSError):
            _input(process).close()

    def _send(self, message: dict[str, Any], pin: bytearray | None = None) -> None:
        """To a dead worker nothing is said; its `died` has come, or is coming."""
        process = self._process
        if process is None:
            return
        with self._writing, contextlib.suppress(OSError, ValueError):
            descriptor = _input(process).fileno()
            frames.write_json(descriptor, message)
            if pin is not None:
                frames.write(descriptor, frames.PIN, pin)

    def _listen(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None
        with process.stdout as stream:
            while (event := _next(stream.fileno())) is not None:
                if self._process is process:
                    self._on_event(event)
        process.kill()  # it has ended, or it speaks nonsense
        process.wait()
        if self._process is process:
            self._process = None
            self._on_event({"event": "died"})


def _next(descriptor: int) -> dict[str, Any] | None:
    try:
        return frames.read_json(descriptor)
    except (frames.FrameError, OSError):
        return None


def _input(process: subprocess.Popen[bytes]) -> Any:
    assert process.stdin is not None
    return process.stdin
