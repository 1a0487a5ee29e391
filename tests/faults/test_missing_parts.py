"""A part is missing at start: the kiosk starts, says what it can and cannot do now, and recovers by itself."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from kiosk.catalog.model import Language
from kiosk.locale.translate import translator
from kiosk.simulation import demonstrate, demonstration, journey_file
from kiosk.simulation.demonstration import DemonstrationError, Places
from kiosk.simulation.world import Missing, WorldError
from tests.faults.conftest import Looker, MakeWorld, said
from tests.journeys.conftest import MakePlaces

SERVICES = ("iptu", "taxa-alvara", "certidao-negativa", "ouvidoria")
italian = translator(Language.IT)


@dataclass(frozen=True)
class Case:
    """`waiting`: the services that wait for the part, and what their tiles say of it. A certificate that can be queued,
    and handed to a phone, waits for neither network nor printer.
    """

    part: Missing
    headline: str
    tag: str
    waiting: tuple[str, ...]
    back: Callable[[Looker], object]


CASES = (
    Case("centre", "No internet, but open", "Needs internet", ("iptu",),
         lambda looker: looker.world.start_centre()),
    Case("reader", "Not reading cards, but open", "Card reader is off", ("iptu", "certidao-negativa"),
         lambda looker: looker.world.start_pcscd()),
    Case("printer", "Not printing, but open", "Not printing now", ("iptu", "taxa-alvara"),
         lambda looker: looker.world.dock("printer on")),
)  # fmt: skip


@pytest.mark.parametrize(
    "case",
    [
        # Reader and printer come back one by one in the next test too, in every run.
        pytest.param(case, id=case.part, marks=() if case.part == "centre" else pytest.mark.long)
        for case in CASES
    ],
)
def test_the_kiosk_starts_without_a_part_says_what_waits_and_goes_on_when_it_comes(
    enrolled: Callable[[str], Places], start: MakeWorld, case: Case
) -> None:
    looker = start(enrolled(f"no-{case.part}"), case.part)
    looker.world.wait_for_kiosk()

    looker.until_said(said(case.headline))
    looker.picture(f"no-{case.part}-attract")
    _tiles_say(looker, "pt-BR", {service: said(case.tag) for service in case.waiting}, f"no-{case.part}-services")
    _cannot_begin(looker, case.waiting[0], f"no-{case.part}-details")
    _tiles_say(looker, "it", {service: italian(case.tag) for service in case.waiting}, f"no-{case.part}-services-it")

    case.back(looker)

    looker.until(lambda: said(case.headline) not in looker.words(), "the first screen as ever")
    _tiles_say(looker, "pt-BR", {}, f"no-{case.part}-back")


def test_without_any_part_only_what_needs_none_is_offered_and_all_come_back_one_by_one(
    enrolled: Callable[[str], Places], start: MakeWorld
) -> None:
    looker = start(enrolled("no-part"), "centre", "reader", "printer")
    looker.world.wait_for_kiosk()

    looker.until_said(said("Only part of it works now"))
    looker.picture("no-part-attract")
    waiting = {
        "iptu": said("Card reader is off"),
        "certidao-negativa": said("Card reader is off"),
        "taxa-alvara": said("Not printing now"),
    }
    _tiles_say(looker, "pt-BR", waiting, "no-part-services")

    looker.world.dock("printer on")
    looker.until(lambda: looker.facts()["printer"] == "ready", "the printer is known to be back")
    looker.world.start_pcscd()
    looker.until_said(said("No internet, but open"))
    looker.world.start_centre()
    looker.until(lambda: said("No internet, but open") not in looker.words(), "the first screen as ever")

    journey = journey_file.load(demonstrate.JOURNEYS / "iptu-guide.yaml")
    played = demonstrate.play(looker.world, "iptu-guide", journey, looker.world.places.demo / "out")
    assert played.failed is None


def test_a_reader_whose_daemon_dies_is_missed_and_found_again(
    enrolled: Callable[[str], Places], start: MakeWorld
) -> None:
    looker = start(enrolled("reader-dies"))
    looker.world.wait_for_kiosk()
    looker.until(lambda: looker.facts()["link"], "the link")

    looker.world.stop_pcscd()
    looker.until_said(said("Not reading cards, but open"))

    looker.world.start_pcscd()
    looker.until(lambda: looker.facts()["reader"] == "ready", "the reader is back")
    looker.world.kill("pcscd")
    looker.until(lambda: looker.facts()["reader"] == "ready", "the supervisor has started it again")


def test_a_first_start_without_a_centre_is_a_plain_error(make_places: MakePlaces, start: MakeWorld) -> None:
    with pytest.raises(DemonstrationError) as stopped:
        start(make_places("never"), "centre")

    assert str(stopped.value) == (
        "the kiosk could not be enrolled, for the centre does not answer: the first start needs it; try again"
    )


def test_a_kiosk_that_was_never_enrolled_says_that_it_is_not_ready(make_places: MakePlaces, start: MakeWorld) -> None:
    looker = start(make_places("not-enrolled"), "enrolment")

    looker.until_said(said("This kiosk is getting ready"))
    assert looker.facts()["screen"] == "starting"
    looker.picture("not-enrolled")

    demonstration.enrol_once(looker.world.places, lambda _line: None)
    looker.until(lambda: looker.facts()["screen"] == "attract", "enrolled, it opens by itself")


def test_a_kiosk_that_lost_its_store_twice_serves_nobody_until_the_centre_gives_it_fresh_codes(
    enrolled: Callable[[str], Places], start: MakeWorld
) -> None:
    """No code may be given any more that could be one that was given before, and the catalogue is lost as well."""
    places = enrolled("used-up")
    for _ in range(2):
        places.folder.database.write_bytes(b"not a store any more" * 500)
        subprocess.run(
            [sys.executable, "-m", "kiosk.cli", "run", "store", "--state", str(places.state)], check=True, timeout=60
        )
    looker = start(places, "centre")

    looker.until_said(said("This kiosk is getting ready"))
    looker.picture("used-up")

    looker.world.start_centre()
    looker.until(lambda: looker.facts()["screen"] == "attract", "the catalogue is back")
    looker.until(lambda: said("Only part of it works now") not in looker.words(), "the first screen as ever")
    _tiles_say(looker, "pt-BR", {}, "used-up-back")


def test_two_demonstrations_do_not_share_a_folder(enrolled: Callable[[str], Places], start: MakeWorld) -> None:
    places = enrolled("shared")
    looker = start(places)

    with pytest.raises(WorldError, match="is running already: end it first"):
        start(places)

    looker.world.wait_for_kiosk()


def _tiles_say(looker: Looker, language: str, tags: dict[str, str], picture: str) -> None:
    """Each service that waits says why on its tile; the others do not."""
    looker.touch(f"start:{language}")
    looker.until(lambda: looker.facts()["screen"] == "services", "the services")
    looker.until(lambda: all(tag in looker.button(f"service:{name}") for name, tag in tags.items()), f"{tags}")
    reasons = [translator(Language(language))(reason) for reason in
               ("Needs internet", "Card reader is off", "Not printing now", "Not available now")]  # fmt: skip
    for service in set(SERVICES) - set(tags):
        assert not [reason for reason in reasons if reason in looker.button(f"service:{service}")], service
    looker.picture(picture)
    looker.touch("end")
    looker.until(lambda: looker.facts()["screen"] == "attract", "the first screen")


def _cannot_begin(looker: Looker, service: str, picture: str) -> None:
    """The page of a service that waits explains, and has no way on."""
    looker.touch("start:pt-BR")
    looker.touch(f"service:{service}")
    looker.until(lambda: looker.facts()["screen"] == "details", "the details")
    assert not looker.can_press("primary")
    looker.picture(picture)
    looker.touch("back")
    looker.touch("end")
    looker.until(lambda: looker.facts()["screen"] == "attract", "the first screen")
