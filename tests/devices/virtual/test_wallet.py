from __future__ import annotations

import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from devices import revocation_cache, session
from devices.cards.base import Trust
from devices.virtual import wallet
from offline_cache.contract.checks import CheckName, EvidenceRefused, passed
from offline_cache.contract.revocation import lists_for
from offline_cache.contract.verification import check_chain, holder_of
from tests.devices.direct import Direct

NOW = datetime(2026, 6, 1, tzinfo=UTC)


def test_every_sample_card_names_its_made_up_holder(cards: Path) -> None:
    others = ["lotte", "giulia", "marco", "rita"]
    assert wallet.names(cards) == ["maria", "joao", "ana", "bia", "teo", "rui", *others]
    for name in set(wallet.names(cards)) - set(others):
        person = wallet.person(cards, name)
        holder = holder_of(wallet.load(cards, name).certificate)
        assert (holder.name, holder.national_id.value) == (person.holder, person.cpf)


@pytest.mark.parametrize(
    ("name", "verdict"),
    [
        ("maria", None), ("joao", None), ("teo", None), ("ana", "not-trusted"), ("bia", "expired"), ("rui", "revoked"),
    ],
)  # fmt: skip
def test_the_anchors_trust_whom_they_should(cards: Path, name: str, verdict: str | None) -> None:
    certificates = [wallet.load(cards, name).certificate]
    anchors = [wallet.anchors(cards)]
    lists = lists_for(certificates, anchors, lambda name: revocation_cache.read(cards / wallet.LISTS, name))
    if verdict is None:
        checks = check_chain(certificates, anchors, NOW, lists=lists)
        assert passed(CheckName.REVOCATION) in checks
    else:
        with pytest.raises(EvidenceRefused) as refused:
            check_chain(certificates, anchors, NOW, lists=lists)
        assert refused.value.reason == verdict


def test_a_wallet_is_made_once_and_keeps_its_keys_to_itself(cards: Path) -> None:
    before = {path.name: path.read_bytes() for path in cards.iterdir() if path.is_file()}
    wallet.make_wallet(cards)
    assert {path.name: path.read_bytes() for path in cards.iterdir() if path.is_file()} == before
    assert {stat.S_IMODE(path.stat().st_mode) for path in cards.glob("*.key")} == {0o600}


def test_a_card_that_is_not_there_is_named(cards: Path) -> None:
    with pytest.raises(KeyError, match="no card pedro"):
        wallet.load(cards, "pedro")


@pytest.mark.parametrize(
    ("name", "family", "level"),
    [("maria", "piv-icp-brasil", 1), ("lotte", "belgian-eid", 2), ("giulia", "cns", 1), ("marco", "cie", 2)],
)
def test_every_family_of_the_wallet_is_known_and_its_lists_are_fresh(
    cards: Path, monkeypatch: pytest.MonkeyPatch, name: str, family: str, level: int
) -> None:
    anchors = (wallet.anchors(cards),)
    lists = lambda ders: lists_for(ders, anchors, lambda name: revocation_cache.read(cards / wallet.LISTS, name))  # noqa: E731
    monkeypatch.setattr(session, "Connection", lambda: Direct(wallet.insertable(cards, name)))
    visit = session.CardSession()
    said = visit.read(Trust(anchors, NOW, lists), ["piv-icp-brasil", "belgian-eid", "cns", "cie"])
    said |= visit.complete() or {}
    assert (said.get("family"), said["assurance"]) == (family, level)
    outcomes = {check["name"]: check["outcome"] for check in said["checks"]}
    assert outcomes["revocation"] == ("not-checked" if family == "cie" else "passed")
