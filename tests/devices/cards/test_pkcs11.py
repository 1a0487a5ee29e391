"""Cards through OpenSC's PKCS#11 module, the real pcscd below it, and our own configuration of it."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID

from devices.cards import pkcs11
from devices.virtual.authority import Authority, der, name, pem
from devices.virtual.icp_brasil import BAKERY, ROSA, SEAL, make_card
from devices.virtual.pcscd import PrivatePcscd
from devices.virtual.piv import PivCard
from devices.virtual.vpcd import VirtualReader
from offline_cache.contract.evidence import Evidence
from offline_cache.contract.profiles import profiles_of
from offline_cache.contract.verification import verify
from tests.devices.conftest import Event, Listener
from tests.devices.samples import icp_brasil
from tests.devices.spoilt import SPOILERS, Spoilt
from tests.devices.statements import statement

NOW = datetime(2026, 6, 1, tzinfo=UTC)
FAMILIES = ("icp-brasil", "dnie", "portuguese", "estonian")
Listen = Callable[..., Listener]
Insert = Callable[[PivCard], Listener]


def roots() -> list[str]:
    return [pem(icp_brasil().root.certificate) + pem(icp_brasil().issuing.certificate)]


@pytest.fixture
def inserted(slot: VirtualReader, listen: Listen) -> Iterator[Insert]:
    def insert(card: PivCard) -> Listener:
        listener = listen()
        slot.insert(card)
        listener.card_is(present=True)
        return listener

    yield insert
    slot.remove()


def read(listener: Listener, families: tuple[str, ...] = FAMILIES) -> Event:
    listener.worker.read(roots(), NOW, families)
    return listener.read_whole()


def prove(listener: Listener, pin: str | None) -> Event:
    listener.worker.prove(statement(), bytearray(pin.encode()) if pin is not None else None)
    return listener.named("proved", "pin-refused", "refused")


@pytest.mark.parametrize("legacy", [True, False], ids=["legacy", "resolution-211"])
@pytest.mark.parametrize(
    ("subject", "scheme", "number", "name"),
    [
        (ROSA, "br-cpf", "39053344705", "Rosa Alves Teixeira"),
        (BAKERY, "br-cnpj", "11222333000181", "Padaria Modelo Ltda"),
    ],
    ids=["e-cpf", "e-cnpj"],
)
def test_people_and_companies_are_known_in_both_profiles(
    inserted: Insert, legacy: bool, subject, scheme: str, number: str, name: str
) -> None:
    identity = read(inserted(make_card(icp_brasil(), subject, legacy=legacy)))
    said = [identity.get(key) for key in ("family", "scheme", "national_id", "name", "assurance")]
    assert said == ["icp-brasil", scheme, number, name, 1]


@pytest.mark.parametrize(
    ("family", "country", "number", "policies", "scheme"),
    [
        ("dnie", "ES", "54362315K", ["2.16.724.1.2.2.2.4"], "es-dni"),
        ("portuguese", "PT", "BI123456789", ["2.16.620.1.1.1.2.4.0.7"], "pt-civil"),
        ("estonian", "EE", "PNOEE-36805280109", ["0.4.0.2042.1.2", "1.3.6.1.4.1.51361.1.1.1"], "ee-isikukood"),
    ],
)
def test_the_policy_decides_of_which_family_a_certificate_is(
    inserted: Insert, family: str, country: str, number: str, policies: list[str], scheme: str
) -> None:
    """On a chip that the module knows: their own chips are not emulated."""
    root = Authority.root(name(country=country, common_name="Root"), ec.generate_private_key(ec.SECP384R1()))
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = root.issue(
        name(country=country, common_name="whoever", given_name="Ana", surname="Maia", serial_number=number),
        key.public_key(),
        policies=policies,
        extended=[ExtendedKeyUsageOID.CLIENT_AUTH],
    )
    listener = inserted(PivCard(key, der(certificate), "123456"))
    listener.worker.read([pem(root.certificate)], NOW, FAMILIES)
    identity = listener.read_whole()
    assert [identity.get(part) for part in ("family", "scheme", "name")] == [family, scheme, "Ana Maia"]
    assert prove(listener, "123456")["event"] == "proved"


@pytest.mark.parametrize("key", ["rsa", "p-256"])
def test_the_module_s_signature_is_verified_by_the_contract(inserted: Insert, key: str) -> None:
    own = ec.generate_private_key(ec.SECP256R1()) if key == "p-256" else None
    listener = inserted(make_card(icp_brasil(), legacy=False, key=own))
    read(listener)
    assert prove(listener, None)["event"] == "refused"
    read(listener)
    for pin in ("123456", None):
        proved = prove(listener, pin)
        assert (proved["event"], proved.get("assurance")) == ("proved", 2), proved
        evidence = Evidence.model_validate(proved["evidence"])
        verified = verify(evidence, roots(), NOW, profiles=profiles_of(["icp-brasil"]))
        assert verified.holder.national_id.value == ROSA.cpf


def test_a_seal_is_nobody_s_identity(inserted: Insert) -> None:
    assert read(inserted(make_card(icp_brasil(), legacy=False, policy=SEAL)))["trouble"] == "unknown-family"


def test_after_a_wrong_pin_there_is_no_second_try_in_this_insertion(inserted: Insert) -> None:
    card = make_card(icp_brasil(), legacy=False)
    listener = inserted(card)
    read(listener)
    assert prove(listener, "000000")["event"] == "pin-refused"
    assert prove(listener, "123456")["trouble"] == "last-try"
    assert card.tries_left == 2


@pytest.mark.parametrize(("left", "trouble"), [(1, "last-try"), (0, "blocked")])
def test_the_last_try_and_a_blocked_pin_are_left_alone(inserted: Insert, left: int, trouble: str) -> None:
    card = make_card(icp_brasil(), legacy=False)
    card.tries_left = left
    listener = inserted(card)
    assert read(listener)["tries_left"] == left
    assert prove(listener, "123456")["trouble"] == trouble
    assert card.tries_left == left


def test_a_right_pin_after_which_another_process_may_not_use_the_card(
    inserted: Insert, pcscd: PrivatePcscd, tmp_path
) -> None:
    listener = inserted(make_card(icp_brasil(), legacy=False))
    read(listener)
    assert prove(listener, "123456")["event"] == "proved"
    message, signed = tmp_path / "message", tmp_path / "signature"
    message.write_bytes(b"not what the citizen meant")
    environment = {**os.environ, "PCSCLITE_CSOCK_NAME": str(pcscd.socket)}
    command = ["pkcs11-tool", "--sign", "--mechanism", "SHA256-RSA-PKCS", "--id", "01"]
    files = ["--input-file", str(message), "--output-file", str(signed)]
    with contextlib.suppress(subprocess.TimeoutExpired):
        done = subprocess.run([*command, *files], env=environment, capture_output=True, check=False, timeout=5)
        assert done.returncode != 0
    assert not signed.exists() or not signed.read_bytes()
    assert prove(listener, None)["event"] == "proved"


def test_a_replaced_worker_leaves_a_card_that_has_forgotten_its_pin(
    inserted: Insert, pcscd: PrivatePcscd, tmp_path
) -> None:
    listener = inserted(make_card(icp_brasil(), legacy=False))
    read(listener)
    assert prove(listener, "123456")["event"] == "proved"
    listener.worker.start()
    listener.card_is(present=True)
    read(listener)
    assert prove(listener, None)["event"] == "refused"


def test_a_card_pulled_out_after_its_pin_signs_nothing_more(inserted: Insert, slot: VirtualReader) -> None:
    listener = inserted(make_card(icp_brasil(), legacy=False))
    read(listener)
    assert prove(listener, "123456")["event"] == "proved"
    slot.remove()
    listener.card_is(present=False)
    assert prove(listener, None)["trouble"] in {"removed", "unreadable"}


@pytest.mark.parametrize("spoiler", SPOILERS)
def test_a_card_that_answers_the_module_with_nonsense_is_refused_in_time(inserted: Insert, spoiler: str) -> None:
    listener = inserted(Spoilt(make_card(icp_brasil(), legacy=False), SPOILERS[spoiler]))
    assert read(listener)["event"] == "refused"
    assert all(event["event"] not in {"fault", "died"} for event in listener.heard)


def test_a_module_that_is_none_is_passed_over(slot: VirtualReader, short_folder, tmp_path) -> None:
    nothing = tmp_path / "libnothing.so"
    nothing.write_bytes(b"not a library")
    listener = Listener(short_folder / "pcscd.sock", 15, [nothing, *pkcs11.installed()])
    listener.worker.start()
    try:
        slot.insert(make_card(icp_brasil(), legacy=True))
        listener.card_is(present=True)
        assert read(listener)["family"] == "icp-brasil"
    finally:
        listener.worker.kill()


def test_opensc_s_module_is_the_first_that_is_tried() -> None:
    assert pkcs11.installed()[0].endswith("/opensc-pkcs11.so")
    assert "lock_login = true" in pkcs11.CONFIGURATION.read_text(encoding="utf-8")
