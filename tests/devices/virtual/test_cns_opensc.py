"""OpenSC's tools as independent witnesses of the emulated CNS, over the real pcscd."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from devices.virtual.cns import CnsCard, make_card
from offline_cache.contract.verification import check_signature
from tests.devices.samples import italian_issuer


@pytest.fixture
def card(seen: Callable[[CnsCard], CnsCard]) -> CnsCard:
    return seen(make_card(italian_issuer()))


def test_opensc_knows_a_cns_and_its_holder(card: CnsCard, witness) -> None:
    assert "CNS card" in witness("opensc-tool", "--name")
    said = witness("pkcs15-tool", "--dump")
    assert "PKCS#15 Card [GIULIA BIANCHI]" in said
    assert "Serial number  : 7430099900000001" in said


def test_pkcs11_tool_signs_after_the_pin_with_the_certificate_it_reads(card: CnsCard, witness, tmp_path: Path) -> None:
    message, signed = tmp_path / "message", tmp_path / "signature"
    message.write_bytes(b"any message")
    witness(
        "pkcs11-tool", "--login", "--pin", "12345", "--sign", "--mechanism", "SHA256-RSA-PKCS", "--id", "01",
        "--input-file", str(message), "--output-file", str(signed),
    )  # fmt: skip
    read = x509.load_pem_x509_certificate(witness("pkcs15-tool", "--read-certificate", "01").encode())
    certificate = read.public_bytes(serialization.Encoding.DER)
    check_signature(certificate, hashlib.sha256(message.read_bytes()).digest(), signed.read_bytes())
