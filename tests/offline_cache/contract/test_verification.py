from __future__ import annotations

import base64
import contextlib
import os
from datetime import timedelta
from random import Random

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from hypothesis import given
from hypothesis import strategies as st

from kiosk.journey.state import CardTrouble
from offline_cache.contract.checks import CheckOutcome, EvidenceRefused, RefusalReason
from offline_cache.contract.evidence import Evidence, Purpose, Statement
from offline_cache.contract.national_ids import NationalId, Scheme, is_valid
from offline_cache.contract.verification import check_chain, check_signature, holder_of, verify
from tests.offline_cache.contract.authority import (
    BEGIN,
    CPF,
    END,
    NOW,
    OTHER_CPF,
    Authority,
    Key,
    pem,
    person_data,
    usage,
)

ROOT = Authority()
ANCHORS = [pem(ROOT.certificate)]
KEY = ec.generate_private_key(ec.SECP256R1())
LEAF = ROOT.issue(KEY, others=(person_data(),))


def refusal(certificates: list[bytes], anchors: list[str] = ANCHORS) -> RefusalReason:
    with pytest.raises(EvidenceRefused) as refused:
        check_chain(certificates, anchors, NOW)
    return refused.value.reason


def no_identity(certificate: bytes) -> str:
    with pytest.raises(EvidenceRefused) as refused:
        holder_of(certificate)
    assert refused.value.reason is RefusalReason.NO_IDENTITY
    return refused.value.detail


# ---- who it names -----------------------------------------------------------------------------------------


def test_the_cpf_is_taken_from_the_serial_number_and_the_name_without_its_digits() -> None:
    holder = holder_of(ROOT.issue(KEY))
    assert (holder.name, holder.national_id) == ("Maria das Dores Oliveira", NationalId(Scheme.CPF, CPF))


@pytest.mark.parametrize("tag", [0x04, 0x0C, 0x13, 0x16])
def test_the_cpf_is_taken_from_the_other_name_in_each_form_that_was_seen(tag: int) -> None:
    assert holder_of(ROOT.issue(KEY, serial_number=None, others=(person_data(tag=tag),))).national_id.value == CPF


def test_both_places_may_agree() -> None:
    assert holder_of(ROOT.issue(KEY, others=(person_data(),))).national_id.value == CPF


def test_two_places_that_disagree_name_nobody() -> None:
    assert "two different" in no_identity(ROOT.issue(KEY, others=(person_data(OTHER_CPF),)))
    two = (person_data(CPF), person_data(OTHER_CPF))
    assert "two different" in no_identity(ROOT.issue(KEY, serial_number=None, others=two))


def test_the_digits_of_the_common_name_prove_nothing() -> None:
    assert "no CPF" in no_identity(ROOT.issue(KEY, serial_number=None))


@pytest.mark.parametrize("number", ["11222333000181", "CNPJ:11222333000181"])
def test_a_company_is_not_a_person(number: str) -> None:
    assert "company" in no_identity(ROOT.issue(KEY, serial_number=number, others=(person_data(),)))


@pytest.mark.parametrize("cpf", ["52998224724", "11111111111", "00000000000"])
def test_wrong_check_digits_and_repeated_digits_are_refused(cpf: str) -> None:
    assert "check digits" in no_identity(ROOT.issue(KEY, serial_number=cpf))


@pytest.mark.parametrize("value", [b"\x02\x01\x05", b"\x04\x05short", b"\x04\x13" + b"x" * 19, b"\x04\x00"])
def test_an_other_name_of_another_form_names_nobody(value: bytes) -> None:
    assert no_identity(ROOT.issue(KEY, serial_number=None, others=(value,)))


def test_control_characters_never_reach_screen_or_printer() -> None:
    name = holder_of(ROOT.issue(KEY, name="Ma\x1bri\x00a\u202e das\r\n Dores:52998224725")).name
    assert name == "Maria das Dores"


def test_a_name_of_nothing_is_no_name() -> None:
    assert "no name" in no_identity(ROOT.issue(KEY, name="\x01:52998224725"))


@given(st.text(max_size=20))
def test_only_eleven_plain_digits_can_be_a_cpf(text: str) -> None:
    assert not is_valid(NationalId(Scheme.CPF, text)) or (len(text) == 11 and text.isascii() and text.isdigit())


# ---- whether it is trusted --------------------------------------------------------------------------------


