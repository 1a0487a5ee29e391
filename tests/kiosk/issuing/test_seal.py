from __future__ import annotations

import base64
import hashlib

import pytest

from kiosk.catalog.model import SealingKey
from kiosk.issuing import seal


@pytest.fixture
def pair():
    private, public = seal.new_key()
    return private, SealingKey(key_id="k1", public_key=base64.b64encode(public).decode())


def test_what_was_sealed_opens_with_the_private_half_and_the_same_associated_data(pair):
    private, key = pair
    assert seal.open_sealed(seal.seal(b"payload", key, b"bound"), private, b"bound") == b"payload"


def test_other_associated_data_does_not_open_it(pair):
    private, key = pair
    with pytest.raises(seal.SealError):
        seal.open_sealed(seal.seal(b"payload", key, b"bound"), private, b"other")


def test_another_key_does_not_open_it(pair):
    _, key = pair
    with pytest.raises(seal.SealError):
        seal.open_sealed(seal.seal(b"payload", key, b"bound"), seal.new_key()[0], b"bound")


@pytest.mark.parametrize("place", [0, 31, 32, -1])
def test_one_changed_byte_does_not_open_it(pair, place):
    private, key = pair
    sealed = bytearray(seal.seal(b"payload", key, b"bound"))
    sealed[place] ^= 1
    with pytest.raises(seal.SealError):
        seal.open_sealed(bytes(sealed), private, b"bound")


@pytest.mark.parametrize("cut", [b"", b"short"])
def test_bytes_too_short_to_be_sealed_do_not_open(pair, cut):
    with pytest.raises(seal.SealError):
        seal.open_sealed(cut, pair[0], b"bound")


@pytest.mark.parametrize("public_key", ["AAAA", "not base64!"])
def test_a_key_that_is_none_is_refused_by_its_id(public_key):
    with pytest.raises(seal.SealError, match="k1"):
        seal.seal(b"payload", SealingKey(key_id="k1", public_key=public_key), b"")


def test_sealing_twice_gives_other_bytes_that_hold_nothing_in_clear(pair):
    _, key = pair
    first, second = seal.seal(b"Maria" * 9, key, b""), seal.seal(b"Maria" * 9, key, b"")
    assert first != second
    assert b"Maria" not in first


def test_the_fingerprint_is_sha_256_of_the_sealed_bytes():
    assert seal.fingerprint(b"x") == hashlib.sha256(b"x").hexdigest()
