import pytest
from hypothesis import given
from hypothesis import strategies as st

from printer.characters import printable

FOUR_LANGUAGES = "ÁÀÂÃÇÉÊÍÓÔÕÚÜ áàâãçéêíóôõúü ÑñÚúÜü ¿¡ ÀÈÉÌÒÙ àèéìòù € ª º § ° · «»"


@given(st.text(alphabet=st.characters(exclude_characters="?")), st.sampled_from(["cp858", "cp1252", "cp850", "ascii"]))
def test_whatever_comes_in_the_code_page_can_send_it_without_control_bytes_or_question_marks(text, encoding):
    sent = printable(text, encoding).encode(encoding)
    assert all(byte >= 0x20 and byte != 0x7F for byte in sent)
    assert b"?" not in sent


@pytest.mark.parametrize("encoding", ["cp858", "cp1252"])
def test_the_letters_of_the_four_languages_stay_as_they_are(encoding):
    assert printable(FOUR_LANGUAGES, encoding) == FOUR_LANGUAGES


def test_decomposed_accents_become_single_characters():
    assert printable("a\u0303o", "cp858") == "ão"


def test_typographic_punctuation_becomes_plain():
    assert printable("“cota única” – até 3… l’acqua\u00a0qui", "cp858") == '"cota única" - até 3... l\'acqua qui'


def test_letters_of_other_alphabets_are_written_by_their_names():
    assert printable("Łukasz Đorđe Жук Ωmega", "cp858") == "Lukasz Dorde Zheuka Omegamega"


def test_escape_sequences_in_data_lose_their_escape():
    assert printable("Maria\x1b@\x1dV\x00", "cp858") == "Maria@V"
