import string

import pytest

from kiosk.catalog.model import Language
from kiosk.widgets.key_layout import ACCENTED, pages, wants_capital

# What the four languages write beyond a to z, said here once more so that the test does not ask the code itself.
PORTUGUESE = "áâãàçéêíóôõúü"
SPANISH = "áéíñóúü"
ITALIAN = "àèéìíîòóùú"


# Rows above the foot, and keys in a row: those of a large panel, of a low one, of the smallest one.
BOARDS = [(5, 11), (4, 11), (3, 11), (3, 10)]


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize(("rows", "columns"), BOARDS)
def test_every_letter_of_four_languages_can_be_typed(language: Language, rows: int, columns: int) -> None:
    typed = {character for page in pages(language, rows, columns) for character in page.characters}
    signs = "'-.,@/?!()"
    assert set(string.ascii_lowercase + string.digits + PORTUGUESE + SPANISH + ITALIAN + signs) <= typed


@pytest.mark.parametrize(
    ("language", "letters"),
    [(Language.PT_BR, "áâãàçéêíóôõú"), (Language.ES, "áéíñóúü"), (Language.IT, ITALIAN), (Language.EN, "")],
)
@pytest.mark.parametrize("rows", [5, 4])
def test_a_languages_own_letters_stand_on_the_first_page(language: Language, letters: str, rows: int) -> None:
    assert set(letters) <= set(pages(language, rows)[0].characters)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize(("rows", "columns"), BOARDS)
def test_no_key_stands_twice_on_a_page_and_every_page_fits_the_board(
    language: Language, rows: int, columns: int
) -> None:
    for page in pages(language, rows, columns):
        assert len(set(page.characters)) == len(page.characters)
        assert len(page.rows) == rows
        assert all(len(row) <= columns for row in page.rows[:-1])
        assert len(page.rows[-1]) <= 7


@pytest.mark.parametrize("language", Language)
def test_a_large_board_has_two_pages_and_the_smallest_three(language: Language) -> None:
    assert len(pages(language)) == len(pages(language, 4)) == 2
    assert [page.turn for page in pages(language, 3, 10)] == ["abc", "123", "?!@"]


def test_every_accented_letter_has_a_capital() -> None:
    assert all(len(letter.upper()) == 1 and letter.upper() != letter for letter in ACCENTED)


@pytest.mark.parametrize(
    ("text", "names", "capital"),
    [("", False, True), ("Rua", False, False), ("Rua ", False, False), ("Rua ", True, True), ("Fim. ", False, True)],
)
def test_a_sentence_begins_with_a_capital_and_a_name_in_each_word(text: str, names: bool, capital: bool) -> None:
    assert wants_capital(text, names=names) is capital
