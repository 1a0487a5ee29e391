"""Each journey file, played on the real application, ends as it says; its paper says what the centre holds."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from central.centre import open_centre
from central.models import Document
from central.state import CentralState
from kiosk.catalog.model import Language
from kiosk.issuing import arrecadacao, dates, pix
from kiosk.simulation import demonstrate, journey_file
from tests.journeys import scanning
from tests.journeys.conftest import MakePlaces, Town

FILES = sorted(path.stem for path in demonstrate.JOURNEYS.glob("*.yaml"))
GUIDES = ("iptu-guide", "fee-guide-offline")
COMMAND_LIMIT_S = 120


@pytest.mark.parametrize("name", FILES)
def test_a_journey_ends_as_its_file_says(town: Town, name: str) -> None:
    played = town.played(name)
    expected = journey_file.load(demonstrate.JOURNEYS / f"{name}.yaml").expect

    assert played.failed is None
    assert (played.outcome, len(played.receipts)) == (expected.outcome, expected.papers)
    assert played.centre is not None
    assert played.centre["code"] == played.tracking_code
    assert played.centre["language"] == played.language


@pytest.mark.parametrize("name", FILES)
def test_two_readers_find_the_very_codes_that_the_centre_holds(town: Town, name: str) -> None:
    played = town.played(name)
    held = played.centre
    assert held is not None
    wanted = {f"https://vilaaurora.example/p/{held['code'].replace('-', '')}"}
    if held["guide"] is not None:
        wanted = {held["guide"]["barcode"], held["guide"]["pix"]}
    if held["document"] is not None:
        wanted = {_seal_url(town, held["document"]["code"])}

    for receipt in played.receipts:
        paper = Path(receipt)
        assert scanning.by_zxing(paper) == wanted
        assert scanning.by_zbar(paper) == wanted


@pytest.mark.parametrize("name", GUIDES)
def test_barcode_line_pix_and_printed_words_of_a_guide_say_the_same(town: Town, name: str) -> None:
    played = town.played(name)
    assert played.centre is not None
    guide = played.centre["guide"]
    paper = Path(played.receipts[0])
    code = arrecadacao.decode(guide["barcode"])
    paid = pix.parse(guide["pix"])

    assert arrecadacao.decode(guide["line"]) == code
    assert code.amount_cents == guide["amount_cents"] == paid.amount_cents
    assert code.due == date.fromisoformat(guide["due"])
    assert paid.txid == guide["txid"]
    for block in arrecadacao.line_blocks(code.line):
        assert scanning.prints(paper, block), f"{block} is not on the paper"
    assert code.due is not None
    assert scanning.prints(paper, dates.day(code.due, Language(played.language)))
    assert scanning.prints(paper, played.tracking_code or "?")


def test_the_printed_code_of_a_document_is_the_one_the_centre_made_valid(town: Town) -> None:
    played = town.played("certificate")
    assert played.centre is not None
    document = played.centre["document"]

    assert document["state"] == "valid"
    assert scanning.prints(Path(played.receipts[0]), document["number"])
    head, _, tail = document["code"].rpartition("-")
    first, _, second = head.rpartition("-")
    assert scanning.prints(Path(played.receipts[0]), f"{first}-")
    assert scanning.prints(Path(played.receipts[0]), f"{second}-{tail}")


def test_the_account_names_every_journey_with_its_paper_and_what_the_centre_holds(town: Town) -> None:
    results = [town.played(name) for name in FILES]

    assert demonstrate.account(results, town.out) == 0

    summary = json.loads((town.out / "summary.json").read_text(encoding="utf-8"))
    assert sorted(summary) == FILES
    for name, journey in summary.items():
        # What goes to a phone has no paper to confirm.
        outcome = journey_file.load(demonstrate.JOURNEYS / f"{name}.yaml").expect.outcome
        assert journey["outcome"] == outcome
        assert journey["tracking_code"] == journey["centre"]["code"]
        assert journey["centre"]["papers"] == (["confirmed"] if outcome == "confirmed" else [])
        assert len(journey["screenshots"]) >= 10
        for picture in (*journey["receipts"], *journey["screenshots"]):
            assert (town.out / picture).is_file(), f"{name}: {picture} is missing"


def test_the_command_plays_a_journey_and_says_how_it_ended(make_places: MakePlaces, tmp_path: Path) -> None:
    places = make_places("command")
    environment = {name: value for name, value in os.environ.items() if name != "DISPLAY"}
    done = subprocess.run(
        [
            sys.executable, "-m", "kiosk.cli", "journey", str(demonstrate.JOURNEYS / "fee-guide-offline.yaml"),
            "--out", str(tmp_path), "--state", str(places.state), "--json",
        ],
        capture_output=True, text=True, check=False, timeout=COMMAND_LIMIT_S, env=environment,
    )

    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["failed"] is None
    assert told["outcome"] == "confirmed"
    assert told["centre"]["code"] == told["tracking_code"]
    assert all((tmp_path / picture).is_file() for picture in (*told["receipts"], *told["screenshots"]))


def _seal_url(town: Town, code: str) -> str:
    centre = open_centre(CentralState(town.world.places.central))
    with centre.database.transaction() as session:
        seal: str = session.scalars(select(Document.seal).where(Document.code == code)).one()
    centre.database.engine.dispose()
    return seal
