"""PKCS#1 v1.5 signatures for cards that do nothing but raw RSA (RFC 8017 clause 9.2)."""

from __future__ import annotations

# RFC 8017 section 9.2, note 1: DigestInfo of SHA-256
DIGEST_INFO_SHA256 = bytes.fromhex("3031300D060960864801650304020105000420")


def encoded(digest: bytes, size: int) -> bytes:
    """EM for a SHA-256 digest and a modulus of `size` bytes: what the card has to raise to its private exponent."""
    info = DIGEST_INFO_SHA256 + digest
    return b"\x00\x01" + b"\xff" * (size - 3 - len(info)) + b"\x00" + info
