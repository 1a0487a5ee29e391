"""OpenSC's tools as independent witnesses of the emulated card, over the real pcscd."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import utils

from devices.virtual import wallet
from devices.virtual.piv import PivCard
from offline_cache.contract.verification import check_signature


@pytest.fixture(params=["maria", "joao"])
def name(request: pytest.FixtureRequest, seen: Callable[[PivCard], PivCard], cards: Path) -> str:
    """A card that pcscd has seen."""
    seen(wallet.load(cards, request.param))
    return str(request.param)


def test_piv_tool_names_the_card(name: str, witness) -> None:
    assert "Personal Identity Verification Card" in witness("piv-tool", "-n")


def test_pkcs15_tool_reads_the_very_certificate(name: str, witness, cards: Path) -> None:
    read = x509.load_pem_x509_certificate(witness("pkcs15-tool", "--read-certificate", "01").encode())
    assert read.public_bytes(serialization.Encoding.DER) == wallet.load(cards, name).certificate


def test_pkcs11_tool_signs_after_the_pin(name: str, witness, cards: Path, tmp_path: Path) -> None:
    message, signed = tmp_path / "message", tmp_path / "signature"
    message.write_bytes(os.urandom(100))
    mechanism = "SHA256-RSA-PKCS" if name == "maria" else "ECDSA-SHA256"
    witness(
        "pkcs11-tool", "--login", "--pin", "123456", "--sign", "--mechanism", mechanism, "--id", "01",
        "--input-file", str(message), "--output-file", str(signed),
    )  # fmt: skip
    signature = signed.read_bytes()
    if name == "joao":  # PKCS#11 gives r and s side by side
        r, s = signature[:32], signature[32:]
        signature = utils.encode_dss_signature(int.from_bytes(r, "big"), int.from_bytes(s, "big"))
    check_signature(wallet.load(cards, name).certificate, hashlib.sha256(message.read_bytes()).digest(), signature)
