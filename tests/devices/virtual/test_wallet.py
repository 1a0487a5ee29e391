from __future__ import annotations

import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from devices.virtual import wallet
from offline_cache.contract.checks import EvidenceRefused
from offline_cache.contract.verification import check_chain, holder_of

NOW = datetime(2026, 6, 1, tzinfo=UTC)


def test_every_sample_card_names_its_made_up_holder(cards: Path) -> None:
    assert wallet.names(cards) == ["maria", "joao", "ana", "bia", "teo"]
    for name in wallet.names(cards):
        person = wallet.person(cards, name)
        holder = holder_of(wallet.load(cards, name).certificate)
        assert (holder.name, holder.national_id.value) == (person.holder, person.cpf)


@pytest.mark.parametrize(
    ("name", "verdict"), [("maria", None), ("joao", None), ("teo", None), ("ana", "not-trusted"), ("bia", "expired")]
)
def test_the_anchors_trust_whom_they_should(cards: Path, name: str, verdict: str | None) -> None:
    certificates = [wallet.load(cards, name).certificate]
    if verdict is None:
        assert check_chain(certificates, [wallet.anchors(cards)], NOW)
    else:
        with pytest.raises(EvidenceRefused) as refused:
            check_chain(certificates, [wallet.anchors(cards)], NOW)
        assert refused.value.reason == verdict


def test_a_wallet_is_made_once_and_keeps_its_keys_to_itself(cards: Path) -> None:
    before = {path.name: path.read_bytes() for path in cards.iterdir()}
    wallet.make_wallet(cards)
    assert {path.name: path.read_bytes() for path in cards.iterdir()} == before
    assert {stat.S_IMODE(path.stat().st_mode) for path in cards.glob("*.key")} == {0o600}


def test_a_card_that_is_not_there_is_named(cards: Path) -> None:
    with pytest.raises(KeyError, match="no card pedro"):
        wallet.load(cards, "pedro")
