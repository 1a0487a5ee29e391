"""The card worker's side of the application: effects become commands, the worker's frames become events.

The worker is a child process that can be killed; it is replaced after every session, when it dies, and when a card
makes it mute.
"""

from __future__ import annotations

import base64
import secrets
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from devices.worker_client import CardWorker
from kiosk.journey import events as ev
from kiosk.journey.effects import ProveHolder
from kiosk.journey.state import CardTrouble, Holder, LookupTrouble, ReaderCondition
from kiosk.performers import journal
from offline_cache import lookups
from offline_cache.contract.evidence import Evidence, Purpose, Statement
from offline_cache.folder import StateFolder

READ_LIMIT_S = 12.0
PROVE_LIMIT_S = 20.0
# At the commit nobody waits long for a nonce of the centre: one of our own is as good a challenge.
COMMIT_NONCE_LIMIT_S = 2.0
LOOKUP_NONCE_LIMIT_S = 5.0


class CardPerformer:
    """One worker at a time. `post` takes events from any thread; `take_pin` hands over the pad's digits."""

    def __init__(
        self,
        folder: StateFolder,
        post: Callable[[ev.Event], None],
        take_pin: Callable[[], bytearray],
    ) -> None:
        self._folder = folder
        self._post = post
        self._take_pin = take_pin
        self._guard = threading.Lock()
        self._limit: threading.Timer | None = None
        self._worker: CardWorker | None = None
        self._retired = False
        self._present = False
        # The card that lay in the reader when its worker was replaced: the next worker's first word on it is no news.
        self._lay_there = False

    def start(self) -> None:
        """A fresh worker, ready before the citizen needs it."""
        with self._guard:
            if self._retired:
                return
            worker = CardWorker(lambda frame: self._heard(worker, frame))
            self._worker = worker
            worker.start()

    def replace(self) -> None:
        """Kills the worker with whatever it knew and starts another. A card that stays in the reader is not inserted
        again by that: it was seen by who is gone.
        """
        self._lay_there = self._present
        self._renew()

    def _renew(self) -> None:
        self._stop_limit()
        with self._guard:
            old, self._worker = self._worker, None
        if old is not None:
            old.kill()
        self.start()

    def close(self) -> None:
        self._retired = True
        self._stop_limit()
        if self._worker is not None:
            self._worker.kill()

    def worker_pid(self) -> int | None:
        return self._worker.pid if self._worker is not None else None

    def read(self, anchors: tuple[str, ...], *, clock_trusted: bool) -> None:
        """Reads the inserted card without PIN. Certificates are judged at no time where the clock is not trusted."""
        at = datetime.now(UTC) if clock_trusted else None
        self._start_limit(READ_LIMIT_S)
        if self._worker is not None:
            self._worker.read(anchors, at)

    def prove(self, effect: ProveHolder, kiosk: str, *, link: bool) -> None:
        """Lets the card sign; the nonce is fetched in a thread, for the screen must not wait for the network."""
        typed = self._take_pin() if effect.purpose is Purpose.LOOKUP else None
        pin = typed or None
        threading.Thread(target=self._prove, args=(effect, kiosk, link, pin), name="prove", daemon=True).start()

    def _prove(self, effect: ProveHolder, kiosk: str, link: bool, pin: bytearray | None) -> None:
        nonce: str | None = None
        if link:
            limit_s = LOOKUP_NONCE_LIMIT_S if effect.purpose is Purpose.LOOKUP else COMMIT_NONCE_LIMIT_S
            answer = lookups.ask(
                self._folder, {"do": "nonce", "session": effect.session, "service": effect.service}, limit_s
            )
            nonce = answer.get("nonce")
        if nonce is None and effect.purpose is Purpose.LOOKUP and effect.needs_centre:
            if pin is not None:
                pin[:] = bytes(len(pin))
            self._post(ev.LookupRefused(LookupTrouble.NO_LINK))
            return
        statement = Statement(
            purpose=effect.purpose,
            kiosk=kiosk,
            session=effect.session,
            service=effect.service,
            nonce=nonce or base64.b64encode(secrets.token_bytes(32)).decode(),
            nonce_of_centre=nonce is not None,
        )
        self._start_limit(PROVE_LIMIT_S)
        if self._worker is not None:
            self._worker.prove(statement, pin)

    def _heard(self, worker: CardWorker, frame: dict[str, Any]) -> None:
        """Frames of a worker that was replaced meanwhile belong to a session that is over."""
        if worker is not self._worker:
            return
        event = event_of(frame)
        if isinstance(event, ev.CardInserted | ev.CardRemoved):
            self._present, lay_there, self._lay_there = isinstance(event, ev.CardInserted), self._lay_there, False
            if self._present and lay_there:
                return
        if isinstance(event, ev.CardRead | ev.CardRefused | ev.PinRefused | ev.Proved):
            self._stop_limit()
        if event is not None:
            self._post(event)
        if frame.get("event") == "died":
            journal.warning("card-worker-died")
            self._post(ev.CardRefused(CardTrouble.UNREADABLE))
            self._renew()

    def _start_limit(self, seconds: float) -> None:
        self._stop_limit()
        self._limit = threading.Timer(seconds, self._too_slow)
        self._limit.daemon = True
        self._limit.start()

    def _stop_limit(self) -> None:
        if self._limit is not None:
            self._limit.cancel()
            self._limit = None

    def _too_slow(self) -> None:
        """A mute card blocks the reader's call for good: only killing the worker frees it."""
        journal.warning("card-too-slow")
        self._post(ev.CardRefused(CardTrouble.UNREADABLE))
        self.replace()


def event_of(frame: dict[str, Any]) -> ev.Event | None:
    """The journey's event for a frame of the worker; None for those that concern nobody."""
    match frame:
        case {"event": "reader", "present": present}:
            return ev.ReaderChanged(ReaderCondition.READY if present else ReaderCondition.ABSENT)
        case {"event": "card", "present": present}:
            return ev.CardInserted() if present else ev.CardRemoved()
        case {"event": "identity", "name": name, "national_id": number, "tries_left": tries_left}:
            from kiosk.issuing import masks

            return ev.CardRead(
                Holder(name=name, national_id=number, masked_id=masks.mask_cpf(number)), tries_left=tries_left
            )
        case {"event": "refused", "trouble": trouble}:
            return ev.CardRefused(CardTrouble(trouble))
        case {"event": "pin-refused", "tries_left": tries_left}:
            return ev.PinRefused(tries_left=tries_left)
        case {"event": "proved", "evidence": evidence}:
            return ev.Proved(Evidence.model_validate(evidence))
        case _:
            return None
