"""The card worker's side of the application: effects become commands, the worker's frames become events.

The worker is a child process that can be killed; it is replaced after every session, when it dies, and when a card
makes it mute. Whatever was begun for one worker (a time limit, a nonce on its way, a PIN) never reaches another.
"""

from __future__ import annotations

import base64
import secrets
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from devices import frames
from devices.worker_client import CardWorker
from kiosk.journey import events as ev
from kiosk.journey.effects import ProveHolder
from kiosk.journey.state import CardTrouble, Holder, LookupTrouble, ReaderCondition
from kiosk.performers import failures, journal
from offline_cache import lookups
from offline_cache.contract.checks import Check, CheckName, CheckOutcome
from offline_cache.contract.evidence import Evidence, Purpose, Statement
from offline_cache.contract.staff import OperatorTrust, Role, Technician, TechnicianTrouble
from offline_cache.folder import StateFolder

READ_LIMIT_S = 12.0
PROVE_LIMIT_S = 20.0
# What a reader waits for somebody at its own keys (devices/pin_pad.py).
PAD_LIMIT_S = 30.0
# At the commit nobody waits long for a nonce of the centre: one of our own is as good a challenge.
COMMIT_NONCE_LIMIT_S = 2.0
LOOKUP_NONCE_LIMIT_S = 5.0
# After this many workers that died sooner than that, the next will die too: there is no reader for the citizen, and
# the next try waits.
SHORT_LIVES = 2
SHORT_LIFE_S = 5.0

Frame = dict[str, Any]
ANSWERS = (
    ev.CardRead, ev.CardChecked, ev.CardRefused, ev.PinRefused, ev.Proved, ev.LookupRefused, ev.TechnicianSeen,
    ev.NoTechnician, ev.TechnicianProved, ev.TechnicianPinRefused, ev.TechnicianRefused,
)  # fmt: skip


class Worker(Protocol):
    """What is needed of `CardWorker`."""

    @property
    def pid(self) -> int | None: ...
    def start(self) -> None: ...
    def kill(self) -> None: ...
    def read(
        self, anchors: tuple[str, ...], at: datetime | None, families: tuple[str, ...], grace: timedelta
    ) -> None: ...
    def prove(self, statement: Statement, pin: bytearray | None, *, on_pad: bool = False) -> None: ...
    def look_for_technician(
        self, anchors: tuple[str, ...], revocation_list: bytes | None, at: datetime | None, site: str
    ) -> None: ...
    def prove_technician(self, pin: bytearray) -> None: ...


