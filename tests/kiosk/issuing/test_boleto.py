from __future__ import annotations

from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.issuing import boleto, digits
from kiosk.issuing.errors import CodeError

TODAY = date(2026, 11, 24)
BARCODE, LINE = "10499898100000214032006561000100040099726390", "10492006506100010004200997263900989810000021403"

days = st.dates(boleto.FIRST_DAY, boleto.LAST_DAY)
boletos = st.builds(
    lambda bank, due, cents, free: boleto.make(
        bank=f"{bank:03d}", due=due, amount_cents=cents, free_field=f"{free:025d}"
    ),
    st.integers(0, 799) | st.integers(900, 999),
    st.none() | days,
    st.integers(0, 10**10 - 1),
    st.integers(0, 10**25 - 1),
)


def test_a_published_code_decodes_from_both_forms():
    found = boleto.decode(LINE, TODAY)
    assert found == boleto.decode(BARCODE, TODAY)
    assert (found.barcode, found.line) == (BARCODE, LINE)
    assert (found.bank, found.amount_cents, found.due) == ("104", 21403, date(2022, 5, 10))


def test_the_line_is_read_with_the_punctuation_of_paper():
    blocks = boleto.line_blocks(LINE)
    assert blocks == ("10492.00650", "61000.100042", "00997.263900", "9", "89810000021403")
    assert boleto.decode(" ".join(blocks), TODAY).barcode == BARCODE


@given(boletos)
def test_what_was_made_is_decoded_from_barcode_and_line(made):
    today = made.due or TODAY
    assert boleto.decode(made.barcode, today) == made
    assert boleto.decode(" ".join(boleto.line_blocks(made.line)), today) == made


@pytest.mark.parametrize(
    ("due", "factor"),
    [
        (date(2000, 7, 3), "1000"),
        (date(2025, 2, 21), "9999"),
        (date(2025, 2, 22), "1000"),
        (date(2049, 10, 13), "9999"),
    ],
)
def test_the_factor_begins_again_on_22_february_2025(due, factor):
    made = boleto.make(bank="001", due=due, amount_cents=1, free_field="0" * 25)
    assert made.barcode[5:9] == factor
    assert boleto.decode(made.barcode, due).due == due


@pytest.mark.parametrize("due", [date(2000, 7, 2), date(2049, 10, 14)])
def test_a_day_without_a_factor_makes_no_code(due):
    with pytest.raises(ValueError, match="falls due between"):
        boleto.make(bank="001", due=due, amount_cents=1, free_field="0" * 25)


@given(st.dates(date(2010, 1, 1), date(2034, 1, 1)), st.integers(-3000, 5500))
def test_a_factor_is_read_as_the_day_between_3000_days_back_and_5500_ahead(today, ahead):
    due = min(max(today + timedelta(days=ahead), boleto.FIRST_DAY), boleto.LAST_DAY)
    made = boleto.make(bank="001", due=due, amount_cents=1, free_field="0" * 25)
    assert boleto.decode(made.barcode, today).due == due


def test_the_500_days_left_to_neither_side_are_counted_as_past():
    due = date(2018, 7, 15)
    code = boleto.make(bank="001", due=due, amount_cents=1, free_field="0" * 25).barcode
    assert boleto.decode(code, due + timedelta(days=3499)).due == due
    assert boleto.decode(code, due + timedelta(days=3500)).due == due + timedelta(days=9000)


def test_without_a_factor_all_fourteen_digits_are_the_amount():
    made = boleto.make(bank="001", due=None, amount_cents=10**12 + 7, free_field="1" * 25)
    assert made.barcode[5:19] == "01000000000007"
    found = boleto.decode(made.line, TODAY)
    assert (found.due, found.amount_cents) == (None, 10**12 + 7)


# Stated here, held below: the line's fields (modulo 10) find every wrong digit and every swap but 0 with 9, and then
# the general check digit (modulo 11) looks at the whole. Of a barcode, remainders 0, 1 and 10 share check digit 1.


@settings(max_examples=40)
@given(boletos)
def test_every_wrong_digit_of_a_barcode_is_found_but_in_the_blind_spot_of_mod_11(made):
    for place, digit in product(range(44), "0123456789"):
        wrong = made.barcode[:place] + digit + made.barcode[place + 1 :]
        if wrong != made.barcode and passes(wrong):
            assert {digits.remainder11(body(code)) for code in (made.barcode, wrong)} <= {0, 1, 10}


@settings(max_examples=40)
@given(boletos)
def test_every_wrong_digit_of_a_line_is_found_but_in_the_blind_spot_of_mod_11(made):
    for place, digit in product(range(47), "0123456789"):
        wrong = made.line[:place] + digit + made.line[place + 1 :]
        if wrong != made.line and passes(wrong):
            assert place >= 33, "the fields before have a check digit of their own"


@settings(max_examples=40)
@given(boletos)
def test_every_swap_in_a_line_is_found_but_in_the_blind_spot_of_mod_11(made):
    for place in range(46):
        wrong = made.line[:place] + made.line[place + 1] + made.line[place] + made.line[place + 2 :]
        if wrong != made.line and passes(wrong):
            assert set(wrong[place : place + 2]) == {"0", "9"} or place >= 32


@pytest.mark.parametrize(
    ("code", "reason", "position"),
    [
        (BARCODE[:-1], "43 digits", 43),
        (BARCODE[:-1] + "1", "general check digit", 5),
        (LINE[:-1] + "4", "general check digit", 33),
        (LINE[:9] + "1" + LINE[10:], "field 1", 10),
        ("10492.00650 61000.100043 00997.263900 9 89810000021403", "field 2", 24),
        ("10493.00650 61000.100042 00997.263900 9 89810000021403", "field 1", 11),
        ("104" + "8" + BARCODE[4:], "fourth digit", 4),
        ("8" + BARCODE[1:], "first digit is 8", 1),
        ("", "0 digits", 1),
    ],
)
def test_a_wrong_code_is_refused_with_reason_and_position(code, reason, position):
    with pytest.raises(CodeError) as refused:
        boleto.decode(code, TODAY)
    assert reason in refused.value.reason
    assert refused.value.position == position


@pytest.mark.parametrize(
    "change",
    [{"bank": "01"}, {"bank": "801"}, {"amount_cents": -1}, {"amount_cents": 10**10}, {"free_field": "1" * 24},
     {"due": None, "amount_cents": 10**13}],
)  # fmt: skip
def test_what_does_not_fit_in_the_layout_is_not_made(change):
    fits = {"bank": "001", "due": TODAY, "amount_cents": 1, "free_field": "1" * 25}
    boleto.make(**fits)
    with pytest.raises(ValueError):
        boleto.make(**{**fits, **change})


def body(barcode: str) -> str:
    return barcode[:4] + barcode[5:]


def passes(code: str) -> bool:
    try:
        boleto.decode(code, TODAY)
    except CodeError:
        return False
    return True
