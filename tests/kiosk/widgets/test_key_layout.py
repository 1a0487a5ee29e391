import string

import pytest

from kiosk.catalog.model import Language
from kiosk.widgets.key_layout import ACCENTED, LAYOUTS, wants_capital

# What the four languages write beyond a to z, said here once more so that the test does not ask the code itself.
PORTUGUESE = "áâãàçéêíóôõúü"
SPANISH = "áéíñóúü"
ITALIAN = "àèéìíîòóùú"


@pytest.mark.parametrize("language", Language)
def test_every_letter_of_four_languages_can_be_typed(language: Language) -> None:
    layout = LAYOUTS[language]
    typed = set(layout.letters.characters + layout.signs.characters)
    assert set(string.ascii_lowercase + string.digits + PORTUGUESE + SPANISH + ITALIAN) <= typed


@pytest.mark.parametrize(
    ("language", "letters"),
    [(Language.PT_BR, "áâãàçéêíóôõú"), (Language.ES, "áéíñóúü"), (Language.IT, ITALIAN), (Language.EN, "")],
)
def test_a_languages_own_letters_stand_on_the_first_page(language: Language, letters: str) -> None:
    assert set(letters) <= set(LAYOUTS[language].letters.characters)


@pytest.mark.parametrize("language", Language)
def test_no_key_stands_twice_on_a_page(language: Language) -> None:
    for page in (LAYOUTS[language].letters, LAYOUTS[language].signs):
        assert len(set(page.characters)) == len(page.characters)


@pytest.mark.parametrize("language", Language)
def test_every_page_fits_the_keyboard(language: Language) -> None:
    for page in (LAYOUTS[language].letters, LAYOUTS[language].signs):
        assert len(page.accents) <= 11
        assert (len(page.digits), len(page.top), len(page.middle), len(page.bottom)) == (10, 10, 10, 7)


def test_every_accented_letter_has_a_capital() -> None:
    assert all(len(letter.upper()) == 1 and letter.upper() != letter for letter in ACCENTED)


@pytest.mark.parametrize(
    ("text", "names", "capital"),
    [("", False, True), ("Rua", False, False), ("Rua ", False, False), ("Rua ", True, True), ("Fim. ", False, True)],
)
def test_a_sentence_begins_with_a_capital_and_a_name_in_each_word(text: str, names: bool, capital: bool) -> None:
    assert wants_capital(text, names=names) is capital
