"""What the other processes say, live: the printer's condition and jobs, the link; and look-ups through sync.

A part that has been silent for too long is taken for gone: its last word is not repeated as if it were news.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable
from typing import Any

from pydantic import ValidationError

from devices import frames
from kiosk.journey import events as ev
from kiosk.journey.effects import LookUp, Track
from kiosk.journey.state import JobState, LookupTrouble, PrinterCondition, ReaderCondition
from kiosk.journey.tracking_stages import TrackTrouble
from kiosk.performers import failures
from offline_cache import lookups, wake
from offline_cache.contract.charges import ChargeAnswer, ChargeRequest
from offline_cache.contract.messages import DocumentAnswer, GuidesAnswer, Lookup, StatusAnswer
from offline_cache.contract.status_by_card import CardStatusRequest
from offline_cache.folder import StateFolder

SILENCE_S = 5.0
EVERY_S = 1.0
LOOKUP_LIMIT_S = 5.0


class Watch:
    """Listens on the kiosk's mailbox in a thread. `look` is called when another process wrote into the store.

    What it hears last of the reader it tells the sync process every second, for the centre.
    """

    def __init__(
        self,
        folder: StateFolder,
        post: Callable[[ev.Event], None],
        look: Callable[[], None],
        *,
        silence_s: float = SILENCE_S,
        every_s: float = EVERY_S,
    ) -> None:
        self._folder = folder
        self._silence_s = silence_s
        self._every_s = every_s
        self._closed = threading.Event()
        self.reader = ReaderCondition.UNKNOWN
        self._post = post
        self._look = look
        self._printer: PrinterCondition | None = None
        self._page_printer = PrinterCondition.ABSENT
        self._link: bool | None = None
        self._occupied: bool | None = None
        self._headset = False
        self._heard_s = {"printer": time.monotonic(), "link": time.monotonic()}

    def start(self) -> None:
        threading.Thread(target=self._listen, name="watch", daemon=True).start()

    def close(self) -> None:
        self._closed.set()
        wake.post(self._folder, "kiosk")

    def _listen(self) -> None:
        told_s = float("-inf")
        with wake.Mailbox(self._folder, "kiosk") as mailbox:
            while not self._closed.is_set():
                for message in mailbox.receive(self._every_s):
                    if message is None:
                        self._look()
                    else:
                        self._hear(message)
                self._notice_silence()
                if time.monotonic() - told_s >= self._every_s:
                    told_s = time.monotonic()
                    wake.post(self._folder, "sync", {"reader": self.reader.value})

    def _hear(self, message: dict[str, Any]) -> None:
        """Another version of a process may say what this one does not know: it is as if nothing was said."""
        try:
            self._take(message)
        except (ValueError, TypeError) as error:
            failures.tell("message-unreadable", error)

    def _take(self, message: dict[str, Any]) -> None:
        now_s = time.monotonic()
        match message:
            case {"printer": condition, **rest}:
                self._say_printer(PrinterCondition(condition))
                self._say_outlet(rest.get("outlet"))
                self._heard_s["printer"] = now_s
            case {"page_printer": condition}:
                self._heard_s["page_printer"] = now_s
                self._say_page_printer(PrinterCondition(condition))
            case {"link": bool(up)}:
                self._heard_s["link"] = now_s
                self._say_link(up=up)
            case {"headset": bool(plugged)} if self._folder.simulation:
                if plugged is not self._headset:
                    self._headset = plugged
                    self._post(ev.HeadsetChanged(plugged))
            case {"job": str(job), "state": state, **rest}:
                progress, reason = float(rest.get("progress", 0.0)), str(rest.get("reason", ""))
                self._post(ev.JobChanged(job=job, state=JobState(state), progress=progress, reason=reason))
                self._heard_s["printer"] = now_s
            case _:
                return

    def _notice_silence(self) -> None:
        now_s = time.monotonic()
        if now_s - self._heard_s["printer"] > self._silence_s:
            self._say_printer(PrinterCondition.ABSENT)
        if now_s - self._heard_s.get("page_printer", now_s) > self._silence_s:
            self._say_page_printer(PrinterCondition.ABSENT)
        if now_s - self._heard_s["link"] > self._silence_s:
            self._say_link(up=False)

    def _say_printer(self, condition: PrinterCondition) -> None:
        if condition is not self._printer:
            self._printer = condition
            self._post(ev.PrinterChanged(condition))

    def _say_page_printer(self, condition: PrinterCondition) -> None:
        if condition is not self._page_printer:
            self._page_printer = condition
            self._post(ev.PagePrinterChanged(condition))

    def _say_outlet(self, occupied: bool | None) -> None:
        """None where no sensor watches the outlet, or none has spoken."""
        if isinstance(occupied, bool) and occupied is not self._occupied:
            self._occupied = occupied
            self._post(ev.TrayChanged(empty=not occupied))

    def _say_link(self, *, up: bool) -> None:
        if up is not self._link:
            self._link = up
            self._post(ev.LinkChanged(up))

    def look_up(self, effect: LookUp) -> None:
        """Asks the centre through sync, five seconds at most, in a thread of its own."""
        threading.Thread(target=lambda: self._post(self._ask(effect)), name="look-up", daemon=True).start()

    def track(self, effect: Track, pin: bytearray, *, waits_here: bool) -> None:
        """What became of a request: the same way, and the digits are zeroed. Without digits nothing is asked."""
        if waits_here or not effect.ask_centre:
            frames.zero(pin)
            trouble = TrackTrouble.WAITING_HERE if waits_here else TrackTrouble.NO_LINK
            self._post(ev.StatusRefused(effect.session, trouble))
            return
        threading.Thread(target=lambda: self._post(self._status(effect, pin)), name="track", daemon=True).start()

    def _status(self, effect: Track, pin: bytearray) -> ev.StatusFound | ev.StatusRefused:
        request: dict[str, Any]
        if effect.evidence is not None:
            by_card = CardStatusRequest(code=effect.code, session=effect.session, evidence=effect.evidence)
            request = {"do": "ticket-status-by-card", **by_card.model_dump(mode="json")}
        else:
            # JSON has no other way for the digits than a string: it lives as long as this call.
            request = {"do": "ticket-status", "code": effect.code, "pin": pin.decode()}
        frames.zero(pin)
        answer = lookups.ask(self._folder, request, LOOKUP_LIMIT_S)
        try:
            if "error" in answer:
                no_link = answer["error"] == "no-link"
                return ev.StatusRefused(effect.session, TrackTrouble.NO_LINK if no_link else TrackTrouble.REFUSED)
            told = StatusAnswer.model_validate(answer)
        except ValidationError as error:
            failures.tell("answer-unreadable", error)
            return ev.StatusRefused(effect.session, TrackTrouble.REFUSED)
        if told.outcome != "found":
            return ev.StatusRefused(effect.session, TrackTrouble(told.outcome))
        if told.status is None:
            return ev.StatusRefused(effect.session, TrackTrouble.REFUSED)
        return ev.StatusFound(effect.session, told.status)

    def _charge(self, effect: LookUp) -> ev.ChargeMade | ev.LookupRefused:
        """Under an id of its own: the session that asks is nobody's business."""
        request = ChargeRequest(request_id=str(uuid.uuid4()), service=effect.service)
        answer = lookups.ask(self._folder, {"do": "charges", **request.model_dump(mode="json")}, LOOKUP_LIMIT_S)
        try:
            if "error" in answer:
                return _refused(effect, answer)
            return ev.ChargeMade(effect.session, ChargeAnswer.model_validate(answer).charge)
        except ValidationError as error:
            failures.tell("answer-unreadable", error)
            return ev.LookupRefused(effect.session, LookupTrouble.REFUSED)

    def _ask(self, effect: LookUp) -> ev.DebtsFound | ev.DocumentComposed | ev.ChargeMade | ev.LookupRefused:
        if effect.evidence is None:
            return self._charge(effect)
        request = Lookup(
            session=effect.session,
            service=effect.service,
            language=str(effect.language),
            evidence=effect.evidence,
        )
        answer = lookups.ask(self._folder, {"do": effect.what, **request.model_dump(mode="json")}, LOOKUP_LIMIT_S)
        try:
            if "error" in answer:
                return _refused(effect, answer)
            if effect.what == "guides":
                found = GuidesAnswer.model_validate(answer)
                return ev.DebtsFound(effect.session, found.holder_masked_id, found.debts)
            return ev.DocumentComposed(effect.session, DocumentAnswer.model_validate(answer))
        except ValidationError as error:
            failures.tell("answer-unreadable", error)
            return ev.LookupRefused(effect.session, LookupTrouble.REFUSED)


def _refused(effect: LookUp, answer: dict[str, Any]) -> ev.LookupRefused:
    no_link = answer["error"] == "no-link"
    return ev.LookupRefused(effect.session, LookupTrouble.NO_LINK if no_link else LookupTrouble.REFUSED)
