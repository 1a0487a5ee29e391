import re
import subprocess
import sys
from gettext import GNUTranslations
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from kiosk.catalog.model import Language
from kiosk.locale.translate import catalogue_path, translator

KIOSK = Path(__file__).parents[3] / "kiosk"
TRANSLATED = [language for language in Language if language is not Language.EN]
FIELD = re.compile(r"\{(\w*)\}")
MARKS = re.compile(r"\[/?b\]")


def sentences() -> set[str]:
    """Every sentence that the screens and the controls ask to be translated."""
    found = set()
    for room in ("screens", "widgets", "access", "health"):
        keywords = {"text": None, "mark": None}
        rows = extract_from_dir(KIOSK / room, method_map=[("**.py", "python")], keywords=keywords)
        found |= {message for _, _, message, _, _ in rows if isinstance(message, str)}
    return found


def source(language: Language) -> Catalog:
    with catalogue_path(language, ".po").open("rb") as file:
        return read_po(file)


def translations(language: Language) -> dict[str, str]:
    return {str(entry.id): str(entry.string) for entry in source(language) if entry.id}


def test_the_extraction_finds_the_sentences_of_both_rooms() -> None:
    found = sentences()
    assert {"Continue", "Shuffle", "The paper has run out"} <= found
    assert len(found) > 150


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_sentence_of_the_screens_is_translated_and_none_is_left_over(language: Language) -> None:
    translated = translations(language)
    assert sentences() - set(translated) == set()
    assert set(translated) - sentences() == set()
    assert [sentence for sentence, words in translated.items() if not words.strip()] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_fills_in_the_same_values_and_closes_its_marks(language: Language) -> None:
    for sentence, words in translations(language).items():
        assert sorted(FIELD.findall(words)) == sorted(FIELD.findall(sentence)), sentence
        assert MARKS.findall(words) == ["[b]", "[/b]"] * words.count("[b]"), words


@pytest.mark.parametrize("language", TRANSLATED)
def test_only_the_welcome_and_the_end_have_an_exclamation(language: Language) -> None:
    loud = {sentence for sentence, words in translations(language).items() if "!" in words}
    assert loud <= {"Hello! Touch to start", "Done!"}


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_compiled_catalogue_is_that_of_its_source(language: Language) -> None:
    with catalogue_path(language).open("rb") as file:
        compiled = dict(GNUTranslations(file)._catalog)
    assert "charset=utf-8" in compiled.pop("").lower()
    assert compiled == translations(language)


def test_the_four_languages_say_it_in_their_own_words() -> None:
    said = {language: translator(language)("Take your card") for language in Language}
    assert said == {
        Language.PT_BR: "Retire seu cartão",
        Language.ES: "Retire su tarjeta",
        Language.IT: "Prendi la tessera",
        Language.EN: "Take your card",
    }


def test_values_are_put_in_after_translation() -> None:
    assert translator(Language.PT_BR)("Step {n} of {of}: card", n=1, of=4) == "Passo 1 de 4: cartão"


def test_a_sentence_that_nobody_translated_is_shown_in_english() -> None:
    assert translator(Language.IT)("Nobody wrote this.") == "Nobody wrote this."


def test_loading_the_languages_does_not_load_babel() -> None:
    code = (
        "import sys; from kiosk.catalog.model import Language; from kiosk.locale.translate import translator; "
        "[translator(language) for language in Language]; sys.exit('babel' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=KIOSK.parent, check=False).returncode == 0
