"""A printer that never tells what it printed: the screen asks, nothing is called printed, and a no is heard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from central import vigilance
from central.centre import open_centre
from central.state import CentralState
from kiosk.catalog.model import Language
from kiosk.locale.translate import translator
from kiosk.simulation import demonstration
from kiosk.simulation.demonstration import Places
from kiosk.simulation.player import tickets
from offline_cache import settings
from printer import choice, profiles
from tests.faults.conftest import Looker, MakeWorld

ENGLISH = translator(Language.EN)


@pytest.mark.long
def test_who_is_asked_and_saw_no_paper_is_heard_by_the_centre(
    enrolled: Callable[[str], Places], start: MakeWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = demonstration.write_settings

    def chosen(places: Places, *said: Any, **more: Any) -> None:
        written(places, *said, **more)
        file = places.state / "totem.toml"
        there = settings.read(file).printer
        wanted = there.model_copy(update={"profile": "generic-58mm", "unconfirmed": profiles.OVERRIDE})
        choice.choose(file, wanted)

    monkeypatch.setattr(demonstration, "write_settings", chosen)
    looker = start(enrolled("unconfirmed"))
    looker.world.wait_for_kiosk()
    looker.until(lambda: looker.facts()["printer"] == "ready", "the printer works")

    code = _fee_guide(looker)
    looker.until_said(ENGLISH("Did your paper come out?"))
    assert ENGLISH("Take the paper") not in looker.words()
    looker.picture("asked-en")
    looker.touch("denied")
    looker.until_said(ENGLISH("The paper did not come out"))
    assert code in looker.words()
    looker.picture("denied-en")

    def told() -> list[list[str]]:
        return [each["papers"] for each in tickets(looker.world.places.central) if each["code"] == code]

    looker.until(lambda: told() == [["unknown", "denied"]], f"the centre hears it: {told()}")
    centre = open_centre(CentralState(looker.world.places.central))
    try:
        assert [alert["kind"] for alert in vigilance.alerts(centre)].count("paper-denied") == 1
    finally:
        centre.database.engine.dispose()


def _fee_guide(looker: Looker) -> str:
    looker.until(lambda: looker.facts()["screen"] == "attract", "the first screen")
    looker.touch("start:en")
    looker.touch("service:taxa-alvara")
    looker.until(lambda: looker.facts()["screen"] == "details", "the details")
    looker.touch("primary")
    looker.touch("answer:*")
    looker.touch("primary")
    looker.until(lambda: looker.facts()["screen"] == "review", "the review")
    looker.touch("primary")
    looker.until(lambda: looker.facts()["screen"] == "done", "the end")
    code: str = looker.facts()["code"]
    return code
