import pytest

from kiosk.catalog.model import Language
from printer import profiles
from printer.delivery import Delivery, process_id_of_copy
from printer.receipt import Band
from printer.reprint import marked
from printer.status_maps.epson import REPORT_CHANGES
from tests.printer import samples


@pytest.mark.parametrize("profile", profiles.names())
def test_the_tail_is_the_cut_and_the_request_and_nothing_else(profile: str) -> None:
    chosen = profiles.load(profile)
    delivery = Delivery.of(samples.guide(), chosen, b"AB12", 1)
    tail = delivery.data[delivery.tail_from :]
    assert tail.startswith(bytes.fromhex(chosen.cut))
    assert len(tail) < 20


def test_no_chunk_reaches_into_the_tail_before_it_is_the_tails_turn() -> None:
    delivery = Delivery.of(samples.guide(), profiles.load("epson-tm-t20x"), b"AB12", 1)
    sent = b""
    while not delivery.whole:
        chunk = delivery.next_chunk()
        assert delivery.at_tail or delivery.handed + len(chunk) <= delivery.tail_from
        delivery.handed += len(chunk)
        sent += chunk
    assert sent == delivery.data


def test_changes_are_reported_from_the_first_byte_on() -> None:
    delivery = Delivery.of(samples.guide(), profiles.load("epson-tm-t20x"), b"AB12", 1)
    assert delivery.data.startswith(b"\x1b@\x1c." + REPORT_CHANGES)
    assert delivery.data.count(b"\x1b@") == 1


def test_the_first_copy_is_not_marked_and_the_second_is() -> None:
    assert marked(samples.guide(), 1) == samples.guide()
    assert marked(samples.guide(), 2).blocks == (Band(text="2ª VIA"), *samples.guide().blocks)
    profile = profiles.load("epson-tm-t20x")
    first, second = (Delivery.of(samples.guide(), profile, b"AB12", copy).data for copy in (1, 2))
    assert "2ª".encode("cp858") not in first
    assert "2ª".encode("cp858") in second


@pytest.mark.parametrize("language", sorted(Language))
def test_the_mark_has_an_even_number_of_letters_in_every_language(language: Language) -> None:
    band = marked(samples.guide().model_copy(update={"language": language}), 3).blocks[0]
    assert isinstance(band, Band)
    assert "3" in band.text
    assert len(band.text) % 2 == 0


def test_each_copy_asks_under_an_id_of_its_own_that_can_be_sent() -> None:
    ids = [process_id_of_copy(b"abc~", copy) for copy in (1, 2, 3)]
    assert ids == [b"abc~", b"abc ", b"abc!"]


def test_progress_rises_and_only_the_printers_answer_makes_it_whole() -> None:
    delivery = Delivery.of(samples.guide(), profiles.load("epson-tm-t20x"), b"AB12", 1)
    delivery.handed = len(delivery.data) // 2
    half = delivery.progress(0, 0.0)
    assert delivery.progress(1000, 0.0) == half
    delivery.handed = len(delivery.data)
    assert half < delivery.progress(0, 0.1) < delivery.progress(0, 1.0) < delivery.progress(0, 1e6) < 1.0