def test_a_sound_certificate_passes_everything_and_revocation_is_not_claimed() -> None:
    checks = {check.name: check.outcome for check in check_chain([ROOT.issue(KEY)], ANCHORS, NOW)}
    assert checks.pop("revocation") is CheckOutcome.NOT_CHECKED
    assert set(checks) == {"key", "policy", "usage", "chain", "validity"}
    assert set(checks.values()) == {CheckOutcome.PASSED}


def test_an_intermediate_may_come_with_the_card_or_with_the_anchors_but_is_no_root() -> None:
    issuing = Authority("Emissora", issuer=ROOT)
    leaf = issuing.issue(KEY)
    assert check_chain([leaf], [*ANCHORS, pem(issuing.certificate)], NOW)
    assert check_chain([leaf], [ANCHORS[0] + pem(issuing.certificate)], NOW)
    assert refusal([leaf]) is RefusalReason.NOT_TRUSTED
    assert refusal([leaf], [pem(issuing.certificate)]) is RefusalReason.NOT_TRUSTED


def test_a_certificate_of_a_stranger_with_the_root_s_name_is_not_trusted() -> None:
    assert refusal([Authority().issue(KEY)]) is RefusalReason.NOT_TRUSTED


def test_a_person_s_certificate_issues_no_others() -> None:
    person = Authority("Pessoa", issuer=ROOT, ca=False)
    assert refusal([person.issue(KEY)], [*ANCHORS, pem(person.certificate)]) is RefusalReason.NOT_TRUSTED


@pytest.mark.parametrize("at", [BEGIN - timedelta(seconds=1), END + timedelta(seconds=1)])
def test_outside_its_dates_a_certificate_is_expired_and_not_merely_untrusted(at: object) -> None:
    with pytest.raises(EvidenceRefused) as refused:
        check_chain([ROOT.issue(KEY)], ANCHORS, at)  # type: ignore[arg-type]
    assert refused.value.reason is RefusalReason.EXPIRED


def test_an_expired_certificate_of_a_stranger_is_untrusted_first() -> None:
    assert refusal([Authority().issue(KEY, end=BEGIN + timedelta(days=1))]) is RefusalReason.NOT_TRUSTED


def test_an_expired_authority_is_said_to_be_expired() -> None:
    issuing = Authority("Emissora", issuer=ROOT, end=BEGIN + timedelta(days=1))
    assert refusal([issuing.issue(KEY)], [*ANCHORS, pem(issuing.certificate)]) is RefusalReason.EXPIRED


def test_without_a_trusted_clock_the_dates_are_reported_as_not_checked() -> None:
    checks = check_chain([ROOT.issue(KEY, end=BEGIN + timedelta(days=1))], ANCHORS, None)
    assert {check.name: check.outcome for check in checks}["validity"] is CheckOutcome.NOT_CHECKED


def test_without_anchors_nobody_is_trusted() -> None:
    assert refusal([ROOT.issue(KEY)], []) is RefusalReason.NOT_TRUSTED


@pytest.mark.parametrize("policy", [None, "2.16.76.1.2.1.1", "2.16.76.1.2.201.1", "2.16.76.1.2.3", "2.16.76.1.2.33.1"])
def test_only_the_policies_of_keys_kept_in_a_device_are_accepted(policy: str | None) -> None:
    assert refusal([ROOT.issue(KEY, policy=policy)]) is RefusalReason.NOT_TRUSTED


def test_a_key_that_may_not_sign_is_refused() -> None:
    assert refusal([ROOT.issue(KEY, key_usage=usage(key_encipherment=True))]) is RefusalReason.NOT_TRUSTED


@pytest.mark.parametrize(
    "key",
    [
        rsa.generate_private_key(65537, 1024),
        rsa.generate_private_key(3, 2048),
        ec.generate_private_key(ec.SECP256K1()),
        ec.generate_private_key(ec.SECP521R1()),
    ],
    ids=["rsa-1024", "rsa-e3", "secp256k1", "p-521"],
)
def test_weak_and_unusual_keys_are_refused(key: Key) -> None:
    assert refusal([ROOT.issue(key)]) is RefusalReason.WEAK_KEY


@pytest.mark.parametrize("garbage", [b"", b"\x30", b"\x30\x80", b"not a certificate", b"\x30\x03\x02\x01\x01"])
def test_what_is_not_a_certificate_is_not_trusted(garbage: bytes) -> None:
    assert refusal([garbage]) is RefusalReason.NOT_TRUSTED


