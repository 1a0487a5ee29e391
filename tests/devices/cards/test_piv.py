"""The PIV family against the emulated chip and against hostile answers, without a reader in between."""

from __future__ import annotations

import contextlib
import gzip
import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from hypothesis import given
from hypothesis import strategies as st

from devices.cards.base import CardFault, PinAccepted, PinBlocked, PinMalformed, PinNotSent, PinWrong, Trust
from devices.cards.piv import Piv, certificate_of
from devices.virtual import authority, wallet
from devices.virtual.authority import pem
from devices.virtual.icp_brasil import Icp, make_card
from devices.virtual.iso7816 import tlv
from devices.virtual.piv import PivCard
from kiosk.journey.state import CardTrouble
from offline_cache.contract.checks import CheckName, CheckOutcome, EvidenceRefused, RefusalReason, assurance
from offline_cache.contract.verification import check_signature
from tests.offline_cache.contract.authority import Authority


class Direct:
    """The chip without a reader."""

    def __init__(self, card: PivCard) -> None:
        self.card = card
        self.sent: list[bytes] = []

    def transmit(self, command: list[int]) -> bytes:
        self.sent.append(bytes(command))
        return self.card.process(bytes(command))

    def pins_sent(self) -> int:
        return sum(command[1] == 0x20 and len(command) > 4 for command in self.sent)


@pytest.fixture
def joao(cards: Path) -> PivCard:
    return wallet.load(cards, "joao")


def test_a_compressed_certificate_is_inflated(joao: PivCard) -> None:
    assert Piv(Direct(replace(joao, compressed=True))).certificates() == [joao.certificate]


def test_a_certificate_that_inflates_without_end_is_refused() -> None:
    bomb = gzip.compress(bytes(50_000_000))
    with pytest.raises(CardFault) as fault:
        certificate_of(tlv(b"\x53", tlv(b"\x70", bomb) + tlv(b"\x71", b"\x01")))
    assert fault.value.trouble is CardTrouble.UNREADABLE


@given(st.binary(max_size=80))
def test_whatever_a_card_answers_is_a_certificate_or_a_fault(data: bytes) -> None:
    for answer in (data, tlv(b"\x53", data), tlv(b"\x53", tlv(b"\x70", data) + tlv(b"\x71", b"\x01"))):
        with contextlib.suppress(CardFault):
            certificate_of(answer)


@pytest.mark.parametrize(
    "data", [b"", b"\x53", b"\x53\x82\xff\xff", b"\x53\x02\x70\x05", b"\x53\x84", tlv(b"\x53", tlv(b"\x70", b"x"))]
)
def test_an_object_that_is_cut_off_is_unreadable(data: bytes) -> None:
    with pytest.raises(CardFault) as fault:
        certificate_of(data)
    assert fault.value.trouble is CardTrouble.UNREADABLE


def test_the_counter_is_read_without_spending_a_try(joao: PivCard) -> None:
    piv = Piv(Direct(joao))
    assert [piv.tries_left() for _ in range(5)] == [3] * 5


def test_a_right_pin_fills_the_counter_again(joao: PivCard) -> None:
    piv = Piv(Direct(joao))
    assert piv.verify_pin(bytearray(b"000000")) == PinWrong(2)
    assert piv.verify_pin(bytearray(b"123456")) == PinAccepted()
    assert piv.verify_pin(bytearray(b"000000")) == PinWrong(2)


@pytest.mark.parametrize("pin", [b"", b"12345", b"123456789", b"12345a", b"123456\xff"])
def test_what_cannot_be_a_pin_is_not_sent(joao: PivCard, pin: bytes) -> None:
    card = Direct(joao)
    assert Piv(card).verify_pin(bytearray(pin)) == PinMalformed(3)
    assert card.pins_sent() == 0


@pytest.mark.parametrize(("left", "outcome"), [(1, PinNotSent(1)), (0, PinBlocked())])
def test_the_last_try_is_never_used(joao: PivCard, left: int, outcome: object) -> None:
    card = Direct(replace(joao, tries_left=left))
    assert Piv(card).verify_pin(bytearray(b"123456")) == outcome
    assert card.pins_sent() == 0


