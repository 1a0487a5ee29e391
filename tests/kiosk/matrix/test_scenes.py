"""No screen is forgotten: each stage and each overlay of the journey is among what is shown in every variant."""

from __future__ import annotations

from kiosk.catalog.model import Catalogue, Language
from tests.kiosk.matrix.scenes import alike, scenes


def test_every_stage_and_every_overlay_is_shown_in_every_combination(catalogue: Catalogue) -> None:
    from kiosk.screens.table import OVERLAYS, SCREENS

    shown = [state for name, state in scenes(catalogue, Language.EN).items() if not alike(name)]
    assert set(SCREENS) <= {type(state.stage) for state in shown}
    assert set(OVERLAYS) <= {type(state.overlay) for state in shown}
