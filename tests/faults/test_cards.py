"""Cards that do not work, PINs that are wrong, cards that go: what the citizen is told, and what the card has left."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kiosk.catalog.model import Language
from kiosk.locale.translate import translator
from kiosk.simulation import demonstrate, journey_file
from kiosk.simulation.demonstration import Places
from kiosk.simulation.world import World
from offline_cache import audit
from offline_cache.store import open_store
from tests.faults.conftest import Looker, nobody, said
from tests.journeys.citizen import Citizen

ITALIAN = translator(Language.IT)
WRONG = "000000"
RIGHT = "123456"
TRIES = "[b]{n} tries left.[/b]"
WRONG_TRIES = "[b]The PIN did not match. {n} tries left.[/b]"


@pytest.fixture(scope="module")
def kiosk(enrolled: Callable[[str], Places], screen: str, pictures: Path) -> Iterator[Looker]:
    with World(enrolled("cards"), screen, announce=nobody) as world:
        world.wait_for_kiosk()
        found = Looker(world, pictures)
        found.until(lambda: found.facts()["link"], "the link")
        yield found


@pytest.fixture
def looker(kiosk: Looker) -> Iterator[Looker]:
    """Nobody is there, and the cards are as they were made: they remember their tries."""
    yield kiosk
    Citizen(kiosk.world).leave()
    kiosk.world.dock("card renew")


def test_tries_left_are_shown_and_go_down_and_the_last_one_is_never_used(looker: Looker) -> None:
    seen: list[str] = []

    def look(number: int, step: journey_file.Step) -> None:
        seen.append(looker.words())
        looker.picture(f"wrong-pin-{number:02d}")

    journey = journey_file.load(demonstrate.JOURNEYS / "faults/wrong-pin.yaml")
    played = demonstrate.play(looker.world, "wrong-pin", journey, looker.world.places.demo / "wrong-pin", look)

    assert played.failed is None
    told = "\n".join(seen)
    three, two = (_bare(said(sentence, n=n)) for n, sentence in ((3, TRIES), (2, WRONG_TRIES)))
    last = said("Only one PIN try is left")
    assert told.index(three) < told.index(two) < told.index(last)
    assert said("We stop here, so that the card is not blocked. Take it out.") in told

    _to_card(looker, "it")
    looker.insert("maria")
    looker.until_said(ITALIAN("Only one PIN try is left"))
    assert not looker.can_press("digit:1")
    looker.picture("pin-last-try-it")


def test_the_right_pin_after_a_wrong_one_gives_all_tries_back(looker: Looker) -> None:
    for _ in range(2):
        _to_card(looker, "it")
        looker.insert("joao")
        looker.until_said(_bare(ITALIAN(TRIES, n=3)))
        _type(looker, WRONG)
        looker.until_said(_bare(ITALIAN(WRONG_TRIES, n=2)))
        looker.picture("pin-wrong-it")
        _type(looker, RIGHT)
        looker.until(lambda: looker.facts()["screen"] == "lookup-failed", "the centre's answer: joao owes nothing")
        looker.world.dock("card remove")
        looker.until(lambda: looker.facts()["screen"] == "attract", "the card ends the session")


@pytest.mark.parametrize(
    ("card", "title", "remedy"),
    [
        ("teo", "Only one PIN try is left", "We stop here, so that the card is not blocked. Take it out."),
        ("ana", "I do not know who issued this card", "Take it out and use another card."),
        ("bia", "The card is not valid today", "Take it out and use another card."),
        ("rui", "This card was cancelled", "Take it out. It proves nobody's identity any more."),
    ],
)
def test_a_card_that_cannot_be_used_is_told_why_and_what_to_do(
    looker: Looker, card: str, title: str, remedy: str
) -> None:
    for language in (Language.PT_BR, Language.IT):
        text = translator(language)
        _to_card(looker, str(language))
        looker.insert(card)
        looker.until_said(text(title))
        assert text(remedy) in looker.words()
        assert not looker.can_press("digit:1")
        looker.picture(f"card-{card}-{language}")

        looker.world.dock("card remove")
        looker.until(lambda: looker.facts()["screen"] == "insert-card", "another card may be used")
        looker.touch("end")


def test_a_card_of_another_country_is_told_what_it_may_be_used_for_and_the_technician_s_opens_the_maintenance(
    looker: Looker,
) -> None:
    for card in ("lotte", "giulia", "marco"):
        _to_card(looker, "pt-BR")
        looker.insert(card)
        looker.until_said(said("This service goes by another number"))
        assert looker.can_press("service:poda-arvore")
        looker.picture(f"card-too-low-{card}")
        looker.touch("service:poda-arvore")
        looker.until(lambda: looker.facts()["screen"] == "details", "the service that needs no card")
        looker.touch("end")
        looker.world.dock("card remove")
        # The worker is a new one: what it did not see go might be anybody's.
        looker.until(lambda: looker.facts()["card"] is False, "the reader is empty")

    looker.until(lambda: looker.facts()["screen"] == "attract", "the first screen")
    before, _ = _acts(looker)
    looker.insert("rita")
    looker.until(lambda: looker.facts()["screen"] == "technician-pin", "the technician's PIN pad")
    _type(looker, RIGHT)
    looker.until(lambda: looker.facts()["screen"] == "technician-mode", "the maintenance")
    assert "Rita Lima" in looker.words()
    looker.picture("technician-mode")
    looker.world.dock("card remove")
    looker.until(lambda: looker.facts()["screen"] == "attract", "the card logs out")
    told, last = _acts(looker)
    assert (told - before, last["act"]) == (3, "out")


def test_a_card_removed_before_the_commit_ends_the_session(looker: Looker) -> None:
    _to_card(looker, "pt-BR")
    looker.insert("maria")
    looker.until(lambda: looker.facts()["screen"] == "enter-pin", "the PIN pad")
    _type(looker, RIGHT)
    looker.until(lambda: looker.facts()["screen"] == "question", "the debts")
    looker.touch("debt:*")
    looker.touch("primary")
    looker.until(lambda: looker.facts()["screen"] == "review", "the review")
    assert "Maria" in looker.words()

    looker.world.dock("card remove")

    looker.until(lambda: looker.facts()["screen"] == "attract", "the session is over")
    assert looker.facts()["code"] is None
    assert "Maria" not in looker.words()


def test_a_card_left_by_the_last_citizen_is_not_read_for_the_next(looker: Looker) -> None:
    _to_card(looker, "pt-BR")
    looker.insert("maria")
    looker.until(lambda: looker.facts()["screen"] == "enter-pin", "the PIN pad")
    looker.touch("end")
    looker.until(lambda: looker.facts()["screen"] == "attract", "the first screen")
    looker.touch("start:pt-BR")
    looker.touch("service:iptu")
    looker.touch("primary")

    looker.until_said(said("There is a card in the reader"))
    looker.picture("card-left-behind")
    assert "Maria" not in looker.words()


def _acts(looker: Looker) -> tuple[int, dict[str, str | int]]:
    """How many acts of technicians the kiosk has recorded, and the last."""
    with open_store(looker.world.folder) as store:
        return audit.told(store, audit.AuditEvent.TECHNICIAN)


def _to_card(looker: Looker, language: str) -> None:
    looker.until(lambda: looker.facts()["screen"] == "attract", "the first screen")
    looker.touch(f"start:{language}")
    looker.touch("service:iptu")
    looker.until(lambda: looker.facts()["screen"] == "details", "the details")
    looker.touch("primary")
    looker.until(lambda: looker.facts()["screen"] == "insert-card", "the picture of the slot")


def _bare(sentence: str) -> str:
    """Without its markup, as it is read."""
    return sentence.replace("[b]", "").replace("[/b]", "")


def _type(looker: Looker, pin: str) -> None:
    for digit in pin:
        looker.touch(f"digit:{digit}")
    looker.touch("primary")
