"""What is said as the screen changes: keeps what was there, compares, and speaks. No widget; the speaker makes sound.

A new screen interrupts; what comes to the same screen follows. Whatever was said last can be said again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kiosk.access import narrator
from kiosk.access.narrator import Listener
from kiosk.access.speaker import Speaker, Utterance
from kiosk.journey.state import (
    Attract,
    CheckingPin,
    Committing,
    Consulting,
    Done,
    EnterPin,
    IdleWarning,
    JobState,
    Printing,
    ReadingCard,
    State,
)
from kiosk.journey.technician_stages import Challenge, TechnicianChecking, TechnicianPin
from kiosk.journey.tracking_stages import Tracking, TrackPin
from kiosk.widgets.pin_buffer import MAX_DIGITS
from kiosk.widgets.semantics import Node

WAITING = (ReadingCard, CheckingPin, Consulting, Committing, Tracking, Printing, TechnicianChecking)
# Where up to eight digits are typed that nobody may hear.
EIGHT_DIGITS = (EnterPin, TechnicianPin, Challenge)
TRACKING_PIN_DIGITS = 6
# A wait that lasts is told to go on.
STILL_S = 7.0
# The last seconds of an idle warning are counted aloud at these.
COUNTED_S = (10, 5)
HALF = 0.5


@dataclass(frozen=True)
class Place:
    """Which screen it is, as a citizen would say: another title is another screen."""

    overlay: str
    stage: str
    title: str


def place_of(state: State, nodes: Sequence[Node]) -> Place:
    title = next((node.name for node in nodes if node.role == "heading"), "")
    if isinstance(state.stage, Attract) and state.overlay is None:
        title = ""  # it says what works just now, which changes while somebody stands there and listens
    return Place(type(state.overlay).__name__ if state.overlay else "", type(state.stage).__name__, title)


class Reader:
    """`receipt` gives what the paper says, sentence by sentence; nothing until it is known."""

    def __init__(self, speaker: Speaker, receipt: Callable[[], Sequence[str]]) -> None:
        self._speaker, self._receipt = speaker, receipt
        self._state: State | None = None
        self._listener: Listener | None = None
        self._nodes: Sequence[Node] = ()
        self._last: list[Utterance] = []
        self._screen: list[Utterance] = []
        self._explained: set[bool] = set()
        self._told_s = 0.0
        self._half_told = False

    # ---- the screen ---------------------------------------------------------------------------------------

    def arrived(self, state: State, nodes: Sequence[Node], listener: Listener) -> None:
        """A new screen, or speech was just switched on."""
        said = narrator.arrival(nodes, listener, first=listener.fingers not in self._explained)
        self._explained.add(listener.fingers)
        said += self._paper(state, listener)
        self._note(state, nodes, listener)
        self._half_told = False
        self._screen = said
        self._say(said)

    def returned(self, state: State, nodes: Sequence[Node], focused: Node | None, listener: Listener) -> None:
        """An overlay closed: the title of what lies below, and what has the focus."""
        self._note(state, nodes, listener)
        title = next((node for node in nodes if node.role == "heading"), None)
        said = narrator.of(title, listener) if title is not None else []
        if focused is not None and focused is not title:
            said += narrator.of(focused, listener)
        self._screen = narrator.arrival(nodes, listener, first=False)
        self._say(said)

    def changed(self, state: State, nodes: Sequence[Node], focused: Node | None, listener: Listener) -> None:
        """The same screen, perhaps with something new."""
        before, old = self._nodes, self._state
        self._note(state, nodes, listener)
        typed = _typed(old, state, listener) if old is not None else []
        said = narrator.changes(before, nodes, listener)
        if focused is not None:
            said = narrator.chosen(before, nodes, focused.key, listener) + said
        if typed or any(_value(before, node) != node.value for node in nodes if node.role == "textbox"):
            self._say([*typed, *said])
            return
        said += self._progress(state, listener)
        if said:
            self._say(said, interrupt=False)

    def focused(self, node: Node) -> None:
        if self._listener is not None:
            self._say(narrator.of(node, self._listener))

    # ---- on demand ----------------------------------------------------------------------------------------

    def tell(self, words: str) -> None:
        """A sentence about the speech itself, in the listener's language already."""
        if self._listener is not None:
            self._say([self._listener.says(words)], keep=False)

    def again(self) -> None:
        """What was said last."""
        self._say(self._last or self._screen)

    def whole(self) -> None:
        """All of the screen."""
        self._say(self._screen)

    def quiet(self) -> None:
        """Nothing is said any more, and nothing of this citizen is kept to be said again."""
        self._speaker.silence()
        self._state = self._listener = None
        self._nodes, self._last, self._screen = (), [], []
        self._explained = set()

    # ---- parts --------------------------------------------------------------------------------------------

    def _note(self, state: State, nodes: Sequence[Node], listener: Listener) -> None:
        if self._listener is not None and self._listener.headset and not listener.headset:
            # What was said to a headset is not said again to the room.
            self._speaker.silence()
            self._last = [utterance for utterance in self._last if not utterance.personal]
            self._screen = [utterance for utterance in self._screen if not utterance.personal]
        self._state, self._nodes, self._listener = state, nodes, listener

    def _say(self, said: list[Utterance], *, interrupt: bool = True, keep: bool = True) -> None:
        if not said or self._state is None:
            return
        if keep:
            self._last = said if interrupt else [*self._last, *said]
        self._told_s = self._state.now_s
        settings = self._state.settings
        self._speaker.say(said, rate=settings.rate, volume=settings.volume, interrupt=interrupt)

    def _paper(self, state: State, listener: Listener) -> list[Utterance]:
        """On the last screen: what stands on the paper that came out."""
        if not isinstance(state.stage, Done) or state.stage.job is not JobState.CONFIRMED or state.overlay is not None:
            return []
        if not listener.headset:
            return [listener.says(listener.text("Plug in a headset to hear what the paper says."))]
        sentences = self._receipt()
        if not sentences:
            return []
        return [
            listener.says(listener.text("The paper says:")),
            *(Utterance(sentence, listener.language, personal=True) for sentence in sentences),
        ]

    def _progress(self, state: State, listener: Listener) -> list[Utterance]:
        """What a wait tells of itself: the idle warning's last seconds, half of the paper, that it still goes on."""
        if isinstance(state.overlay, IdleWarning):
            left = state.overlay.seconds_left
            return [listener.says(listener.text("{n} seconds.", n=left))] if left in COUNTED_S else []
        if state.overlay is not None or not isinstance(state.stage, WAITING):
            return []
        if isinstance(state.stage, Printing):
            if state.stage.trouble is not None:
                return []
            if state.stage.progress >= HALF and not self._half_told:
                self._half_told = True
                return [listener.says(listener.text("Half of the paper is out."))]
        if state.now_s - self._told_s >= STILL_S and not self._speaker.speaking:
            return [listener.says(listener.text("One moment, please."))]
        return []


def _typed(old: State, state: State, listener: Listener) -> list[Utterance]:
    """How many digits of a PIN there are now, if there are more or fewer."""
    before, now = old.stage, state.stage
    if type(before) is not type(now):
        return []
    if isinstance(before, EIGHT_DIGITS) and isinstance(now, EIGHT_DIGITS) and before.typed != now.typed:
        return narrator.counted(before.typed, now.typed, MAX_DIGITS, listener)
    if isinstance(before, TrackPin) and isinstance(now, TrackPin) and before.typed != now.typed:
        return narrator.counted(before.typed, now.typed, TRACKING_PIN_DIGITS, listener)
    return []


def _value(nodes: Sequence[Node], wanted: Node) -> str:
    return next((node.value for node in nodes if node.key == wanted.key), wanted.value)
