from __future__ import annotations

import pytest
import segno.helpers
from hypothesis import given
from hypothesis import strategies as st

from kiosk.issuing import sepa
from kiosk.issuing.errors import CodeError

RED_CROSS = (
    "BCD\n001\n1\nSCT\nBPOTBEB1\nRed Cross of Belgium\nBE72000000001616\nEUR1\nCHAR\n\nUrgency fund\nSample EPC QR code"
)
IBANS = ["BE72000000001616", "DE89370400440532013000", "ES9121000418450200051332", "IT60X0542811101000000123456"]

printable = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp", "Cf", "Cn", "Co", "Zs")), max_size=70)
transfers = st.builds(
    sepa.Transfer,
    name=printable.filter(lambda name: name),
    iban=st.sampled_from(IBANS),
    amount_cents=st.none() | st.integers(1, sepa.AMOUNT_MAX_CENTS),
    text=printable,
    bic=st.sampled_from(["", "BPOTBEB1", "COBADEFFXXX"]),
    purpose=st.sampled_from(["", "CHAR", "TAXS"]),
).filter(lambda made: len("\n".join(map(str, vars(made).values())).encode()) < 280)


def test_the_example_that_everybody_prints_is_read():
    assert sepa.parse(RED_CROSS) == sepa.Transfer(
        name="Red Cross of Belgium",
        iban="BE72000000001616",
        amount_cents=100,
        text="Urgency fund",
        bic="BPOTBEB1",
        purpose="CHAR",
        note="Sample EPC QR code",
    )


def test_lines_may_end_as_windows_ends_them():
    assert sepa.parse(RED_CROSS.replace("\n", "\r\n")) == sepa.parse(RED_CROSS)


@given(transfers)
def test_what_was_made_is_read_again(made):
    assert sepa.parse(sepa.payload(made)) == made


@given(st.sampled_from(IBANS), st.integers(1, sepa.AMOUNT_MAX_CENTS), st.sampled_from(["", "RF18539007547034"]))
def test_another_maker_writes_the_same_lines(iban, cents, reference):
    text = "" if reference else "IPTU"
    made = sepa.payload(sepa.Transfer("Ayuntamiento", iban, cents, reference=reference, text=text)).split("\n")
    amount = f"{cents // 100}.{cents % 100:02d}"
    other = segno.helpers._make_epc_qr_data(
        "Ayuntamiento", iban, amount, text=text, reference=reference, encoding="utf-8"
    ).decode()
    theirs = other.split("\n")
    # That maker leaves trailing zeros of the amount out, which the guidelines allow as well.
    assert theirs[7] in (made[7], made[7].rstrip("0").rstrip("."))
    assert theirs[:7] + theirs[8:] == made[:7] + made[8:]
    assert sepa.parse(other) == sepa.parse("\n".join(made))


def test_every_wrong_character_and_swap_of_an_iban_is_found():
    for iban in IBANS:
        for at in range(len(iban)):
            for other in "0123456789" if iban[at].isdigit() else "ABCDEFGHIJKLMNOPQRSTUVWXYZ":
                wrong = iban[:at] + other + iban[at + 1 :]
                swapped = iban[:at] + iban[at : at + 2][::-1] + iban[at + 2 :]
                for changed in {wrong, swapped} - {iban}:
                    with pytest.raises(CodeError):
                        sepa.parse(RED_CROSS.replace("BE72000000001616", changed))


def replaced(number: int, line: str) -> str:
    lines = RED_CROSS.split("\n")
    lines[number - 1] = line
    return "\n".join(lines)


def start(number: int) -> int:
    return len("\n".join(RED_CROSS.split("\n")[: number - 1])) + 1 + (number > 1)


@pytest.mark.parametrize(
    ("number", "line", "reason"),
    [
        (1, "BCE", "line 1 is none of BCD"),
        (2, "003", "line 2 is none of 001, 002"),
        (3, "9", "line 3"),
        (4, "INST", "line 4"),
        (5, "", "BIC"),
        (5, "BPOTBEB", "BIC"),
        (6, "", "name"),
        (6, "x" * 71, "name"),
        (7, "BE72 0000 0000 1616", "IBAN"),
        (8, "EUR0", "amount"),
        (8, "EUR1,50", "amount"),
        (8, "USD1", "amount"),
        (8, "EUR1.005", "amount"),
        (9, "CHARITY", "purpose"),
        (11, "x" * 141, "text"),
        (12, "x" * 71, "note"),
    ],
)
def test_a_wrong_line_is_named_with_its_position(number, line, reason):
    with pytest.raises(CodeError, match=reason) as refused:
        sepa.parse(replaced(number, line))
    assert refused.value.position == start(number)


@pytest.mark.parametrize(
    ("code", "reason", "position"),
    [
        ("", "1 lines", 1),
        ("BCD\n001", "2 lines", 7),
        (RED_CROSS + "\n\n", "14 lines", len(RED_CROSS) + 2),
        (RED_CROSS.replace("Red", "R\td"), "does not belong", RED_CROSS.index("Red") + 2),
        (replaced(10, "RF18539007547034"), "either", start(11) + 16),
        (replaced(11, "").replace("\n\n", "\nRF19539007547034\n", 1), "ISO 11649", start(10)),
        (replaced(6, "€" * 70).replace("Urgency fund", "€" * 60), "331 bytes", None),
    ],
)
def test_a_wrong_text_is_refused_with_reason_and_position(code, reason, position):
    with pytest.raises(CodeError, match=reason) as refused:
        sepa.parse(code)
    assert refused.value.position == position or position is None


@pytest.mark.parametrize(
    "change",
    [{"name": ""}, {"name": "a\nb"}, {"iban": "BE73000000001616"}, {"amount_cents": 0}, {"amount_cents": 10**11},
     {"text": "x", "reference": "y"}, {"bic": "X"}, {"text": "x\n"}],
)  # fmt: skip
def test_what_does_not_fit_is_not_made(change):
    fits = {"name": "A", "iban": IBANS[0], "amount_cents": 1}
    sepa.payload(sepa.Transfer(**fits))
    with pytest.raises(ValueError):
        sepa.payload(sepa.Transfer(**{**fits, **change}))