def test_a_certificate_with_bytes_changed_anywhere_is_refused_and_breaks_nothing() -> None:
    certificate = ROOT.issue(KEY, others=(person_data(),))
    for at in range(len(certificate)):
        changed = bytearray(certificate)
        changed[at] ^= 0x41
        with pytest.raises(EvidenceRefused):
            check_chain([bytes(changed)], ANCHORS, NOW)


@given(st.randoms(use_true_random=False))
def test_spoilt_certificates_are_refused_and_nothing_else_happens(random: Random) -> None:
    spoilt = bytearray(LEAF)
    for _ in range(random.randint(1, 4)):
        at = random.randrange(len(spoilt))
        spoilt[at : at + random.randint(0, 3)] = random.randbytes(random.randint(1, 3))
    for judge in (
        lambda: check_chain([bytes(spoilt)], ANCHORS, NOW),
        lambda: holder_of(bytes(spoilt)),
        lambda: check_signature(bytes(spoilt), bytes(32), b"\x30\x00"),
    ):
        with contextlib.suppress(EvidenceRefused):
            judge()


# ---- whether the card was there ---------------------------------------------------------------------------


def evidence(key: Key, certificate: bytes, **changed: object) -> Evidence:
    nonce = base64.b64encode(os.urandom(32)).decode("ascii")
    statement = Statement(
        purpose=Purpose.LOOKUP, kiosk="k", session="s", service="iptu", nonce=nonce, nonce_of_centre=True
    )
    digest, hashed = statement.digest(), Prehashed(hashes.SHA256())
    if isinstance(key, rsa.RSAPrivateKey):
        signature = key.sign(digest, padding.PKCS1v15(), hashed)
    else:
        signature = key.sign(digest, ec.ECDSA(hashed))
    return Evidence(
        statement=statement.model_copy(update=changed),
        certificates=(base64.b64encode(certificate).decode("ascii"),),
        signature=base64.b64encode(signature).decode("ascii"),
    )


def not_genuine(proof: Evidence) -> None:
    with pytest.raises(EvidenceRefused) as refused:
        verify(proof, ANCHORS, NOW)
    assert refused.value.reason is RefusalReason.NOT_GENUINE


@pytest.mark.parametrize(
    "key",
    [rsa.generate_private_key(65537, 2048), KEY, ec.generate_private_key(ec.SECP384R1())],
    ids=["rsa", "p-256", "p-384"],
)
def test_a_signature_of_the_named_key_proves_the_holder(key: Key) -> None:
    verified = verify(evidence(key, ROOT.issue(key)), ANCHORS, NOW)
    assert verified.holder.national_id.value == CPF
    assert verified.checks[-1].name == "holder"


@pytest.mark.parametrize(
    "changed",
    [{"purpose": Purpose.COMMIT}, {"kiosk": "k2"}, {"session": "s2"}, {"service": "x"}, {"nonce": "AAAA"}],
    ids=str,
)
def test_a_signature_serves_for_its_own_statement_only(changed: dict[str, object]) -> None:
    not_genuine(evidence(KEY, ROOT.issue(KEY), **changed))


def test_a_copied_certificate_without_its_key_proves_nothing() -> None:
    not_genuine(evidence(ec.generate_private_key(ec.SECP256R1()), ROOT.issue(KEY)))


@pytest.mark.parametrize("field", ["certificates", "signature"])
def test_evidence_that_is_not_base64_is_refused(field: str) -> None:
    broken = "***" if field == "signature" else ("***",)
    not_genuine(evidence(KEY, ROOT.issue(KEY)).model_copy(update={field: broken}))


def test_a_nonce_that_is_not_base64_is_refused() -> None:
    not_genuine(evidence(KEY, ROOT.issue(KEY), nonce="***"))


def test_every_reason_is_a_trouble_that_the_journey_has_words_for() -> None:
    assert {reason.value for reason in RefusalReason} <= {trouble.value for trouble in CardTrouble}


def test_a_refusal_s_text_and_cause_hold_nothing_of_the_holder() -> None:
    with pytest.raises(EvidenceRefused) as refused:
        check_chain([Authority("Outra").issue(KEY)], ANCHORS, NOW)
    assert CPF not in str(refused.value)
    assert refused.value.__suppress_context__
