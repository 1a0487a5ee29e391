"""The Belgian family against the emulated chip: whom it names, what it proves, and what it does not fall for."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from devices.cards.base import CardFault, PinAccepted, PinBlocked, PinMalformed, PinNotSent, PinWrong, Trust
from devices.cards.belgium import BelgianEid
from devices.issuer_cache import IssuerCache
from devices.virtual import belgium
from devices.virtual.authority import Authority, der, name, pem
from devices.virtual.belgium import LOTTE, BelgianCard, Citizen, Register, make_card
from kiosk.journey.state import CardTrouble
from offline_cache.contract.checks import CheckName, CheckOutcome, EvidenceRefused, RefusalReason, assurance
from offline_cache.contract.national_ids import NationalId, Scheme
from offline_cache.contract.verification import Verified, check_signature
from tests.devices.direct import Direct

NOW = datetime(2026, 6, 1, tzinfo=UTC)
REGISTER = Register.make()
TRUST = Trust((pem(REGISTER.root.certificate),), NOW)
ELLIPTIC = ec.generate_private_key(ec.SECP384R1())
RSA = rsa.generate_private_key(65537, 2048)
ID_FILE = bytes.fromhex("3F00DF014031")
OTHER = Citizen(given="Jan", surname="Janssens", number="71011100103")


def identify(card: BelgianCard, trust: Trust = TRUST) -> Verified:
    """Both steps, as the worker takes them."""
    opened = BelgianEid(Direct(card))
    opened.identify(trust)
    return opened.complete(trust)


def refusal(card: BelgianCard, trust: Trust = TRUST) -> EvidenceRefused:
    with pytest.raises(EvidenceRefused) as refused:
        identify(card, trust)
    return refused.value


def test_the_register_names_the_holder_and_the_chip_proves_itself_without_a_pin() -> None:
    verified = identify(make_card(REGISTER))
    assert verified.holder.name == "Lotte Marie Peeters"
    assert verified.holder.national_id == NationalId(Scheme.BELGIAN_REGISTER, "85073003328")
    outcomes = {check.name: check.outcome for check in verified.checks}
    assert len(outcomes) == len(verified.checks)
    assert outcomes.pop(CheckName.REVOCATION) is CheckOutcome.NOT_CHECKED
    assert set(outcomes.values()) == {CheckOutcome.PASSED}
    assert {CheckName.DATA, CheckName.CHIP, CheckName.CHAIN} <= set(outcomes)
    assert assurance(verified.checks) == 2


def test_a_card_of_before_the_chip_s_key_gives_signed_data_only() -> None:
    verified = identify(make_card(REGISTER, key=RSA))
    assert {check.name: check.outcome for check in verified.checks}[CheckName.CHIP] is CheckOutcome.NOT_CHECKED
    assert assurance(verified.checks) == 1


def test_a_chip_that_was_asked_too_often_says_so_and_is_believed_less() -> None:
    verified = identify(replace(make_card(REGISTER), chip_refuses=True))
    assert assurance(verified.checks) == 1


def test_a_child_s_card_without_certificate_still_names_the_child() -> None:
    card = make_card(REGISTER, with_certificate=False)
    verified = identify(card)
    assert (verified.holder.national_id.value, assurance(verified.checks)) == (LOTTE.number, 2)
    with pytest.raises(CardFault) as fault:
        BelgianEid(Direct(card)).certificates()
    assert fault.value.trouble is CardTrouble.NO_IDENTITY


def test_a_copy_of_the_files_on_another_chip_cannot_prove_the_chip() -> None:
    clone = replace(make_card(REGISTER), chip_key=ec.generate_private_key(ec.SECP384R1()))
    refused = refusal(clone)
    assert (refused.reason, refused.check) == (RefusalReason.NOT_GENUINE, CheckName.CHIP)


def test_a_clone_that_brings_its_own_key_is_found_by_the_signed_hash() -> None:
    card = make_card(REGISTER)
    other = make_card(REGISTER)
    clone = replace(card, chip_key=other.chip_key).with_file("DF014040", other.files.files[b"\x3f\x00\xdf\x01\x40\x40"])
    assert refusal(clone).check is CheckName.CHIP


def test_changed_data_is_not_genuine() -> None:
    card = make_card(REGISTER)
    data = card.files.files[bytes.fromhex("3F00DF014031")]
    forged = card.with_file("DF014031", data.replace(b"Peeters", b"Pieters"))
    refused = refusal(forged)
    assert (refused.reason, refused.check) == (RefusalReason.NOT_GENUINE, CheckName.DATA)


def test_another_citizen_s_certificate_cannot_play_the_register() -> None:
    """It chains to the same root."""
    key = ec.generate_private_key(ec.SECP384R1())
    forger = replace(REGISTER, key=key)
    for subject, issuer, policy in (
        (name(country="BE", common_name="Eva (Authentication)"), REGISTER.root, belgium.REGISTER_POLICY),
        (belgium.REGISTER, REGISTER.root, belgium.CITIZEN_POLICY),
        (belgium.REGISTER, REGISTER.citizens, belgium.REGISTER_POLICY),
        (belgium.REGISTER, Authority.root(belgium.ROOT, key), belgium.REGISTER_POLICY),
    ):
        certificate = issuer.issue(subject, key.public_key(), policies=[policy])
        forged = make_card(replace(forger, certificate=certificate))
        assert refusal(forged).reason is RefusalReason.NOT_TRUSTED


def test_a_root_of_another_country_vouches_for_no_belgian() -> None:
    brazil = Authority.root(name(country="BR", common_name="Raiz"), ELLIPTIC)
    certificate = brazil.issue(belgium.REGISTER, REGISTER.key.public_key(), policies=[belgium.REGISTER_POLICY])
    card = make_card(replace(REGISTER, certificate=certificate))
    assert refusal(card, Trust((pem(brazil.certificate),), NOW)).reason is RefusalReason.NOT_TRUSTED


def test_a_certificate_that_names_somebody_else_than_the_data_is_refused() -> None:
    refused = refusal(make_card(REGISTER, certificate_of=OTHER))
    assert refused.reason is RefusalReason.NO_IDENTITY
    assert "somebody else" in refused.detail


@pytest.mark.parametrize("number", ["85073003329", "11111111111", "8507300332", ""])
def test_a_number_with_wrong_check_digits_names_nobody(number: str) -> None:
    assert refusal(make_card(REGISTER, Citizen(number=number))).reason is RefusalReason.NO_IDENTITY


def test_a_card_past_its_last_day_is_expired_and_without_a_clock_that_is_not_known() -> None:
    card = make_card(REGISTER, Citizen(valid_until="31.05.2026"))
    assert refusal(card).reason is RefusalReason.EXPIRED
    assert identify(card, Trust(TRUST.anchors, None)).holder.name == "Lotte Marie Peeters"


def test_the_address_is_read_as_the_register_signed_it_with_this_identity() -> None:
    card = make_card(REGISTER)
    address = BelgianEid(Direct(card)).address(TRUST)
    assert (address.street, address.zip_code, address.municipality) == ("Nieuwstraat 12 bus 3", "1000", "Brussel")
    moved = card.with_file("DF014033", make_card(REGISTER, OTHER).files.files[bytes.fromhex("3F00DF014033")])
    other = moved.with_file("DF014034", make_card(REGISTER, OTHER).files.files[bytes.fromhex("3F00DF014034")])
    with pytest.raises(EvidenceRefused):
        BelgianEid(Direct(other)).address(TRUST)


@pytest.mark.parametrize("key", [ELLIPTIC, RSA], ids=["applet-1.8", "applet-1.7"])
def test_after_the_pin_the_authentication_key_signs_the_digest(key: ec.EllipticCurvePrivateKey) -> None:
    card = BelgianEid(Direct(make_card(REGISTER, key=key)))
    digest = os.urandom(32)
    with pytest.raises(CardFault, match="forgotten its PIN"):
        card.sign(digest)
    assert card.verify_pin(bytearray(b"1234")) == PinAccepted()
    check_signature(card.certificates()[0], digest, card.sign(digest))


@pytest.mark.parametrize("pin", ["4711", "123456", "123456789012"])
def test_pins_go_in_blocks_of_two_digits_a_byte(pin: str) -> None:
    card = BelgianEid(Direct(make_card(REGISTER, key=ELLIPTIC, pin=pin)))
    assert card.verify_pin(bytearray(pin.encode())) == PinAccepted()


def test_the_last_try_is_never_used() -> None:
    chip = make_card(REGISTER, key=ELLIPTIC)
    link = Direct(chip)
    card = BelgianEid(link)
    assert card.verify_pin(bytearray(b"0000")) == PinWrong(2)
    assert card.verify_pin(bytearray(b"0000")) == PinWrong(1)
    assert card.verify_pin(bytearray(b"1234")) == PinNotSent(1)
    assert card.verify_pin(bytearray(b"123")) == PinNotSent(1)
    assert (link.pins_sent(), chip.pin.tries_left) == (2, 1)
    chip.pin.tries_left = 0
    assert card.verify_pin(bytearray(b"1234")) == PinBlocked()


@pytest.mark.parametrize("pin", [b"", b"123", b"1234567890123", b"12a4"])
def test_what_cannot_be_a_pin_is_not_sent(pin: bytes) -> None:
    link = Direct(make_card(REGISTER, key=ELLIPTIC))
    assert BelgianEid(link).verify_pin(bytearray(pin)) == PinMalformed(3)
    assert link.pins_sent() == 0


def test_only_the_certificate_is_read_of_a_file_full_of_zeros() -> None:
    card = BelgianEid(Direct(make_card(REGISTER, key=ELLIPTIC)))
    assert card.certificates()[1] == der(REGISTER.citizens.certificate)


def test_the_name_is_known_before_the_chip_is_asked_and_is_signed_data_until_then() -> None:
    link = Direct(make_card(REGISTER))
    first = BelgianEid(link).identify(TRUST)
    assert (first.holder.name, assurance(first.checks)) == ("Lotte Marie Peeters", 1)
    assert not any(command[1] == 0x88 for command in link.sent)


def test_a_certificate_of_the_register_that_is_known_is_not_read_again_and_is_judged_again(tmp_path: Path) -> None:
    def commands(trust: Trust) -> int:
        link = Direct(make_card(REGISTER))
        BelgianEid(link, expected=True).identify(trust)
        return len(link.sent)

    knowing = replace(TRUST, issuers=IssuerCache(tmp_path))
    first, second = commands(knowing), commands(replace(TRUST, issuers=IssuerCache(tmp_path)))
    assert second <= 5 < first
    stranger = Register.make()
    elsewhere = Trust((pem(stranger.root.certificate),), NOW, issuers=IssuerCache(tmp_path))
    assert refusal(make_card(REGISTER), elsewhere).reason is RefusalReason.NOT_TRUSTED
    forged = make_card(REGISTER).with_file("DF014031", make_card(REGISTER, OTHER).files.files[ID_FILE])
    assert refusal(forged, knowing).reason is RefusalReason.NOT_GENUINE


def test_an_applet_that_waits_to_be_selected_is_selected_by_name() -> None:
    class Waiting(Direct):
        selected = False

        def transmit(self, command: list[int]) -> bytes:
            self.selected = self.selected or command[:3] == [0x00, 0xA4, 0x04]
            return super().transmit(command) if self.selected else b"\x6a\x82"

    opened = BelgianEid(Waiting(make_card(REGISTER)), expected=True)
    assert opened.identify(TRUST).holder.national_id.value == LOTTE.number
