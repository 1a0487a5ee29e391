"""The printer fails in the middle of a paper: what the screen says, what comes out, and what the centre is told."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kiosk.catalog.model import Language
from kiosk.locale.translate import translator
from kiosk.simulation import demonstrate, journey_file
from kiosk.simulation.demonstration import Places
from kiosk.simulation.player import tickets
from kiosk.simulation.world import World
from tests.faults.conftest import Looker, nobody

REHEARSED_S = 120.0
# The least that a catalogue may give a paper.
DEADLINE_S = 30
SPANISH = translator(Language.ES)


@pytest.fixture(scope="module")
def looker(enrolled: Callable[[str], Places], screen: str, pictures: Path) -> Iterator[Looker]:
    """A demonstration whose papers have little time."""
    places = enrolled("paper")
    hurried = places.demo / "hurried.yaml"
    text = places.catalogue.read_text(encoding="utf-8")
    before = "id: taxa-alvara\n"
    assert text.count(before) == 1
    indent = re.search(r"(?m)^( *)(?:- )?id: taxa-alvara$", text)
    assert indent is not None
    spaces = " " * (len(indent[1]) + 2)
    hurried.write_text(text.replace(before, f"{before}{spaces}print_deadline_s: {DEADLINE_S}\n"), encoding="utf-8")
    for picture in places.catalogue.parent.glob("*.png"):
        shutil.copy(picture, hurried.parent)
    places.catalogue = hurried
    with World(places, screen, announce=nobody) as world:
        world.wait_for_kiosk()
        found = Looker(world, pictures)
        # Every screen of it is rehearsed first, and nothing else waits for that.
        found.until(lambda: found.facts()["catalogue"] == 2, "the hurried catalogue", REHEARSED_S)
        yield found


@pytest.fixture(autouse=True)
def _mended(looker: Looker) -> Iterator[None]:
    yield
    looker.world.dock("printer ok")
    looker.until(lambda: looker.facts()["printer"] == "ready", "the printer works")


def test_a_paper_that_is_refilled_in_time_comes_out_whole(looker: Looker) -> None:
    played = demonstrate.play(
        looker.world,
        "refilled",
        journey_file.load(demonstrate.JOURNEYS / "faults/paper-out-refilled.yaml"),
        looker.world.places.demo / "refilled",
    )

    assert played.failed is None
    assert played.centre is not None
    _centre_says(looker, played.centre["code"], "confirmed")


def test_a_paper_that_is_not_refilled_in_time_never_comes_and_its_code_and_pin_stand_on_the_screen(
    looker: Looker,
) -> None:
    papers = _to_printing(looker, "es")
    looker.world.dock("printer paper-out")
    looker.until_said(SPANISH("The paper has run out"))
    assert SPANISH("Printing goes on when there is paper.") in looker.words()
    looker.picture("paper-out-es")

    code = _not_printed(looker, "abandoned", SPANISH("The paper did not come out"), limit_s=DEADLINE_S + 15)
    looker.picture("paper-abandoned-es")
    looker.touch("primary")
    looker.world.dock("printer ok")
    looker.until(lambda: looker.facts()["printer"] == "ready", "the printer works")

    _centre_says(looker, code, "abandoned")
    _prints_for_the_next(looker, papers)


@pytest.mark.parametrize(
    ("fault", "words"),
    [("cover-open", "The printer is open"), ("jam", "The paper is stuck")],
)
def test_a_hand_in_time_lets_the_paper_come_out_whole(looker: Looker, fault: str, words: str) -> None:
    papers = _to_printing(looker, "es")
    looker.world.dock(f"printer {fault}")
    looker.until_said(SPANISH(words))
    looker.picture(f"{fault}-es")

    looker.world.dock("printer ok")

    looker.until(lambda: looker.facts()["screen"] == "done", "the end")
    facts = looker.facts()
    assert facts["job"] == "confirmed"
    assert SPANISH("Take the paper") in looker.words()
    assert len(_papers(looker)) == len(papers) + 1
    looker.touch("primary")
    _centre_says(looker, facts["code"], "confirmed")


def test_a_printer_switched_off_in_the_middle_is_no_printed_paper(looker: Looker) -> None:
    """Everything had been sent when it died: nobody can know how much of it is on the paper."""
    papers = _to_printing(looker, "es")
    looker.world.dock("printer off")

    code = _not_printed(looker, "unknown", SPANISH("Check the paper"))
    looker.picture("switched-off-es")
    looker.touch("primary")
    looker.world.dock("printer on")
    looker.until(lambda: looker.facts()["printer"] == "ready", "the printer is back")

    _centre_says(looker, code, "unknown")
    _prints_for_the_next(looker, papers)


def test_an_ombudsman_request_without_a_printer_is_registered_and_told_on_the_screen(looker: Looker) -> None:
    looker.world.dock("printer off")
    looker.until(lambda: looker.facts()["printer"] == "absent", "the printer is missed")
    journey = journey_file.load(demonstrate.JOURNEYS / "ombudsman-offline.yaml")
    seen: list[str] = []

    def look(_number: int, step: journey_file.Step) -> None:
        if step.arrives:
            looker.picture("no-paper-es")
            seen.append(looker.words())

    steps = tuple(step for step in journey.steps if step.screen != "printing")
    played = demonstrate.play(
        looker.world,
        "no-paper",
        journey.model_copy(
            update={
                "steps": steps,
                "expect": journey_file.Expectation(outcome="abandoned", papers=0),
            }
        ),
        looker.world.places.demo / "no-paper",
        look,
    )

    assert played.failed is None
    assert played.tracking_code is not None
    assert SPANISH("Your request is registered") in seen[0]
    assert played.tracking_code in seen[0]
    assert _pin(seen[0])


# ---- what a citizen does and sees -------------------------------------------------------------------------


def _to_printing(looker: Looker, language: str) -> list[str]:
    """A fee guide, up to the middle of its paper. The papers that were out before."""
    papers = _papers(looker)
    looker.until(lambda: looker.facts()["screen"] == "attract", "the first screen")
    looker.touch(f"start:{language}")
    looker.touch("service:taxa-alvara")
    looker.until(lambda: looker.facts()["screen"] == "details", "the details")
    looker.touch("primary")
    looker.touch("answer:*")
    looker.touch("primary")
    looker.until(lambda: looker.facts()["screen"] == "review", "the review")
    looker.touch("primary")
    looker.until(lambda: (looker.facts()["progress"] or 0) > 0.1, "the paper begins to come out")
    return papers


def _not_printed(looker: Looker, outcome: str, title: str, limit_s: float = 30.0) -> str:
    """The end says so, and shows code and PIN. The code."""
    looker.until(lambda: looker.facts()["screen"] == "done", "the end", limit_s)
    facts, words = looker.facts(), looker.words()
    assert facts["job"] == outcome
    assert title in words
    assert facts["code"] in words
    assert _pin(words)
    code: str = facts["code"]
    return code


def _pin(words: str) -> re.Match[str] | None:
    return re.search(r"(?m)^\d{6}$", words)


def _papers(looker: Looker) -> list[str]:
    papers: list[str] = looker.world.dock("status")["papers"]
    return papers


def _prints_for_the_next(looker: Looker, before: list[str]) -> None:
    """The next paper is the next citizen's, and the only one that came."""
    _to_printing(looker, "es")
    looker.until(lambda: looker.facts()["screen"] == "done", "the end")
    assert looker.facts()["job"] == "confirmed"
    assert len(_papers(looker)) == len(before) + 1
    looker.touch("primary")


def _centre_says(looker: Looker, code: str, paper: str) -> None:
    def told() -> bool:
        return any(ticket["code"] == code and ticket["papers"] == [paper] for ticket in _tickets(looker))

    looker.until(told, f"the centre holds {code} with its paper {paper}: {_tickets(looker)}")


def _tickets(looker: Looker) -> list[dict[str, Any]]:
    return tickets(looker.world.places.central)
