"""Nothing of a screen that was left stays: neither the screen, nor what stood on it."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from typing import Any

from kiosk.catalog.model import Catalogue, Language
from kiosk.journey.state import Attract, State
from kiosk.screens.view import View
from tests.kiosk.conftest import working_devices
from tests.kiosk.screens.citizens import states

SCREENS = ("insert card", "pin", "many debts", "review of a debt", "question 3", "take card iptu", "printing iptu")
VISITS = 3


def everything(widget: Any) -> list[Any]:
    return [widget, *(below for child in widget.children for below in everything(child))]


def test_every_screen_can_be_loaded_before_anybody_sees_it(window: Any) -> None:
    from kiosk.screens import table

    table.load_all()
    loaded = table._load.cache_info().currsize
    for stage in table.SCREENS:
        table._load(table.SCREENS[stage])
    assert table._load.cache_info().currsize == loaded


def test_no_widget_outlives_the_screen_it_stood_on(
    catalogue: Catalogue, window: Any, frames: Callable[[], None], scene_of: Callable[..., Any],
) -> None:
    view = View()
    window.add_widget(view)
    rest = scene_of(State(catalogue=catalogue, devices=working_devices(catalogue), stage=Attract()))
    seen: list[weakref.ref[Any]] = []
    for _ in range(VISITS):
        for name in SCREENS:
            view.show(scene_of(states(catalogue, Language.IT)[name]))
            frames()
            seen += [weakref.ref(widget) for widget in everything(view.screen)]
        view.show(rest)
        frames()
    gc.collect()
    alive = [type(widget()).__name__ for widget in seen if widget() is not None]
    assert len(seen) > 100 * VISITS
    assert alive == []
