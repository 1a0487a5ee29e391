from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.issuing import arrecadacao
from kiosk.issuing.errors import CodeError

EXAMPLES = [
    ("81770000000010936599704113107970300143370831", "817700000000010936599702411310797039001433708318"),
    ("83860000005096000190000008017823000034306271", "838600000050096000190009000801782309000343062712"),
    ("85820000000572503282035607082021053959190446", "858200000007572503282030560708202107539591904460"),
    ("84890000000404201622018060519042958603411122", "848900000002404201622015806051904292586034111220"),
]


@pytest.mark.parametrize(("barcode", "line"), EXAMPLES)
def test_published_codes_decode_from_both_forms(barcode, line):
    assert arrecadacao.decode(barcode).line == line
    assert arrecadacao.decode(line).barcode == barcode


def test_the_check_digits_of_the_layout_text_come_out():
    assert (arrecadacao.mod10("01230067896"), arrecadacao.mod11("01230067896")) == (3, 0)
    body = "8220000215048200974123220154098290108605940"
    assert (arrecadacao.mod10(body), arrecadacao.mod11(body)) == (1, 0)


def test_the_fields_of_a_published_code_are_read():
    found = arrecadacao.decode(EXAMPLES[0][0])
    assert (found.segment, found.value_id, found.amount_cents) == (1, 7, None)
    found = arrecadacao.decode(EXAMPLES[1][0])
    assert (found.segment, found.value_id, found.amount_cents, found.company) == (3, 8, 50960, "0019")
    assert len(found.free_field) == 25


def test_the_guide_of_the_drawn_receipt_is_made_digit_for_digit():
    made = arrecadacao.make(
        segment=1, value_id=6, amount_cents=41280, febraban_id="9712", free_field="2026121000000004711301022"
    )
    assert arrecadacao.line_blocks(made.line) == ("81620000004-9", "12809712202-1", "61210000000-1", "04711301022-8")
    assert made.due == date(2026, 12, 10)
    assert made.amount_cents == 41280


def test_a_line_is_read_with_the_punctuation_people_use():
    assert arrecadacao.decode("81620000004-9 12809712202-1 61210000000.1 04711301022-8").amount_cents == 41280


def test_a_free_field_that_starts_with_no_date_has_no_due_date():
    made = arrecadacao.make(segment=1, value_id=8, amount_cents=1, febraban_id="1234", free_field="0" * 25)
    assert made.due is None


codes = st.builds(
    lambda segment, value_id, amount, company, free: arrecadacao.make(
        segment=segment,
        value_id=value_id,
        amount_cents=amount,
        febraban_id=f"{company:08d}" if segment == 6 else f"{company % 10**4:04d}",
        free_field=f"{free % 10**21:021d}" if segment == 6 else f"{free:025d}",
    ),
    st.sampled_from(sorted(arrecadacao.SEGMENTS)),
    st.sampled_from([6, 7, 8, 9]),
    st.integers(0, 10**11 - 1),
    st.integers(0, 10**8 - 1),
    st.integers(0, 10**25 - 1),
)


@given(codes)
def test_what_was_made_is_decoded_from_barcode_line_and_blocks(made):
    assert arrecadacao.decode(made.barcode) == made
    assert arrecadacao.decode(made.line) == made
    assert arrecadacao.decode(" ".join(arrecadacao.line_blocks(made.line))) == made


@given(codes.filter(lambda made: made.value_id in (6, 7)), st.integers(0, 43), st.integers(1, 9))
def test_any_single_wrong_digit_of_a_mod_10_barcode_is_caught(made, place, shift):
    wrong = _changed(made.barcode, place, shift)
    if wrong[2] in "89":  # the value id now says mod 11, another sum altogether
        return
    with pytest.raises(CodeError):
        arrecadacao.decode(wrong)


@given(codes, st.integers(0, 47), st.integers(1, 9))
def test_any_single_wrong_digit_of_a_line_is_caught_or_meets_the_blind_spot_of_mod_11(made, place, shift):
    wrong = _changed(made.line, place, shift)
    if (wrong[2] in "67") != (made.line[2] in "67"):  # the other modulus: another sum altogether
        return
    try:
        found = arrecadacao.decode(wrong)
    except CodeError:
        return
    # Remainders 0 and 1 share check digit 0 by the layout: only a change between those two can pass.
    assert found.value_id in (8, 9)
    block = place // 12
    body = slice(block * 12, block * 12 + 11)
    assert {_sum_mod_11(made.line[body]), _sum_mod_11(wrong[body])} == {0, 1}


@pytest.mark.parametrize(
    ("code", "reason", "position"),
    [
        ("8177000000001093659970411310797030014337083", "43 digits", 43),
        ("81770000000010936599704113107970300143370832", "general check digit", 4),
        ("817700000000010936599702411310797039001433708319", "block 4", 48),
        ("81770000000-1 01093659970-2 41131079703-9 00143370831-8", "block 1", 13),
        ("8177000000O010936599704113107970300143370831", "not a digit", 11),
        ("10499898100000214032006561000100040099726390", "not an arrecadação", 1),
        ("88770000000010936599704113107970300143370831", "segment 8", 2),
        ("81170000000010936599704113107970300143370831", "value id 1", 3),
        ("", "0 digits", None),
        ("٨١٧٧", "not a digit", 1),
    ],
)
def test_a_wrong_code_is_refused_with_reason_and_position(code, reason, position):
    with pytest.raises(CodeError) as refused:
        arrecadacao.decode(code)
    assert reason in refused.value.reason
    assert refused.value.position == position


@pytest.mark.parametrize(
    "change",
    [
        {"segment": 8},
        {"value_id": 5},
        {"amount_cents": 10**11},
        {"amount_cents": -1},
        {"febraban_id": "123"},
        {"free_field": "1" * 24},
        {"segment": 6},
    ],
)
def test_what_does_not_fit_in_the_layout_is_not_made(change):
    fits = {"segment": 1, "value_id": 6, "amount_cents": 1, "febraban_id": "1234", "free_field": "1" * 25}
    arrecadacao.make(**fits)
    with pytest.raises(ValueError):
        arrecadacao.make(**{**fits, **change})


def _changed(digits: str, place: int, shift: int) -> str:
    return digits[:place] + str((int(digits[place]) + shift) % 10) + digits[place + 1 :]


def _sum_mod_11(digits: str) -> int:
    return sum(int(digit) * (2 + index % 8) for index, digit in enumerate(reversed(digits))) % 11
