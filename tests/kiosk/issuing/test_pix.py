from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.issuing import pix
from kiosk.issuing.errors import CodeError

STATIC = (
    "00020126580014br.gov.bcb.pix0136123e4567-e12b-12d1-a456-4266554400005204000053039865802BR"
    "5913Fulano de Tal6008BRASILIA62070503***63041D3D"
)
DYNAMIC = (
    "00020101021226700014br.gov.bcb.pix2548pix.example.com/8b3da2f39a4140d1a91abd93113bd4415204000053039865802BR"
    "5913Fulano de Tal6008BRASILIA62070503***630464E4"
)
KEY = "123e4567-e12b-12d1-a456-426655440000"


def test_the_check_value_of_the_crc_comes_out():
    assert pix.crc16("123456789") == "29B1"


def test_the_central_banks_static_example_is_read():
    assert pix.parse(STATIC) == pix.Pix(
        key=KEY, url=None, name="Fulano de Tal", city="BRASILIA", amount_cents=None, txid=None, single_use=False
    )


def test_the_central_banks_dynamic_example_is_read():
    assert pix.parse(DYNAMIC) == pix.Pix(
        key=None,
        url="pix.example.com/8b3da2f39a4140d1a91abd93113bd441",
        name="Fulano de Tal",
        city="BRASILIA",
        amount_cents=None,
        txid=None,
        single_use=True,
    )


def test_the_central_banks_static_example_is_made_but_for_the_capitals():
    made = pix.static(key=KEY, name="Fulano de Tal", city="Brasília", amount_cents=None, txid=None)
    assert made[:-4] == STATIC[:-4].replace("Fulano de Tal", "FULANO DE TAL")


def test_accents_are_stripped_and_names_are_capitals():
    made = pix.static(key="a@b.br", name="Prefeitura de São João", city="São João", amount_cents=1, txid="1")
    found = pix.parse(made)
    assert (found.name, found.city) == ("PREFEITURA DE SAO JOAO", "SAO JOAO")


@given(
    st.text(string.ascii_letters + string.digits + "@.+-", min_size=1, max_size=77),
    st.text("ABCÇÃÉ xyz", min_size=1, max_size=25).filter(str.strip),
    st.text("ABCÇÃÉ xyz", min_size=1, max_size=15).filter(str.strip),
    st.none() | st.integers(1, 10**12 - 1),
    st.none() | st.text(string.ascii_letters + string.digits, min_size=1, max_size=25),
)
def test_what_was_made_is_read_again(key, name, city, amount_cents, txid):
    found = pix.parse(pix.static(key=key, name=name, city=city, amount_cents=amount_cents, txid=txid))
    assert (found.key, found.amount_cents, found.txid, found.single_use) == (key, amount_cents, txid, False)


@given(st.integers(0, len(STATIC) - 1), st.sampled_from(string.ascii_letters + string.digits))
def test_any_single_wrong_character_is_caught(place, character):
    wrong = STATIC[:place] + character + STATIC[place + 1 :]
    if wrong == STATIC or (wrong[-4:].upper() == STATIC[-4:] and place >= len(STATIC) - 4):
        return  # the CRC may be written in small letters
    with pytest.raises(CodeError):
        pix.parse(wrong)


def with_crc(body: str) -> str:
    return body + "6304" + pix.crc16(body + "6304")


@pytest.mark.parametrize(
    ("payload", "reason", "position"),
    [
        ("", "nothing to read", None),
        ("0002", "runs past the end", 3),
        (STATIC[:-1] + "E", "CRC is wrong", len(STATIC) - 3),
        (STATIC[:-8], "does not end with its CRC", len(STATIC) - 8),
        (with_crc(STATIC[:-8].replace("5913", "5914")), "four digits", STATIC.index("008BRA") + 1),
        (with_crc(STATIC[:-8].replace("0136", "0137")), "runs past the end", STATIC.index("0136") + 3),
        (with_crc(STATIC[:-8].replace("986", "840")), "currency", STATIC.index("986") + 1),
        (with_crc(STATIC[:-8].replace("br.gov.bcb.pix", "br.gov.bcb.pax")), "no account of Pix", None),
        (with_crc(STATIC[:-8].replace("62070503***", "")), "txid (62-05) is missing", None),
        (with_crc(STATIC[:-8].replace("5802BR", "54041,005802BR")), "not written as", None),
        (with_crc(STATIC[:-8] + "5802BR"), "stands twice", len(STATIC) - 7),
    ],
)
def test_a_payload_with_a_right_crc_and_a_wrong_structure_is_refused(payload, reason, position):
    with pytest.raises(CodeError) as refused:
        pix.parse(payload)
    assert reason in refused.value.reason
    if position is not None:
        assert refused.value.position == position


@pytest.mark.parametrize(
    ("amount", "cents"), [("12", 1200), ("12.5", 1250), ("12.05", 1205), ("0.01", 1)]
)
def test_amounts_are_read_to_whole_cents(amount, cents):
    body = STATIC[:-8].replace("5802BR", f"54{len(amount):02d}{amount}5802BR")
    assert pix.parse(with_crc(body)).amount_cents == cents


@pytest.mark.parametrize(
    "change",
    [{"key": ""}, {"key": "x" * 78}, {"name": "x" * 26}, {"city": "x" * 16}, {"city": "  "}, {"amount_cents": 0},
     {"amount_cents": 10**13}, {"txid": "a-b"}, {"txid": "x" * 26}],
)  # fmt: skip
def test_what_does_not_fit_in_a_payload_is_not_made(change):
    fits = {"key": KEY, "name": "A", "city": "B", "amount_cents": 1, "txid": "T"}
    pix.static(**fits)
    with pytest.raises(ValueError):
        pix.static(**{**fits, **change})
