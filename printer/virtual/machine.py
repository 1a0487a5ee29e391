"""A printer as a state machine: bytes and time in, answers and papers out. No input or output of its own.

It behaves as a receipt printer with a receive buffer does: commands are understood as they come, the
mechanism burns rows at its own speed, and what asks whether something is printed is answered when the
mechanism gets there. When paper ends, the cover opens or paper jams, it stops where it is, keeps what it
holds, and goes on after the remedy.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Self, assert_never

import numpy as np
from PIL import Image

from printer import picture
from printer.font import Dots
from printer.profiles import Confirmation, Profile, code_page_number
from printer.virtual.actions import (
    Action,
    AutomaticStatus,
    CountUp,
    Cut,
    Eject,
    Identity,
    PaperSensor,
    ProcessId,
    Rows,
    Status,
)
from printer.virtual.commands import parse
from printer.virtual.condition import Condition, Fault, paper_sensor
from printer.virtual.families import FAMILIES
from printer.virtual.interpreter import Interpreter

MM_PER_INCH = 25.4
_COUNTS = 32
_IDENTITY = {66: b"EPSON", 67: b"TM-T20X"}
"""GS I: a host that asks is told what it behaves like."""


@dataclass(frozen=True, slots=True)
class Paper:
    """What came out: cut off, or torn off unfinished."""

    dots: Dots
    torn: bool

    @property
    def image(self) -> Image.Image:
        return picture.image(self.dots)


class VirtualPrinter:
    """`speed_mm_s` None prints at once. `paper_mm` is what the roll holds; None never ends."""

    def __init__(
        self,
        *,
        dots: int = 576,
        speed_mm_s: float | None = None,
        paper_mm: float | None = None,
        near_end_mm: float = 1000,
        page_mode: bool = True,
        process_ids: bool = True,
        family: str = "epson",
        presenter: bool = False,
        in_band: bool = True,
        dpi: int = 203,
        code_pages: dict[int, str] | None = None,
    ) -> None:
        self._dots_per_mm = dpi / MM_PER_INCH
        self._speed = speed_mm_s
        self._near_end_mm = near_end_mm
        self._family = FAMILIES[family]
        self._presenter = presenter
        self._in_band = in_band
        self._interpreter = Interpreter(
            dots, page_mode=page_mode, process_ids=process_ids, star=self._family.star, dpi=dpi, code_pages=code_pages
        )
        self._strikes: list[tuple[int, Callable[[], None]]] = []
        self._taken_bytes = 0
        self._left_rows: int | None = None
        self._condition = Condition()
        self._powered = True
        self._start()
        self._strip: list[Dots] = []
        self.papers: list[Paper] = []
        self.retracted: list[Paper] = []
        self.load(paper_mm)

    @classmethod
    def of(
        cls, profile: Profile, *, speed_mm_s: float | None = None, paper_mm: float | None = None,
        near_end_mm: float = 1000,
    ) -> Self:
        """A printer as this profile describes it, and no better."""
        standard = {0: "cp437", 2: "cp850", 3: "cp860", 16: "cp1252", 19: "cp858"}
        return cls(
            dots=profile.dots, speed_mm_s=speed_mm_s, paper_mm=paper_mm, near_end_mm=near_end_mm,
            page_mode=profile.page_mode, process_ids=profile.confirmation is Confirmation.PROCESS_ID,
            family=profile.status, presenter=profile.presenter is not None,
            in_band=profile.confirms, dpi=profile.dpi,
            code_pages=standard | {code_page_number(profile): profile.encoding},
        )  # fmt: skip

    def _start(self) -> None:
        self._received = bytearray()
        self._tail = b""
        self._due: deque[Action] = deque()
        self._answers = bytearray()
        self._automatic = False
        self._count = 0
        self._credit_rows = 0.0
        self._interpreter.reset()

    @property
    def condition(self) -> Condition:
        return self._condition

    @property
    def powered(self) -> bool:
        return self._powered

    @property
    def idle(self) -> bool:
        """Nothing waits to be printed, and no paper hangs unfinished from the mouth."""
        return not self._due and not self._received and not self._strip

    @property
    def unknown(self) -> list[str]:
        """Names of commands that it did not understand."""
        return [command.name for command in self._interpreter.unknown]

    @property
    def taken_bytes(self) -> int:
        """How many bytes it has taken since it was made."""
        return self._taken_bytes

    def strike_after(self, byte: int, do: Callable[[], None]) -> None:
        """Something happens as soon as that many bytes were taken: a fault, the power's end, whatever `do` does."""
        self._strikes.append((byte, do))
        self._strikes.sort(key=lambda strike: strike[0])

    def feed(self, data: bytes) -> bytes:
        """Takes what the host sent; gives what the printer answers now. Without power nothing happens.

        Real-time commands are answered on arrival, even inside other data, as printers do.
        """
        answers = b""
        while self._strikes and self._powered and self._strikes[0][0] <= self._taken_bytes + len(data):
            byte, do = self._strikes.pop(0)
            first, data = data[: byte - self._taken_bytes], data[byte - self._taken_bytes :]
            answers += self._feed(first)
            do()
        return answers + self._feed(data)

    def _feed(self, data: bytes) -> bytes:
        if not self._powered:
            return b""
        self._taken_bytes += len(data)
        seen = 0
        for match in self._family.requests.finditer(self._tail + data):
            end = match.end() - len(self._tail)
            if end <= 0:
                continue
            self._received += data[seen:end]
            seen = end
            self._real_time(match.group(0))
        self._received += data[seen:]
        self._tail = (self._tail + data)[-2:]
        for command in parse(self._received, star=self._family.star):
            for action in self._interpreter.run(command):
                if isinstance(action, Status):
                    self._answers += self._family.answer(action.what.encode("latin-1"), self._condition, self._count)
                else:
                    self._due.append(action)
        return self.advance(0)

    def advance(self, seconds: float) -> bytes:
        """Lets time pass; gives what the printer answers meanwhile."""
        if self._powered:
            if self._speed is not None:
                self._credit_rows += seconds * self._speed * self._dots_per_mm
            self._work()
        answers = bytes(self._answers)
        self._answers.clear()
        return answers

    def set_fault(self, fault: Fault) -> None:
        self._change(replace(self._condition, faults=self._condition.faults | {fault}))

    def clear_fault(self, fault: Fault) -> None:
        """The remedy: a jam cleared, a cover closed, a roll put in (a new one if the old one ran out)."""
        if fault is Fault.PAPER_OUT and self._left_rows == 0:
            self._left_rows = None
        self._change(replace(self._condition, faults=self._condition.faults - {fault}, near_end=self._is_near_end()))

    def load(self, paper_mm: float | None) -> None:
        """A roll of this length is put in."""
        self._left_rows = None if paper_mm is None else int(paper_mm * self._dots_per_mm)
        self.clear_fault(Fault.PAPER_OUT)

    def tear_off(self) -> None:
        """The citizen tears off what has come out of a printer without a cutter."""
        self._finish(torn=False)

    def take_paper(self) -> None:
        """The citizen takes what lies in the outlet."""
        self._change(replace(self._condition, outlet_occupied=False))

    def power_off(self) -> None:
        """Everything held is lost; the paper in the mouth is torn off."""
        self._tear()
        self._start()
        self._powered = False

    def power_on(self) -> None:
        self._powered = True

    def _is_near_end(self) -> bool:
        return self._left_rows is not None and self._left_rows < self._near_end_mm * self._dots_per_mm

    def _change(self, condition: Condition) -> None:
        if condition == self._condition:
            return
        self._condition = condition
        self._credit_rows = 0.0
        if self._automatic and self._powered:
            self._answers += self._family.report(condition, self._count)

    def _real_time(self, request: bytes) -> None:
        self._answers += self._family.answer(request, self._condition, self._count)
        if request == b"\x10\x05\x02" and self._condition.stopped:  # DLE ENQ 2: recover after clearing the buffers
            self._received.clear()
            self._due.clear()
            self._interpreter.reset()
            self._tear()

    def _work(self) -> None:
        while self._due and not self._condition.stopped:
            action = self._due[0]
            match action:
                case Rows():
                    if not self._burn(action):
                        return
                    continue
                case Cut():
                    self._finish(torn=False)
                    if self._family.presents_at_cut:
                        self._eject(retract=False)
                case Eject(retract):
                    self._eject(retract=retract)
                case PaperSensor():
                    if self._in_band:
                        self._answers.append(paper_sensor(self._condition))
                case ProcessId():
                    self._answers += b"\x37\x22" + action.id + b"\x00"
                case AutomaticStatus():
                    self._automatic = action.on
                    if action.on:
                        self._answers += self._family.report(self._condition, self._count)
                case CountUp():
                    self._count = (self._count + 1) % _COUNTS
                    if self._automatic:
                        self._answers += self._family.report(self._condition, self._count)
                case Identity(what):
                    if what in _IDENTITY:
                        self._answers += b"\x5f" + _IDENTITY[what] + b"\x00"
                case Status():
                    raise AssertionError("answered when it was read")
                case _:
                    assert_never(action)
            self._due.popleft()
        if not self._due:
            self._credit_rows = 0.0

    def _burn(self, rows: Rows) -> bool:
        """Prints as many rows as time and paper allow; whether the mechanism may go on."""
        count = len(rows.dots)
        if self._speed is not None:
            count = min(count, int(self._credit_rows))
        if self._left_rows is not None:
            count = min(count, self._left_rows)
            self._left_rows -= count
        if count:
            self._strip.append(rows.dots[:count])
            self._credit_rows -= count if self._speed is not None else 0
        if count == len(rows.dots):
            self._due.popleft()
        else:
            self._due[0] = Rows(rows.dots[count:])
        if self._left_rows == 0:
            self.set_fault(Fault.PAPER_OUT)
        elif self._is_near_end() != self._condition.near_end:
            self._change(replace(self._condition, near_end=self._is_near_end()))
        return count == len(rows.dots)

    def _eject(self, *, retract: bool) -> None:
        """The presenter hands the last paper out, or takes it back."""
        if not self._presenter or (retract and not self._condition.outlet_occupied):
            return
        if retract:
            self.retracted.append(self.papers[-1])
        self._change(replace(self._condition, outlet_occupied=not retract))

    def _tear(self) -> None:
        self._finish(torn=True)

    def _finish(self, *, torn: bool) -> None:
        if self._strip:
            self.papers.append(Paper(np.vstack(self._strip), torn))
            self._strip = []
