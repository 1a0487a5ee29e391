"""The CIE against the emulated chip, hostile security objects, and OpenSSL as a witness of the emulated one."""

from __future__ import annotations

import contextlib
import hashlib
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID
from hypothesis import given
from hypothesis import strategies as st

from devices.cards import cie_files
from devices.cards.base import CardFault, Trust
from devices.cards.cie import Cie
from devices.virtual import cie
from devices.virtual.authority import Authority, name, pem
from devices.virtual.cie import CieCard, Ministry, make_card, security_object
from devices.virtual.iso7816 import tlv
from kiosk.journey.state import CardTrouble
from offline_cache.contract.checks import CheckName, CheckOutcome, EvidenceRefused, RefusalReason, assurance
from offline_cache.contract.verification import Verified
from tests.devices.direct import Direct, Lying
from tests.devices.samples import italian_ministry

NOW = datetime(2026, 6, 1, tzinfo=UTC)
MINISTRY = italian_ministry()
TRUST = Trust((pem(MINISTRY.csca.certificate),), NOW)
OBJECT = make_card(MINISTRY).files.files[bytes.fromhex("3F001006")]


def key_file(card: CieCard) -> bytes:
    return card.key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.PKCS1)


def identify(card: CieCard, trust: Trust = TRUST) -> Verified:
    return Cie(Direct(card)).identify(trust)


def refusal(card: CieCard, trust: Trust = TRUST) -> EvidenceRefused:
    with pytest.raises(EvidenceRefused) as refused:
        identify(card, trust)
    return refused.value


def test_the_nis_is_signed_and_the_chip_proves_itself_but_no_name_is_known() -> None:
    card = make_card(MINISTRY)
    verified = identify(card)
    assert (verified.holder.name, verified.holder.national_id.value) == ("", cie.SAMPLE_NIS)
    assert assurance(verified.checks) == 2
    chip = next(check for check in verified.checks if check.name is CheckName.CHIP)
    assert chip.detail == f"key sha-256 {hashlib.sha256(key_file(card)).hexdigest()}"


def test_another_nis_or_another_key_than_was_signed_is_not_genuine() -> None:
    card = make_card(MINISTRY)
    other = make_card(MINISTRY)
    for forged in (
        card.with_file("1001", b"392746150284"),
        replace(card, key=other.key).with_file("1005", key_file(other)),
    ):
        refused = refusal(forged)
        assert (refused.reason, refused.check) == (RefusalReason.NOT_GENUINE, CheckName.DATA)


def test_a_clone_without_the_chip_s_key_is_found() -> None:
    clone = replace(make_card(MINISTRY), key=make_card(MINISTRY).key)
    refused = refusal(clone)
    assert (refused.reason, refused.check) == (RefusalReason.NOT_GENUINE, CheckName.CHIP)


def test_the_whole_padding_is_compared() -> None:
    """An answer that only ends in the challenge would let a forger with a chosen block through."""
    key = make_card(MINISTRY).key
    numbers = key.private_numbers()
    challenge = b"0123456789abcdef"
    for block in (
        b"\x00\x02" + b"\xff" * 237 + b"\x00" + challenge,
        b"\x00\x01" + b"\xff" * 8 + b"\x00" + bytes(229) + challenge,
        bytes(240) + challenge,
    ):
        answer = pow(int.from_bytes(block, "big"), numbers.d, numbers.public_numbers.n).to_bytes(256, "big")
        with pytest.raises(EvidenceRefused):
            cie_files.check_chip(key_file(replace(make_card(MINISTRY), key=key)), challenge, answer)


def test_only_a_document_signer_directly_under_a_pinned_italian_country_signer_counts() -> None:
    key = rsa.generate_private_key(65537, 2048)
    subject = name(country="IT", common_name="Document Signer")
    below = MINISTRY.csca.intermediate(name(country="IT", common_name="Below"), key)
    stranger = Authority.root(name(country="IT", organization="Dimostrazione", common_name="Country Signer"), key)
    citizen = MINISTRY.csca.issue(subject, key.public_key(), extended=[ExtendedKeyUsageOID.CLIENT_AUTH])
    for certificate in (below.issue(subject, key.public_key()), stranger.issue(subject, key.public_key()), citizen):
        forger = Ministry(MINISTRY.csca, key, certificate)
        assert refusal(make_card(forger)).reason is RefusalReason.NOT_TRUSTED
    brazil = Authority.root(name(country="BR", common_name="Raiz"), key)
    forger = Ministry(brazil, key, brazil.issue(subject, key.public_key()))
    assert refusal(make_card(forger), Trust((pem(brazil.certificate),), NOW)).reason is RefusalReason.NOT_TRUSTED


