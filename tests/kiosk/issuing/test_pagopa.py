from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.issuing import pagopa
from kiosk.issuing.errors import CodeError

QR = "PAGOPA|002|322201151398574181|81005750021|01"
POSTAL = (
    "codfase=NBPA;183007157000000000321200001630209310000000000138961P100085240950BSCMTT83A12L719R"
    + "NAME SURNAME".ljust(40)
    + "TEST".ljust(110)
    + " " * 12
    + "A"
)


def luhn(ten: str) -> str:
    return next(ten + digit for digit in "0123456789" if pays(ten + digit))


def pays(creditor: str) -> bool:
    try:
        pagopa.parse(f"PAGOPA|002|{'1' * 18}|{creditor}|1")
    except CodeError:
        return False
    return True


notices = st.builds(
    lambda aux, sixteen, tail, creditor, cents: pagopa.make(
        number=f"{aux}{sixteen:015d}{tail if aux == 1 else int(f'{aux}{sixteen:015d}') % 93:02d}",
        creditor=luhn(f"{creditor:010d}"),
        amount_cents=cents,
    ),
    st.sampled_from([0, 1, 2, 3]),
    st.integers(0, 10**15 - 1),
    st.integers(0, 99),
    st.integers(0, 10**10 - 1),
    st.integers(1, 10**11 - 1),
)


def test_a_published_qr_code_is_read():
    assert pagopa.parse(QR) == pagopa.Notice("322201151398574181", "81005750021", 1)
    assert pagopa.parse("PAGOPA|002|000000000000000000|00000000000|9999").amount_cents == 9999


def test_a_published_data_matrix_is_read_and_made():
    notice = pagopa.Notice("300715700000000032", "00085240950", 1)
    assert pagopa.parse(POSTAL) == notice
    made = pagopa.postal(
        notice, account="16302093", debtor_id="bscmtt83a12l719r", debtor_name="Name Surname", reason="Test"
    )
    assert made == POSTAL
    assert len(made) == 256


@given(notices)
def test_what_was_made_is_read_again(made):
    assert pagopa.parse(made.qr) == made
    assert len(made.qr) <= 62


@given(
    notices.filter(lambda made: made.amount_cents < 10**10),
    st.integers(0, 10**12 - 1),
    st.text(max_size=60),
    st.text(max_size=130),
)
def test_the_postal_part_reads_back_whatever_was_written_in_it(made, account, name, reason):
    text = pagopa.postal(made, account=str(account), debtor_id="12345678901", debtor_name=name, reason=reason)
    assert len(text) == 256
    assert text.isascii()
    assert pagopa.parse(text) == made


@settings(max_examples=40)
@given(notices.filter(lambda made: made.number[0] != "1"))
def test_every_wrong_digit_and_every_swap_in_a_notice_number_is_found(made):
    number = made.number
    wrongs = [number[:at] + digit + number[at + 1 :] for at in range(1, 18) for digit in "0123456789"]
    wrongs += [number[:at] + number[at + 1] + number[at] + number[at + 2 :] for at in range(1, 17)]
    for wrong in wrongs:
        if wrong != number:
            with pytest.raises(CodeError):
                pagopa.parse(made.qr.replace(f"|{number}|", f"|{wrong}|"))


def test_what_no_digit_checks_passes_a_number_with_aux_1_and_an_amount():
    assert pagopa.parse("PAGOPA|002|123456789012345678|81005750021|1").number[-1] == "8"
    assert pagopa.parse("PAGOPA|002|123456789012345679|81005750021|2").number[-1] == "9"


def test_every_wrong_digit_of_a_creditor_is_found_and_every_swap_but_0_with_9():
    for creditor in ("81005750021", "00085240950", luhn("9098765432")):
        for at in range(11):
            assert not any(pays(creditor[:at] + d + creditor[at + 1 :]) for d in "0123456789" if d != creditor[at])
        for at in range(10):
            pair = creditor[at : at + 2]
            swapped = creditor[:at] + pair[::-1] + creditor[at + 2 :]
            assert pays(swapped) == (pair[0] == pair[1] or set(pair) == {"0", "9"})


@pytest.mark.parametrize(
    ("text", "reason", "position"),
    [
        ("PAGOPB|002|", "does not start with PAGOPA", 1),
        ("PAGOPA|002|322201151398574181|81005750021", "4 parts", 41),
        (QR.replace("|002|", "|001|"), "version 001", 8),
        (QR.replace("322201", "32220x"), "18 digits", 12),
        (QR.replace("322201", "422201"), "aux digit 4", 12),
        (QR.replace("4181|", "4182|"), "check digits of the notice number", 28),
        (QR.replace("81005750021", "81005750022"), "creditor's fiscal code", 41),
        (QR.replace("81005750021", "8100575002"), "has 11 digits", 31),
        (QR + "x", "1 to 11 digits", 43),
        (QR + "\n", "does not belong", 45),
        (POSTAL[:-1], "255 characters", 255),
        (POSTAL.replace("1P1", "1P2"), "1P1 is expected", 64),
        (POSTAL.replace("3896", "3897"), "3896 is expected", 60),
        (POSTAL.replace("0000000001", "000000000x"), "amount has 10 digits", 50),
        (POSTAL.replace("000016302093", "00001630209x"), "account has 12 digits", 36),
        (POSTAL.replace("0032120", "0033120"), "check digits of the notice number", 32),
        (POSTAL.replace("00085240950", "00085240951"), "creditor's fiscal code", 77),
    ],
)
def test_a_wrong_notice_is_refused_with_reason_and_position(text, reason, position):
    with pytest.raises(CodeError) as refused:
        pagopa.parse(text)
    assert reason in refused.value.reason
    assert refused.value.position == position


@pytest.mark.parametrize(
    "change",
    [{"number": "1" * 17}, {"number": "3" * 18}, {"creditor": "1"}, {"amount_cents": 0}, {"amount_cents": 10**11}],
)
def test_what_does_not_fit_is_not_made(change):
    fits = {"number": "322201151398574181", "creditor": "81005750021", "amount_cents": 1}
    pagopa.make(**fits)
    with pytest.raises(ValueError):
        pagopa.make(**{**fits, **change})


@pytest.mark.parametrize(
    "change", [{"account": ""}, {"account": "1" * 13}, {"debtor_id": "1"}, {"debtor_id": "È" * 16}]
)
def test_what_does_not_fit_in_the_postal_part_is_not_made(change):
    notice = pagopa.parse(QR)
    fits = {"account": "1", "debtor_id": "12345678901", "debtor_name": "", "reason": ""}
    pagopa.postal(notice, **fits)
    with pytest.raises(ValueError):
        pagopa.postal(notice, **{**fits, **change})
    with pytest.raises(ValueError, match="10 digits"):
        pagopa.postal(pagopa.Notice(notice.number, notice.creditor, 10**10), **fits)
