"""Asking a printer who it is and how it is, while no printer process owns it."""

from __future__ import annotations

import select
from collections.abc import Callable
from dataclasses import dataclass

from kiosk.journey.state import PrinterCondition
from printer.connection import Connection
from printer.profiles import Profile
from printer.status import Block
from printer.status_maps.registry import map_of
from printer.transport import Transport

# GS I 67: the model's name, as a block of data that begins with 5F. Not every printer answers.
_MODEL = b"\x1dIC"
_NAME_HEADER = 0x5F
# How long a printer that has told its condition may take to tell its name.
NAME_S = 0.5


@dataclass(frozen=True)
class Found:
    """`condition` is ABSENT when nobody answered in time. `model` as the printer calls itself, None if it does not."""

    condition: PrinterCondition
    model: str | None


def ask(transport: Transport, profile: Profile, limit_s: float, now: Callable[[], float]) -> Found:
    """Connects, asks, and leaves again within about `limit_s`. `now` is a clock in seconds that only rises."""
    connection = Connection(transport, lambda: map_of(profile))
    end_s = now() + limit_s
    model = None
    asked = known = False
    while now() < end_s and model is None:
        for happening in connection.tick(now()):
            if isinstance(happening, Block) and happening.data[0] == _NAME_HEADER:
                model = happening.data[1:].decode("ascii", "replace")
        if connection.is_open and not asked and profile.status == "epson":
            connection.command(_MODEL)
            asked = True
        if connection.condition not in _SILENT and not known:
            known, end_s = True, now() + NAME_S
        select.select([connection] if connection.is_open else [], [], [], 0.1)
    condition = connection.condition
    connection.close()
    return Found(PrinterCondition.ABSENT if condition is PrinterCondition.UNKNOWN else condition, model)


_SILENT = frozenset({PrinterCondition.UNKNOWN, PrinterCondition.ABSENT, PrinterCondition.UNPLUGGED})
