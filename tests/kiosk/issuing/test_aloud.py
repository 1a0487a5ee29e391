"""What is written, as a voice gets it."""

from __future__ import annotations

import pytest

from kiosk.catalog.model import Language
from kiosk.issuing.aloud import aloud, spelled

PT, ES, IT, EN = Language.PT_BR, Language.ES, Language.IT, Language.EN


@pytest.mark.parametrize(
    ("language", "written", "said"),
    [
        (PT, "R$ 1.234,56", "1234 reais e 56 centavos"),
        (EN, "R$ 1,00", "1 real"),
        (IT, "R$ 0,01", "1 centesimo"),
        (ES, "Total: R$ 12,30.", "Total: 12 reales con 30 centavos."),
    ],
)
def test_an_amount_is_said_in_money_not_in_signs(language: Language, written: str, said: str) -> None:
    assert aloud(written, language) == said


def test_a_date_and_a_time_are_said_in_words() -> None:
    assert aloud("10/12/2026 14:05", PT) == "10 de dezembro de 2026 14 horas e 5 minutos"
    assert aloud("10 Dec 2026", EN) == "10 December 2026"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("VA7K-2M9P-Q4TX", "V A 7 K, 2 M 9 P, Q 4 T X"),
        ("PIN 123456", "PIN 1 2 3 4 5 6"),
        ("123.456.789-09", "1 2 3, 4 5 6, 7 8 9, 0 9"),
        ("81660000001-2 34562026121-0", "8 1 6 6 0 0 0 0 0 0 1, 2, 3 4 5 6 2 0 2 6 1 2 1, 0"),
        ("0800 123 4567", "0 8 0 0, 1 2 3, 4 5 6 7"),
    ],
)
def test_codes_and_long_numbers_are_said_sign_by_sign_in_groups(written: str, said: str) -> None:
    assert aloud(written, PT) == said


def test_what_is_masked_is_said_to_be_hidden() -> None:
    assert aloud("CPF ***.456.789-**", PT) == "CPF oculto, 4 5 6, 7 8 9, oculto"
    assert aloud("PIN: •••••• on paper", EN) == "PIN: hidden on paper"


@pytest.mark.parametrize(
    "written", ["IPTU 2026, cota 3", "PREFEITURA DE VILA AURORA", "Ligue 156", "3 de 11 dígitos", "R. das Flores, 12"]
)
def test_words_and_quantities_stay_as_they_are(written: str) -> None:
    assert aloud(written, PT) == written


def test_an_address_on_the_web_is_said_with_its_dots() -> None:
    assert aloud("vilaaurora.example/p", IT) == "vilaaurora punto example barra p"


def test_a_text_is_spelled_group_by_group() -> None:
    assert spelled("AB-12") == "A B, 1 2"
