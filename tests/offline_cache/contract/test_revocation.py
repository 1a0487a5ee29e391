"""Revocation lists: fresh, late, missing, spoilt, and what they name."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from hypothesis import given
from hypothesis import strategies as st

from devices.virtual.authority import der, pem
from devices.virtual.icp_brasil import Icp, make_card
from offline_cache.contract.certificates import parse
from offline_cache.contract.checks import CheckName, CheckOutcome, EvidenceRefused, RefusalReason
from offline_cache.contract.revocation import RevocationLists, distribution_points
from offline_cache.contract.verification import check_chain

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
ICP = Icp.make(address="http://localhost/crl")
ANCHORS = [pem(ICP.root.certificate) + pem(ICP.issuing.certificate)]
LEAF = x509.load_der_x509_certificate(make_card(ICP, legacy=False).certificate)


def lists(at: datetime = NOW - HOUR, *revoked: x509.Certificate) -> tuple[bytes, bytes]:
    return ICP.root.revocation_list(at, *revoked), ICP.issuing.revocation_list(at, *revoked)


def judged(
    ders: tuple[bytes, ...], at: datetime | None = NOW, grace: timedelta = 24 * HOUR
) -> tuple[CheckOutcome, str]:
    checks = check_chain([der(LEAF)], ANCHORS, at, lists=RevocationLists(ders, grace))
    found = next(check for check in checks if check.name is CheckName.REVOCATION)
    return found.outcome, found.detail


def refused(ders: tuple[bytes, ...], at: datetime | None = NOW) -> EvidenceRefused:
    with pytest.raises(EvidenceRefused) as caught:
        judged(ders, at)
    return caught.value


def test_fresh_lists_of_the_whole_chain_pass() -> None:
    assert judged(lists()) == (CheckOutcome.PASSED, "")


def test_a_list_that_is_late_passes_within_the_grace_and_says_so() -> None:
    outcome, detail = judged(lists(NOW - 30 * HOUR))
    assert (outcome, detail) == (CheckOutcome.PASSED, "the revocation list is 6 h late, within the grace")


def test_a_list_that_is_later_than_the_grace_proves_nothing() -> None:
    outcome, detail = judged(lists(NOW - 60 * HOUR))
    assert (outcome, detail) == (CheckOutcome.NOT_CHECKED, "the revocation list is 36 h late")
    assert judged(lists(NOW - 30 * HOUR), grace=HOUR)[0] is CheckOutcome.NOT_CHECKED


@pytest.mark.parametrize("kept", [0, 1], ids=["only-the-root-s", "only-the-issuer-s"])
def test_without_the_list_of_every_authority_nothing_is_claimed(kept: int) -> None:
    assert judged((lists()[kept],))[0] is CheckOutcome.NOT_CHECKED


def test_without_lists_nothing_is_claimed() -> None:
    assert judged(())[0] is CheckOutcome.NOT_CHECKED


@pytest.mark.parametrize("hours", [1, 30, 60], ids=["fresh", "late", "too-late"])
@pytest.mark.parametrize("at", [NOW, None], ids=["clock", "no-clock"])
def test_what_a_list_names_is_refused_however_old_the_list(hours: int, at: datetime | None) -> None:
    for revoked in (LEAF, ICP.issuing.certificate):
        refusal = refused(lists(NOW - hours * HOUR, revoked), at)
        assert (refusal.reason, refusal.check) == (RefusalReason.REVOKED, CheckName.REVOCATION)


def test_without_a_trusted_clock_no_list_is_called_fresh() -> None:
    assert judged(lists(), None) == (CheckOutcome.NOT_CHECKED, "the clock is not trusted")


def test_a_list_of_another_authority_with_the_same_name_counts_for_nothing() -> None:
    other = Icp.make()
    strange = other.root.revocation_list(NOW - HOUR), other.issuing.revocation_list(NOW - HOUR)
    assert judged(strange)[0] is CheckOutcome.NOT_CHECKED


def test_a_list_from_the_future_does_not_count_yet() -> None:
    assert judged(lists(NOW + 2 * HOUR))[0] is CheckOutcome.NOT_CHECKED


@given(st.binary(max_size=60), st.integers(0, 400))
def test_spoilt_lists_never_pass_and_break_nothing(garbage: bytes, at: int) -> None:
    root, issuing = lists()
    spoilt = issuing[:at] + garbage + issuing[at + len(garbage) + 1 :]
    assert judged((root, spoilt))[0] is CheckOutcome.NOT_CHECKED


def test_the_addresses_of_the_lists_stand_in_the_certificates() -> None:
    assert distribution_points(parse(der(LEAF))) == ("http://localhost/crl/emissora.crl",)
    assert distribution_points(parse(der(ICP.issuing.certificate))) == ("http://localhost/crl/raiz.crl",)
    assert distribution_points(parse(der(ICP.root.certificate))) == ()
