"""Whoever does not see, or does not touch: keys move a visible focus, speech says what is there, a finger explores.

Sits between the window and the screens and acts only by what stands on the screen: a key presses the control that has
the focus, as a finger would.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Protocol

from kiosk.access.focus import Focus, stops
from kiosk.access.keys import GO_ON, Command, Held, KeyMap, KeySettings
from kiosk.access.narrator import Listener
from kiosk.access.privacy import guarded
from kiosk.access.reader import Place, Reader, place_of
from kiosk.access.ring import Ring
from kiosk.access.speaker import Speaker
from kiosk.journey import events as ev
from kiosk.journey.settings import RATES, VOLUMES, Settings
from kiosk.journey.state import EnterPin, Failure, Starting, State
from kiosk.journey.tracking_stages import TrackPin
from kiosk.screens.scene import Scene
from kiosk.screens.view import View
from kiosk.widgets.block import Block
from kiosk.widgets.semantics import Node

# What goes back, the nearest first: a sheet, a warning, a step.
WAYS_BACK = ("close", "still-here", "back")
# Listen, pressed again within this time, says the whole screen.
TWICE_S = 2.0


class Host(Protocol):
    """What is needed of the application."""

    view: View

    def take(self, event: ev.Event) -> None: ...
    def receipt_sentences(self) -> Sequence[str]: ...


class Companion:
    """Tell it every scene after it was shown; give it the keys and, while speech is on, the touches."""

    def __init__(
        self, host: Host, speaker: Speaker, keys: KeyMap, settings: KeySettings,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._host, self._keys, self._clock = host, keys, clock
        self._held = Held(settings, clock)
        self._reader = Reader(speaker, host.receipt_sentences)
        self._focus = Focus()
        self._ring = Ring()
        self._scene: Scene | None = None
        self._pairs: list[tuple[Node, Block]] = []
        self._place: Place | None = None
        # Under an overlay: where the focus was, to be given back.
        self._below: tuple[Place, str | None] | None = None
        self._spoke = self._headset = self._by_headset = False
        self._moved = self._typed = self._unheard = False
        self._listened_s = float("-inf")

    # ---- the screen ---------------------------------------------------------------------------------------

    def shown(self, scene: Scene) -> None:
        """The view shows this scene now."""
        self._scene = scene
        self._held.patience = scene.state.settings.time
        if self._follow_headset(scene.state):
            return  # what it changed was shown meanwhile
        settings = scene.state.settings
        if not settings.speech and not settings.keys:
            self._sleep()
            return
        self._look()

    def _look(self) -> None:
        """What stands there now: follow it with the focus, and say what is new."""
        scene = self._scene
        if scene is None or not (scene.state.settings.speech or scene.state.settings.keys):
            return
        state, speech = scene.state, scene.state.settings.speech
        shown = self._host.view.pairs()
        nodes = guarded([node for node, _ in shown], state)
        self._pairs = list(zip(nodes, (block for _, block in shown), strict=True))
        at = stops(nodes, speech=speech)
        place, before = place_of(state, nodes), self._place
        self._place = place
        returned = place != before and self._move_in(place, before, at)
        focused = self._focus.current(at) if place != before else self._focus.keep(at)
        self._draw_ring()
        if not speech:
            if self._spoke:
                self._reader.quiet()
        elif place != before and returned and self._spoke:
            self._reader.returned(state, nodes, focused, self._listener(scene))
        elif place != before or not self._spoke:
            self._reader.arrived(state, nodes, self._listener(scene))
        else:
            self._reader.changed(state, nodes, focused, self._listener(scene))
        self._spoke = speech

    def _move_in(self, place: Place, before: Place | None, at: Sequence[Node]) -> bool:
        """The focus goes to where it begins on this screen, or back to where it was; True for back."""
        self._moved = self._typed = False
        if place.overlay and before is not None and not before.overlay:
            self._below = (before, self._focus.key)
        elif self._below is not None and not place.overlay:
            (was, key), self._below = self._below, None
            if was == place and key is not None and self._focus.set(at, key) is not None:
                return True
        self._focus.arrive(at)
        return False

    def _sleep(self) -> None:
        if self._spoke:
            self._reader.quiet()
        self._ring.hide()
        self._focus = Focus()
        self._pairs, self._place, self._below, self._spoke = [], None, None, False

    def _draw_ring(self) -> None:
        assert self._scene is not None
        block = next((block for node, block in self._pairs if node.key == self._focus.key), None)
        self._ring.show(block, self._scene.theme)

    def _listener(self, scene: Scene) -> Listener:
        return Listener(
            language=scene.language, text=scene.text, headset=scene.state.devices.headset,
            fingers=not scene.state.settings.keys, pin=isinstance(scene.state.stage, EnterPin | TrackPin),
        )

    # ---- settings -----------------------------------------------------------------------------------------

    def _follow_headset(self, state: State) -> bool:
        """A headset that is plugged in switches speech on; what it switched on goes off with it."""
        plugged, before = state.devices.headset, self._headset
        self._headset = plugged
        if plugged == before or isinstance(state.stage, Starting | Failure):
            return False
        if plugged and not state.settings.speech:
            self._by_headset = True
            # Somebody is here: what they change on the first screen must not be taken back at the next second.
            self._host.take(ev.Touched())
            return self._adjust(speech=True)
        if not plugged and self._by_headset and state.settings.speech:
            self._by_headset = False
            return self._adjust(speech=False)
        if plugged and self._spoke:
            self._spoke = False  # what was kept back can be heard now
        return False

    def _adjust(self, **changes: Any) -> bool:
        if self._scene is None:
            return False
        before: Settings = self._scene.state.settings
        after = replace(before, **changes)
        if after != before:
            self._host.take(ev.Adjusted(after))
        return after != before

    def switch_speech_on(self) -> None:
        """A key or a long touch asked for it."""
        self._adjust(speech=True)

    # ---- keys ---------------------------------------------------------------------------------------------

    def key_down(self, code: int, modifiers: Sequence[str]) -> None:
        """A key of the keyboard or keypad went down; characters come by `text`."""
        command = self._keys.command(code, shift="shift" in modifiers)
        counts = self._held.down(code, goes_on=command in GO_ON)
        self._unheard = not counts
        if command is not None and counts and not {"ctrl", "alt", "meta"} & set(modifiers):
            self.do(command)

    def key_up(self, code: int) -> None:
        self._held.up(code)

    def text(self, characters: str) -> None:
        """Characters of the keyboard go straight into the field, or into the pad's own memory for a PIN."""
        if self._unheard or self._scene is None:
            return
        typewriter = self._host.view.typewriter()
        for character in characters:
            if typewriter is not None and typewriter.take(character):
                self._typed = True
                self._adjust(keys=True)
                self._look()
            elif character == " ":
                self.do(Command.SELECT)

    def do(self, command: Command) -> None:
        """One of the keys. The first one only shows where the focus is, for nobody has seen it yet."""
        if self._scene is None or isinstance(self._scene.state.stage, Starting | Failure):
            return
        settings = self._scene.state.settings
        hidden = not settings.keys and not settings.speech
        self._adjust(keys=True)
        match command:
            case Command.NEXT | Command.PREVIOUS if not hidden:
                self._move(1 if command is Command.NEXT else -1)
            case Command.SELECT if not hidden:
                self._select()
            case Command.BACK:
                self._back()
            case Command.LISTEN:
                self._listen()
            case Command.ERASE:
                typewriter = self._host.view.typewriter()
                if typewriter is not None:
                    typewriter.erase()
                    self._look()
            case Command.LOUDER | Command.QUIETER:
                self._turn("volume", 1 if command is Command.LOUDER else -1)
            case Command.FASTER | Command.SLOWER:
                self._turn("rate", 1 if command is Command.FASTER else -1)
            case _:
                pass

    def _at(self) -> list[Node]:
        speech = self._scene is not None and self._scene.state.settings.speech
        return stops([node for node, _ in self._pairs], speech=speech)

    def _move(self, step: int) -> None:
        self._moved = True
        node = self._focus.move(self._at(), step)
        self._draw_ring()
        if node is not None:
            self._reader.focused(node)

    def _select(self) -> None:
        node = self._focus.current(self._at())
        if self._typed and not self._moved:
            # Typed on a keyboard and confirmed there, without ever looking for the button.
            node = next((node for node in self._at() if node.id == "primary"), node)
        self.press(node)

    def press(self, node: Node | None) -> None:
        """Act on a control as a finger would; what cannot be pressed says why."""
        if node is None:
            return
        block: Any = self._block(node.key)
        if not node.control or not node.enabled or block is None or not block.press():
            self._reader.focused(node)
            return
        self._look()

    def _block(self, key: str) -> Block | None:
        return next((block for node, block in self._pairs if node.key == key), None)

    def _back(self) -> None:
        nodes = {node.id: node for node, _ in self._pairs}
        node = next((nodes[way] for way in WAYS_BACK if way in nodes and nodes[way].enabled), None)
        if node is not None:
            self.press(node)
        elif self._scene is not None:
            self._reader.tell(self._scene.text("There is no step back from here."))

    def _listen(self) -> None:
        assert self._scene is not None
        if not self._scene.state.settings.speech:
            self.switch_speech_on()
            return
        now = self._clock()
        twice, self._listened_s = now - self._listened_s < TWICE_S, now
        if twice:
            self._reader.whole()
        else:
            self._reader.again()

    def _turn(self, what: str, step: int) -> None:
        assert self._scene is not None
        text, settings = self._scene.text, self._scene.state.settings
        if not settings.speech:
            return
        if what == "volume":
            level = min(VOLUMES[-1], max(VOLUMES[0], settings.volume + step))
            self._adjust(volume=level)
            self._reader.tell(text("Volume {n} of {most}.", n=level, most=VOLUMES[-1]))
        else:
            level = min(RATES[-1], max(RATES[0], settings.rate + step))
            self._adjust(rate=level)
            self._reader.tell(text("Speed {n} of {most}.", n=level, most=RATES[-1]))

    # ---- fingers ------------------------------------------------------------------------------------------

    @property
    def explores(self) -> bool:
        """Whether a touch asks what is there, rather than pressing it."""
        return self._scene is not None and self._scene.state.settings.speech

    def touched(self) -> None:
        """A finger: whoever touches needs no ring, unless they listen."""
        self._adjust(keys=False)

    def explore(self, x: float, y: float) -> Node | None:
        """Says what lies there and gives it the focus; gives the node, None where nothing is."""
        node = self.under(x, y)
        if node is not None:
            self._moved = True
            self._focus.set(self._at(), node.key)
            self._draw_ring()
            self._reader.focused(node)
        return node

    def under(self, x: float, y: float) -> Node | None:
        """The smallest stop that holds that point of the window."""
        holding = [
            node for node in self._at()
            if node.bounds[0] <= x < node.bounds[0] + node.bounds[2]
            and node.bounds[1] <= y < node.bounds[1] + node.bounds[3]
        ]
        return min(holding, key=lambda node: node.bounds[2] * node.bounds[3], default=None)

    @property
    def focused(self) -> str | None:
        """The key of the node that has the focus."""
        return self._focus.key
