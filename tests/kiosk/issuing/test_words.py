from __future__ import annotations

import re
import string
from dataclasses import fields

import pytest

from kiosk.catalog.model import Language
from kiosk.issuing.words import PaperWords, negative_certificate, words

BANDS = ("no_value", "how_to_pay", "track_band", "anonymous_band", "check_band")


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("name", BANDS)
def test_a_band_fits_in_double_size_and_has_an_even_number_of_letters(language, name):
    text = getattr(words(language), name)
    assert len(text) <= 24
    assert len(text) % 2 == 0


@pytest.mark.parametrize("language", list(Language))
def test_the_line_of_the_pin_fits_in_double_size(language):
    assert len(words(language).pin.format(pin="123456")) <= 24


@pytest.mark.parametrize("language", list(Language))
def test_titles_fit_in_double_size(language):
    say = words(language)
    for title in (say.guide_title, say.ticket_title, *negative_certificate(language).title):
        assert len(title) <= 24


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("name", [field.name for field in fields(PaperWords)])
def test_a_text_fills_in_the_same_things_in_every_language(language, name):
    text = getattr(words(language), name)
    assert text.strip() == text != ""
    assert _holes(text) == _holes(getattr(words(Language.PT_BR), name))


@pytest.mark.parametrize("language", list(Language))
def test_every_letter_is_on_a_printers_western_code_page(language):
    say = words(language)
    for field in fields(PaperWords):
        getattr(say, field.name).encode("cp858")


def _holes(text):
    return {hole for _, hole, _, _ in string.Formatter().parse(text) if hole}


# There is no tracking at the kiosk and no second copy: no paper may send anybody there for them.
NOT_BUILT = {
    Language.PT_BR: (r"[Nn]o totem", "grátis", "segunda via"),
    Language.ES: (r"[Ee]n el tótem, ", "gratis", "copia"),
    Language.IT: (r"[Aa]l totem, ", "gratis", "copia"),
    Language.EN: (r"[Aa]t the kiosk", "free", "copy"),
}


@pytest.mark.parametrize("language", list(Language))
def test_no_paper_promises_what_is_not_built(language):
    for field in fields(PaperWords):
        text = getattr(words(language), field.name)
        assert not [told for told in NOT_BUILT[language] if re.search(told, text)], text


@pytest.mark.parametrize("language", list(Language))
def test_a_code_is_followed_by_telephone_or_on_the_page(language):
    say = words(language)
    assert "{phone}" in say.track_where
    assert say.track_where.endswith("{website}/p")
    assert "{phone}" in say.track_where_qr