class CardPerformer:
    """One worker at a time. `post` takes events from any thread; `take_pin` hands over the pad's digits."""

    def __init__(
        self,
        folder: StateFolder,
        post: Callable[[ev.Event], None],
        take_pin: Callable[[], bytearray],
        *,
        make_worker: Callable[[Callable[[Frame], None]], Worker] | None = None,
        read_limit_s: float = READ_LIMIT_S,
        prove_limit_s: float = PROVE_LIMIT_S,
        short_life_s: float = SHORT_LIFE_S,
    ) -> None:
        self._folder = folder
        self._post = post
        self._take_pin = take_pin
        self._make_worker = make_worker or self._worker_of_this_machine
        self._read_limit_s = read_limit_s
        self._prove_limit_s = prove_limit_s
        self._short_life_s = short_life_s
        self._guard = threading.RLock()
        self._limit: threading.Timer | None = None
        self._worker: Worker | None = None
        self._started_s = 0.0
        self._short_lives = 0
        self._pin = bytearray()
        self._retired = False

    def start(self) -> None:
        """A fresh worker, ready before the citizen needs it."""
        self._renew(None)

    def replace(self) -> None:
        """Kills the worker with whatever it knew and starts another."""
        self._renew(self._worker)

    def close(self) -> None:
        with self._guard:
            self._retired = True
            self._renew(self._worker)

    def worker_pid(self) -> int | None:
        return self._worker.pid if self._worker is not None else None

    def read(
        self, anchors: tuple[str, ...], families: tuple[str, ...], grace: timedelta, *, clock_trusted: bool
    ) -> None:
        """Reads the inserted card without PIN. Certificates are judged at no time where the clock is not trusted."""
        at = datetime.now(UTC) if clock_trusted else None
        worker = self._start_limit(self._read_limit_s)
        if worker is not None:
            worker.read(anchors, at, families, grace)

    def look_for_technician(self, trust: OperatorTrust | None, site: str, *, clock_trusted: bool) -> None:
        """Whether the inserted card is one of the operator's; nothing is asked where no operator is known."""
        worker = self._start_limit(self._read_limit_s) if trust is not None else None
        if worker is not None and trust is not None:
            at = datetime.now(UTC) if clock_trusted else None
            worker.look_for_technician(trust.anchors, trust.revocation_list, at, site)

    def prove_technician(self) -> None:
        """The pad's digits, once; there is no nonce to wait for."""
        pin = self._take_pin()
        worker = self._start_limit(self._prove_limit_s)
        if worker is not None:
            worker.prove_technician(pin)
        frames.zero(pin)

    def prove(self, effect: ProveHolder, kiosk: str, *, link: bool) -> None:
        """Lets the card sign; the nonce is fetched in a thread, for the screen must not wait for the network."""
        lookup = effect.purpose is Purpose.LOOKUP
        nonce_limit_s = (LOOKUP_NONCE_LIMIT_S if lookup else COMMIT_NONCE_LIMIT_S) if link else 0.0
        with self._guard:
            self._pin = self._take_pin() if lookup else bytearray()
            pad_s = PAD_LIMIT_S if effect.on_pad else 0.0
            worker = self._start_limit(nonce_limit_s + pad_s + self._prove_limit_s)
            arguments = (worker, effect, kiosk, nonce_limit_s, self._pin)
        if worker is not None:
            threading.Thread(target=self._prove, args=arguments, name="prove", daemon=True).start()

    def _prove(self, worker: Worker, effect: ProveHolder, kiosk: str, nonce_limit_s: float, pin: bytearray) -> None:
        """`worker` is the one of the moment when the citizen asked: a card of the next one never sees this PIN."""
        try:
            nonce = self._nonce(effect, nonce_limit_s) if nonce_limit_s else None
            if nonce is None and effect.purpose is Purpose.LOOKUP and effect.needs_centre:
                self._answer(worker, ev.LookupRefused(effect.session, LookupTrouble.NO_LINK))
                return
            statement = Statement(
                purpose=effect.purpose,
                kiosk=kiosk,
                session=effect.session,
                service=effect.service,
                nonce=nonce or base64.b64encode(secrets.token_bytes(32)).decode(),
                nonce_of_centre=nonce is not None,
            )
            worker.prove(statement, pin or None, on_pad=effect.on_pad)
        finally:
            frames.zero(pin)

    def _nonce(self, effect: ProveHolder, limit_s: float) -> str | None:
        request = {"do": "nonce", "session": effect.session, "service": effect.service}
        nonce = lookups.ask(self._folder, request, limit_s).get("nonce")
        return nonce if isinstance(nonce, str) else None

    # ---- the worker -------------------------------------------------------------------------------------

    def _renew(self, old: Worker | None) -> None:
        """`old` is the worker that the caller knew: of two who see it die, one starts the next."""
        with self._guard:
            if self._worker is not old:
                return
            self._stop_limit()
            if old is not None:
                old.kill()
            frames.zero(self._pin)
            self._worker = None
            if self._retired:
                return
            fresh = self._make_worker(lambda frame: self._heard(fresh, frame))
            self._worker = fresh
            self._started_s = time.monotonic()
            fresh.start()

    def _heard(self, worker: Worker, frame: Frame) -> None:
        if frame.get("event") == "died":
            self._died(worker)
            return
        if frame.get("event") == "fault":
            journal.error("card-worker-fault", where=str(frame.get("where")))
        try:
            event = event_of(frame)
        except ValueError as error:
            # It says what no worker says: as good as dead.
            failures.tell("card-worker-unreadable", error)
            self._died(worker)
            return
        if event is not None:
            self._answer(worker, event)

    def _answer(self, worker: Worker, event: ev.Event) -> None:
        """What a worker says that was replaced meanwhile belongs to a session that is over."""
        with self._guard:
            if worker is not self._worker:
                return
            if isinstance(event, ANSWERS):
                self._stop_limit()
            self._post(event)

    def _died(self, worker: Worker) -> None:
        with self._guard:
            if worker is not self._worker:
                return
            journal.warning("card-worker-died")
            self._answer(worker, ev.CardRefused(CardTrouble.UNREADABLE))
            short = time.monotonic() - self._started_s < self._short_life_s
            self._short_lives = self._short_lives + 1 if short else 0
            if self._short_lives < SHORT_LIVES:
                self._renew(worker)
                return
            self._post(ev.ReaderChanged(ReaderCondition.ABSENT))
            again = threading.Timer(self._short_life_s, self._renew, (worker,))
            again.daemon = True
            again.start()

    def _worker_of_this_machine(self, on_event: Callable[[Frame], None]) -> Worker:
        try:
            modules = self._folder.settings().pkcs11_modules
        except (FileNotFoundError, ValueError) as error:
            failures.tell("settings-unreadable", error)
            modules = ()
        return CardWorker(
            on_event,
            pkcs11_modules=modules,
            revocation_lists=self._folder.revocation_lists,
            issuers=self._folder.issuers,
        )

    # ---- the time limit ---------------------------------------------------------------------------------

    def _start_limit(self, seconds: float) -> Worker | None:
        """For the present worker, which is answered."""
        with self._guard:
            self._stop_limit()
            self._limit = threading.Timer(seconds, self._too_slow, (self._worker,))
            self._limit.daemon = True
            self._limit.start()
            return self._worker

    def _stop_limit(self) -> None:
        if self._limit is not None:
            self._limit.cancel()
            self._limit = None

    def _too_slow(self, worker: Worker | None) -> None:
        """A mute card blocks the reader's call for good: only killing the worker frees it."""
        with self._guard:
            if self._limit is not threading.current_thread():
                return  # answered, or another limit counts by now
            journal.warning("card-too-slow")
            self._post(ev.CardRefused(CardTrouble.UNREADABLE))
            self._renew(worker)


