"""What cards and readers may do wrong, each through the real pcscd and the worker: a typed outcome within its time.

Nonsense, mute cards, two readers and restarts stand in test_families.py and test_worker.py.
"""

from __future__ import annotations

import gzip
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from devices.virtual import belgium, cns, icp_brasil
from devices.virtual.authority import pem
from devices.virtual.icp_brasil import BAKERY, ROSA, SEAL, Icp, Subject
from devices.virtual.iso7816 import Chip
from devices.virtual.pcscd import PrivatePcscd
from devices.virtual.piv import PivCard
from devices.virtual.vpcd import VirtualReader
from offline_cache.contract.revocation import list_name
from tests.devices.conftest import Event, Listener, put_in_again
from tests.devices.samples import SAMPLES, belgian_register, italian_issuer
from tests.devices.spoilt import Spoilt
from tests.devices.statements import statement

NOW = datetime(2026, 6, 1, tzinfo=UTC)
LIMIT_S = 12.0  # what the kiosk gives a card (READ_LIMIT_S), the start of the worker included
AT = "http://localhost/crl"
ICP = Icp.make(address=AT)
FAMILIES = ("piv-icp-brasil", "belgian-eid", "cns", "cie")
SHORT_KEY = rsa.generate_private_key(65537, 1024)
Listen = Callable[..., Listener]


def roots() -> list[str]:
    trusted = [ICP.root, ICP.issuing, belgian_register().root, italian_issuer().root, italian_issuer().citizens]
    return ["".join(pem(authority.certificate) for authority in trusted)]


def rosa(**more: object) -> PivCard:
    return icp_brasil.make_card(ICP, ROSA, legacy=False, **more)  # type: ignore[arg-type]


def bomb() -> PivCard:
    """A certificate of some kilobytes that inflates to fifty megabytes."""

    class Bomb(PivCard):
        def _certificate_object(self, der: bytes) -> bytes:
            body = gzip.compress(bytes(50_000_000))[:40_000]
            return b"\x70\x83" + len(body).to_bytes(3, "big") + body + b"\x71\x01\x01"

    good = rosa()
    return Bomb(good.key, good.certificate, "123456")


def disagreeing() -> PivCard:
    """The subject's number is one person's, the otherName's another's."""
    both = replace(rosa())
    other = icp_brasil.make_card(ICP, Subject("Rosa Alves Teixeira", "52998224725"), legacy=True, key=both.key)
    from cryptography import x509

    named = x509.load_der_x509_certificate(other.certificate).extensions.get_extension_for_class(
        x509.SubjectAlternativeName
    )
    subject = x509.load_der_x509_certificate(both.certificate).subject
    issued = ICP.issuing.issue(
        subject, both.key.public_key(), policies=[icp_brasil.A3], other_names=list(named.value)
    )
    from devices.virtual.authority import der

    return PivCard(both.key, der(issued), "123456")


def other_data() -> Chip:
    """A CNS whose personal data are not those that its certificate binds."""
    giulia = cns.make_card(italian_issuer())
    forged = cns.personal_data(replace(cns.GIULIA, name="MARIO"), 100)
    return giulia.with_file(cns.PERSONAL_DATA, forged)


CASES: dict[str, tuple[Callable[[], Chip], str]] = {
    "gzip-bomb": (bomb, "unreadable"),
    "ids-that-disagree": (disagreeing, "no-identity"),
    "cns-hash-mismatch": (other_data, "not-genuine"),
    "expired": (lambda: rosa_until(NOW - timedelta(days=1)), "expired"),
    "rsa-1024": (lambda: rosa(key=SHORT_KEY), "weak-key"),
    "seal": (lambda: rosa(policy=SEAL), "not-trusted"),
    "company-without-a-person": (lambda: icp_brasil.make_card(ICP, BAKERY, legacy=False), "no-identity"),
    "foreign-authority": (lambda: icp_brasil.make_card(Icp.make(), legacy=False), "not-trusted"),
    "forged-register-data": (
        lambda: belgium.make_card(belgian_register()).with_file("DF014032", bytes(104)), "not-genuine"
    ),
}


def rosa_until(end: datetime) -> PivCard:
    from cryptography import x509

    from devices.virtual.authority import der

    good = rosa()
    subject = x509.load_der_x509_certificate(good.certificate).subject
    issued = ICP.issuing.issue(subject, good.key.public_key(), policies=[icp_brasil.A3], end=end)
    return PivCard(good.key, der(issued), "123456")


@dataclass
class Bench:
    slot: VirtualReader
    listener: Listener

    def insert(self, card: Chip) -> None:
        self.slot.insert(card)
        self.listener.card_is(present=True)

    def read(self) -> Event:
        began_s = time.monotonic()
        self.listener.worker.read(roots(), NOW, FAMILIES)
        said = self.listener.read_whole()
        assert time.monotonic() - began_s < LIMIT_S
        assert all(event["event"] not in {"fault", "died"} for event in self.listener.heard)
        return said

    def prove(self, pin: str | None) -> Event:
        self.listener.worker.prove(statement(), bytearray(pin.encode()) if pin is not None else None)
        return self.listener.named("proved", "pin-refused", "refused")


@pytest.fixture
def bench(slot: VirtualReader, short_folder: Path, tmp_path: Path) -> Iterator[Bench]:
    lists = tmp_path / "revocation"
    lists.mkdir()
    listener = Listener(short_folder / "pcscd.sock", 15, revocation_lists=lists)
    listener.worker.start()
    yield Bench(slot, listener)
    listener.worker.kill()


