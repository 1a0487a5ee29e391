"""Watches the readers over PC/SC and says when a reader or a card comes or goes.

Our own loop: pyscard's monitors die with the daemon. Only the PRESENT bit counts (a mute card is a card); after any
failure the context is thrown away, what was there is reported gone, and a new one is tried every half second.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from smartcard import scard

PNP = r"\\?PnP?\Notification"
CHANGE_WAIT_MS = 2000
RETRY_S = 0.5
# A reader that has just come learns of its card at the daemon's next look (every 0.4 s). Until then an empty reader is
# not said to be empty: nobody takes the card that was in it for one that was inserted now.
SETTLE_S = 1.0
BREATH_S = 0.05  # between two looks that saw no change, should a daemon answer at once for ever


@dataclass(frozen=True)
class ReaderPresence:
    """Whether any reader answers."""

    present: bool


@dataclass(frozen=True)
class CardPresence:
    """Whether a card is in any reader."""

    present: bool


Presence = ReaderPresence | CardPresence


class PcscError(Exception):
    """PC/SC refused; `code` is its SCARD_* value (unsigned 32 bits), `call` the function."""

    def __init__(self, call: str, code: int) -> None:
        super().__init__(f"{call}: 0x{code & 0xFFFFFFFF:08X}")
        self.call = call
        self.code = code & 0xFFFFFFFF


def watch(emit: Callable[[Presence], None], stop: threading.Event, *, retry_s: float = RETRY_S) -> None:
    """Blocks until `stop` is set. Emits both facts once at the start, then on each change, in the order seen."""
    told = _Told(emit)
    while not stop.is_set():
        try:
            context = establish()
        except PcscError:
            told.gone()
            stop.wait(retry_s)
            continue
        try:
            _watch_context(context, told, stop)
        except PcscError:
            told.gone()
            stop.wait(retry_s)
        finally:
            scard.SCardReleaseContext(context)


def establish() -> int:
    """A new PC/SC context; it belongs to the thread that uses it. PcscError if there is no daemon."""
    code, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_SYSTEM)
    if code != scard.SCARD_S_SUCCESS:
        raise PcscError("SCardEstablishContext", code)
    return int(context)


def reader_names(context: int) -> list[str]:
    """Every reader there is; PcscError if the daemon has gone."""
    code, names = scard.SCardListReaders(context, [])
    if code & 0xFFFFFFFF == scard.SCARD_E_NO_READERS_AVAILABLE & 0xFFFFFFFF:
        return []
    if code != scard.SCARD_S_SUCCESS:
        raise PcscError("SCardListReaders", code)
    return sorted(names)


def reader_with_card(context: int) -> str | None:
    """The first reader that holds a card now, or None."""
    names = reader_names(context)
    if not names:
        return None
    states = _status(context, [(name, scard.SCARD_STATE_UNAWARE) for name in names], 0)
    return next((name for name, state, _ in states if state & scard.SCARD_STATE_PRESENT), None)


class _Told:
    """What was last said, so that only changes are said."""

    def __init__(self, emit: Callable[[Presence], None]) -> None:
        self._emit = emit
        self._reader: bool | None = None
        self._card: bool | None = None

    def now(self, *, reader: bool, card: bool | None) -> None:
        """A reader comes before its card and goes after it. `card` None: nobody knows yet."""
        if reader and self._reader is not True:
            self._say_reader(present=True)
            self._card = None
        if card is not None and card != self._card:
            self._card = card
            self._emit(CardPresence(card))
        if not reader and self._reader is not False:
            self._say_reader(present=False)

    def gone(self) -> None:
        self.now(reader=False, card=False)

    def _say_reader(self, *, present: bool) -> None:
        self._reader = present
        self._emit(ReaderPresence(present))


def _watch_context(context: int, told: _Told, stop: threading.Event) -> None:
    known: dict[str, int] = {}
    settled_s = time.monotonic() + SETTLE_S
    while not stop.is_set():
        names = reader_names(context)
        if not names:
            told.now(reader=False, card=False)
            settled_s = time.monotonic() + SETTLE_S
        # The upper half of the PnP state is a count of readers; daemons that do not use it ignore it.
        asked = [(name, known.get(name, scard.SCARD_STATE_UNAWARE)) for name in names]
        left_ms = math.ceil(1000 * (settled_s - time.monotonic()))
        wait_ms = min(left_ms, CHANGE_WAIT_MS) if left_ms > 0 else CHANGE_WAIT_MS
        states = _status(context, [*asked, (PNP, len(names) << 16)], wait_ms)
        seen = {name: state & ~scard.SCARD_STATE_CHANGED for name, state, _ in states if name != PNP}
        if any(_swapped(known.get(name, 0), state) for name, state in seen.items()):
            told.now(reader=True, card=False)
        if names:
            card = any(state & scard.SCARD_STATE_PRESENT for state in seen.values())
            told.now(reader=True, card=card if card or time.monotonic() >= settled_s else None)
        if seen == known:
            stop.wait(BREATH_S)
        known = seen


def _swapped(before: int, after: int) -> bool:
    """A card went and a card came inside one wait: both present, but pcscd counted events (upper half) in between."""
    return bool(before & after & scard.SCARD_STATE_PRESENT) and before >> 16 != after >> 16


def _status(context: int, asked: list[tuple[str, int]], wait_ms: int) -> list[tuple[str, int, list[int]]]:
    """GetStatusChange; after the wait without a change it gives the states as they were asked."""
    code, states = scard.SCardGetStatusChange(context, wait_ms, asked)
    if code & 0xFFFFFFFF == scard.SCARD_E_TIMEOUT & 0xFFFFFFFF and wait_ms:
        return [(name, state, []) for name, state in asked]
    if code != scard.SCARD_S_SUCCESS:
        raise PcscError("SCardGetStatusChange", code)
    return list(states)
