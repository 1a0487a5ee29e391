"""The status receipt carries the words of an enrolment that waits, large enough to be read aloud; otherwise none."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from kiosk.catalog.model import Language
from printer.receipt import Receipt, Text
from printer.status_paper import APPROVAL, status_paper

WORDS = ("pale", "soba", "lenu", "ceto", "cubi", "sinu")


def paper(language: Language, approval: tuple[str, ...]) -> Receipt:
    now = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)
    return status_paper("VA-100", "", (), now=now, language=language, head_dots=576, approval=approval)


@pytest.mark.parametrize("language", list(Language))
def test_the_six_words_stand_in_two_rows_under_what_to_do_with_them(language: Language) -> None:
    texts = [block for block in paper(language, WORDS).blocks if isinstance(block, Text)]
    at = next(place for place, text in enumerate(texts) if text.text == APPROVAL[language])
    assert [text.text for text in texts[at + 1 : at + 3]] == ["pale soba lenu", "ceto cubi sinu"]
    assert all(text.size == 2 for text in texts[at + 1 : at + 3])


def test_a_kiosk_that_does_not_wait_has_no_words() -> None:
    assert APPROVAL[Language.EN] not in str(paper(Language.EN, ()))