def test_a_small_chip_key_is_low_and_a_tiny_one_refused() -> None:
    low = identify(make_card(MINISTRY, bits=1024))
    assert {check.name: check.outcome for check in low.checks}[CheckName.KEY] is CheckOutcome.LOW
    tiny = rsa.RSAPublicNumbers(3, (1 << 2047) + 1).public_key()
    with pytest.raises(EvidenceRefused):
        cie_files.check_key(tiny.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.PKCS1))


@pytest.mark.parametrize("nis", ["111111111111", "39274615028", "39274615028A", "3927461502831"])
def test_a_nis_of_another_form_names_no_card(nis: str) -> None:
    assert refusal(make_card(MINISTRY, nis)).reason is RefusalReason.NO_IDENTITY


def test_a_card_with_ias_alone_is_none_of_these() -> None:
    def without_cie(command: bytes, answer: bytes) -> bytes:
        return b"\x6a\x82" if command[5:] == cie.CIE else answer

    with pytest.raises(CardFault) as fault:
        Cie(Lying(make_card(MINISTRY), without_cie))
    assert fault.value.trouble is CardTrouble.UNKNOWN_FAMILY


# ---- parsers ----------------------------------------------------------------------------------------------


def judged(file: bytes) -> None:
    card = make_card(MINISTRY)
    cie_files.check_security_object(file, cie.SAMPLE_NIS.encode(), key_file(card), TRUST.anchors, NOW)


@given(st.integers(0, len(OBJECT) - 1), st.binary(min_size=1, max_size=4), st.integers(0, 4))
def test_a_spoilt_security_object_is_refused_or_a_fault(at: int, garbage: bytes, cut: int) -> None:
    spoilt = OBJECT[:at] + garbage + OBJECT[at + cut :]
    with contextlib.suppress(CardFault, EvidenceRefused):
        cie_files.check_security_object(spoilt, cie.SAMPLE_NIS.encode(), b"another key", TRUST.anchors, NOW)
        assert spoilt == OBJECT


def test_a_value_nested_a_thousand_times_is_found_before_it_is_decoded() -> None:
    deep = b""
    for _ in range(1000):
        deep = tlv(b"\x30", deep)
    with pytest.raises(CardFault, match="nested too deep"):
        judged(tlv(b"\x77", deep))


@pytest.mark.parametrize(
    "file", [b"", b"\x77", b"\x77\x82\xff\xff", b"\x30\x00", b"\x77\x84\xff\xff\xff\xff", b"\x77\x02\x30\x00"]
)
def test_what_is_no_security_object_is_unreadable(file: bytes) -> None:
    with pytest.raises(CardFault):
        judged(file)


def test_a_signature_over_another_kind_of_content_does_not_count() -> None:
    other = security_object(MINISTRY, {0xA1: cie.SAMPLE_NIS.encode()}, kind="1.2.840.113549.1.7.1")
    with pytest.raises(CardFault):
        judged(other)


# ---- a witness --------------------------------------------------------------------------------------------


def test_openssl_verifies_the_emulated_security_object(tmp_path: Path) -> None:
    length = 4 if OBJECT[1] == 0x82 else 3
    (tmp_path / "sod").write_bytes(OBJECT[length:])
    (tmp_path / "csca.pem").write_text(pem(MINISTRY.csca.certificate), encoding="ascii")
    done = subprocess.run(
        ["openssl", "cms", "-verify", "-inform", "DER", "-in", str(tmp_path / "sod"), "-CAfile",
         str(tmp_path / "csca.pem"), "-purpose", "any", "-out", str(tmp_path / "content")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert hashlib.sha256(cie.SAMPLE_NIS.encode()).digest() in (tmp_path / "content").read_bytes()
