"""OpenSC's tools as independent witnesses of the emulated Belgian card, over the real pcscd."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from devices.virtual.belgium import BelgianCard, make_card
from offline_cache.contract.verification import check_signature
from tests.devices.samples import belgian_register

AUTHENTICATION = bytes.fromhex("3F00DF005038")


def certificate_of(card: BelgianCard) -> x509.Certificate:
    return x509.load_der_x509_certificate(card.files.files[AUTHENTICATION].rstrip(b"\0"))


@pytest.fixture(params=["applet-1.8", "applet-1.7"])
def card(request: pytest.FixtureRequest, seen: Callable[[BelgianCard], BelgianCard]) -> BelgianCard:
    key = rsa.generate_private_key(65537, 2048) if request.param == "applet-1.7" else None
    return seen(make_card(belgian_register(), key=key, structure_version=False))


def test_eidenv_reads_the_identity(card: BelgianCard, witness) -> None:
    said = witness("eidenv", status=1)  # it ends with 1 whatever it read
    assert "BELPIC_NATIONALNUMBER: 85073003328" in said
    assert "BELPIC_NAME: Peeters" in said
    assert "BELPIC_MUNICIPALITY: Brussel" in said


def test_pkcs15_tool_reads_the_very_certificate(card: BelgianCard, witness) -> None:
    said = x509.load_pem_x509_certificate(witness("pkcs15-tool", "--read-certificate", "02").encode())
    assert said == certificate_of(card)


def test_pkcs15_tool_lists_key_and_pin(card: BelgianCard, witness) -> None:
    said = witness("pkcs15-tool", "--dump")
    assert "PKCS#15 Card [BELPIC]" in said
    assert "Key ref        : 130 (0x82)" in said
    assert "PIN [Basic PIN]" in said


def test_pkcs11_tool_signs_with_the_older_applet(
    seen: Callable[[BelgianCard], BelgianCard], witness, tmp_path: Path
) -> None:
    card = seen(make_card(belgian_register(), key=rsa.generate_private_key(65537, 2048)))
    message, signed = tmp_path / "message", tmp_path / "signature"
    message.write_bytes(b"any message")
    witness(
        "pkcs11-tool", "--login", "--pin", "1234", "--sign", "--mechanism", "SHA256-RSA-PKCS", "--id", "02",
        "--input-file", str(message), "--output-file", str(signed),
    )  # fmt: skip
    certificate = certificate_of(card).public_bytes(serialization.Encoding.DER)
    check_signature(certificate, hashlib.sha256(message.read_bytes()).digest(), signed.read_bytes())
