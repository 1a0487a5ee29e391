"""How each family of printers tells its status: the mirror of `printer/status_maps/`, from the same manuals."""

from __future__ import annotations

import re
from dataclasses import dataclass

from printer.virtual.condition import Condition, Fault, automatic, near_end, real_time

_EPSON = rb"\x10(\x04[\x01-\x04]|\x05[\x01\x02])"


@dataclass(frozen=True)
class Epson:
    """DLE EOT 1 to 4, DLE ENQ; GS a."""

    requests: re.Pattern[bytes] = re.compile(_EPSON)
    star: bool = False
    presents_at_cut: bool = False

    def answer(self, request: bytes, condition: Condition, count: int) -> bytes:  # noqa: ARG002  the same for all
        """To a real-time request, or to one that is read among the data; nothing when it is none."""
        if request[:2] == b"\x10\x04":
            return bytes([self.real_time(condition, request[2])])
        return b""

    def real_time(self, condition: Condition, query: int) -> int:
        return real_time(condition, query)

    def report(self, condition: Condition, count: int) -> bytes:  # noqa: ARG002  the same for all
        """What it tells by itself at a change."""
        return automatic(condition)


@dataclass(frozen=True)
class Citizen(Epson):
    """The paper byte of DLE EOT 4 has other sensors; the paper is handed out as soon as it is cut."""

    presents_at_cut: bool = True

    def real_time(self, condition: Condition, query: int) -> int:
        if query != 4:
            return real_time(condition, query)
        out = Fault.PAPER_OUT in condition.faults
        return 0x12 | 0x0C * near_end(condition) | 0x20 * out | 0x40 * condition.outlet_occupied


@dataclass(frozen=True)
class Custom(Epson):
    """DLE EOT 20: six bytes; GS E0h n."""

    requests: re.Pattern[bytes] = re.compile(_EPSON + rb"|\x10\x04\x14")

    def answer(self, request: bytes, condition: Condition, count: int) -> bytes:
        if request == b"\x10\x04\x14":
            return self.report(condition, count)
        return super().answer(request, condition, count)

    def report(self, condition: Condition, count: int) -> bytes:  # noqa: ARG002  the same for all
        faults = condition.faults
        paper = 0x01 * (Fault.PAPER_OUT in faults) | 0x04 * near_end(condition) | 0x20 * condition.outlet_occupied
        user = 0x02 * (Fault.COVER_OPEN in faults)
        passing = 0x01 * (Fault.OVERHEATED in faults) | 0x40 * (Fault.JAM in faults)
        lasting = 0x01 * (Fault.CUTTER in faults) | 0x04 * (Fault.ERROR in faults)
        return bytes([0x10, 0x0F, paper, user, passing, lasting])


@dataclass(frozen=True)
class Star(Epson):
    """ESC ACK SOH and ESC RS a: nine bytes, with the count of ETB."""

    requests: re.Pattern[bytes] = re.compile(rb"\x1b\x06\x01")
    star: bool = True

    def answer(self, request: bytes, condition: Condition, count: int) -> bytes:
        return self.report(condition, count) if request == b"\x1b\x06\x01" else b""

    def report(self, condition: Condition, count: int) -> bytes:
        faults = condition.faults
        state = 0x20 * (Fault.COVER_OPEN in faults) | 0x08 * condition.stopped
        errors = (
            0x40 * (Fault.OVERHEATED in faults) | 0x20 * (Fault.ERROR in faults)
            | 0x08 * (Fault.CUTTER in faults) | 0x04 * (Fault.JAM in faults)
        )  # fmt: skip
        paper = 0x08 * (Fault.PAPER_OUT in faults) | 0x04 * near_end(condition)
        counter = (count & 0x07) << 1 | (count & 0x18) << 2
        return bytes([0x23, 0x06, state, errors, 0, paper, 0, counter, 0])


@dataclass(frozen=True)
class Bematech(Epson):
    """GS F8h 1: five bytes."""

    requests: re.Pattern[bytes] = re.compile(rb"(?!)")

    def answer(self, request: bytes, condition: Condition, count: int) -> bytes:  # noqa: ARG002  the same for all
        if request != b"GS \xf8":
            return b""
        faults = condition.faults
        out = Fault.PAPER_OUT in faults
        errors = 0x08 * (Fault.CUTTER in faults) | 0x20 * (Fault.ERROR in faults) | 0x40 * (Fault.JAM in faults)
        cause = 0x01 | 0x02 * near_end(condition) | 0x24 * out | 0x40 * bool(errors)
        cause |= 0x80 * (Fault.COVER_OPEN not in faults)
        head = 0x91 | 0x04 * (Fault.OVERHEATED in faults)
        return bytes([0x80 | 0x08 * condition.stopped, cause, 0x90 | errors, head, 0x10])


@dataclass(frozen=True)
class Daruma(Epson):
    """ENQ and GS ENQ, a byte each."""

    requests: re.Pattern[bytes] = re.compile(rb"(?!)")

    def answer(self, request: bytes, condition: Condition, count: int) -> bytes:  # noqa: ARG002  the same for all
        faults = condition.faults
        out = Fault.PAPER_OUT in faults
        failed = bool(faults - {Fault.PAPER_OUT, Fault.COVER_OPEN})
        if request == b"ENQ":
            first = 0x10 * (not condition.stopped) | 0x08 * failed | 0x20 * out
            return bytes([first | 0x80 * (Fault.COVER_OPEN in faults)])
        if request == b"GS \x05":
            return bytes([0x10 | 0x01 * near_end(condition) | 0x02 * out | 0x08 * condition.stopped | 0x40 * failed])
        return b""


FAMILIES: dict[str, Epson] = {
    "epson": Epson(), "citizen": Citizen(), "custom": Custom(), "star": Star(), "bematech": Bematech(),
    "daruma": Daruma(),
}  # fmt: skip
