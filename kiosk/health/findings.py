"""What an examination of a kiosk found: one entry for each thing that was looked at. Pure.

`totem doctor` and the technician's screen show the same findings; their words stand in `kiosk.health.words`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """`attention`: it works, and somebody has to come before it does not. `broken`: citizens are served less for it."""

    OK = "ok"
    ATTENTION = "attention"
    BROKEN = "broken"


class Part(StrEnum):
    """What is looked at, in the order in which it is told."""

    SETTINGS = "settings"
    STORE = "store"
    PROCESSES = "processes"
    PROGRAM = "program"
    ENROLMENT = "enrolment"
    CATALOGUE = "catalogue"
    PRINTER = "printer"
    PAGE_PRINTER = "page-printer"
    READER = "reader"
    TECHNICIANS = "technicians"
    LINK = "link"
    CABLE = "cable"
    NAME = "name"
    WAY = "way"
    TLS = "tls"
    TIME = "time"
    CENTRE = "centre"
    QUEUE = "queue"
    NUMBERS = "numbers"
    CLOCK = "clock"
    DISK = "disk"
    HEAT = "heat"
    POWER = "power"
    MEMORY = "memory"
    SOUND = "sound"
    CARD = "card"
    PAPER = "paper"
    TOUCH = "touch"
    RESTART = "restart"


class What(StrEnum):
    """What was found; each has its words, and what to do where there is something to do."""

    SETTINGS_READ = "settings-read"
    SETTINGS_WRONG = "settings-wrong"
    STORE_WHOLE = "store-whole"
    STORE_LOST = "store-lost"
    STORE_ALTERED = "store-altered"
    ALL_RUN = "all-run"
    SCREEN_STOPPED = "screen-stopped"
    PRINTING_STOPPED = "printing-stopped"
    SENDING_STOPPED = "sending-stopped"
    PROGRAM_RUNS = "program-runs"
    PROGRAM_TRIED = "program-tried"
    PROGRAM_TAKEN_BACK = "program-taken-back"
    PROGRAM_REFUSED = "program-refused"
    PROGRAM_NO_ROOM = "program-no-room"
    PROGRAM_PACKAGE = "program-package"
    ENROLLED = "enrolled"
    NOT_ENROLLED = "not-enrolled"
    CODES_USED_UP = "codes-used-up"
    CATALOGUE_RUNS = "catalogue-runs"
    CATALOGUE_NONE = "catalogue-none"
    CATALOGUE_TAKEN_BACK = "catalogue-taken-back"
    CATALOGUE_DEMONSTRATION = "catalogue-demonstration"
    PRINTER_UNKNOWN = "printer-unknown"
    PRINTER_READY = "printer-ready"
    PRINTER_PAPER_LOW = "printer-paper-low"
    PRINTER_PAPER_OUT = "printer-paper-out"
    PRINTER_COVER_OPEN = "printer-cover-open"
    PRINTER_JAM = "printer-jam"
    PRINTER_STOPPED = "printer-stopped"
    PRINTER_CUTTER = "printer-cutter"
    PRINTER_OVERHEATED = "printer-overheated"
    PRINTER_ERROR = "printer-error"
    PRINTER_UNPLUGGED = "printer-unplugged"
    PRINTER_ABSENT = "printer-absent"
    READER_READY = "reader-ready"
    READER_ABSENT = "reader-absent"
    READER_SERVICE_GONE = "reader-service-gone"
    TECHNICIANS_KNOWN = "technicians-known"
    TECHNICIANS_NONE = "technicians-none"
    TECHNICIANS_NO_LIST = "technicians-no-list"
    LINK_UP = "link-up"
    LINK_DOWN = "link-down"
    CABLE_IN = "cable-in"
    CABLE_OUT = "cable-out"
    NAME_FOUND = "name-found"
    NAME_UNKNOWN = "name-unknown"
    WAY_OPEN = "way-open"
    WAY_CLOSED = "way-closed"
    TLS_TRUSTED = "tls-trusted"
    TLS_REFUSED = "tls-refused"
    TIME_AGREES = "time-agrees"
    TIME_DIFFERS = "time-differs"
    TIME_UNKNOWN = "time-unknown"
    CENTRE_ACCEPTS = "centre-accepts"
    CENTRE_REFUSES = "centre-refuses"
    CENTRE_NOT_ASKED = "centre-not-asked"
    QUEUE_EMPTY = "queue-empty"
    QUEUE_WAITS = "queue-waits"
    QUEUE_OLD = "queue-old"
    QUEUE_QUARANTINED = "queue-quarantined"
    NUMBERS_LEFT = "numbers-left"
    NUMBERS_FEW = "numbers-few"
    NUMBERS_NONE = "numbers-none"
    CLOCK_TRUSTED = "clock-trusted"
    CLOCK_DOUBTFUL = "clock-doubtful"
    DISK_FREE = "disk-free"
    DISK_LOW = "disk-low"
    DISK_FULL = "disk-full"
    HEAT_NORMAL = "heat-normal"
    HEAT_HIGH = "heat-high"
    POWER_STEADY = "power-steady"
    POWER_LOW = "power-low"
    POWER_THROTTLED = "power-throttled"
    MEMORY_FREE = "memory-free"
    MEMORY_LOW = "memory-low"
    SOUND_READY = "sound-ready"
    SOUND_MISSING = "sound-missing"
    SOUND_OFF = "sound-off"
    SOUND_PLAYED = "sound-played"
    CARD_READ = "card-read"
    CARD_NONE = "card-none"
    CARD_MUTE = "card-mute"
    PAPER_CONFIRMED = "paper-confirmed"
    PAPER_IN_DOUBT = "paper-in-doubt"
    PAPER_FAILED = "paper-failed"
    PAPER_NOT_IN_TIME = "paper-not-in-time"
    PAPER_NOT_MADE = "paper-not-made"
    PAPER_NOTED = "paper-noted"
    QUEUE_SENT = "queue-sent"
    CATALOGUE_BEFORE = "catalogue-before"
    CATALOGUE_NO_BEFORE = "catalogue-no-before"
    CATALOGUE_ROLLED_BACK = "catalogue-rolled-back"
    TOUCH_CALIBRATED = "touch-calibrated"
    TOUCH_UNEVEN = "touch-uneven"
    RESTARTS = "restarts"
    RESTART_REFUSED = "restart-refused"


ATTENTION = frozenset({
    What.PROGRAM_TAKEN_BACK, What.PROGRAM_REFUSED, What.PROGRAM_NO_ROOM, What.PROGRAM_PACKAGE,
    What.CATALOGUE_TAKEN_BACK, What.PRINTER_UNKNOWN, What.PRINTER_PAPER_LOW, What.TECHNICIANS_NONE,
    What.TECHNICIANS_NO_LIST, What.TIME_DIFFERS, What.QUEUE_OLD, What.QUEUE_QUARANTINED, What.NUMBERS_FEW,
    What.CLOCK_DOUBTFUL, What.DISK_LOW, What.HEAT_HIGH, What.POWER_LOW, What.POWER_THROTTLED, What.MEMORY_LOW,
    What.SOUND_MISSING, What.CENTRE_NOT_ASKED, What.PAPER_IN_DOUBT, What.CARD_NONE, What.TOUCH_UNEVEN,
})  # fmt: skip
BROKEN = frozenset({
    What.SETTINGS_WRONG, What.STORE_LOST, What.STORE_ALTERED, What.SCREEN_STOPPED, What.PRINTING_STOPPED,
    What.SENDING_STOPPED, What.NOT_ENROLLED, What.CODES_USED_UP, What.CATALOGUE_NONE, What.CATALOGUE_DEMONSTRATION,
    What.PRINTER_PAPER_OUT, What.PRINTER_COVER_OPEN, What.PRINTER_JAM, What.PRINTER_STOPPED, What.PRINTER_CUTTER,
    What.PRINTER_OVERHEATED, What.PRINTER_ERROR, What.PRINTER_UNPLUGGED, What.PRINTER_ABSENT, What.READER_ABSENT,
    What.READER_SERVICE_GONE, What.LINK_DOWN, What.CABLE_OUT, What.NAME_UNKNOWN, What.WAY_CLOSED, What.TLS_REFUSED,
    What.TIME_UNKNOWN, What.CENTRE_REFUSES, What.NUMBERS_NONE, What.DISK_FULL, What.CARD_MUTE, What.PAPER_FAILED,
    What.PAPER_NOT_IN_TIME, What.PAPER_NOT_MADE, What.RESTART_REFUSED,
})  # fmt: skip


@dataclass(frozen=True)
class Finding:
    """`values` fill in the words: numbers, names of programs and files, nothing personal."""

    part: Part
    what: What
    values: tuple[tuple[str, str | int], ...] = ()

    @property
    def level(self) -> Level:
        if self.what in BROKEN:
            return Level.BROKEN
        return Level.ATTENTION if self.what in ATTENTION else Level.OK


def found(part: Part, what: What, **values: str | int) -> Finding:
    return Finding(part, what, tuple(values.items()))


def needing_a_hand(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The broken first, then what wants attention."""
    chosen = [finding for finding in findings if finding.level is not Level.OK]
    return tuple(sorted(chosen, key=lambda finding: finding.level is Level.ATTENTION))
