"""The Italian family against the emulated chip: what binds data and certificate, and what it does not fall for."""

from __future__ import annotations

import contextlib
import os
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.cards import cns_files
from devices.cards.base import CardFault, PinAccepted, PinMalformed, PinNotSent, PinWrong, Slot, Trust
from devices.cards.cns import Cns, historical_bytes
from devices.virtual import cns
from devices.virtual.authority import pem
from devices.virtual.cns import GIULIA, PERSONAL_DATA, CnsCard, Holder, make_card, personal_data
from kiosk.journey.state import CardTrouble
from offline_cache.contract.checks import CheckName, CheckOutcome, EvidenceRefused, RefusalReason, assurance
from offline_cache.contract.verification import Verified, check_signature
from tests.devices.direct import Direct, Lying
from tests.devices.samples import italian_issuer

NOW = datetime(2026, 6, 1, tzinfo=UTC)
OTHER = replace(GIULIA, surname="ROSSI", name="MARIO", fiscal_code="RSSMRA70C12H501C")


def trust() -> Trust:
    issuer = italian_issuer()
    return Trust((pem(issuer.root.certificate), pem(issuer.citizens.certificate)), NOW)


def opened(card: CnsCard) -> Cns:
    return Cns.open(Slot(Direct(card)))


def identify(card: CnsCard) -> Verified:
    return opened(card).identify(trust())


def refusal(card: CnsCard) -> EvidenceRefused:
    with pytest.raises(EvidenceRefused) as refused:
        identify(card)
    return refused.value


def test_data_and_certificate_that_belong_together_name_the_holder_and_prove_no_chip() -> None:
    verified = identify(make_card(italian_issuer()))
    assert (verified.holder.name, verified.holder.national_id.value) == ("GIULIA BIANCHI", GIULIA.fiscal_code)
    assert {check.name: check.outcome for check in verified.checks}[CheckName.DATA] is CheckOutcome.PASSED
    assert assurance(verified.checks) == 1


def test_the_hash_may_cover_the_filling_of_the_file_or_not() -> None:
    assert (
        identify(make_card(italian_issuer(), filling_is_hashed=True)).holder
        == identify(make_card(italian_issuer())).holder
    )


def test_changed_data_are_not_genuine() -> None:
    card = make_card(italian_issuer())
    forged = card.with_file(PERSONAL_DATA, personal_data(replace(GIULIA, surname="VERDI"), 100))
    refused = refusal(forged)
    assert (refused.reason, refused.check) == (RefusalReason.NOT_GENUINE, CheckName.DATA)


def test_ids_that_disagree_name_nobody() -> None:
    assert refusal(make_card(italian_issuer(), certified=OTHER)).reason is RefusalReason.NO_IDENTITY
    card = make_card(italian_issuer())
    moved = card.with_file(cns.CARD_NUMBER, b"7430099900000002")
    assert "another card" in refusal(moved).detail


def test_a_codice_fiscale_with_a_wrong_check_character_names_nobody() -> None:
    holder = replace(GIULIA, fiscal_code="BNCGLI80A41F205Z")
    assert refusal(make_card(italian_issuer(), holder)).reason is RefusalReason.NO_IDENTITY


@pytest.mark.parametrize("policy", ["1.3.76.16.2.2", "1.3.76.16.2.1.1", "2.16.76.1.2.3.99"])
def test_a_certificate_of_another_policy_is_none_of_a_cns(policy: str) -> None:
    """The public set of Italian authorities issues qualified and timestamp certificates too."""
    assert refusal(make_card(italian_issuer(), policy=policy)).check is CheckName.POLICY


def test_a_key_for_binding_signatures_does_not_prove_who_is_here() -> None:
    assert refusal(make_card(italian_issuer(), commits=True)).check is CheckName.USAGE


def test_a_key_of_1024_bits_is_taken_as_low_and_never_reaches_level_three() -> None:
    card = opened(make_card(italian_issuer(), bits=1024))
    verified = card.identify(trust())
    assert {check.name: check.outcome for check in verified.checks}[CheckName.KEY] is CheckOutcome.LOW
    assert card.verify_pin(bytearray(b"12345")) == PinAccepted()
    digest = os.urandom(32)
    check_signature(card.certificates()[0], digest, card.sign(digest))


