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


def test_the_central_banks_dynamic_example_is_made_but_for_the_capitals():
    url = "pix.example.com/8b3da2f39a4140d1a91abd93113bd441"
    made = pix.dynamic(url=url, name="Fulano de Tal", city="Brasília")
    assert made[:-4] == DYNAMIC[:-4].replace("Fulano de Tal", "FULANO DE TAL")
    assert not pix.parse(pix.dynamic(url=url, name="A", city="B", single_use=False)).single_use


def test_only_a_static_code_with_a_txid_is_payable_as_printed():
    made = {"name": "A", "city": "B", "amount_cents": 1}
    assert pix.parse(pix.static(key=KEY, txid="T1", **made)).payable_as_printed
    assert not pix.parse(pix.static(key=KEY, txid=None, **made)).payable_as_printed
    assert not pix.parse(pix.dynamic(url="p.example/x", **made)).payable_as_printed


def test_what_the_payer_is_told_stands_beside_the_key():
    made = pix.static(key=KEY, name="A", city="B", amount_cents=1, txid="T", info="Taxa de alvará")
    assert pix.parse(made).info == "Taxa de alvara"
    with pytest.raises(ValueError, match="1 to 37 characters"):
        pix.static(key=KEY, name="A", city="B", amount_cents=1, txid="T", info="x" * 38)


hosts = st.from_regex(r"[a-z][a-z0-9-]{0,9}\.[a-z]{2,6}/[!-~]{1,55}", fullmatch=True)


@given(hosts, st.none() | st.integers(1, 10**12 - 1), st.booleans())
def test_a_dynamic_code_is_read_again(url, amount_cents, single_use):
    found = pix.parse(pix.dynamic(url=url, name="A", city="B", amount_cents=amount_cents, single_use=single_use))
    assert found == pix.Pix(None, url, "A", "B", amount_cents, None, single_use)


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


@pytest.mark.parametrize("payload", [STATIC, DYNAMIC])
def test_every_wrong_character_and_every_swap_of_neighbours_is_found(payload):
    """A CRC of 16 bits finds every burst of up to 16; a field's length that moves the CRC is found by the structure."""
    wrongs = {payload[:at] + c + payload[at + 1 :] for at in range(len(payload)) for c in map(chr, range(32, 127))}
    wrongs |= {payload[:at] + payload[at : at + 2][::-1] + payload[at + 2 :] for at in range(len(payload) - 1)}
    # the CRC alone may be written in small letters
    for wrong in {wrong for wrong in wrongs if wrong[:-4] + wrong[-4:].upper() != payload}:
        with pytest.raises(CodeError):
            pix.parse(wrong)


def with_crc(body: str) -> str:
    return body + "6304" + pix.crc16(body + "6304")


@pytest.mark.parametrize(
    ("payload", "reason", "position"),
    [
        ("", "nothing to read", 1),
        ("0002", "runs past the end", 3),
        (STATIC[:-1] + "E", "CRC is wrong", len(STATIC) - 3),
        (STATIC[:-8], "does not end with its CRC", len(STATIC) - 8),
        (with_crc(STATIC[:-8].replace("5913", "5914")), "four digits", STATIC.index("008BRA") + 1),
        (with_crc(STATIC[:-8].replace("0136", "0137")), "runs past the end", STATIC.index("0136") + 3),
        (with_crc(STATIC[:-8].replace("986", "840")), "currency", STATIC.index("986") + 1),
        (with_crc(STATIC[:-8].replace("br.gov.bcb.pix", "br.gov.bcb.pax")), "no account of Pix", len(STATIC) - 7),
        (with_crc(STATIC[:-8].replace("62070503***", "")), "txid (62-05) is missing", len(STATIC) - 18),
        (with_crc(STATIC[:-8].replace("5802BR", "54041,005802BR")), "not written as", STATIC.index("5802BR") + 5),
        (with_crc(STATIC[:-8] + "5802BR"), "stands twice", len(STATIC) - 7),
        (with_crc(STATIC[:-8].replace("52040000", "520300x")), "category (52) has", STATIC.index("0000530") + 1),
        (with_crc(STATIC[:-8].replace("52040000", "")), "category is missing", len(STATIC) - 15),
        (with_crc(DYNAMIC[:-8].replace("010212", "010213")), "neither 11 nor 12", 11),
        (with_crc(DYNAMIC[:-8].replace("2548pix", "2548p x")), "host/path", DYNAMIC.index("pix.ex") + 1),
        (with_crc(DYNAMIC[:-8].replace("26700014br.gov.bcb.pix2548", "26780014br.gov.bcb.pix2556https://")),
         "no https://", DYNAMIC.index("pix.ex") + 1),
        (STATIC.replace("Fulano de", "Fulano\tde"), "does not belong", STATIC.index(" de") + 1),
        (STATIC + "\n", "does not belong", len(STATIC) + 1),
        (STATIC.replace("Fulano de", "Fulano\udce9de"), "does not belong", STATIC.index(" de") + 1),
    ],
)
def test_a_payload_with_a_right_crc_and_a_wrong_structure_is_refused(payload, reason, position):
    with pytest.raises(CodeError) as refused:
        pix.parse(payload)
    assert reason in refused.value.reason
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
     {"amount_cents": 10**13}, {"txid": "a-b"}, {"txid": "x" * 26}, {"key": "a b"}, {"key": "a\n"},
     {"name": "a\tb"}],
)  # fmt: skip
def test_what_does_not_fit_in_a_payload_is_not_made(change):
    fits = {"key": KEY, "name": "A", "city": "B", "amount_cents": 1, "txid": "T"}
    pix.static(**fits)
    with pytest.raises(ValueError):
        pix.static(**{**fits, **change})
