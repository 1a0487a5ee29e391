"""Says sentences, one after the other, in a thread of its own; whatever is new silences what is old at once.

The screen's thread only puts sentences into a queue. Engine and player are processes: silencing kills them, so that
nothing of a sentence that was interrupted is still heard.
"""

from __future__ import annotations

import contextlib
import queue
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import IO

from kiosk.access.voices import GAINS, Form, NotSound, SpeechSettings, louder, read_header
from kiosk.catalog.model import Language
from kiosk.performers import journal

# A thirtieth of a second of espeak's sound: short enough for the first to be heard at once.
CHUNK_BYTES = 1470


@dataclass(frozen=True)
class Utterance:
    """One sentence. `personal`: said because a headset is in, and no longer once it is not."""

    text: str
    language: Language
    personal: bool = False


@dataclass(frozen=True)
class Heard:
    """What was said, in a simulation's log: `number` counts from 1, `first_sound_s` from the order to the sound."""

    number: int
    text: str
    language: str
    personal: bool
    first_sound_s: float


@dataclass(frozen=True)
class _Order:
    utterance: Utterance
    turn: int
    ordered_s: float
    rate: int
    volume: int


class Speaker:
    """`log` keeps what was said, for journeys and tests: a simulation's only. `close` ends the thread."""

    def __init__(
        self, settings: SpeechSettings, *, log: bool = False, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._settings, self._clock = settings, clock
        self._orders: queue.SimpleQueue[_Order | None] = queue.SimpleQueue()
        self._guard = threading.Lock()
        # Counts interruptions: an order of an earlier turn is not carried out any more.
        self._turn = 0
        self._engine: subprocess.Popen[bytes] | None = None
        self._player: subprocess.Popen[bytes] | None = None
        self._form: Form | None = None
        self._thread: threading.Thread | None = None
        self._missing: set[str] = set()
        self._log: list[Heard] | None = [] if log else None
        self._said = 0
        self._waiting = 0

    # ---- from any thread ----------------------------------------------------------------------------------

    def say(self, utterances: Sequence[Utterance], *, rate: int, volume: int, interrupt: bool = True) -> None:
        """Returns at once. Without `interrupt` they follow what is being said."""
        if interrupt:
            self.silence()
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="speaker", daemon=True)
            self._thread.start()
        with self._guard:
            turn = self._turn
            self._waiting += len(utterances)
        for utterance in utterances:
            self._orders.put(_Order(utterance, turn, self._clock(), rate, volume))

    def silence(self) -> None:
        """Nothing more is heard from now on."""
        with self._guard:
            self._turn += 1
            engine, player = self._engine, self._player
            self._engine = self._player = None
        for process in (engine, player):
            if process is not None:
                process.kill()

    @property
    def speaking(self) -> bool:
        return self._waiting > 0

    @property
    def said(self) -> int:
        """How many sentences were begun so far."""
        return self._said

    def heard(self, after: int = 0) -> list[Heard]:
        """The log from that number on; empty outside a simulation."""
        with self._guard:
            return [entry for entry in self._log or () if entry.number > after]

    def forget(self) -> None:
        """The citizen has left: the log keeps no sentence of theirs that was personal."""
        with self._guard:
            if self._log is not None:
                self._log = [entry for entry in self._log if not entry.personal]

    def finish(self, limit_s: float) -> None:
        """Waits until the player has played what it holds; then says nothing more."""
        with self._guard:
            player, self._player = self._player, None
        if player is not None and player.stdin is not None:
            with contextlib.suppress(OSError, subprocess.TimeoutExpired):
                player.stdin.close()
                player.wait(limit_s)
        self.close()

    def close(self) -> None:
        self.silence()
        if self._thread is not None:
            self._orders.put(None)
            self._thread.join(2)

    # ---- the thread ---------------------------------------------------------------------------------------

    def _run(self) -> None:
        while True:
            try:
                order = self._orders.get(timeout=None if self._player is None else 0.3)
            except queue.Empty:
                self._rest()
                continue
            if order is None:
                self._rest()
                return
            if order.turn == self._turn:
                try:
                    self._speak(order)
                except (NotSound, OSError) as error:
                    journal.error("speech-failed", why=type(error).__name__)
            with self._guard:
                self._waiting -= 1
            del order  # what was said is nobody's any more

    def _rest(self) -> None:
        """Nothing more to say for now: the player ends by itself when it has played what it holds."""
        with self._guard:
            player, self._player = self._player, None
        if player is not None and player.stdin is not None:
            with contextlib.suppress(OSError):
                player.stdin.close()
            threading.Thread(target=player.wait, name="player-ends", daemon=True).start()

    def _speak(self, order: _Order) -> None:
        clip = self._settings.clip(order.utterance.text, order.utterance.language)
        if clip is not None:
            with clip.open("rb") as stream:
                self._play(order, stream)
            return
        engine = self._start(self._settings.engine_command(order.utterance.language, order.rate), order.turn)
        if engine is None:
            return
        assert engine.stdin is not None
        assert engine.stdout is not None
        try:
            with contextlib.suppress(OSError):  # silenced meanwhile
                engine.stdin.write(order.utterance.text.encode() + b"\n")
                engine.stdin.close()
            self._play(order, engine.stdout)
        finally:
            engine.kill()
            engine.stdout.close()
            engine.wait()
            with self._guard:
                if self._engine is engine:
                    self._engine = None

    def _play(self, order: _Order, stream: IO[bytes]) -> None:
        try:
            form = read_header(stream)
        except NotSound:
            if order.turn == self._turn:
                raise
            return
        first = True
        gain = GAINS[order.volume]
        while order.turn == self._turn and (samples := stream.read(CHUNK_BYTES)):
            player = self._player_for(form, order.turn)
            if player is not None and player.stdin is not None:
                with contextlib.suppress(OSError):
                    player.stdin.write(louder(samples, gain))
                    player.stdin.flush()
            if first:
                first = False
                self._note(order)

    def _player_for(self, form: Form, turn: int) -> subprocess.Popen[bytes] | None:
        """The player that runs, unless the sound has another form or it has ended."""
        if not self._settings.player:
            return None
        player = self._player
        if player is not None and self._form == form and player.poll() is None:
            return player
        if player is not None:
            self._rest()
        started = self._start(self._settings.player_command(form), turn, player=True)
        self._form = form
        return started

    def _start(self, command: list[str], turn: int, *, player: bool = False) -> subprocess.Popen[bytes] | None:
        """None if it cannot be started, which is said once, or is silenced already."""
        if command[0] in self._missing:
            return None
        try:
            process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL if player else subprocess.PIPE,
                stderr=subprocess.DEVNULL, bufsize=0 if player else -1,
            )
        except OSError as error:
            self._missing.add(command[0])
            journal.error("speech-program-missing", program=command[0], why=type(error).__name__)
            return None
        with self._guard:
            if turn != self._turn:
                process.kill()
            elif player:
                self._player = process
            else:
                self._engine = process
        return process

    def _note(self, order: _Order) -> None:
        with self._guard:
            self._said += 1
            if self._log is not None and order.turn == self._turn:
                said = order.utterance
                self._log.append(
                    Heard(self._said, said.text, str(said.language), said.personal, self._clock() - order.ordered_s)
                )
