"""The control socket on a real window: what a journey touches is what a finger would."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kiosk.catalog.model import Catalogue, Language
from kiosk.journey.state import Attract, Question, Services, State
from kiosk.simulation.lines import ask
from offline_cache.folder import StateFolder
from tests.kiosk.access.application import Application
from tests.kiosk.conftest import working_devices
from tests.kiosk.screens.citizens import state_of

LIMIT_S = 20.0


@pytest.fixture
def application(
    window: Any, scene_of: Callable[..., Any], catalogue: Catalogue, request: pytest.FixtureRequest
) -> Iterator[Application]:
    """On its first screen, unless the test asks for another."""
    first = State(catalogue=catalogue, devices=working_devices(catalogue), stage=Attract())
    make = getattr(request, "param", None)
    made = Application(make(catalogue) if make else first, scene_of, window)
    yield made
    made.hands.close()


@pytest.fixture
def asked(application: Application, tmp_path: Path) -> Iterator[Callable[[dict[str, Any]], dict[str, Any]]]:
    """Asks over the socket, while the window lives on in this thread."""
    from kivy.base import EventLoop

    from kiosk.access.control import Control

    folder = StateFolder(tmp_path)
    folder.make_run()
    control = Control(folder, application)

    def ask_it(request: dict[str, Any]) -> dict[str, Any]:
        answers: list[dict[str, Any]] = []
        path = folder.socket("control")
        asking = threading.Thread(target=lambda: answers.append(ask(path, request, LIMIT_S)))
        asking.start()
        while asking.is_alive():
            EventLoop.idle()
        EventLoop.idle()
        return answers[0]

    yield ask_it
    control.close()


Ask = Callable[[dict[str, Any]], dict[str, Any]]


def test_the_screen_is_named_as_a_person_would(asked: Ask) -> None:
    told = asked({"do": "screen"})
    assert (told["screen"], told["language"], told["reader"]) == ("attract", "pt-BR", "ready")
    assert asked({"do": "worker-pid"}) == {"pid": 4711}


def test_a_touch_presses_what_lies_there(asked: Ask, application: Application) -> None:
    assert "start:it" in [node["id"] for node in asked({"do": "tree"})["nodes"]]
    assert "error" not in asked({"do": "touch", "id": "start:it"})
    assert isinstance(application.state.stage, Services)
    assert application.state.language is Language.IT


def test_what_is_not_there_cannot_be_touched(asked: Ask, application: Application) -> None:
    before = application.state
    assert asked({"do": "touch", "id": "debt:*"})["error"] == "there is no debt:*"
    assert application.state == before


def test_a_second_touch_too_soon_is_a_trembling_hand(asked: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    from kiosk.widgets.strikes import STRIKES

    monkeypatch.setattr(STRIKES, "clock", lambda: 100.0)
    asked({"do": "touch", "id": "start:it"})
    answer = asked({"do": "touch", "id": "service:*"})
    assert "too soon" in answer.get("error", "")


def _asking(catalogue: Catalogue) -> State:
    form = catalogue.service("ouvidoria").form
    index = next(number for number, field in enumerate(form) if field.type == "text")
    return state_of(catalogue, Language.PT_BR, Question(index), "ouvidoria")


@pytest.mark.parametrize("application", [_asking], indirect=True)
def test_a_text_is_typed_key_by_key(asked: Ask, application: Application) -> None:
    assert "error" not in asked({"do": "type", "text": "Rua 7"})
    assert application.state.session is not None
    assert list(application.state.session.answers.values()) == ["Rua 7"]


def test_a_screenshot_is_the_window_as_it_is(asked: Ask, window: Any, tmp_path: Path) -> None:
    from PIL import Image

    path = tmp_path / "shots" / "attract.png"
    assert asked({"do": "screenshot", "path": str(path)}) == {"path": str(path)}
    with Image.open(path) as picture:
        assert picture.size == tuple(window.size)
        assert len(picture.convert("RGB").getcolors(1 << 24) or []) > 1


def test_what_it_does_not_know_or_cannot_do_is_said_and_the_kiosk_goes_on(
    asked: Ask, application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks() -> dict[str, Any]:
        raise RuntimeError("no")

    assert asked({"do": "dance"}) == {"error": "unknown request"}
    monkeypatch.setattr(application, "facts", breaks)
    assert asked({"do": "screen"}) == {"error": "RuntimeError('no')"}
    monkeypatch.undo()
    assert asked({"do": "screen"})["screen"] == "attract"
