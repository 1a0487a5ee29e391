from __future__ import annotations

from datetime import date
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.issuing import cuaderno57
from kiosk.issuing.errors import CodeError

CODE = "9050722350466501000000000156830081500000053980"

receipts = st.builds(
    lambda issuer, suffix, reference, identification, due, cents: cuaderno57.make(
        issuer=str(issuer),
        suffix=f"{suffix:03d}",
        reference=str(reference),
        amount_cents=cents,
        **({"due": due} if suffix >= 500 else {"identification": str(identification)}),
    ),
    st.integers(0, 10**8 - 1),
    st.integers(0, 999),
    st.integers(0, 10**11 - 1),
    st.integers(0, 10**6 - 1),
    st.dates(date(2000, 1, 1), date(2099, 12, 31)),
    st.integers(0, 10**10 - 1),
)


def test_the_example_of_annex_2_comes_out():
    assert cuaderno57.check_digits("01234567", "023", "12345678901", "123456", 654321) == "74"


@pytest.mark.parametrize(
    ("issuer", "suffix", "reference", "identification", "cents", "check"),
    [
        ("22350466", "501", "00000000015", "300815", 5398, "68"),
        ("22350466", "501", "00000000401", "300815", 3762, "56"),
        ("22350466", "501", "00000000015", "011115", 5398, "27"),
    ],
)
def test_the_check_digits_of_printed_receipts_come_out(issuer, suffix, reference, identification, cents, check):
    assert cuaderno57.check_digits(issuer, suffix, reference, identification, cents) == check


def test_a_sum_that_97_divides_has_check_digits_00():
    assert cuaderno57.check_digits("0", "0", "97", "0", 0) == "00"


def test_a_printed_receipt_is_read_and_made():
    found = cuaderno57.decode(CODE)
    assert (found.issuer, found.suffix, found.reference) == ("22350466", "501", "00000000015")
    assert (found.amount_cents, found.due) == (5398, date(2015, 8, 30))
    made = cuaderno57.make(issuer="22350466", suffix="501", reference="15", amount_cents=5398, due=date(2015, 8, 30))
    assert made == found


def test_below_suffix_500_the_identification_is_no_date():
    made = cuaderno57.make(issuer="1", suffix="499", reference="1", identification="999999", amount_cents=1)
    assert cuaderno57.decode(made.barcode).due is None


@given(receipts)
def test_what_was_made_is_read_again(made):
    assert cuaderno57.decode(made.barcode) == made
    assert len(made.barcode) == 46


@settings(max_examples=40)
@given(receipts)
def test_every_wrong_digit_and_every_swap_of_neighbours_is_found(made):
    wrongs = [made.barcode[:at] + digit + made.barcode[at + 1 :] for at, digit in product(range(46), "0123456789")]
    wrongs += [
        made.barcode[:at] + made.barcode[at + 1] + made.barcode[at] + made.barcode[at + 2 :] for at in range(45)
    ]
    for wrong in wrongs:
        if wrong != made.barcode:
            with pytest.raises(CodeError):
                cuaderno57.decode(wrong)


@pytest.mark.parametrize(
    ("code", "reason", "position"),
    [
        (CODE[:-1], "45 digits", 45),
        ("90508" + CODE[5:], "does not start with 90507", 1),
        (CODE[:-1] + "1", "last digit is not 0", 46),
        (CODE[:27] + "69" + CODE[29:], "check digits", 28),
        ("90507 22350466 501 0000000001569 300815 0000005398 0", "check digits", 31),
        (
            f"{CODE[:27]}{cuaderno57.check_digits('22350466', '501', '15', '310215', 5398)}310215{CODE[35:]}",
            "310215 does not exist",
            30,
        ),
        ("90507\t" + CODE[6:], "not a digit", 6),
        ("", "0 digits", 1),
    ],
)
def test_a_wrong_code_is_refused_with_reason_and_position(code, reason, position):
    with pytest.raises(CodeError) as refused:
        cuaderno57.decode(code)
    assert reason in refused.value.reason
    assert refused.value.position == position


@pytest.mark.parametrize(
    "change",
    [{"issuer": "123456789"}, {"issuer": ""}, {"suffix": "1"}, {"suffix": "500"}, {"reference": "1" * 12},
     {"identification": "1" * 7}, {"amount_cents": 10**10}, {"amount_cents": -1}, {"due": date(2026, 1, 1)},
     {"suffix": "500", "due": date(2026, 1, 1)}, {"suffix": "500", "due": date(2126, 1, 1), "identification": ""}],
)  # fmt: skip
def test_what_does_not_fit_in_the_layout_is_not_made(change):
    fits = {"issuer": "1", "suffix": "001", "reference": "1", "identification": "1", "amount_cents": 1}
    cuaderno57.make(**fits)
    with pytest.raises(ValueError):
        cuaderno57.make(**{**fits, **change})
