"""The worker as a real process, over the real pcscd, with cards in the virtual reader."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from devices.virtual import wallet
from devices.virtual.pcscd import PrivatePcscd
from devices.virtual.piv import PivCard
from devices.virtual.vpcd import VirtualReader
from offline_cache.contract import verification
from offline_cache.contract.evidence import Evidence, Purpose
from tests.devices.conftest import Event, Listener, put_in_again
from tests.devices.statements import statement

NOW = datetime(2026, 6, 1, tzinfo=UTC)
Listen = Callable[..., Listener]


def read(listener: Listener, cards: Path, at: datetime | None = NOW) -> Event:
    listener.worker.read([wallet.anchors(cards)], at, ["piv-icp-brasil"])
    return listener.read_whole()


def prove(listener: Listener, pin: str | None, purpose: Purpose = Purpose.LOOKUP) -> Event:
    listener.worker.prove(statement(purpose), bytearray(pin.encode()) if pin is not None else None)
    return listener.named("proved", "pin-refused", "refused")


def insert(slot: VirtualReader, listener: Listener, card: PivCard) -> PivCard:
    slot.insert(card)
    listener.card_is(present=True)
    return card


def test_reader_and_card_are_reported_as_they_come_and_go(slot: VirtualReader, cards: Path, listen: Listen) -> None:
    listener = listen()
    listener.reader_is(present=True)
    listener.card_is(present=False)
    insert(slot, listener, wallet.load(cards, "maria"))
    slot.remove()
    listener.card_is(present=False)


@pytest.mark.parametrize("name", ["maria", "joao"])
def test_a_card_says_whom_it_names_without_pin_and_what_was_not_checked(
    slot: VirtualReader, cards: Path, listen: Listen, name: str
) -> None:
    listener = listen()
    insert(slot, listener, wallet.load(cards, name))
    identity = read(listener, cards)
    person = wallet.person(cards, name)
    assert (identity["event"], identity["name"], identity["national_id"]) == ("identity", person.holder, person.cpf)
    assert identity["tries_left"] == 3
    outcomes = {check["name"]: check["outcome"] for check in identity["checks"]}
    assert outcomes == {
        "format": "passed", "key": "passed", "policy": "passed", "usage": "passed", "chain": "passed",
        "validity": "passed", "revocation": "not-checked", "chip": "not-checked",
    }  # fmt: skip


@pytest.mark.parametrize(("name", "reason"), [("ana", "not-trusted"), ("bia", "expired")])
def test_a_card_that_proves_nothing_is_refused_with_its_reason(
    slot: VirtualReader, cards: Path, listen: Listen, name: str, reason: str
) -> None:
    listener = listen()
    insert(slot, listener, wallet.load(cards, name))
    assert read(listener, cards)["trouble"] == reason


def test_a_card_without_piv_is_of_an_unknown_family(slot: VirtualReader, cards: Path, listen: Listen) -> None:
    class Blank(PivCard):
        def process(self, command: bytes) -> bytes:
            return b"\x6a\x82"

    maria = wallet.load(cards, "maria")
    listener = listen()
    insert(slot, listener, Blank(maria.key, maria.certificate, "123456"))
    assert read(listener, cards)["trouble"] == "unknown-family"


@pytest.mark.parametrize("name", ["maria", "joao"])
def test_what_the_card_signs_after_its_pin_is_verified_by_the_contract(
    slot: VirtualReader, cards: Path, listen: Listen, name: str
) -> None:
    listener = listen()
    insert(slot, listener, wallet.load(cards, name))
    read(listener, cards)
    for pin, purpose in (("123456", Purpose.LOOKUP), (None, Purpose.COMMIT)):
        proved = prove(listener, pin, purpose)
        assert proved["event"] == "proved"
        evidence = Evidence.model_validate(proved["evidence"])
        assert evidence.statement.purpose is purpose
        verified = verification.verify(evidence, [wallet.anchors(cards)], NOW)
        assert verified.holder.national_id.value == wallet.person(cards, name).cpf


def test_a_wrong_pin_costs_a_try_and_the_last_one_is_never_used(
    slot: VirtualReader, cards: Path, listen: Listen
) -> None:
    listener = listen()
    card = insert(slot, listener, wallet.load(cards, "maria"))
    read(listener, cards)
    assert prove(listener, "000000") == {"event": "pin-refused", "tries_left": 2}
    assert prove(listener, "000000")["trouble"] == "last-try"
    assert read(listener, cards)["tries_left"] == 1
    assert prove(listener, "123456")["trouble"] == "last-try"
    assert card.tries_left == 1


def test_a_pin_is_not_sent_to_a_card_that_came_with_one_try_left(
    slot: VirtualReader, cards: Path, listen: Listen
) -> None:
    listener = listen()
    card = insert(slot, listener, wallet.load(cards, "teo"))
    assert read(listener, cards)["tries_left"] == 1
    assert prove(listener, "123456")["trouble"] == "last-try"
    assert card.tries_left == 1


def test_a_blocked_card_is_named_so(slot: VirtualReader, cards: Path, listen: Listen) -> None:
    card = wallet.load(cards, "maria")
    card.tries_left = 0
    listener = listen()
    insert(slot, listener, card)
    assert read(listener, cards)["tries_left"] == 0
    assert prove(listener, "123456")["trouble"] == "blocked"


def test_a_replaced_worker_finds_a_card_that_has_forgotten_the_pin(
    slot: VirtualReader, cards: Path, listen: Listen
) -> None:
    listener = listen()
    insert(slot, listener, wallet.load(cards, "maria"))
    read(listener, cards)
    assert prove(listener, "123456")["event"] == "proved"
    listener.worker.start()
    listener.card_is(present=True)
    read(listener, cards)
    assert prove(listener, None)["event"] == "refused"


def test_a_card_that_was_swapped_signs_nothing(slot: VirtualReader, cards: Path, listen: Listen) -> None:
    listener = listen()
    insert(slot, listener, wallet.load(cards, "maria"))
    read(listener, cards)
    assert prove(listener, "123456")["event"] == "proved"
    slot.remove()
    listener.card_is(present=False)
    insert(slot, listener, wallet.load(cards, "joao"))
    assert prove(listener, None)["event"] == "refused"


def test_a_card_pulled_out_in_the_middle_of_a_read_ends_the_read(
    slot: VirtualReader, cards: Path, listen: Listen
) -> None:
    class PulledOut(PivCard):
        def process(self, command: bytes) -> bytes:
            if command[1] == 0xCB:
                slot.remove()
            return super().process(command)

    maria = wallet.load(cards, "maria")
    listener = listen()
    insert(slot, listener, PulledOut(maria.key, maria.certificate, "123456"))
    assert read(listener, cards)["trouble"] in {"removed", "unreadable"}
    listener.until(lambda event: event == {"event": "card", "present": False})
    put_in_again(slot, listener, wallet.load(cards, "maria"))
    assert read(listener, cards)["event"] == "identity"


def test_a_mute_card_is_reported_and_the_worker_ends(slot: VirtualReader, cards: Path, listen: Listen) -> None:
    answer = threading.Event()

    class Mute(PivCard):
        def process(self, command: bytes) -> bytes:
            answer.wait()
            return super().process(command)

    maria = wallet.load(cards, "maria")
    listener = listen(wall_clock_s=0.5)
    insert(slot, listener, Mute(maria.key, maria.certificate, "123456"))
    assert read(listener, cards)["trouble"] == "unreadable"
    listener.named("died")
    answer.set()


def test_a_pcscd_that_dies_and_comes_back_is_followed(
    pcscd: PrivatePcscd, slot: VirtualReader, cards: Path, listen: Listen
) -> None:
    listener = listen()
    insert(slot, listener, wallet.load(cards, "maria"))
    assert pcscd.pid is not None
    os.kill(pcscd.pid, signal.SIGKILL)
    listener.card_is(present=False)
    listener.reader_is(present=False)
    pcscd.start()
    listener.reader_is(present=True)
    listener.card_is(present=True)
    assert read(listener, cards)["event"] == "identity"


def test_without_pcscd_the_reader_is_absent_and_a_read_is_refused(cards: Path, listen: Listen) -> None:
    listener = listen()
    listener.reader_is(present=False)
    assert read(listener, cards)["trouble"] == "unreadable"


def test_a_killed_worker_is_reported_once_and_can_be_started_again(
    slot: VirtualReader, cards: Path, listen: Listen
) -> None:
    listener = listen()
    listener.reader_is(present=True)
    assert listener.worker.pid is not None
    os.kill(listener.worker.pid, signal.SIGKILL)
    listener.named("died")
    pin = bytearray(b"123456")
    listener.worker.prove(statement(), pin)
    assert pin == bytes(6)
    listener.worker.start()
    insert(slot, listener, wallet.load(cards, "maria"))
    assert read(listener, cards)["event"] == "identity"
    assert [event["event"] for event in listener.heard].count("died") == 1


def test_a_worker_that_the_kiosk_ended_says_nothing_more(pcscd: PrivatePcscd, listen: Listen) -> None:
    listener = listen()
    listener.reader_is(present=True)
    listener.worker.kill()
    other = listen()
    other.reader_is(present=True)
    assert all(event["event"] != "died" for event in listener.heard)


def test_the_pin_is_zeroed_and_never_told_again(slot: VirtualReader, cards: Path, listen: Listen) -> None:
    maria = wallet.load(cards, "maria")
    listener = listen()
    insert(slot, listener, PivCard(maria.key, maria.certificate, "73195264"))
    read(listener, cards)
    for digits, answer in (("73195265", "pin-refused"), ("73195264", "proved")):
        pin = bytearray(digits.encode())
        listener.worker.prove(statement(), pin)
        assert pin == bytes(8)
        assert listener.named("proved", "pin-refused", "refused")["event"] == answer
    assert "7319526" not in json.dumps(listener.heard)


def test_no_pin_stays_in_the_memory_of_the_worker(slot: VirtualReader, cards: Path, listen: Listen) -> None:
    maria = wallet.load(cards, "maria")
    listener = listen()
    insert(slot, listener, PivCard(maria.key, maria.certificate, "73195264"))
    read(listener, cards)
    assert prove(listener, "73195265")["event"] == "pin-refused"
    assert prove(listener, "73195264")["event"] == "proved"
    try:
        memory = memory_of(listener.worker.pid)
    except PermissionError:
        assert os.geteuid() != 0  # not even this user's other processes may look
        return
    assert b"Maria das Dores Oliveira" in memory
    assert b"7319526" not in memory


def memory_of(pid: int | None) -> bytes:
    gathered = []
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for line in Path(f"/proc/{pid}/maps").read_text(encoding="utf-8").splitlines():
            begin, end = (int(text, 16) for text in line.split()[0].split("-"))
            if "rw" in line.split()[1]:
                with contextlib.suppress(OSError):  # a page that is not there
                    memory.seek(begin)
                    gathered.append(memory.read(end - begin))
    return b"".join(gathered)


def test_a_pin_of_another_form_is_refused_without_a_try(slot: VirtualReader, cards: Path, listen: Listen) -> None:
    listener = listen()
    card = insert(slot, listener, wallet.load(cards, "maria"))
    read(listener, cards)
    assert prove(listener, "12345") == {"event": "pin-refused", "tries_left": 3}
    assert card.tries_left == 3


def test_the_worker_may_leave_no_core_dump(pcscd: PrivatePcscd, listen: Listen) -> None:
    listener = listen()
    listener.reader_is(present=True)
    limits = Path(f"/proc/{listener.worker.pid}/limits").read_text(encoding="ascii")
    core = next(line for line in limits.splitlines() if line.startswith("Max core file size"))
    assert core.split()[4:6] == ["0", "0"]


def test_a_command_that_does_not_exist_is_a_fault_and_not_silence(pcscd: PrivatePcscd, listen: Listen) -> None:
    listener = listen()
    listener.worker._send({"do": "dance"})
    assert listener.named("fault")["where"].startswith("ValueError in worker.py")
    listener.named("died")