@pytest.mark.parametrize("path", [cns.CERTIFICATE, cns.IDEMIA_CERTIFICATE], ids=["standard", "idemia-2021"])
def test_after_the_pin_the_key_signs_wherever_the_mask_keeps_it(path: bytes) -> None:
    card = opened(make_card(italian_issuer(), certificate_path=path))
    digest = os.urandom(32)
    with pytest.raises(CardFault, match="forgotten its PIN"):
        card.sign(digest)
    assert card.verify_pin(bytearray(b"12345")) == PinAccepted()
    check_signature(card.certificates()[0], digest, card.sign(digest))


def test_a_card_without_certificate_names_nobody() -> None:
    with pytest.raises(CardFault) as fault:
        opened(make_card(italian_issuer(), certificate_path=bytes.fromhex("3F0014009099"))).identify(trust())
    assert fault.value.trouble is CardTrouble.NO_IDENTITY


def test_the_last_try_is_never_used() -> None:
    chip = make_card(italian_issuer())
    link = Direct(chip)
    card = Cns.open(Slot(link))
    assert card.verify_pin(bytearray(b"00000")) == PinWrong(2)
    assert card.verify_pin(bytearray(b"00000")) == PinWrong(1)
    assert card.verify_pin(bytearray(b"12345")) == PinNotSent(1)
    assert (link.pins_sent(), chip.pin.tries_left) == (2, 1)
    assert card.verify_pin(bytearray(b"1234")) == PinNotSent(1)


def test_a_card_that_hides_its_counter_gets_one_try_an_insertion() -> None:
    def hide(command: bytes, answer: bytes) -> bytes:
        return b"\x67\x00" if command[1] == 0x20 and len(command) == 4 else answer

    link = Lying(make_card(italian_issuer()), hide)
    card = Cns.open(Slot(link))
    assert card.tries_left() is None
    assert card.verify_pin(bytearray(b"1234")) == PinMalformed(None)
    assert card.verify_pin(bytearray(b"00000")) == PinWrong(2)
    assert card.verify_pin(bytearray(b"12345")) == PinNotSent(None)
    assert link.pins_sent() == 1


# ---- parsers ----------------------------------------------------------------------------------------------


def test_the_fields_are_found_by_their_lengths_and_not_by_their_places() -> None:
    holder = Holder(surname="DE LA CRUZ Y LÓPEZ", name="ANNA MARIA")
    data = cns_files.personal_data_of(personal_data(holder, 50))
    assert (data.surname, data.name, data.fiscal_code) == (holder.surname, holder.name, holder.fiscal_code)
    assert data.counted == personal_data(holder)


@pytest.mark.parametrize(
    "data",
    [b"", b"00000", b"0000ZZ", b"-00001", b"000004" + b"0A12", b"0000FF" + b"00" * 3, b"000002" + b"00", b"00000G00"],
)
def test_broken_personal_data_are_unreadable(data: bytes) -> None:
    with pytest.raises(CardFault):
        cns_files.personal_data_of(data)


@given(st.binary(max_size=300), st.booleans())
def test_hostile_bytes_are_personal_data_or_a_fault(data: bytes, with_header: bool) -> None:
    with contextlib.suppress(CardFault):
        cns_files.personal_data_of(f"{len(data):06X}".encode() + data if with_header else data)


@given(st.binary(max_size=40))
def test_any_bytes_may_stand_where_an_atr_is_expected(atr: bytes) -> None:
    assert len(historical_bytes(atr)) <= 15


@pytest.mark.parametrize(
    ("atr", "claimed"),
    [
        ("3BFF1800FF8131FE55006B02091617011101434E531131808D", True),
        ("3BFF1800008131FE55006B02090703010101434E5310318066", True),
        ("3B7F96000080318065B085040120120FFF829000", False),
        ("3B800181", False),
        ("3BFF1800FF8131FE55006B0209161701", False),
    ],
)
def test_a_cns_is_known_by_the_letters_in_its_historical_bytes(atr: str, claimed: bool) -> None:
    assert Cns.claims(bytes.fromhex(atr)) is claimed