def test_a_card_that_hides_its_counter_gets_one_try_an_insertion(joao: PivCard) -> None:
    class Secretive(Direct):
        def transmit(self, command: list[int]) -> bytes:
            answer = super().transmit(command)
            return b"\x69\x85" if len(command) == 4 else answer

    card = Secretive(joao)
    piv = Piv(card)
    assert piv.tries_left() is None
    assert piv.verify_pin(bytearray(b"000000")) == PinWrong(2)
    assert piv.verify_pin(bytearray(b"123456")) == PinNotSent(None)
    assert card.pins_sent() == 1


def test_without_the_pin_the_card_signs_nothing(joao: PivCard) -> None:
    with pytest.raises(CardFault, match="forgotten its PIN"):
        Piv(Direct(joao)).sign(os.urandom(32))


@pytest.mark.parametrize("curve", [ec.SECP256R1(), ec.SECP384R1()], ids=["p-256", "p-384"])
def test_elliptic_keys_sign_the_digest(curve: ec.EllipticCurve) -> None:
    key = ec.generate_private_key(curve)
    certificate = Authority().issue(key)
    piv = Piv(Direct(PivCard(key, certificate, "123456")))
    piv.verify_pin(bytearray(b"123456"))
    digest = os.urandom(32)
    check_signature(certificate, digest, piv.sign(digest))


def test_a_card_without_authentication_certificate_names_nobody(joao: PivCard) -> None:
    class Empty(Direct):
        def transmit(self, command: list[int]) -> bytes:
            return b"\x6a\x82" if command[1] == 0xCB else super().transmit(command)

    with pytest.raises(CardFault) as fault:
        Piv(Empty(joao)).certificates()
    assert fault.value.trouble is CardTrouble.NO_IDENTITY


ICP = Icp.make()
TRUST = Trust((pem(ICP.root.certificate) + pem(ICP.issuing.certificate),), datetime(2026, 6, 1, tzinfo=UTC))


def completed(card: PivCard) -> tuple[CheckOutcome, int]:
    piv = Piv(Direct(card))
    piv.identify(TRUST)
    checks = piv.complete(TRUST).checks
    return next(check.outcome for check in checks if check.name is CheckName.CHIP), assurance(checks)


@pytest.mark.parametrize("key", [ec.generate_private_key(ec.SECP256R1()), rsa.generate_private_key(65537, 2048)])
def test_a_card_with_a_card_authentication_key_proves_its_chip_without_a_pin(key: authority.Key) -> None:
    card = make_card(ICP, legacy=False, card_key=key)
    assert completed(card) == (CheckOutcome.PASSED, 2)
    assert card.tries_left == 3


def test_without_that_key_or_with_one_of_another_card_the_chip_is_not_checked() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    other = make_card(ICP, legacy=False, card_key=key, named_uuid="urn:uuid:00000000-0000-4000-8000-000000000000")
    assert completed(make_card(ICP, legacy=False)) == (CheckOutcome.NOT_CHECKED, 1)
    assert completed(other) == (CheckOutcome.NOT_CHECKED, 1)


def test_a_chip_that_answers_with_another_key_is_not_genuine() -> None:
    card = make_card(ICP, legacy=False, card_key=ec.generate_private_key(ec.SECP256R1()))
    with pytest.raises(EvidenceRefused) as refused:
        completed(replace(card, card_key=ec.generate_private_key(ec.SECP256R1())))
    assert refused.value.reason is RefusalReason.NOT_GENUINE


def test_a_card_authentication_certificate_of_a_stranger_proves_nothing() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    foreign = make_card(Icp.make(), legacy=False, card_key=key)
    card = replace(make_card(ICP, legacy=False, card_key=key), card_certificate=foreign.card_certificate)
    with pytest.raises(EvidenceRefused) as refused:
        completed(card)
    assert refused.value.reason is RefusalReason.NOT_TRUSTED
