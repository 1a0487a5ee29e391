"""One real window for all tests of the kiosk: an X server without a screen, software GL, 1080 x 1920."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from kiosk.catalog.model import Catalogue, Language
from kiosk.issuing.compose import takes_number
from kiosk.journey.events import Event
from kiosk.journey.state import Devices, PrinterCondition, ReaderCondition, State
from kiosk.widgets.setup import ENVIRONMENT, configure
from kiosk.widgets.tokens import Panel, Theme
from tests.kiosk import vila_aurora

# Before any test imports Kivy: it would read pytest's own arguments.
os.environ.update(ENVIRONMENT)

PANEL = Panel()


@pytest.fixture(scope="session")
def display() -> Iterator[str]:
    """An X server on a display number that nobody else has."""
    reading, writing = os.pipe()
    server = subprocess.Popen(
        [
            "Xvfb", "-displayfd", str(writing), "-screen", "0", f"{PANEL.width_px}x{PANEL.height_px}x24",
            "-nolisten", "tcp",
        ],
        pass_fds=(writing,), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    with os.fdopen(reading) as pipe:
        number = pipe.readline().strip()
    assert number, "Xvfb did not start"
    yield f":{number}"
    server.terminate()
    server.wait(10)


@pytest.fixture(scope="session")
def _open_window(display: str) -> Any:
    os.environ["DISPLAY"] = display
    os.environ["SDL_VIDEODRIVER"] = "x11"
    configure(PANEL)
    from kivy.base import EventLoop
    from kivy.core.window import Window

    EventLoop.ensure_window()
    assert tuple(Window.size) == (PANEL.width_px, PANEL.height_px)
    return Window


@pytest.fixture
def window(_open_window: Any) -> Iterator[Any]:
    """The window, empty before and after the test; no strike of another test counts."""
    from kiosk.widgets.strikes import STRIKES

    _open_window.clear()
    for child in list(_open_window.children):
        _open_window.remove_widget(child)
    STRIKES.forget()
    STRIKES.patience = 1
    yield _open_window
    for child in list(_open_window.children):
        _open_window.remove_widget(child)


@pytest.fixture
def frames(window: Any) -> Callable[[], None]:
    """Let Kivy draw what was asked for."""
    from kivy.base import EventLoop

    def draw() -> None:
        for _ in range(2):
            EventLoop.idle()

    return draw


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return vila_aurora.catalogue()


@pytest.fixture
def sent() -> list[Event]:
    """What the screens sent."""
    return []


@pytest.fixture
def scene_of(sent: list[Event]) -> Callable[..., Any]:
    """A scene of a state, in the state's language."""
    from kiosk.locale.translate import translator
    from kiosk.screens.scene import Scene
    from kiosk.widgets.pin_buffer import PinBuffer

    def scene(state: State, **options: Any) -> Scene:
        return Scene(
            state=state, theme=options.pop("theme", Theme()), text=translator(state.language), send=sent.append,
            translator=translator, pin=PinBuffer(),
            wall_clock=lambda: datetime(2026, 11, 24, 14, 5, tzinfo=UTC), new_session=lambda: "session", **options,
        )

    return scene


def working_devices(catalogue: Catalogue) -> Devices:
    """Everything in order."""
    series = {takes_number(service) for service in catalogue.services} - {None}
    return Devices(
        printer=PrinterCondition.READY, page_printer=PrinterCondition.READY, reader=ReaderCondition.READY, link=True,
        enrolled=True,
        numbers=tuple((name, 100) for name in sorted(series)),
    )


LANGUAGES = tuple(Language)
