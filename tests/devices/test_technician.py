"""A technician's card through the real pcscd and the worker; a citizen's card is nobody there, and the reverse."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from devices.virtual import wallet
from devices.virtual.authority import pem
from devices.virtual.piv import PivCard
from devices.virtual.technician import make_card, make_operator
from devices.virtual.vpcd import VirtualReader
from tests.devices.conftest import Event, Listener
from tests.devices.samples import SAMPLES

NOW = datetime(2026, 6, 1, tzinfo=UTC)
OPERATOR = make_operator()
Listen = Callable[..., Listener]


def look(listener: Listener, site: str = "VA-017", held: bytes | None = b"") -> Event:
    revocation_list = OPERATOR.revocation_list(NOW) if held == b"" else held
    listener.worker.look_for_technician([pem(OPERATOR.certificate)], revocation_list, NOW, site)
    return listener.named("technician", "no-technician", "technician-refused")


def prove(listener: Listener, pin: str) -> Event:
    digits = bytearray(pin.encode())
    listener.worker.prove_technician(digits)
    assert digits == bytes(len(digits))
    return listener.named("technician-proved", "technician-pin-refused", "technician-refused", "no-technician")


def insert(slot: VirtualReader, listener: Listener, card: PivCard) -> PivCard:
    slot.insert(card)
    listener.card_is(present=True)
    return card


def test_the_card_names_role_and_sites_and_the_pin_proves_who_holds_it(slot: VirtualReader, listen: Listen) -> None:
    listener = listen()
    insert(slot, listener, make_card(OPERATOR))
    seen = look(listener)
    assert (seen["event"], seen["name"]) == ("technician", "Rita Lima")
    assert (seen["role"], seen["sites"]) == ("technician", ["VA-*"])
    assert prove(listener, "000000") == {"event": "technician-pin-refused", "tries_left": 2}
    assert prove(listener, "123456") == {"event": "technician-proved"}
    assert prove(listener, "123456")["trouble"] == "unreadable"  # proven once; the card has forgotten its PIN


def test_the_last_try_is_left_alone(slot: VirtualReader, listen: Listen) -> None:
    listener = listen()
    card = insert(slot, listener, make_card(OPERATOR))
    look(listener)
    assert prove(listener, "000000")["tries_left"] == 2
    assert prove(listener, "000000")["trouble"] == "last-try"
    assert look(listener)["trouble"] == "last-try"
    assert card.tries_left == 1


def test_a_key_that_is_not_the_certificate_s_is_not_genuine(slot: VirtualReader, listen: Listen) -> None:
    listener = listen()
    real, other = make_card(OPERATOR), make_card(OPERATOR)
    insert(slot, listener, PivCard(other.key, real.certificate, "123456"))
    look(listener)
    assert prove(listener, "123456")["trouble"] == "not-genuine"


def test_a_citizen_s_card_is_nobody_and_stays_readable_for_its_citizen(
    slot: VirtualReader, listen: Listen, cards: Path
) -> None:
    listener = listen()
    insert(slot, listener, wallet.load(cards, "maria"))
    assert look(listener) == {"event": "no-technician"}
    listener.worker.read([wallet.anchors(cards)], NOW, ["piv-icp-brasil"])
    assert listener.read_whole()["event"] == "identity"


def test_a_card_of_another_kind_is_nobody(slot: VirtualReader, listen: Listen) -> None:
    listener = listen()
    slot.insert(SAMPLES["cns"].make())
    listener.card_is(present=True)
    assert look(listener) == {"event": "no-technician"}


def test_a_technician_s_card_names_no_citizen(slot: VirtualReader, listen: Listen, cards: Path) -> None:
    listener = listen()
    insert(slot, listener, make_card(OPERATOR))
    listener.worker.read([wallet.anchors(cards) + pem(OPERATOR.certificate)], NOW, ["piv-icp-brasil"])
    assert listener.read_whole()["trouble"] == "not-trusted"


def test_another_site_and_a_missing_list_are_told(slot: VirtualReader, listen: Listen) -> None:
    listener = listen()
    insert(slot, listener, make_card(OPERATOR))
    assert look(listener, site="SP-001")["trouble"] == "other-site"
    assert look(listener, held=None)["trouble"] == "no-list"


def test_a_card_taken_out_before_its_pin_proves_nobody(slot: VirtualReader, listen: Listen) -> None:
    listener = listen()
    insert(slot, listener, make_card(OPERATOR))
    look(listener)
    slot.remove()
    listener.card_is(present=False)
    assert prove(listener, "123456")["event"] in {"no-technician", "technician-refused"}
