"""What the demonstration does not show: a search, no paper, a request followed by code and PIN, a paper left behind."""

from __future__ import annotations

import pytest

from kiosk.simulation import demonstrate, journey_file
from tests.journeys.conftest import Town

FILES = sorted(path.stem for path in (demonstrate.JOURNEYS / "further").glob("*.yaml"))


@pytest.mark.parametrize("name", FILES)
def test_it_ends_as_its_file_says(town: Town, name: str) -> None:
    played = town.played(f"further/{name}")
    expected = journey_file.load(demonstrate.JOURNEYS / "further" / f"{name}.yaml").expect

    assert played.failed is None
    assert (played.outcome, len(played.receipts)) == (expected.outcome, expected.papers)
    assert played.centre is not None
    assert played.centre["code"] == played.tracking_code