def event_of(frame: dict[str, Any]) -> ev.Event | None:
    """The journey's event for a frame of the worker; None for those that concern nobody."""
    match frame:
        case {"event": "reader", "present": present}:
            return ev.ReaderChanged(ReaderCondition.READY if present else ReaderCondition.ABSENT)
        case {"event": "card", "present": present}:
            return ev.CardInserted() if present else ev.CardRemoved()
        case {"event": "identity"}:
            return _card_read(frame)
        case {"event": "checked", "has_key": has_key}:
            return ev.CardChecked(_checks(frame), has_key=has_key)
        case {"event": "refused", "trouble": trouble}:
            return ev.CardRefused(CardTrouble(trouble))
        case {"event": "pin-refused", "tries_left": tries_left}:
            return ev.PinRefused(tries_left=tries_left)
        case {"event": "proved", "evidence": evidence}:
            return ev.Proved(Evidence.model_validate(evidence), _checks(frame))
        case {"event": "technician"}:
            return _technician(frame)
        case {"event": "no-technician"}:
            return ev.NoTechnician()
        case {"event": "technician-proved"}:
            return ev.TechnicianProved()
        case {"event": "technician-pin-refused", "tries_left": tries_left}:
            return ev.TechnicianPinRefused(tries_left)
        case {"event": "technician-refused", "trouble": trouble}:
            return ev.TechnicianRefused(TechnicianTrouble(trouble))
        case _:
            return None


def _technician(frame: dict[str, Any]) -> ev.TechnicianSeen:
    who = Technician(
        frame["name"], Role(frame["role"]), tuple(frame["sites"]), frame["certificate"], frame["list_made"]
    )
    return ev.TechnicianSeen(who, frame["tries_left"])


def _card_read(frame: dict[str, Any]) -> ev.CardRead:
    from kiosk.issuing import masks
    from offline_cache.contract.national_ids import NationalId, Scheme

    number = NationalId(Scheme(frame["scheme"]), frame["national_id"])
    holder = Holder(
        name=frame["name"], national_id=number.value, masked_id=masks.mask(number), scheme=number.scheme
    )
    return ev.CardRead(
        holder, tries_left=frame["tries_left"], checks=_checks(frame), has_key=frame["has_key"], final=frame["final"],
        pad=frame["pad"],
    )


def _checks(frame: dict[str, Any]) -> tuple[Check, ...]:
    return tuple(
        Check(CheckName(check["name"]), CheckOutcome(check["outcome"]), check["detail"]) for check in frame["checks"]
    )
