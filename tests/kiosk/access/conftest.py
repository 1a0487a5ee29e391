"""The application on its first screen, or on another that a test asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from kiosk.catalog.model import Catalogue
from kiosk.journey.state import Attract, State
from tests.kiosk.access.application import Application
from tests.kiosk.conftest import working_devices


@pytest.fixture
def attract(catalogue: Catalogue) -> State:
    return State(catalogue=catalogue, devices=working_devices(catalogue), stage=Attract())


@pytest.fixture
def app_on(window: Any, scene_of: Callable[..., Any]) -> Iterator[Callable[..., Application]]:
    made: list[Application] = []

    def make(state: State, **options: Any) -> Application:
        made.append(Application(state, scene_of, window, silent=True, **options))
        return made[-1]

    yield make
    for application in made:
        application.hands.close()
