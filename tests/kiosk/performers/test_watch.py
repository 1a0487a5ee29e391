"""What other processes say over real datagrams, and what their silence says."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from kiosk.catalog.model import Language
from kiosk.journey import events as ev
from kiosk.journey.effects import LookUp
from kiosk.journey.state import JobState, LookupTrouble, PrinterCondition, ReaderCondition
from kiosk.performers.watch import Watch
from offline_cache import lookups
from offline_cache.contract.evidence import Purpose
from offline_cache.contract.messages import GuidesAnswer
from offline_cache.folder import StateFolder
from offline_cache.wake import Mailbox, post
from tests.kiosk.journey.test_reducer import DEBT, MARIA, evidence
from tests.kiosk.performers.conftest import Heard, wait_for

SILENCE_S, EVERY_S = 0.3, 0.02
ASKED = LookUp("guides", "s1", "iptu", Language.PT_BR, evidence(Purpose.LOOKUP))


@pytest.fixture
def looked() -> list[None]:
    return []


@pytest.fixture
def watch(folder: StateFolder, heard: Heard, looked: list[None]) -> Iterator[Watch]:
    made = Watch(folder, heard, lambda: looked.append(None), silence_s=SILENCE_S, every_s=EVERY_S)
    made.start()
    wait_for(folder.socket("kiosk").exists)
    yield made
    made.close()
    wait_for(lambda: all(thread.name != "watch" for thread in threading.enumerate()))


def test_a_printer_that_falls_silent_is_absent_and_is_there_again_when_it_speaks(
    watch: Watch, folder: StateFolder, heard: Heard
) -> None:
    post(folder, "kiosk", {"printer": "ready"})
    assert heard.first(ev.PrinterChanged) == ev.PrinterChanged(PrinterCondition.READY)
    assert heard.first(ev.PrinterChanged) == ev.PrinterChanged(PrinterCondition.ABSENT)
    post(folder, "kiosk", {"printer": "ready"})
    assert heard.first(ev.PrinterChanged) == ev.PrinterChanged(PrinterCondition.READY)


def test_a_sync_process_that_falls_silent_is_no_link(watch: Watch, folder: StateFolder, heard: Heard) -> None:
    post(folder, "kiosk", {"link": True})
    assert heard.first(ev.LinkChanged) == ev.LinkChanged(True)
    assert heard.first(ev.LinkChanged) == ev.LinkChanged(False)


def test_what_is_repeated_is_told_once(watch: Watch, folder: StateFolder, heard: Heard) -> None:
    for _ in range(3):
        post(folder, "kiosk", {"printer": "paper-out"})
    post(folder, "kiosk", {"job": "j", "state": "sending", "progress": 0.5})
    assert heard.first(ev.PrinterChanged) == ev.PrinterChanged(PrinterCondition.PAPER_OUT)
    assert heard.next() == ev.JobChanged("j", JobState.SENDING, 0.5)


@pytest.mark.parametrize(
    "nonsense",
    [{"printer": "on fire"}, {"job": "j", "state": "lost"}, {"job": "j", "state": "sent", "progress": [1]}, {"x": 1}],
)
def test_what_it_does_not_understand_does_not_make_the_kiosk_deaf(
    watch: Watch, folder: StateFolder, heard: Heard, nonsense: dict[str, Any]
) -> None:
    post(folder, "kiosk", nonsense)
    post(folder, "kiosk", {"printer": "ready"})
    assert heard.first(ev.PrinterChanged) == ev.PrinterChanged(PrinterCondition.READY)


def test_an_empty_datagram_means_look_at_the_store(watch: Watch, folder: StateFolder, looked: list[None]) -> None:
    post(folder, "kiosk")
    wait_for(lambda: len(looked) == 1)


def test_the_centre_hears_how_the_reader_is(watch: Watch, folder: StateFolder) -> None:
    watch.reader = ReaderCondition.ABSENT
    with Mailbox(folder, "sync") as mailbox:
        wait_for(lambda: {"reader": "absent"} in mailbox.receive(0.1))


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (
            GuidesAnswer(debts=(DEBT,), holder="M", holder_masked_id=MARIA.masked_id).model_dump(mode="json"),
            ev.DebtsFound("s1", MARIA.masked_id, (DEBT,)),
        ),
        ({"error": "no-link", "detail": ""}, ev.LookupRefused("s1", LookupTrouble.NO_LINK)),
        ({"error": "refused", "detail": ""}, ev.LookupRefused("s1", LookupTrouble.REFUSED)),
        ({"debts": "many"}, ev.LookupRefused("s1", LookupTrouble.REFUSED)),
    ],
)
def test_an_answer_says_for_whom_it_was_asked(
    folder: StateFolder, heard: Heard, answer: dict[str, Any], said: ev.Event
) -> None:
    counter = lookups.Counter(folder)
    try:
        Watch(folder, heard, _nothing).look_up(ASKED)
        wait_for(lambda: _served(counter, lambda _request: answer, heard, said))
    finally:
        counter.close()


def _served(
    counter: lookups.Counter, answer: Callable[[dict[str, Any]], dict[str, Any]], heard: Heard, said: ev.Event
) -> bool:
    counter.serve(answer)
    return said in heard.all()


def test_nobody_at_the_other_end_is_no_link(folder: StateFolder, heard: Heard) -> None:
    Watch(folder, heard, _nothing).look_up(ASKED)
    assert heard.next() == ev.LookupRefused("s1", LookupTrouble.NO_LINK)


def _nothing() -> None:
    """Nobody wrote into the store."""
