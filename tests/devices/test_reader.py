from __future__ import annotations

from smartcard import scard

from devices.reader import CardPresence, Presence, ReaderPresence, _swapped, _Told

PRESENT, EMPTY = scard.SCARD_STATE_PRESENT, scard.SCARD_STATE_EMPTY


def test_a_swap_between_two_looks_shows_in_the_count_of_events() -> None:
    assert _swapped(1 << 16 | PRESENT, 3 << 16 | PRESENT)
    assert not _swapped(1 << 16 | PRESENT, 1 << 16 | PRESENT | scard.SCARD_STATE_INUSE)
    assert not _swapped(1 << 16 | PRESENT, 2 << 16 | EMPTY)
    assert not _swapped(0, 1 << 16 | PRESENT)


def test_only_changes_are_said_and_a_card_goes_before_its_reader() -> None:
    said: list[Presence] = []
    told = _Told(said.append)
    told.now(reader=True, card=True)
    told.now(reader=True, card=True)
    told.gone()
    told.gone()
    assert said == [ReaderPresence(True), CardPresence(True), CardPresence(False), ReaderPresence(False)]


def test_a_reader_that_comes_back_says_anew_that_it_is_empty() -> None:
    said: list[Presence] = []
    told = _Told(said.append)
    told.now(reader=True, card=False)
    told.gone()
    told.now(reader=True, card=None)
    assert said[-1] == ReaderPresence(True)
    told.now(reader=True, card=False)
    assert said[-2:] == [ReaderPresence(True), CardPresence(False)]


def test_a_card_that_was_in_a_reader_that_came_back_is_never_said_to_have_been_absent() -> None:
    said: list[Presence] = []
    told = _Told(said.append)
    told.now(reader=True, card=None)
    told.now(reader=True, card=True)
    assert said == [ReaderPresence(True), CardPresence(True)]
