"""Both ends make the same code, nobody else does, and a digit that was misheard is noticed."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as some

from offline_cache.contract import challenge

KIOSK, CENTRE, THIEF = (Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32) for number in (1, 2, 3))


def public(key: Ed25519PrivateKey) -> str:
    return base64.b64encode(key.public_key().public_bytes_raw()).decode()


def test_kiosk_and_centre_make_the_same_code_without_having_sent_anything() -> None:
    shown = challenge.nonce(48217730)
    at_the_kiosk = challenge.code(KIOSK, public(CENTRE), "VA-017", shown)
    assert at_the_kiosk == challenge.code(CENTRE, public(KIOSK), "VA-017", shown)
    assert len(at_the_kiosk) == challenge.CODE_DIGITS
    assert at_the_kiosk.isdigit()


@settings(max_examples=30, deadline=None)
@given(some.binary(min_size=32, max_size=32), some.binary(min_size=32, max_size=32), some.integers(0, 10**9))
def test_any_two_keys_agree(one: bytes, other: bytes, drawn: int) -> None:
    a, b = Ed25519PrivateKey.from_private_bytes(one), Ed25519PrivateKey.from_private_bytes(other)
    shown = challenge.nonce(drawn)
    assert challenge.code(a, public(b), "K", shown) == challenge.code(b, public(a), "K", shown)


def test_another_number_another_kiosk_and_another_key_have_other_codes() -> None:
    shown = challenge.nonce(1)
    codes = {
        challenge.code(CENTRE, public(KIOSK), "VA-017", shown),
        challenge.code(CENTRE, public(KIOSK), "VA-018", shown),
        challenge.code(CENTRE, public(KIOSK), "VA-017", challenge.nonce(2)),
        challenge.code(THIEF, public(KIOSK), "VA-017", shown),
        challenge.code(THIEF, public(CENTRE), "VA-017", shown),
    }
    assert len(codes) == 5


@given(some.integers(0, 10**9), some.integers(0, 8), some.integers(1, 9))
def test_every_single_digit_that_was_misheard_is_noticed(drawn: int, place: int, by: int) -> None:
    shown = challenge.nonce(drawn)
    assert challenge.as_nonce(shown) == shown
    wrong = shown[:place] + str((int(shown[place]) + by) % 10) + shown[place + 1 :]
    assert challenge.as_nonce(wrong) is None


def test_the_number_may_be_written_in_groups_and_nothing_else_is_one() -> None:
    shown = challenge.nonce(48217730)
    assert challenge.as_nonce(challenge.grouped(shown, 3)) == shown
    assert challenge.grouped("482177305", 3) == "482 177 305"
    for other in ("", "12345678", "1234567890", "48217730x", "٤٨٢١٧٧٣٠٥"):
        assert challenge.as_nonce(other) is None


def test_what_is_no_key_is_refused() -> None:
    for bad in (b"", b"\x01" + bytes(31), bytes(31)):
        with pytest.raises(ValueError, match="no public key"):
            challenge.code(KIOSK, base64.b64encode(bad).decode(), "K", challenge.nonce(1))
