"""The same journeys without touching, and without looking: by keys alone, and by what is spoken, to the same end."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.simulation import demonstrate, journey_file
from kiosk.simulation.player import Played
from kiosk.simulation.ways import By
from tests.journeys.conftest import Town

FILES = sorted(
    path.relative_to(demonstrate.JOURNEYS).with_suffix("").as_posix()
    for folder in (demonstrate.JOURNEYS, demonstrate.JOURNEYS / "further")
    for path in folder.glob("*.yaml")
)
# Each screen is read out as a voice would.
LIMIT_S = 600
# One for each kind of service, of those that type and wait least, and the following of a request.
FOLLOWED = "further/request-followed"
EACH_KIND = ("fee-guide-offline", "certificate", FOLLOWED)


def _plays(town: Town, name: str, by: By, out: Path) -> Played:
    journey = journey_file.load(demonstrate.JOURNEYS / f"{name}.yaml")
    played = demonstrate.play(town.world, name, journey, out, by=by)
    assert played.failed is None
    assert (played.outcome, len(played.receipts)) == (journey.expect.outcome, journey.expect.papers)
    assert (played.centre is None) == (played.tracking_code is None)
    return played


@pytest.mark.parametrize(
    ("name", "by"),
    [
        # Three visits, each screen of which is read out: minutes.
        pytest.param(
            name, by,
            marks=[pytest.mark.long, pytest.mark.timeout(LIMIT_S)] if (name, by) == (FOLLOWED, By.SPEECH) else (),
        )
        for name in EACH_KIND
        for by in (By.KEYS, By.SPEECH)
    ],
)
def test_a_guide_a_document_and_a_request_are_had_without_touching_and_without_looking(
    town: Town, name: str, by: By, tmp_path: Path,
) -> None:
    played = _plays(town, name, by, tmp_path)
    assert played.centre is not None
    assert played.centre["code"] == played.tracking_code


@pytest.mark.long
@pytest.mark.timeout(LIMIT_S)
@pytest.mark.parametrize("by", [By.KEYS, By.SPEECH])
@pytest.mark.parametrize("name", [name for name in FILES if name not in EACH_KIND])
def test_every_journey_reaches_its_end_by_keys_and_by_speech(town: Town, name: str, by: By, tmp_path: Path) -> None:
    _plays(town, name, by, tmp_path)


def test_when_the_visits_are_over_the_log_of_what_was_said_holds_nothing_personal(town: Town) -> None:
    heard = town.world.control({"do": "heard", "after": 0})["heard"]
    assert not [entry["number"] for entry in heard if entry["personal"]]
