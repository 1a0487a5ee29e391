"""A token says whom to trust and nothing else; six words say that both ends saw the same keys."""

from __future__ import annotations

import base64
import json

import pytest

from offline_cache.contract import trust

TOKEN = trust.Token("https://centre.example:8443", "a" * 64, "b" * 64, "c" * 64, "SECRET", "2026-11-23T14:00+00:00")
KEY, OTHER = (base64.b64encode(bytes([number] * 32)).decode() for number in (1, 2))


def test_a_token_is_read_as_it_was_written() -> None:
    assert trust.read_token(TOKEN.text()) == TOKEN


@pytest.mark.parametrize(
    "text",
    [
        "", "{}", "[]", "null", '{"totem_token": "1"}', TOKEN.text().replace("https", "http"),
        TOKEN.text().replace("a" * 64, "a"),
        TOKEN.text().replace('"1"', '"2"'), TOKEN.text().replace('"SECRET"', "7"),
        json.dumps({**json.loads(TOKEN.text()), "more": "x"}),
    ],
)  # fmt: skip
def test_what_is_no_token_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(ValueError, match="token") as refused:
        trust.read_token(text)
    assert "\n" not in str(refused.value)


def test_both_ends_find_the_same_six_words() -> None:
    words = trust.words(public_key=KEY, answer_key=OTHER, root="b" * 64)
    assert words == trust.words(public_key=KEY, answer_key=OTHER, root="b" * 64)
    assert len(words) == trust.WORDS
    assert trust.as_typed(f" {', '.join(words).upper()}. ") == words


def test_another_key_or_root_gives_other_words() -> None:
    said = {
        trust.words(public_key=KEY, answer_key=OTHER, root="b" * 64),
        trust.words(public_key=OTHER, answer_key=OTHER, root="b" * 64),
        trust.words(public_key=KEY, answer_key=KEY, root="b" * 64),
        trust.words(public_key=KEY, answer_key=OTHER, root="c" * 64),
    }
    assert len(said) == 4


def test_the_words_are_a_given_set_that_never_changes() -> None:
    assert trust.words(public_key="aGVsbG8=", answer_key="aGVsbG8=", root="00" * 32) == (
        "pale", "soba", "lenu", "ceto", "cubi", "sinu",
    )  # fmt: skip