def test_cards_that_are_not_in_order_are_refused_for_what_they_are_and_each_next_one_is_read(bench: Bench) -> None:
    """One worker for all of them: nothing of one card is left for the next."""
    good = rosa()
    for case, (make, trouble) in CASES.items():
        bench.insert(make())
        said = bench.read()
        assert (case, said.get("trouble"), said.get("name")) == (case, trouble, None)
        bench.slot.remove()
        bench.listener.card_is(present=False)
        bench.insert(good)
        said = bench.read()
        assert (case, said["name"], said["national_id"]) == (case, ROSA.name, ROSA.cpf)
        bench.slot.remove()
        bench.listener.card_is(present=False)


@pytest.mark.parametrize(
    ("state", "outcome"),
    [("fresh", "passed"), ("stale", "not-checked"), ("missing", "not-checked"), ("revoked", None)],
)
def test_fresh_stale_missing_and_naming_lists(bench: Bench, tmp_path: Path, state: str, outcome: str | None) -> None:
    card = rosa()
    from cryptography import x509

    at = NOW - timedelta(days=9 if state == "stale" else 0, hours=1)
    named = [x509.load_der_x509_certificate(card.certificate)] if state == "revoked" else []
    folder = tmp_path / "revocation"
    (folder / list_name(f"{AT}/raiz.crl")).write_bytes(ICP.root.revocation_list(at))
    if state != "missing":
        (folder / list_name(f"{AT}/emissora.crl")).write_bytes(ICP.issuing.revocation_list(at, *named))
    bench.insert(card)
    said = bench.read()
    if outcome is None:
        assert said["trouble"] == "revoked"
        return
    assert {check["name"]: check["outcome"] for check in said["checks"]}["revocation"] == outcome
    assert bench.prove("123456")["assurance"] == (3 if outcome == "passed" else 2)


def test_a_card_that_hides_its_counter_gets_one_try_through_the_reader_too(bench: Bench) -> None:
    class Secretive(Spoilt):
        def process(self, command: bytes) -> bytes:
            answer = self.card.process(command)
            return b"\x69\x85" if command[1] == 0x20 and len(command) <= 5 else answer

    card = rosa()
    bench.insert(Secretive(card, lambda said: said, 1 << 30))
    assert bench.read()["tries_left"] is None
    assert bench.prove("000000")["event"] == "pin-refused"
    assert bench.prove("123456")["trouble"] == "last-try"
    assert card.tries_left == 2


@pytest.mark.parametrize(("left", "trouble"), [(1, "last-try"), (0, "blocked")])
def test_a_final_try_and_a_locked_card_are_left_alone(bench: Bench, left: int, trouble: str) -> None:
    card = rosa()
    card.tries_left = left
    bench.insert(card)
    assert bench.read()["tries_left"] == left
    assert bench.prove("123456")["trouble"] == trouble
    assert card.tries_left == left


def test_a_card_swapped_inside_one_poll_signs_nothing_and_names_only_itself(bench: Bench) -> None:
    bench.insert(rosa())
    bench.read()
    assert bench.prove("123456")["event"] == "proved"
    lotte = SAMPLES["belgian-eid"]
    bench.slot.insert(lotte.make())  # out and in at once
    assert bench.prove(None)["event"] == "refused"
    bench.slot.remove()
    # What the worker said of the swap may still be on its way: the card is put in until it is read.
    for _ in range(3):
        put_in_again(bench.slot, bench.listener, lotte.make())
        said = bench.read()
        if said["event"] == "identity":
            break
        bench.slot.remove()
    assert (said["family"], said["national_id"]) == ("belgian-eid", lotte.number)


def test_a_reader_that_is_unplugged_and_plugged_in_again_is_followed(bench: Bench, pcscd: PrivatePcscd) -> None:
    """The virtual reader cannot be pulled out of a running daemon: it goes and comes with it."""
    bench.insert(rosa())
    assert bench.read()["event"] == "identity"
    pcscd.stop()
    bench.listener.card_is(present=False)
    bench.listener.reader_is(present=False)
    assert bench.read()["trouble"] in {"removed", "unreadable"}
    assert bench.prove(None)["event"] == "refused"
    pcscd.start()
    bench.listener.reader_is(present=True)
    bench.listener.card_is(present=True)
    assert bench.read()["national_id"] == ROSA.cpf


@pytest.mark.parametrize("family", ["belgian-eid", "cns", "cie", "piv-icp-brasil"])
@pytest.mark.long
@pytest.mark.timeout(600)
def test_a_card_pulled_out_at_any_step_of_a_read_is_gone_and_leaves_nothing(bench: Bench, family: str) -> None:
    make: Callable[[], Chip] = rosa if family == "piv-icp-brasil" else SAMPLES[family].make
    step = 0
    while True:
        def pull_out(said: bytes) -> bytes:
            bench.slot.remove()
            return said

        card = Spoilt(make(), pull_out, step)
        put_in_again(bench.slot, bench.listener, card)
        bench.listener.worker.read([*roots(), SAMPLES["cie"].roots()], NOW, FAMILIES)
        said = bench.listener.read_whole()
        if card.left >= 0:
            assert said["event"] == "identity"
            assert step > 5
            return
        assert said["event"] == "refused"
        assert said["trouble"] in {"removed", "unreadable"}
        bench.listener.card_is(present=False)
        step += 1
