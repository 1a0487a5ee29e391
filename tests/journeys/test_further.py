"""What the demonstration does not show: a search, no paper, a request followed by code and PIN, its status on paper,
a guide that a registrar makes payable, a paper left behind.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.issuing import pix
from kiosk.simulation import demonstrate, journey_file
from tests.journeys import scanning
from tests.journeys.conftest import Town

# Six PINs are typed in it.
AT_LENGTH = "opened-by-card"
FILES = sorted(path.stem for path in (demonstrate.JOURNEYS / "further").glob("*.yaml"))


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.long] if name == AT_LENGTH else []) for name in FILES]
)
def test_it_ends_as_its_file_says(town: Town, name: str) -> None:
    played = town.played(f"further/{name}")
    expected = journey_file.load(demonstrate.JOURNEYS / "further" / f"{name}.yaml").expect

    assert played.failed is None
    assert (played.outcome, len(played.receipts)) == (expected.outcome, expected.papers)
    assert played.centre is not None
    assert played.centre["code"] == played.tracking_code


def test_the_pix_on_the_paper_is_the_one_that_the_registrar_made(town: Town) -> None:
    """Read by two decoders; the book of the registrar holds it, and the centre the ticket with it."""
    played = town.played("further/parking-by-pix")
    assert played.centre is not None
    (paper,) = map(Path, played.receipts)
    guide = played.centre["guide"]
    assert scanning.by_zxing(paper) == scanning.by_zbar(paper) == {guide["pix"]}
    read = pix.parse(guide["pix"])
    assert (read.kind, read.amount_cents, read.url.rpartition("/")[2]) == ("pix-dynamic", 1200, guide["reference"])
    assert guide["pix"] in (town.world.places.central / "registered" / "pix.csv").read_text(encoding="utf-8")


def test_the_printed_status_tells_the_code_and_not_the_pin(town: Town) -> None:
    played = town.played("further/request-followed")
    assert played.tracking_code is not None
    (paper,) = map(Path, played.receipts)
    assert scanning.prints(paper, played.tracking_code)
    assert scanning.prints(paper, "STATUS OF YOUR REQUEST")
    assert not scanning.prints(paper, "PIN:")


@pytest.mark.long
def test_a_code_that_was_tried_too_often_is_opened_by_its_holders_card_and_its_status_printed(town: Town) -> None:
    played = town.played(f"further/{AT_LENGTH}")
    assert played.failed is None
    assert played.tracking_code is not None
    certificate, status = map(Path, played.receipts)
    assert scanning.prints(certificate, played.tracking_code)
    assert scanning.prints(status, played.tracking_code)
    assert scanning.prints(status, "STATUS OF YOUR REQUEST")
    assert not scanning.prints(status, "PIN:")
