"""What a technician asks for, done in threads of their own: the screen never waits, and what is slow is told
as it goes.

Each piece of work opens the store for itself. Whatever goes wrong is told as a finding, for a technician who stands
there needs the reason more than anybody.
"""

from __future__ import annotations

import secrets
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from kiosk.journey import events as ev
from kiosk.performers import failures
from offline_cache.folder import StateFolder

if TYPE_CHECKING:
    from kiosk.catalog.model import Language
    from kiosk.health.examination import Known
    from kiosk.health.findings import Finding
    from kiosk.journey.state import State
    from kiosk.journey.technician_stages import Act
    from offline_cache.store import Store

TEST_DEADLINE_S = 30.0
UNLOCK_LIMIT_S = 15.0
REBOOT = ("systemctl", "reboot")
REBOOT_LIMIT_S = 10.0
SOUND_LIMIT_S = 15.0
PARTS = ("printer", "sync")

Post = Callable[[ev.Event], None]


class Maintenance:
    """`post` takes events from any thread; `run` starts a program and waits for it, as subprocess.run does."""

    def __init__(
        self,
        folder: StateFolder,
        post: Post,
        run: Callable[[Sequence[str]], subprocess.CompletedProcess[str]] | None = None,
    ) -> None:
        self._folder = folder
        self._post = post
        self._run = run or _run

    def examine(self, state: State) -> None:
        from kiosk.health.examination import Known

        known = Known(state.devices.reader, state.devices.page_printer, link=bool(state.devices.link))
        self._begin(lambda: self._examine(known))

    def begin_challenge(self, kiosk: str) -> None:
        """Nothing to wait for; `kiosk` is empty where this one is not enrolled."""
        from offline_cache.contract import challenge

        drawn = challenge.nonce(secrets.randbelow(10**challenge.NONCE_DIGITS))
        self._post(ev.ChallengeBegun(kiosk or None, drawn))

    def check_code(self, nonce: str, digits: bytearray) -> None:
        """The caller's digits are zeroed."""
        self._begin(lambda: self._check(nonce, digits))

    def do(self, act: Act, state: State) -> None:
        self._begin(lambda: self._do(act, state))

    def read_log(self) -> None:
        from kiosk.health import log_excerpt

        label = self._folder.settings().label
        self._begin(lambda: self._post(ev.LogRead(log_excerpt.pages(self._folder, label, self._run))))

    def restart_others(self) -> None:
        """They end as soon as they have heard it, and their units start them again."""
        from offline_cache.wake import post

        for name in PARTS:
            post(self._folder, name, {"restart": True})

    # ---- the work ---------------------------------------------------------------------------------------

    @staticmethod
    def _begin(work: Callable[[], None]) -> None:
        threading.Thread(target=work, name="maintenance", daemon=True).start()

    def _examine(self, known: Known) -> None:
        from kiosk.health.examination import examine

        self._post(ev.Examined(examine(self._folder, known)))

    def _check(self, nonce: str, digits: bytearray) -> None:
        from devices import frames
        from offline_cache import lookups

        # JSON has no other way for the digits than a string: it lives as long as this call.
        request = {"do": "unlock", "nonce": nonce, "code": digits.decode()}
        frames.zero(digits)
        right = lookups.ask(self._folder, request, UNLOCK_LIMIT_S).get("right")
        self._post(ev.CodeJudged(right if isinstance(right, bool) else None))

    def _do(self, act: Act, state: State) -> None:
        from kiosk.health.findings import Part, What, found
        from kiosk.journey.technician_stages import Act
        from offline_cache.store import StoreError, open_store

        if act is Act.TEST_SOUND:
            self._tell(act, self._say(state.language))
            return
        if act is Act.RESTART_MACHINE:
            self._tell(act, self._reboot())
            return
        try:
            with open_store(self._folder) as store:
                self._with_store(act, state, store)
        except (StoreError, OSError, ValueError) as error:
            failures.tell("maintenance-failed", error, act=act.value)
            self._tell(act, found(Part.STORE, What.STORE_LOST, why=str(error)))

    def _tell(self, act: Act, *findings: Finding, done: bool = True) -> None:
        self._post(ev.ActTold(act, findings, done))

    def _with_store(self, act: Act, state: State, store: Store) -> None:
        from kiosk.health import queue_and_catalogue as looks
        from kiosk.journey.technician_stages import Act

        match act:
            case Act.TEST_PRINT:
                self._print(store, None, state)
            case Act.PRINT_STATUS:
                self._print(store, state.language, state)
            case Act.TEST_NETWORK:
                self._network(store)
            case Act.PAPER_CHANGED:
                self._tell(act, *looks.paper_changed(self._folder))
            case Act.QUEUE:
                self._tell(act, *looks.queue(store))
            case Act.SEND_NOW:
                self._tell(act, *looks.send_now(self._folder, store))
            case Act.CATALOGUE:
                self._tell(act, *looks.catalogue(store))
            case Act.ROLL_BACK:
                self._tell(act, *looks.roll_back(self._folder, store))
            case _:
                self._tell(act)

    def _network(self, store: Store) -> None:
        """Told after each step: a step may take seconds."""
        from kiosk.health.examination import network_findings
        from kiosk.journey.technician_stages import Act

        told: tuple[Finding, ...] = ()
        for finding in network_findings(self._folder, store):
            told = (*told, finding)
            self._tell(Act.TEST_NETWORK, *told, done=False)
        self._tell(Act.TEST_NETWORK, *told)

    def _print(self, store: Store, status_in: Language | None, state: State) -> None:
        from kiosk.commands.printer_state import state_paper
        from offline_cache import clock, print_jobs
        from offline_cache.wake import post
        from printer import profiles
        from printer.trial_page import trial_page

        job = f"test-{secrets.token_hex(8)}"
        settings = self._folder.settings()
        paper = trial_page(settings.label, profiles.load(settings.printer.profile))
        if status_in is not None:
            paper = state_paper(self._folder, store, state.devices.printer, status_in)
        content = print_jobs.encrypt(print_jobs.new_key(self._folder, job), paper)
        # The screen must know of the job before the printer tells how it goes.
        self._post(ev.TestPaperMade(job))
        deadline_s = clock.boottime_s() + TEST_DEADLINE_S
        print_jobs.insert(store, job_id=job, ticket_id="", content=content, deadline_s=deadline_s, held=False)
        post(self._folder, "printer")

    def _say(self, language: Language) -> Finding:
        """One sentence aloud, as loud as can be, and waited for."""
        from kiosk.access.speaker import Speaker, Utterance
        from kiosk.access.voices import speech_settings
        from kiosk.health.findings import Part, What, found
        from kiosk.health.words import SOUND_SENTENCE
        from kiosk.locale.translate import translator

        speech = speech_settings(self._folder.settings().speech)
        if not speech.player:
            return found(Part.SOUND, What.SOUND_OFF)
        speaker = Speaker(speech, log=True)
        try:
            speaker.say([Utterance(translator(language)(SOUND_SENTENCE), language)], rate=3, volume=5)
            until_s = time.monotonic() + SOUND_LIMIT_S
            while speaker.speaking and time.monotonic() < until_s:
                time.sleep(0.05)
            heard = bool(speaker.heard())
        finally:
            speaker.finish(SOUND_LIMIT_S)
        missing = speech.engine.split()[0]
        return found(Part.SOUND, What.SOUND_PLAYED) if heard else found(Part.SOUND, What.SOUND_MISSING, program=missing)

    def _reboot(self) -> Finding:
        from kiosk.health.findings import Part, What, found

        if self._folder.simulation:
            return found(Part.RESTART, What.RESTART_REFUSED, why="simulation")
        done = self._run(REBOOT)
        if done.returncode == 0:
            return found(Part.RESTART, What.RESTARTS)
        lines = done.stderr.strip().splitlines()
        return found(Part.RESTART, What.RESTART_REFUSED, why=lines[-1] if lines else f"status {done.returncode}")


def _run(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """What cannot be started has ended badly, with its reason."""
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=REBOOT_LIMIT_S, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return subprocess.CompletedProcess(list(command), 127, "", str(error))
