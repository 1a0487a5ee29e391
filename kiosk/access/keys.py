"""Which key means what: five keys are enough, a keyboard types besides. Data and a small memory; no window.

Names of keys are Kivy's (`tab`, `enter`, `f1`, `numpad6`), with `shift+` before them, or a number: the key code that
a keypad sends. A technician gives others in totem.toml, `[keys.commands]`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Command(StrEnum):
    NEXT = "next"
    PREVIOUS = "previous"
    SELECT = "select"
    BACK = "back"
    LISTEN = "listen"
    ERASE = "erase"
    LOUDER = "louder"
    QUIETER = "quieter"
    FASTER = "faster"
    SLOWER = "slower"


DEFAULT_KEYS: dict[Command, tuple[str, ...]] = {
    Command.NEXT: ("tab", "right", "down"),
    Command.PREVIOUS: ("shift+tab", "left", "up"),
    Command.SELECT: ("enter", "numpadenter"),
    Command.BACK: ("escape",),
    Command.LISTEN: ("f1",),
    Command.ERASE: ("backspace", "delete"),
    Command.QUIETER: ("f6",),
    Command.LOUDER: ("f7",),
    Command.SLOWER: ("f8",),
    Command.FASTER: ("f9",),
}
# Held down, these go on; every other key acts once (EN 301 549 5.7: the repeat is switched off).
GO_ON = frozenset({Command.NEXT, Command.PREVIOUS, Command.ERASE})


@dataclass(frozen=True)
class KeySettings:
    """Seconds. `double_strike_s`: the same key again within this time is a trembling hand (EN 301 549 5.8: adjustable
    up to 0.5 s at least). `repeat_after_s`: how long a key is held before it goes on (5.7: to 2 s at least), then
    once every `repeat_every_s`.
    """

    double_strike_s: float = 0.06
    repeat_after_s: float = 0.8
    repeat_every_s: float = 0.25


# At least so much of each (double strike, wait, beat), by how many times the usual time the citizen asked for.
PATIENT_S: dict[int, tuple[float, float, float]] = {1: (0.0, 0.0, 0.0), 2: (0.3, 1.2, 0.5), 3: (0.5, 2.0, 2.0)}


class KeyMap:
    """From key codes to commands. ValueError with one line for a key that nobody knows."""

    def __init__(self, codes: Mapping[str, int], chosen: Mapping[str, Sequence[str]] | None = None) -> None:
        self._commands: dict[tuple[int, bool], Command] = {}
        named = {**DEFAULT_KEYS, **{_command(name): tuple(keys) for name, keys in (chosen or {}).items()}}
        for command, keys in named.items():
            for key in keys:
                self._commands[_code(codes, key)] = command

    def command(self, code: int, *, shift: bool) -> Command | None:
        """What the key asks for; a key that has no meaning with shift means what it means without."""
        return self._commands.get((code, shift)) or self._commands.get((code, False))


def _command(name: str) -> Command:
    try:
        return Command(name)
    except ValueError:
        raise ValueError(f"[keys.commands] {name}: say one of {', '.join(Command)}") from None


def _code(codes: Mapping[str, int], key: str) -> tuple[int, bool]:
    shift = key.startswith("shift+")
    name = key.removeprefix("shift+")
    if name.isdigit() and len(name) > 1:
        return int(name), shift
    if name not in codes:
        raise ValueError(f"[keys.commands] there is no key {name!r}: give its name, as `tab` or `f1`, or its key code")
    return codes[name], shift


class Held:
    """Tells a press from a key that is held down, and a wish from a trembling hand. `patience`: see `PATIENT_S`."""

    def __init__(self, settings: KeySettings, clock: Callable[[], float]) -> None:
        self._settings, self._clock = settings, clock
        self.patience = 1
        self._down: dict[int, float] = {}
        self._last: tuple[int, float] | None = None
        self._went_on_s = 0.0

    def down(self, code: int, *, goes_on: bool) -> bool:
        """Whether this press counts."""
        now = self._clock()
        strike_s, after_s, every_s = PATIENT_S[self.patience]
        if code in self._down:
            waited = now - self._down[code] >= max(after_s, self._settings.repeat_after_s)
            if not (goes_on and waited and now - self._went_on_s >= max(every_s, self._settings.repeat_every_s)):
                return False
            self._went_on_s = now
            return True
        self._down[code] = now
        trembling = self._last is not None and self._last[0] == code and (
            now - self._last[1] < max(strike_s, self._settings.double_strike_s)
        )
        if not trembling:
            self._last = (code, now)
        return not trembling

    def up(self, code: int) -> None:
        self._down.pop(code, None)

    def forget(self) -> None:
        """The window lost the keyboard: no key is down any more."""
        self._down.clear()
