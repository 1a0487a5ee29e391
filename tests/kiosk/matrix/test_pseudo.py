from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.catalog.model import Catalogue, Language
from tests.kiosk.matrix.pseudo import LONGER, lengthen, pseudo_catalogue, pseudo_translator


@given(st.text("abc deé.", min_size=1, max_size=200).filter(str.strip))
def test_every_sentence_is_40_percent_longer_and_not_much_more(sentence: str) -> None:
    longer = len(lengthen(sentence))
    assert len(sentence) * LONGER <= longer <= len(sentence) * LONGER + 5


def test_no_word_is_longer_than_it_was_and_markup_and_values_stay() -> None:
    longer = lengthen("[b]{name}[/b] has {n} certificates.")
    assert longer.startswith("[b]{name}[/b] hás {n} çértífíçátés ")
    assert longer.endswith(".")
    assert longer.format(name="Maria", n=3)


def test_only_english_is_replaced(catalogue: Catalogue) -> None:
    assert pseudo_translator(Language.IT)("Back") == "Indietro"
    assert pseudo_translator(Language.EN)("Back") != "Back"
    longer = pseudo_catalogue(catalogue)
    one, other = (each.service("iptu").title for each in (catalogue, longer))
    assert (one.es, one.it) == (other.es, other.it)
    assert len(other.en) >= len(one.en) * LONGER


@pytest.mark.parametrize("sentence", ["Help", "A", "End"])
def test_a_label_of_one_word_grows_too(sentence: str) -> None:
    assert len(lengthen(sentence)) > len(sentence)
