from __future__ import annotations

import random
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.issuing import tracking
from kiosk.issuing.errors import CodeError

allocations = st.text(tracking.ALPHABET, min_size=4, max_size=4)
codes = st.builds(
    tracking.code, allocations, st.integers(0, tracking.COUNTER_END - 1), st.integers(0, tracking.RANDOM_END - 1)
)


def test_a_code_carries_allocation_counter_random_and_check():
    made = tracking.code("7K2M", 4, 0x3FF)
    assert made[:-1] == "7K2M-0000-4ZZ"
    assert tracking.is_valid(made)


@given(codes)
def test_what_was_made_is_valid_and_normal(made):
    assert tracking.normalise(made) == made
    assert len(made) == 14


@given(codes)
def test_a_code_is_read_as_people_type_it(made):
    assert tracking.normalise(made.lower().replace("-", "")) == made
    assert tracking.normalise(made.replace("1", "l").replace("0", "o").replace("-", " ")) == made
    assert tracking.normalise(made.replace("1", "I").replace("0", "O")) == made


@given(codes)
def test_every_single_wrong_character_is_caught(made):
    plain = made.replace("-", "")
    for place, character in product(range(12), tracking.ALPHABET):
        if character != plain[place]:
            assert not tracking.is_valid(plain[:place] + character + plain[place + 1 :])


@given(codes)
def test_every_swap_of_neighbours_and_of_characters_two_apart_is_caught(made):
    plain = made.replace("-", "")
    for apart in (1, 2):
        for place in range(12 - apart):
            swapped = list(plain)
            swapped[place], swapped[place + apart] = swapped[place + apart], swapped[place]
            if "".join(swapped) != plain:
                assert not tracking.is_valid("".join(swapped))


@given(codes, st.integers(0, 10), st.sampled_from(tracking.ALPHABET), st.sampled_from(tracking.ALPHABET))
def test_every_twin_error_is_caught(made, place, twin, other):
    body = made.replace("-", "")[:11]
    body = (body[:place] + twin * 2 + body[place + 2 :])[:11]
    plain = body + tracking.check_character(body)
    wrong = plain[:place] + other * 2 + plain[place + 2 :]
    if plain[place : place + 2] == twin * 2 and other != twin:
        assert not tracking.is_valid(wrong)


@given(st.binary(min_size=10, max_size=16))
def test_a_document_code_has_sixteen_characters_and_a_check(drawn):
    made = tracking.document_code(drawn)
    assert [len(group) for group in made.split("-")] == [4, 4, 4, 4]
    assert tracking.normalise(made) == made


def test_a_document_code_uses_at_least_seventy_random_bits():
    drawn = random.Random(7)
    made = [int("".join(f"{tracking.VALUES[c]:05b}" for c in code.replace("-", "")[:15]), 2) for code in
            (tracking.document_code(drawn.randbytes(10)) for _ in range(200))]  # fmt: skip
    varies = 0
    for number in made:
        varies |= number ^ made[0]
    assert varies.bit_count() >= 70


@pytest.mark.parametrize(
    ("typed", "reason", "position"),
    [
        ("7K2M", "4 characters", 4),
        ("7K2U-0000-0000", "does not occur", 4),
        ("", "0 characters", 1),
        ("7K2M\n0000", "does not occur", 5),
        ("7K2ı", "does not occur", 4),
    ],
)
def test_what_cannot_be_a_code_is_refused_with_its_reason(typed, reason, position):
    with pytest.raises(CodeError) as refused:
        tracking.normalise(typed)
    assert reason in refused.value.reason
    assert refused.value.position == position


@pytest.mark.parametrize(
    ("allocation", "counter", "drawn"),
    [("7K2", 0, 0), ("7K2U", 0, 0), ("7K2M", 32**5, 0), ("7K2M", 0, 1024), ("7K2M", -1, 0)],
)
def test_a_part_that_does_not_fit_makes_no_code(allocation, counter, drawn):
    with pytest.raises(ValueError):
        tracking.code(allocation, counter, drawn)


@given(codes, st.integers(0, 10))
def test_a_swap_is_among_the_suspects_and_every_suspect_makes_the_code_right(made, place):
    plain = made.replace("-", "")
    swapped = plain[:place] + plain[place + 1] + plain[place] + plain[place + 2 :]
    found = tracking.suspects(swapped)
    assert ((place + 1, place + 2) in found) == (swapped != plain)
    for first, second in found:
        assert second == first + 1
        assert tracking.is_valid(swapped[: first - 1] + swapped[first] + swapped[first - 1] + swapped[second:])


@given(codes, st.integers(0, 11), st.sampled_from(tracking.ALPHABET))
def test_of_a_wrong_character_no_place_can_be_ruled_out(made, place, character):
    plain = made.replace("-", "")
    wrong = plain[:place] + character + plain[place + 1 :]
    if wrong == plain:
        return
    for at in range(12):
        mended = [other for other in tracking.ALPHABET if tracking.is_valid(wrong[:at] + other + wrong[at + 1 :])]
        assert len(mended) == 1


def test_what_the_check_character_proves_is_said_and_no_more():
    right = tracking.code("7K2M", 4, 9)
    with pytest.raises(CodeError, match=r"may be\), or 3 and 4.* are swapped \(position 14\)"):
        tracking.normalise(right[:2] + right[3] + right[2] + right[4:])
    reasons = []
    for other in tracking.ALPHABET[1:]:
        with pytest.raises(CodeError) as refused:
            tracking.normalise(right[:-1] + tracking.ALPHABET[tracking.VALUES[right[-1]] ^ tracking.VALUES[other]])
        reasons.append(refused.value.reason)
    assert any(reason.endswith("may be); no swap of two neighbours alone explains it") for reason in reasons)


def test_a_pin_has_six_digits_and_is_drawn_evenly_below_a_million():
    asked = []
    assert tracking.pin(lambda end: asked.append(end) or 42) == "000042"
    assert asked == [1_000_000]
