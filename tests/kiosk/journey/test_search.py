"""Finding a service: by the words a citizen would use, from A to Z, and back to where one came from."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some

from kiosk.catalog.model import Catalogue, Language
from kiosk.journey import events as ev
from kiosk.journey import search
from kiosk.journey import state as st
from tests.kiosk.journey.test_reducer import START, play, ready

__all__ = ["ready"]


def found(catalogue: Catalogue, query: str, language: Language = Language.PT_BR) -> list[str]:
    return [service.id for service in search.results(catalogue, query, language)]


def test_accents_and_capitals_make_no_difference(catalogue: Catalogue) -> None:
    assert found(catalogue, "certidao") == found(catalogue, "CERTIDÃO")
    assert found(catalogue, "certidao")[0] == "certidao-negativa"


def test_the_beginning_of_a_word_is_enough_and_every_word_counts(catalogue: Catalogue) -> None:
    assert "iptu" in found(catalogue, "ipt")
    assert found(catalogue, "ipt xyz") == []
    assert found(catalogue, "ptu") == []


def test_the_language_of_the_screen_is_searched(catalogue: Catalogue) -> None:
    assert "iptu" in found(catalogue, "property", Language.EN)
    assert "iptu" not in found(catalogue, "property", Language.IT)


def test_other_words_of_the_catalogue_find_a_service(catalogue: Catalogue) -> None:
    service = next(service for service in catalogue.services if service.keywords)
    word = service.keywords[0].in_language(Language.ES)
    assert service.id in found(catalogue, word, Language.ES)


def test_nothing_typed_shows_everything_frequent_first(catalogue: Catalogue) -> None:
    results = search.results(catalogue, " ", Language.PT_BR)
    assert len(results) == len(catalogue.services)
    frequent = [service.frequent for service in results]
    assert frequent == sorted(frequent, reverse=True)


def test_what_is_in_the_title_comes_before_what_is_only_told(catalogue: Catalogue) -> None:
    for service in catalogue.services:
        assert found(catalogue, service.title.in_language(Language.IT), Language.IT)[0] == service.id


@given(query=some.text(max_size=80), language=some.sampled_from(Language))
def test_whatever_is_typed_is_answered_with_services_once_each(
    catalogue: Catalogue, query: str, language: Language
) -> None:
    names = found(catalogue, query, language)
    assert len(names) == len(set(names))


def test_all_services_stand_from_a_to_z_as_the_language_reads(catalogue: Catalogue) -> None:
    for language in Language:
        titles = [
            search.folded(service.title.in_language(language))
            for service in search.services_of(catalogue, st.ALL, language)
        ]
        assert titles == sorted(titles)
        assert len(titles) == len(catalogue.services)


def test_a_subject_shows_its_own_services(catalogue: Catalogue) -> None:
    for category in catalogue.categories:
        for service in search.services_of(catalogue, category.id, Language.EN):
            assert service.category == category.id


def test_back_leads_to_the_search_as_it_was_left(ready: st.State) -> None:
    state, _ = play(ready, START, ev.SearchAsked(), ev.QueryTyped("poda"), ev.ServiceChosen("poda-arvore"))
    assert isinstance(state.stage, st.Details)
    state, _ = play(state, ev.WentBack())
    assert state.stage == st.Searching("poda")
    state, _ = play(state, ev.WentBack())
    assert state.stage == st.Services()


def test_back_leads_to_the_subject_that_was_open(ready: st.State) -> None:
    state, _ = play(ready, START, ev.CategoryChosen(st.ALL), ev.ServiceChosen("iptu"), ev.WentBack())
    assert state.stage == st.Services(st.ALL)


def test_a_query_has_an_end(ready: st.State) -> None:
    state, _ = play(ready, START, ev.SearchAsked(), ev.QueryTyped("a" * 500))
    assert state.stage == st.Searching("a" * search.MOST_LETTERS)
