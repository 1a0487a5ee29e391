"""A seal holds by the published keys alone, and only as it was made. The centre's own code signs; this code reads."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from central import sealing
from central.sealing import SealKey
from kiosk.issuing import document_seal, tracking
from kiosk.issuing.document_seal import KeyListError, PublishedKey, Refusal, SealedClaims, published_keys, verify

NOW = datetime(2026, 11, 24, 17, 5, tzinfo=UTC)
KEY = SealKey("document-20261101", Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
KEYS = {KEY.key_id: PublishedKey(KEY.public_raw)}
CODE = tracking.document_code(bytes(range(10)))
CLAIMS = SealedClaims(
    number="2026/018.442-7", code=CODE, service="certidao-negativa", holder_masked="***.982.247-**", issued=NOW,
    expires=NOW + timedelta(days=90), without_value=False,
)  # fmt: skip
URL = "https://vilaaurora.example/v/"
SEAL = sealing.seal(KEY, CLAIMS)
ADDRESS = sealing.address(URL, CODE, SEAL)


def armoured(sealed, code=CODE):
    return sealing.address(URL, code, sealed)


def parts():
    protected, unprotected, payload, signature = cbor2.loads(SEAL).value
    return [protected, unprotected, payload, signature]


def message(tag=18, **changed):
    fields = dict(zip(("protected", "unprotected", "payload", "signature"), parts(), strict=True)) | changed
    return armoured(cbor2.dumps(cbor2.CBORTag(tag, list(fields.values()))))


def test_what_the_centre_sealed_holds_and_says_what_the_paper_says():
    verdict = verify(ADDRESS, KEYS, NOW)
    assert (verdict.refusal, verdict.key_id, verdict.claims) == (None, KEY.key_id, CLAIMS)


def test_a_code_in_the_address_may_be_typed_in_any_way():
    typed = ADDRESS.replace(CODE, CODE.lower().replace("-", ""))
    assert verify(typed, KEYS, NOW).refusal is None


def test_a_simulations_document_says_that_it_is_worth_nothing():
    sealed = sealing.seal(KEY, replace(CLAIMS, without_value=True))
    assert verify(armoured(sealed), KEYS, NOW).claims.without_value


@pytest.mark.parametrize("address", [CODE, f"{URL}{CODE}", f"{URL}{CODE}#", ""])
def test_a_code_alone_proves_nothing(address):
    assert verify(address, KEYS, NOW).refusal is Refusal.NO_SEAL


def test_the_code_in_the_address_must_be_the_sealed_one():
    for other in (tracking.document_code(bytes(10)), CODE[:-1], ""):
        assert verify(armoured(SEAL, other), KEYS, NOW).refusal is Refusal.OTHER_CODE


def test_a_document_holds_through_its_last_second_and_no_longer():
    assert verify(ADDRESS, KEYS, CLAIMS.expires).refusal is None
    late = verify(ADDRESS, KEYS, CLAIMS.expires + timedelta(seconds=1))
    assert (late.refusal, late.claims) == (Refusal.EXPIRED, CLAIMS)


def test_a_key_that_is_not_published_is_named_and_not_believed():
    verdict = verify(ADDRESS, {"document-2020": KEY.public_raw}, NOW)
    assert (verdict.refusal, verdict.key_id, verdict.claims) == (Refusal.UNKNOWN_KEY, KEY.key_id, None)


def test_another_key_under_a_published_name_is_found_out():
    forger = SealKey(KEY.key_id, Ed25519PrivateKey.generate())
    verdict = verify(armoured(sealing.seal(forger, CLAIMS)), KEYS, NOW)
    assert (verdict.refusal, verdict.claims) == (Refusal.SIGNATURE, None)


@given(st.integers(0, len(SEAL) * 8 - 1))
def test_a_seal_with_any_bit_changed_is_not_taken(bit):
    changed = bytearray(SEAL)
    changed[bit // 8] ^= 1 << (bit % 8)
    verdict = verify(armoured(bytes(changed)), KEYS, NOW)
    assert verdict.refusal in {Refusal.UNREADABLE, Refusal.UNKNOWN_KEY, Refusal.SIGNATURE}
    assert verdict.claims is None


@given(st.binary(max_size=300))
def test_whatever_bytes_stand_for_a_seal_are_refused_quietly(sealed):
    assert verify(armoured(sealed), KEYS, NOW).refusal in {Refusal.UNREADABLE, Refusal.UNKNOWN_KEY, Refusal.NO_SEAL}


@given(st.text(max_size=120))
def test_whatever_is_scanned_gets_an_answer(text):
    assert verify(text, KEYS, NOW).refusal is not None


@pytest.mark.parametrize(
    "hostile",
    [b"\xc4\x82\x1b" + b"\x7f" + b"\xff" * 7 + b"\x01", b"\x81" * 1500, b"\x9b\x7f" + b"\xff" * 7, b"\xd8\x23\x61("],
    ids=["huge-decimal", "deep", "long", "pattern"],
)
def test_what_a_decoder_chokes_on_is_unreadable(hostile):
    assert verify(armoured(hostile), KEYS, NOW).refusal is Refusal.UNREADABLE


def test_another_message_than_a_signature_of_one_is_unreadable():
    protected = cbor2.loads(parts()[0])
    for address in (
        message(tag=98),
        message(payload=None),
        message(protected=cbor2.dumps(protected | {1: -7})),
        message(protected=cbor2.dumps(protected | {2: [1]})),
        armoured(SEAL + b"\x00"),
        armoured(cbor2.dumps(parts())),
        f"{ADDRESS}=",
        f"{ADDRESS[:-4]}+/+/",
        ADDRESS + "A" * 3000,
    ):
        assert verify(address, KEYS, NOW).refusal is Refusal.UNREADABLE


@pytest.mark.parametrize("claim", [document_seal.CODE, document_seal.EXPIRES, document_seal.SUBJECT])
@pytest.mark.parametrize("value", [None, [], 10**30])
def test_signed_claims_that_are_none_are_unreadable(claim, value):
    claims = cbor2.loads(parts()[2]) | {claim: value}
    protected, _, _, _ = parts()
    payload = cbor2.dumps(claims)
    signature = KEY.private.sign(cbor2.dumps(["Signature1", protected, b"", payload]))
    assert verify(message(payload=payload, signature=signature), KEYS, NOW).refusal is Refusal.UNREADABLE


def listed(**changed):
    public = base64.b64encode(KEY.public_raw).decode()
    return json.dumps({"keys": [{"key_id": KEY.key_id, "algorithm": "Ed25519", "public_key": public} | changed]})


def test_the_published_list_gives_its_keys():
    assert published_keys(listed()) == KEYS


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"keys": []}', '{"keys": 7}', listed(algorithm="ES256"), listed(public_key="AAAA"),
     listed(public_key="é"), "<html>welcome to this network</html>"],
)  # fmt: skip
def test_what_is_no_list_of_keys_is_refused(text):
    with pytest.raises(KeyListError):
        published_keys(text)
