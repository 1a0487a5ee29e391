import json
from collections.abc import Iterator

import pytest
from click.testing import CliRunner, Result

from kiosk.commands.queue import queue
from offline_cache import clock, numbers, outbox
from offline_cache.contract.messages import EventResult, NumberBlock
from offline_cache.folder import StateFolder
from offline_cache.store import Store, key_path
from offline_cache.wake import Mailbox
from tests.offline_cache.sealing import ticket


def run(folder: StateFolder, *words: str) -> Result:
    return CliRunner().invoke(queue, [*words, "--state", str(folder.path)])


@pytest.fixture
def two(store: Store) -> Iterator[tuple[str, str]]:
    """A ticket that the centre has, and one that waits after a try."""
    first, second = ticket(store, reading=clock.read()), ticket(store, reading=clock.read())
    answers = [EventResult(id=first.ticket_id, outcome="created"), EventResult(id=second.ticket_id, outcome="retry")]
    outbox.settle(store, {first.ticket_id: first.seq, second.ticket_id: second.seq}, answers, 0)
    return first.code, second.code


def test_status_says_how_much_waits(folder: StateFolder, store: Store, two: tuple[str, str]):
    numbers.add_block(store, NumberBlock(block="b", series="fees", first=1, last=9))
    said = run(folder, "status")
    assert said.exit_code == 0
    assert said.output.splitlines()[0].startswith("waiting       1, the oldest for ")
    assert "acknowledged  1" in said.output
    assert "numbers left  9 of series fees" in said.output


def test_status_for_machines(folder: StateFolder, two: tuple[str, str]):
    found = json.loads(run(folder, "status", "--json").output)
    assert found.pop("oldest_unsynced_s") >= 0
    assert found == {"waiting": 1, "acknowledged": 1, "purged": 0, "quarantined": 0, "numbers_left": {}}


def test_codes_lists_every_code_with_where_its_ticket_is(folder: StateFolder, two: tuple[str, str]):
    assert run(folder, "codes").output == f"{two[0]}\n{two[1]}\n"
    lines = run(folder, "codes", "--where").output.splitlines()
    assert [line.split()[0] for line in lines] == list(two)
    assert lines[0].endswith("acknowledged by the centre")
    assert lines[1].endswith("waiting, tried 1 times")
    found = json.loads(run(folder, "codes", "--json").output)
    assert [(item["code"], item["state"]) for item in found] == [(two[0], "acknowledged"), (two[1], "waiting")]


def test_codes_without_any_says_nothing(folder: StateFolder, store: Store):
    assert run(folder, "codes").output == ""


def test_retry_wakes_the_sync_process(folder: StateFolder, two: tuple[str, str]):
    with Mailbox(folder, "sync") as mailbox:
        said = run(folder, "retry", "--json")
        assert mailbox.receive(2.0) == [{"retry": True}]
    assert json.loads(said.output) == {"waiting": 1}
    assert json.loads(run(folder, "codes", "--json").output)[1]["attempts"] == 0


def test_retry_says_so_when_nobody_was_there_to_be_told(folder: StateFolder, two: tuple[str, str]):
    said = run(folder, "retry")
    assert said.exit_code == 0
    assert said.output.startswith("1 to send; no sync process runs")
    with Mailbox(folder, "sync"):
        assert run(folder, "retry").output == "1 to send; the sync process was told\n"


@pytest.mark.parametrize("command", ["status", "codes", "retry"])
def test_without_a_store_one_line_says_what_to_do(folder: StateFolder, command: str):
    key_path(folder).unlink()
    said = run(folder, command)
    assert said.exit_code == 2
    assert said.stderr.count("\n") == 1
    assert "store.key is missing" in said.stderr
