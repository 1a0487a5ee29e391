"""The one connection to the printer: made again whenever it is lost, asked for its status once a second.

Nothing here knows of jobs. What happened is told as a list of happenings, in the order in which the printer said it.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import assert_never

from kiosk.journey.state import PrinterCondition
from printer.status import (
    QUERIES,
    REPORT_CHANGES,
    Automatic,
    Block,
    InBand,
    ProcessId,
    RealTime,
    ReplyReader,
    condition_of,
    condition_of_automatic,
)
from printer.transport import Transport, TransportLostError

POLL_S = 1.0
RETRY_S = 1.0
# A printer answers DLE EOT whatever it is doing: for so long it says nothing only when it is not there.
SILENCE_S = 5.0


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


Happening = Opened | Lost | Told | ProcessId | InBand | Block


class Connection:
    """Owns the transport. `condition` is ABSENT while there is no connection, UNKNOWN until the printer has spoken."""

    def __init__(self, transport: Transport) -> None:
        self.condition = PrinterCondition.UNKNOWN
        self.is_open = False
        self._transport = transport
        self._reader = ReplyReader()
        self._round: list[int] | None = None
        self._proven = False
        self._asked_s = 0.0
        self._next_try_s = 0.0
        self._unwritten = b""

    def fileno(self) -> int:
        return self._transport.fileno()

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
            if self._round is not None and now_s - self._asked_s > patience_s:
                return happenings + self._lose(now_s)
            if ask and self._round is None and now_s - self._asked_s >= POLL_S:
                self._ask(now_s)
        except TransportLostError:
            happenings += self._lose(now_s)
        return happenings

    def ask_now(self, now_s: float) -> None:
        """Asks for the status at once, unless an answer is already awaited."""
        if self.is_open and self._round is None:
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
        self._reader = ReplyReader()
        self._proven = False
        self.condition = PrinterCondition.UNKNOWN
        self._unwritten = REPORT_CHANGES
        self._ask(now_s)
        self._flush()
        return [Opened()]

    def _ask(self, now_s: float) -> None:
        self._unwritten += b"".join(QUERIES)
        self._round = []
        self._asked_s = now_s
        self._flush()

    def _flush(self) -> None:
        while self._unwritten:
            taken = self._transport.write(self._unwritten)
            if not taken:
                return
            self._unwritten = self._unwritten[taken:]

    def _lose(self, now_s: float) -> list[Happening]:
        was_open = self.is_open
        self.close()
        self._round = None
        self._next_try_s = now_s + RETRY_S
        self.condition = PrinterCondition.ABSENT
        return [Lost()] if was_open else []

    def _read(self, happenings: list[Happening]) -> None:
        """Appends, so that what the printer said just before it went is not lost with the connection."""
        while data := self._transport.read():
            for reply in self._reader.feed(data):
                match reply:
                    case RealTime(byte):
                        happenings += self._real_time(byte)
                    case Automatic(four) if self._proven:
                        happenings += self._told(condition_of_automatic(four))
                    case Automatic():
                        # Whatever listens there has not answered one question as a printer does.
                        pass
                    case ProcessId() | InBand() | Block():
                        happenings.append(reply)
                    case _ as never:
                        assert_never(never)

    def _real_time(self, byte: int) -> list[Happening]:
        if self._round is None:
            return []
        self._round.append(byte)
        if len(self._round) < len(QUERIES):
            return []
        replies, self._round = self._round, None
        self._proven = True
        return self._told(condition_of(replies))

    def _told(self, condition: PrinterCondition) -> list[Happening]:
        self.condition = condition
        return [Told(condition)]
