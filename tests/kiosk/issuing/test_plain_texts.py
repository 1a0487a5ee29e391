"""Money, dates, names and numbers as people read them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from kiosk.catalog.model import Language
from kiosk.issuing import dates, masks, money


@pytest.mark.parametrize(
    ("cents", "text"), [(0, "R$ 0,00"), (5, "R$ 0,05"), (41280, "R$ 412,80"), (123456789, "R$ 1.234.567,89")]
)
def test_amounts_are_written_as_in_brazil(cents, text):
    assert money.reais(cents) == text


@pytest.mark.parametrize("language", list(Language))
def test_days_are_written_as_the_language_reads_them(language):
    expected = "3 Dec 2026" if language is Language.EN else "03/12/2026"
    assert dates.day(date(2026, 12, 3), language) == expected
    assert dates.moment(datetime(2026, 12, 3, 9, 5, tzinfo=UTC), language) == f"{expected} 09:05"


@pytest.mark.parametrize(
    ("name", "short", "paper"),
    [
        ("Maria das Dores Oliveira", "Maria D.", "Maria D. O."),
        ("MARIA DAS DORES OLIVEIRA", "Maria D.", "Maria D. O."),
        ("Ângela", "Ângela", "Ângela"),
        ("José de Álvares e Souza", "José Á.", "José Á. S."),
        ("  ", "", ""),
    ],
)
def test_names_are_shortened_to_what_others_may_see(name, short, paper):
    assert masks.short_name(name) == short
    assert masks.paper_name(name) == paper


@pytest.mark.parametrize("number", ["52998224725", "529.982.247-25"])
def test_a_cpf_is_masked(number):
    assert masks.mask_cpf(number) == "***.982.247-**"


def test_what_is_no_cpf_is_not_masked():
    with pytest.raises(ValueError):
        masks.mask_cpf("123")


@pytest.mark.parametrize(
    ("number", "valid"),
    [
        ("52998224725", True),
        ("529.982.247-25", True),
        ("52998224726", False),
        ("11111111111", False),
        ("00000000000", False),
        ("5299822472", False),
        ("", False),
    ],
)
def test_a_national_id_is_checked_by_its_digits_and_no_repeated_digit_is_one(number, valid):
    assert masks.is_national_id(number) is valid
