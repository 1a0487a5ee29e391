"""Fingers on the real window: while speech is on they explore; resting long enough they ask for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from kiosk.catalog.model import Catalogue, Language
from kiosk.journey.settings import Settings
from kiosk.journey.state import Attract, Question, Services, State
from tests.kiosk.access.application import Application
from tests.kiosk.screens.citizens import state_of

OnState = Callable[..., Application]


@pytest.fixture
def speaking(app_on: OnState, attract: State) -> Application:
    return app_on(replace(attract, settings=Settings(speech=True)))


def test_a_touch_says_what_is_there_and_a_second_one_presses_it(speaking: Application) -> None:
    speaking.tap("start:it")
    assert isinstance(speaking.state.stage, Attract)
    assert speaking.sentences() == ["Ciao! Tocca per iniziare. Tributi, Certificati, Imprese."]
    speaking.tap("start:it")
    assert isinstance(speaking.state.stage, Services)
    assert speaking.state.language is Language.IT


def test_a_finger_that_slides_hears_what_it_crosses_and_presses_nothing(speaking: Application) -> None:
    from kivy.base import EventLoop

    from kiosk.access.control import Finger

    places = {node.id: node.bounds for node in speaking.view.tree()}

    def middle(control_id: str) -> tuple[float, float]:
        left, bottom, width, height = places[control_id]
        return left + width / 2, bottom + height / 2

    finger = Finger(*middle("start:es"))
    EventLoop.post_dispatch_input("begin", finger)
    heard = speaking.sentences()
    from kivy.core.window import Window

    x, y = middle("start:it")
    finger.move({"x": x / Window.width, "y": y / Window.height})
    EventLoop.post_dispatch_input("update", finger)
    heard += speaking.sentences()
    EventLoop.post_dispatch_input("end", finger)
    assert [sentence.split("!")[0] for sentence in heard] == ["¡Hola", "Ciao"]
    assert isinstance(speaking.state.stage, Attract)


def _rest(control_id: str, application: Application, seconds: float, wheel: Any) -> Any:
    """A finger goes down on a control and stays; gives it, to be lifted."""
    from kivy.base import EventLoop

    from kiosk.access.control import Finger

    left, bottom, width, height = next(node.bounds for node in application.view.tree() if node.id == control_id)
    finger = Finger(left + width / 2, bottom + height / 2)
    EventLoop.post_dispatch_input("begin", finger)
    wheel(seconds)
    return finger


@pytest.fixture
def pass_time(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Timers of the long touch run when the test says so."""
    from kiosk.access import long_touch

    turning: list[tuple[Callable[[float], None], list[bool]]] = []
    now_s = 0.0

    class Timer:
        def __init__(self, gone: list[bool]) -> None:
            self._gone = gone

        def cancel(self) -> None:
            self._gone[0] = True

    class Hands:
        @staticmethod
        def schedule_interval(call: Callable[[float], None], seconds: float) -> Timer:
            assert seconds == long_touch.TURN_S
            turning.append((call, [False]))
            return Timer(turning[-1][1])

    monkeypatch.setattr(long_touch, "Clock", Hands)

    def run(seconds: float, turn_s: float = long_touch.TURN_S) -> None:
        nonlocal now_s
        while now_s < seconds - 1e-9:
            now_s += turn_s
            for call, gone in turning:
                if not gone[0]:
                    call(turn_s)

    return run


def _hints(window: Any) -> int:
    from kiosk.widgets.card import Card

    return sum(isinstance(child, Card) for child in window.children)


def test_a_finger_that_rests_is_told_so_then_speech_begins_and_nothing_is_pressed(
    app_on: OnState, attract: State, pass_time: Callable[..., None], window: Any
) -> None:
    from kivy.base import EventLoop

    application = app_on(attract)
    finger = _rest("start:it", application, 1.0, pass_time)
    assert _hints(window) == 1
    assert not application.state.settings.speech
    pass_time(2.0)
    assert application.state.settings.speech
    assert _hints(window) == 0
    EventLoop.post_dispatch_input("end", finger)
    assert isinstance(application.state.stage, Attract)


def test_a_screen_that_stood_still_while_a_finger_was_lifted_takes_it_for_no_wish_to_listen(
    app_on: OnState, attract: State, pass_time: Callable[..., None], window: Any
) -> None:
    from kivy.base import EventLoop

    application = app_on(attract)
    finger = _rest("start:it", application, 0.2, pass_time)
    pass_time(5.2, turn_s=5.0)
    assert not application.state.settings.speech
    EventLoop.post_dispatch_input("end", finger)
    assert isinstance(application.state.stage, Services)


def test_a_finger_that_is_lifted_in_time_presses_as_ever(
    app_on: OnState, attract: State, pass_time: Callable[..., None], window: Any
) -> None:
    from kivy.base import EventLoop

    application = app_on(attract)
    finger = _rest("start:it", application, 1.0, pass_time)
    EventLoop.post_dispatch_input("end", finger)
    pass_time(5.0)
    assert _hints(window) == 0
    assert isinstance(application.state.stage, Services)
    assert not application.state.settings.speech


def test_a_key_that_repeats_while_it_is_held_asks_for_nothing(
    app_on: OnState, catalogue: Catalogue, pass_time: Callable[..., None]
) -> None:
    from kivy.base import EventLoop

    form = catalogue.service("ouvidoria").form
    index = next(number for number, field in enumerate(form) if field.type == "text")
    application = app_on(state_of(catalogue, Language.PT_BR, Question(index), "ouvidoria"))
    finger = _rest("erase", application, 5.0, pass_time)
    EventLoop.post_dispatch_input("end", finger)
    assert not application.state.settings.speech
