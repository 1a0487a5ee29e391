"""The look that the present state asks for: the panel, the operator's colours, and what the citizen has set."""

from __future__ import annotations

from kiosk.journey.state import State
from kiosk.widgets.tokens import HIGH_CONTRAST, TEXT_SIZES, Panel, Theme, palette_of


def theme_of(panel: Panel, state: State) -> Theme:
    """High contrast goes before the operator's colours."""
    operator = state.catalogue.operator.colours if state.catalogue else None
    return Theme(
        panel=panel,
        palette=HIGH_CONTRAST if state.settings.high_contrast else palette_of(operator),
        large=TEXT_SIZES[state.settings.text],
        reach=state.settings.reach,
        patience=state.settings.time,
    )
