"""The samples of other countries, each on a kiosk and a centre of its own; that of Brazil is the demonstration's."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.simulation import demonstrate, journey_file
from kiosk.simulation.world import World
from tests.journeys import scanning


@pytest.mark.long
@pytest.mark.parametrize(
    ("operator", "service", "title"),
    [
        ("altariva", "richiesta-informazioni", "RICHIESTA REGISTRATA"),
        ("valdelomas", "quejas-sugerencias", "QUEJA O SUGERENCIA"),
    ],
)
def test_a_citizen_is_served_by_it_from_the_first_touch_to_the_paper(
    short_folder: Path, screen: str, operator: str, service: str, title: str
) -> None:
    catalogue = demonstrate.CHECKOUT / "catalogs" / operator / "catalogue.yaml"
    places = replace(demonstrate.places(short_folder / operator), catalogue=catalogue)
    journey = journey_file.load(demonstrate.JOURNEYS / "samples" / f"{operator}.yaml")
    with World(places, screen, announce=lambda _line: None) as world:
        world.wait_for_kiosk()
        played = demonstrate.play(world, operator, journey, short_folder / "out" / operator)
    assert played.failed is None
    assert (played.outcome, len(played.receipts)) == (journey.expect.outcome, journey.expect.papers)
    assert played.centre is not None
    assert played.centre["service"] == service
    (paper,) = map(Path, played.receipts)
    assert played.tracking_code is not None
    assert scanning.prints(paper, played.tracking_code)
    assert scanning.prints(paper, title)
