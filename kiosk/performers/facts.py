"""What the control socket may tell of a state: where the kiosk is, and what a citizen could read off the screen."""

from __future__ import annotations

import re
from typing import Any

from kiosk.journey.state import Done, Printing, State


def screen_name(state: State) -> str:
    """The stage in kebab case: `EnterPin` is enter-pin."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", type(state.stage).__name__).lower()


def facts(state: State) -> dict[str, Any]:
    ticket = state.session.ticket if state.session else None
    job = state.stage.job if isinstance(state.stage, Printing | Done) else None
    return {
        "screen": screen_name(state),
        "overlay": type(state.overlay).__name__ if state.overlay else None,
        "language": str(state.language),
        "catalogue": state.catalogue.version if state.catalogue else None,
        "code": ticket.code if ticket else None,
        "page": ticket.page if ticket and isinstance(state.stage, Done) else None,
        "job": str(job) if job else None,
        "progress": state.stage.progress if isinstance(state.stage, Printing) else None,
        "link": state.devices.link,
        "printer": str(state.devices.printer),
        "a4": str(state.devices.page_printer),
        "reader": str(state.devices.reader),
        "card": state.devices.card_present,
    }
