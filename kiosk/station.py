"""One kiosk at work, without a window: events through the reducer, effects to the parts that perform them.

The application (app.py) shows each state; a test may look at it instead. Everything here runs on one thread, that of
the screen; the parts hand their events over by `post`.
"""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable
from datetime import timedelta
from typing import assert_never

from kiosk.journey import effects as ef
from kiosk.journey import events as ev
from kiosk.journey.reducer import reduce
from kiosk.journey.session import somebody_is_there
from kiosk.journey.state import EnterPin, Failure, State
from kiosk.journey.technician_stages import Challenge, TechnicianPin
from kiosk.journey.tracking_stages import TrackPin
from kiosk.performers import failures, journal
from kiosk.performers.calibration import Calibration
from kiosk.performers.card import CardPerformer
from kiosk.performers.clerk import Clerk
from kiosk.performers.maintenance import Maintenance
from kiosk.performers.technicians import OperatorStore
from kiosk.performers.watch import Watch
from kiosk.widgets.pin_buffer import PinBuffer
from offline_cache.folder import StateFolder
from offline_cache.occupied import Occupied

# The stages in which digits are typed that nobody may know.
PADS = (EnterPin, TrackPin, TechnicianPin, Challenge)


class Station:
    """`show` is called with each new state; `post` brings an event from any thread to the screen's."""

    def __init__(
        self,
        folder: StateFolder,
        *,
        post: Callable[[ev.Event], None],
        show: Callable[[State], None],
        leave: Callable[[int], object] = os._exit,
    ) -> None:
        now_s = time.monotonic()
        self.state = State(now_s=now_s, started_s=now_s, restart=folder.settings().restart)
        self.pin = PinBuffer()
        self._label = folder.settings().label
        self._show = show
        self._leave = leave
        self._clerk = Clerk(folder, leave)
        self._watch = Watch(folder, post, self._clerk.look)
        self._operator = OperatorStore(folder.operator)
        self._card = CardPerformer(folder, post, self.pin.take)
        self._maintenance = Maintenance(folder, post)
        self.calibration = Calibration(folder.path)
        self._occupied = Occupied(folder)
        self._post = post

    def start(self) -> None:
        """The catalogue first, for it is what the first screen waits for; then the other parts."""
        self._clerk.start(self._post)
        self._post(ev.LockoutKnown(self._operator.wrong_pins()))
        self._watch.start()
        self._card.start()

    def close(self) -> None:
        self._card.close()
        self._watch.close()
        self._clerk.close()
        self._occupied.close()

    def take(self, event: ev.Event) -> None:
        """One event: the next state, its effects, the screen.

        A clerk that hangs in the store has a citizen waiting who cannot be told the truth: the process ends, and what
        was written is found again at its next start.
        """
        if isinstance(event, ev.Tick) and self._clerk.stuck():
            journal.error("clerk-stuck")
            self._leave(1)
        before = self.state
        self.state, effects = reduce(self.state, event)
        if type(self.state.stage) is not type(before.stage):
            journal.info("stage", stage=type(self.state.stage).__name__, after=type(event).__name__)
        for effect in effects:
            self._perform(effect)
        if (before.session is None) is not (self.state.session is None):
            if self.state.session is not None:
                self._clerk.began()
            else:
                self._clerk.ended(well=not isinstance(event, ev.Crashed))
        if isinstance(before.stage, PADS) and type(self.state.stage) is not type(before.stage):
            # Digits that were not confirmed must not stand before those of the next time.
            self.pin.wipe()
        self._occupied.tell(occupied=somebody_is_there(self.state))
        self._watch.reader = self.state.devices.reader
        if self.state is not before:
            self._show(self.state)

    def crash(self, error: BaseException) -> None:
        """The failsafe screen; the number ties what the citizen sees to the journal and to what the
        centre is told, which name no data.
        """
        number = f"{self._label[-3:]}-{secrets.randbelow(10_000):04d}"
        failures.tell("crash", error, number=number)
        if not isinstance(self.state.stage, Failure):
            # What fails on the failsafe screen itself, once a second perhaps, is told to the journal alone.
            self._clerk.report(number, error)
        self.take(ev.Crashed(number))

    def picture(self) -> tuple[tuple[int, int], bytes] | None:
        """The paper being printed, once it is drawn: (width, height) in dots, a byte a dot, upside up."""
        return self._clerk.picture()

    def receipt_sentences(self) -> tuple[str, ...]:
        """What the paper says, sentence by sentence, PIN of the code included: for a headset alone."""
        return self._clerk.sentences()

    def worker_pid(self) -> int | None:
        return self._card.worker_pid()

    def _perform(self, effect: ef.Effect) -> None:  # noqa: PLR0915  one case an effect
        match effect:
            case ef.ReadCard():
                catalogue = self.state.catalogue
                anchors = catalogue.trust_anchors if catalogue else ()
                families = catalogue.card_families if catalogue else ()
                grace = timedelta(hours=catalogue.revocation_grace_h if catalogue else 0)
                self._card.read(anchors, families, grace, clock_trusted=self.state.devices.clock_trusted)
            case ef.ProveHolder():
                self._card.prove(effect, self._clerk.kiosk_id, link=bool(self.state.devices.link))
            case ef.LookUp():
                self._watch.look_up(effect)
            case ef.PrintStatus():
                self._clerk.print_status(effect, self.state)
            case ef.Track():
                self._track(effect)
            case ef.Commit():
                self._clerk.commit(self.state)
            case ef.ReleasePrintJob(job=job, limit_s=limit_s):
                self._clerk.release(job, limit_s)
            case ef.DropPrintJob(job=job):
                self._clerk.drop(job)
            case ef.DenyPaper(job=job):
                self._clerk.deny(job)
            case ef.SendRating():
                self._clerk.rate(effect)
            case ef.LookForTechnician():
                trusted = self.state.devices.clock_trusted
                self._card.look_for_technician(self._operator.trust(), self._label, clock_trusted=trusted)
            case ef.ProveTechnician():
                self._card.prove_technician()
            case ef.KeepLockout(failures=count):
                self._operator.keep_wrong_pins(count)
            case ef.NoteTechnician():
                self._clerk.note_technician(effect)
            case ef.Examine():
                self._maintenance.examine(self.state)
            case ef.BeginChallenge():
                self._maintenance.begin_challenge(self._clerk.kiosk_id)
            case ef.CheckCode(nonce=nonce):
                self._maintenance.check_code(nonce, self.pin.take())
            case ef.DoAct(act=act):
                self._maintenance.do(act, self.state)
            case ef.ReadLog():
                self._maintenance.read_log()
            case ef.KeepCalibration(calibration=calibration):
                self.calibration.add(calibration)
            case ef.Restart():
                self._restart()
            case ef.Wipe():
                self._wipe()
            case _:
                assert_never(effect)

    def _track(self, effect: ef.Track) -> None:
        pin = self.pin.take() if effect.ask_centre and effect.evidence is None else bytearray()
        self._clerk.find(effect.code, lambda here: self._watch.track(effect, pin, waits_here=here))

    def _restart(self) -> None:
        """All programs begin anew; this one ends once what was noted before is on disk."""
        journal.info("restarting")
        self._maintenance.restart_others()
        self._clerk.afterwards(lambda: self._leave(0))

    def _wipe(self) -> None:
        """Nothing of who was here stays: not in the pad, in a picture, nor in the worker."""
        self.pin.wipe()
        self._clerk.forget()
        self._card.replace()
