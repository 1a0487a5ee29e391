"""Simplified texts are shown to who asks for them, where the catalogue has them."""

from __future__ import annotations

import pytest

from kiosk.catalog.model import Catalogue, Language
from kiosk.journey.settings import Settings
from kiosk.journey.wording import field_wording, wording_of


@pytest.mark.parametrize("language", Language)
def test_every_service_of_the_sample_is_told_more_simply(catalogue: Catalogue, language: Language) -> None:
    for service in catalogue.services:
        usual, simple = (wording_of(service, Settings(simple=simple), language) for simple in (False, True))
        assert usual.summary == service.summary.in_language(language)
        assert simple.summary != usual.summary


def test_what_has_no_simple_words_keeps_its_own(catalogue: Catalogue) -> None:
    service = catalogue.service("ouvidoria")
    simple = Settings(simple=True)
    assert wording_of(service, simple, Language.EN).needs == service.description.needs.en
    place = next(field for field in service.form if field.id == "onde")
    assert field_wording(place, simple, Language.EN) == field_wording(place, Settings(), Language.EN)


def test_a_question_is_asked_more_simply_and_keeps_its_hint(catalogue: Catalogue) -> None:
    story = next(field for field in catalogue.service("ouvidoria").form if field.id == "relato")
    usual, simple = (field_wording(story, Settings(simple=simple), Language.IT) for simple in (False, True))
    assert simple.label != usual.label
    assert simple.hint is not None
    assert "nome" in simple.hint
