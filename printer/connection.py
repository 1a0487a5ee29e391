"""The one connection to the printer: made again whenever it is lost, asked for its status once a second.

Nothing here knows of jobs. What happened is told as a list of happenings, in the order in which the printer said it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import assert_never

from kiosk.journey.state import PrinterCondition
from printer.status import Block, Condition, Count, InBand, Outlet, ProcessId, StatusMap
from printer.status_maps.epson import EpsonMap
from printer.transport import Transport, TransportLostError

POLL_S = 1.0
RETRY_S = 1.0
# A printer answers DLE EOT whatever it is doing: for so long it says nothing only when it is not there.
SILENCE_S = 5.0
# One that is silent for so long in the middle of a job, and then speaks again, may have been switched off and on.
GAP_S = 2.0

# A command that was broken off, by a lost connection or a killed process, would take our first bytes for its lengths.
END_OF_A_COMMAND = b"\0" * 16


@dataclass(frozen=True)
class Opened:
    pass


@dataclass(frozen=True)
class Lost:
    pass


@dataclass(frozen=True)
class Told:
    """The printer's own word on its condition, fresh."""

    condition: PrinterCondition


@dataclass(frozen=True)
class Returned:
    """It had said nothing for GAP_S, and answers again."""


Happening = Opened | Lost | Told | Returned | ProcessId | InBand | Count | Outlet | Block


class Connection:
    """Owns the transport. `condition` is ABSENT or UNPLUGGED while there is no connection, UNKNOWN until the printer
    has spoken. `outlet_occupied` and `count` are the last word of its sensor and counter, None where it has none.
    """

    def __init__(self, transport: Transport, new_map: Callable[[], StatusMap] = EpsonMap) -> None:
        self.condition = PrinterCondition.UNKNOWN
        self.is_open = False
        self.outlet_occupied: bool | None = None
        self.count: int | None = None
        self._transport = transport
        self._new_map = new_map
        self._map = new_map()
        self._asking = False
        self._silent = False
        self._heard = False
        self._proven = False
        self._asked_s = 0.0
        self._next_try_s = 0.0
        self._unwritten = b""

    def fileno(self) -> int:
        return self._transport.fileno()

    @property
    def _unheard(self) -> bool:
        """Asked, and not one byte has come since."""
        return self._asking and not self._heard

    def in_flight(self) -> int:
        return self._transport.in_flight() if self.is_open else 0

    def tick(self, now_s: float, *, ask: bool = True, patience_s: float = SILENCE_S) -> list[Happening]:
        """Connects if need be, reads what came, asks for the status when it is time and `ask` allows it.

        While a job's bytes are half handed over, nothing may be asked: the query would land inside a command. The
        printer then reports changes by itself. A stopped printer with a full buffer may not take our queries at all:
        `patience_s` says how long silence is no sign of its absence.
        """
        happenings: list[Happening] = []
        try:
            if not self.is_open:
                return self._open(now_s)
            self._read(happenings)
            self._flush()
            if self._asking and now_s - self._asked_s > patience_s:
                return happenings + self._lose(now_s)
            if ask and not self._asking and now_s - self._asked_s >= POLL_S:
                self._ask(now_s)
            elif ask and self._unheard and not self._unwritten and now_s - self._asked_s > GAP_S:
                # On a line that does not hang up, a printer that was off has never got the question.
                self._silent = True
                self._ask(now_s)
        except TransportLostError as error:
            happenings += self._lose(now_s, unplugged=error.unplugged)
        return happenings

    def ask_now(self, now_s: float) -> None:
        """Asks for the status at once, unless an answer is already awaited."""
        if self.is_open and not self._asking:
            self._asked_s = now_s - POLL_S

    def write(self, data: bytes) -> int:
        """How many bytes could be handed over now. TransportLostError: what is known of it the next tick tells."""
        if not self.is_open:
            raise TransportLostError("not connected")
        self._flush()
        return 0 if self._unwritten else self._transport.write(data)

    def command(self, data: bytes) -> None:
        """Puts a command in line; it leaves as soon as the printer takes it, at once if it can."""
        if self.is_open:
            self._unwritten += data
            # A connection that breaks here is noticed, and told, by the next tick.
            with contextlib.suppress(TransportLostError):
                self._flush()

    def give_up(self, now_s: float) -> list[Happening]:
        """Ends a connection whose other end does not do what it should; it is made again later."""
        return self._lose(now_s)

    def close(self) -> None:
        self._transport.close()
        self.is_open = False

    def _open(self, now_s: float) -> list[Happening]:
        if now_s < self._next_try_s:
            return []
        self._transport.open()
        self.is_open = True
        self._map = self._new_map()
        self._proven = False
        self.condition = PrinterCondition.UNKNOWN
        self.outlet_occupied = self.count = None
        self._unwritten = END_OF_A_COMMAND + self._map.report
        self._ask(now_s)
        self._flush()
        return [Opened()]

    def _ask(self, now_s: float) -> None:
        self._unwritten += self._map.query
        self._map.ask()
        self._asking, self._heard = True, False
        self._asked_s = now_s
        self._flush()

    def _flush(self) -> None:
        while self._unwritten:
            taken = self._transport.write(self._unwritten)
            if not taken:
                return
            self._unwritten = self._unwritten[taken:]

    def _lose(self, now_s: float, *, unplugged: bool = False) -> list[Happening]:
        was_open = self.is_open
        self.close()
        self._asking = self._silent = False
        self._next_try_s = now_s + RETRY_S
        self.condition = PrinterCondition.UNPLUGGED if unplugged else PrinterCondition.ABSENT
        return [Lost()] if was_open else []

    def _read(self, happenings: list[Happening]) -> None:
        """Appends, so that what the printer said just before it went is not lost with the connection."""
        while data := self._transport.read():
            self._heard = True
            for reply in self._map.feed(data):
                match reply:
                    case Condition(condition, asked=True):
                        if self._silent:
                            happenings.append(Returned())
                        self._asking = self._silent = False
                        self._proven = True
                        happenings += self._told(condition)
                    case Condition(condition) if self._proven:
                        happenings += self._told(condition)
                    case Condition():
                        # Whatever listens there has not answered one question as a printer does.
                        pass
                    case Outlet(occupied):
                        self.outlet_occupied = occupied
                        happenings.append(reply)
                    case Count(number):
                        self.count = number
                        happenings.append(reply)
                    case ProcessId() | InBand() | Block():
                        happenings.append(reply)
                    case _ as never:
                        assert_never(never)

    def _told(self, condition: PrinterCondition) -> list[Happening]:
        self.condition = condition
        return [Told(condition)]
