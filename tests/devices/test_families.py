"""Every family through the real pcscd and the real worker: whom it names, what it proves, and what it survives."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from devices.virtual import belgium, cns, wallet
from devices.virtual.iso7816 import Chip
from devices.virtual.pcscd import PrivatePcscd
from devices.virtual.vpcd import VirtualCard, VirtualReader
from offline_cache.contract.evidence import Evidence
from offline_cache.contract.profiles import profiles_of
from offline_cache.contract.verification import verify
from tests.devices.conftest import Event, Listener, put_in_again
from tests.devices.samples import SAMPLES, Sample, belgian_register, italian_issuer
from tests.devices.spoilt import SPOILERS, Spoilt
from tests.devices.statements import statement
from tests.devices.test_worker import memory_of

NOW = datetime(2026, 6, 1, tzinfo=UTC)
Listen = Callable[..., Listener]
every_family = pytest.mark.parametrize("sample", SAMPLES.values(), ids=SAMPLES)
with_pin = pytest.mark.parametrize(
    "sample", [sample for sample in SAMPLES.values() if sample.pin], ids=[name for name in SAMPLES if SAMPLES[name].pin]
)


def insert(slot: VirtualReader, listener: Listener, card: VirtualCard) -> None:
    slot.insert(card)
    listener.card_is(present=True)


def read(listener: Listener, sample: Sample, families: tuple[str, ...] = tuple(SAMPLES)) -> Event:
    listener.worker.read([sample.roots()], NOW, families)
    return listener.read_whole()


def prove(listener: Listener, pin: str | None) -> Event:
    listener.worker.prove(statement(), bytearray(pin.encode()) if pin is not None else None)
    return listener.named("proved", "pin-refused", "refused")


@every_family
def test_a_card_is_known_by_its_family_and_names_its_holder(
    slot: VirtualReader, listen: Listen, sample: Sample
) -> None:
    listener = listen()
    insert(slot, listener, sample.make())
    identity = read(listener, sample)
    said = {key: identity.get(key) for key in ("event", "family", "name", "scheme", "national_id", "assurance")}
    assert said == {
        "event": "identity",
        "family": sample.family,
        "name": sample.name,
        "scheme": sample.scheme,
        "national_id": sample.number,
        "assurance": sample.level,
    }


@with_pin
def test_the_holder_s_signature_is_verified_by_the_contract(
    slot: VirtualReader, listen: Listen, sample: Sample
) -> None:
    listener = listen()
    insert(slot, listener, sample.make())
    read(listener, sample)
    proved = prove(listener, sample.pin)
    assert (proved["event"], proved["assurance"]) == ("proved", 2)
    evidence = Evidence.model_validate(proved["evidence"])
    verified = verify(evidence, [sample.roots()], NOW, profiles=profiles_of([sample.family]))
    assert verified.holder.national_id.value == sample.number


@with_pin
def test_two_wrong_pins_and_the_card_is_left_alone(slot: VirtualReader, listen: Listen, sample: Sample) -> None:
    listener = listen()
    insert(slot, listener, sample.make())
    read(listener, sample)
    assert prove(listener, "00000000") == {"event": "pin-refused", "tries_left": 2}
    assert prove(listener, "00000000")["trouble"] == "last-try"
    assert read(listener, sample)["tries_left"] == 1
    assert prove(listener, sample.pin)["trouble"] == "last-try"
    assert read(listener, sample)["tries_left"] == 1


@every_family
def test_where_only_another_family_is_accepted_the_card_is_unknown_and_still_well(
    slot: VirtualReader, listen: Listen, sample: Sample
) -> None:
    listener = listen()
    insert(slot, listener, sample.make())
    others = tuple(name for name in ("piv-icp-brasil", *SAMPLES) if name != sample.family)
    assert read(listener, sample, others)["trouble"] == "unknown-family"
    assert read(listener, sample)["family"] == sample.family


def test_a_piv_card_is_known_among_all_families(slot: VirtualReader, listen: Listen, cards: Path) -> None:
    listener = listen()
    insert(slot, listener, wallet.load(cards, "maria"))
    listener.worker.read([wallet.anchors(cards)], NOW, ("piv-icp-brasil", *SAMPLES))
    identity = listener.read_whole()
    assert (identity["family"], identity["tries_left"]) == ("piv-icp-brasil", 3)


def test_of_two_readers_the_one_that_holds_a_card_is_read(
    pcscd: PrivatePcscd, slot: VirtualReader, listen: Listen
) -> None:
    """The driver has a second slot at the next port."""
    second = VirtualReader(pcscd.port + 1)
    listener = listen()
    try:
        insert(second, listener, SAMPLES["cns"].make())
        assert read(listener, SAMPLES["cns"])["national_id"] == SAMPLES["cns"].number
        second.remove()
        listener.card_is(present=False)
        insert(slot, listener, SAMPLES["belgian-eid"].make())
        assert read(listener, SAMPLES["belgian-eid"])["family"] == "belgian-eid"
    finally:
        second.remove()


@every_family
def test_after_a_restart_of_pcscd_the_card_is_read_again(
    pcscd: PrivatePcscd, slot: VirtualReader, listen: Listen, sample: Sample
) -> None:
    listener = listen()
    insert(slot, listener, sample.make())
    assert read(listener, sample)["event"] == "identity"
    pcscd.restart()
    listener.card_is(present=False)
    listener.card_is(present=True)
    assert read(listener, sample)["national_id"] == sample.number


# ---- what a hostile or broken card may do -----------------------------------------------------------------


@every_family
@pytest.mark.parametrize("spoiler", SPOILERS)
@pytest.mark.parametrize("after", [0, 3])
def test_a_card_that_answers_nonsense_is_refused_in_time(
    slot: VirtualReader, listen: Listen, sample: Sample, spoiler: str, after: int
) -> None:
    listener = listen()
    insert(slot, listener, Spoilt(sample.make(), SPOILERS[spoiler], after))
    refused = read(listener, sample)
    assert refused["event"] == "refused"
    assert all(event["event"] not in {"fault", "died"} for event in listener.heard)


@every_family
def test_a_mute_card_ends_the_worker_and_nothing_else(slot: VirtualReader, listen: Listen, sample: Sample) -> None:
    answer = threading.Event()

    def wait(said: bytes) -> bytes:
        answer.wait()
        return said

    listener = listen(wall_clock_s=0.5)
    insert(slot, listener, Spoilt(sample.make(), wait))
    assert read(listener, sample)["trouble"] == "unreadable"
    listener.named("died")
    answer.set()


@every_family
@pytest.mark.parametrize("after", [1, 6])
def test_a_card_pulled_out_in_the_middle_leaves_nothing_to_the_next(
    slot: VirtualReader, listen: Listen, sample: Sample, after: int
) -> None:
    def pull_out(said: bytes) -> bytes:
        slot.remove()
        return said

    listener = listen()
    insert(slot, listener, Spoilt(sample.make(), pull_out, after))
    assert read(listener, sample)["trouble"] in {"removed", "unreadable"}
    listener.card_is(present=False)
    put_in_again(slot, listener, sample.make())
    assert read(listener, sample)["national_id"] == sample.number


@pytest.mark.parametrize("family", ["belgian-eid", "cns"])
def test_no_pin_stays_in_the_memory_of_the_worker(slot: VirtualReader, listen: Listen, family: str) -> None:
    listener = listen()
    pin = "73195264"
    card: Chip = (
        belgium.make_card(belgian_register(), pin=pin)
        if family == "belgian-eid"
        else cns.make_card(italian_issuer(), pin=pin)
    )
    insert(slot, listener, card)
    read(listener, SAMPLES[family])
    assert prove(listener, "73195265")["event"] == "pin-refused"
    assert prove(listener, pin)["event"] == "proved"
    try:
        memory = memory_of(listener.worker.pid)
    except PermissionError:
        assert os.geteuid() != 0  # not even this user's other processes may look
        return
    assert family.encode() in memory
    assert b"7319526" not in memory
    assert bytes.fromhex("28731952") not in memory


def test_a_card_without_a_key_for_its_holder_proves_nobody(slot: VirtualReader, listen: Listen) -> None:
    sample = SAMPLES["cie"]
    listener = listen()
    insert(slot, listener, sample.make())
    assert read(listener, sample)["tries_left"] is None
    assert prove(listener, "12345678")["trouble"] == "no-identity"
