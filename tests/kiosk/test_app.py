"""The window's last resort: whatever is raised in it ends on the failsafe screen, or ends the process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kiosk import app as composition
from kiosk.journey import events as ev
from offline_cache.folder import StateFolder
from tests.kiosk.conftest import PANEL


class Station:
    """What the application needs of a station when something is raised."""

    def __init__(self) -> None:
        self.crashes: list[BaseException] = []
        self.taken: list[ev.Event] = []

    def crash(self, error: BaseException) -> None:
        self.crashes.append(error)

    def take(self, event: ev.Event) -> None:
        self.taken.append(event)


@pytest.fixture
def application(window: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    from kivy.base import ExceptionManager

    monkeypatch.setattr(composition, "FAILSAFE_S", 0.01)
    handlers = list(ExceptionManager.handlers)
    yield composition._application(StateFolder(tmp_path), PANEL)
    ExceptionManager.handlers[:] = handlers


def test_what_is_raised_on_the_screen_is_a_crash_of_the_session_and_the_kiosk_recovers(application: Any) -> None:
    from kivy.base import EventLoop, ExceptionManager

    application.station = Station()
    error = ValueError("52998224725")
    assert ExceptionManager.handle_exception(error) == ExceptionManager.PASS
    assert application.station.crashes == [error]
    while not application.station.taken:
        EventLoop.idle()
    assert application.station.taken == [ev.Recovered()]


def test_before_there_is_a_station_an_error_ends_the_process(application: Any) -> None:
    from kivy.base import ExceptionManager

    assert ExceptionManager.handle_exception(ValueError()) == ExceptionManager.RAISE


def test_a_signal_to_end_is_no_failure(application: Any) -> None:
    from kivy.base import ExceptionManager

    application.station = Station()
    assert ExceptionManager.handle_exception(KeyboardInterrupt()) == ExceptionManager.RAISE
    assert application.station.crashes == []
