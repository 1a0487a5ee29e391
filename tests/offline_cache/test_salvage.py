"""A damaged store: what nobody else has is found in it, wherever the damage lies."""

import os
import random
from pathlib import Path

import pytest

from offline_cache import catalogue_cache, custodian, floors, outbox, standing
from offline_cache.contract.messages import EventResult
from offline_cache.folder import StateFolder
from offline_cache.issue import issue
from offline_cache.store import PAGE_BYTES, open_store
from tests.offline_cache.conftest import ENROLMENT, READING
from tests.offline_cache.sealing import VERSION, give_catalogue, preparing, ticket

COUNT = 60


@pytest.fixture
def codes(folder: StateFolder) -> list[str]:
    """Sixty tickets, some longer than a page; of the first ten the centre has custody, of five its backup has too."""
    with open_store(folder) as store:
        standing.save(store, ENROLMENT, READING)
        give_catalogue(store)
        issued = [ticket(store, os.urandom(50 + 211 * number)) for number in range(COUNT)]
        results = [EventResult(id=each.ticket_id, outcome="created") for each in issued[:10]]
        outbox.settle(store, {each.ticket_id: each.seq for each in issued}, results, 5, wait=lambda _: None)
        floors.lift(store, "time", 1234)
    return [each.code for each in issued]


def after(folder: StateFolder) -> tuple[list[str], int]:
    """The codes that are listed after the custodian has put the store aside, and how many tickets wait."""
    prepared = custodian.prepare(folder, READING)
    assert prepared.quarantined is not None
    with open_store(folder) as store:
        return [item.code or "" for item in outbox.codes(store)], outbox.status(store).waiting


def spoil(folder: StateFolder, page: int) -> None:
    with folder.database.open("r+b") as file:
        file.seek((page - 1) * PAGE_BYTES)
        file.write(os.urandom(PAGE_BYTES))


def test_with_its_first_page_lost_everything_else_is_found(folder: StateFolder, codes: list[str]):
    spoil(folder, 1)
    listed, waiting = after(folder)
    assert set(listed) == set(codes)
    assert waiting == COUNT - 5
    with open_store(folder) as store:
        kept = catalogue_cache.current(store)
        assert kept is not None
        assert kept.version == VERSION
        assert floors.value(store, "time") == 1234
        numbers = [row["seq"] for row in store.rows("select seq from outbox where state = 0 order by seq")]
        assert numbers == list(range(standing.GENERATION_STEP + 1, standing.GENERATION_STEP + 1 + waiting))
        in_order = [row["code"] for row in store.rows("select code from outbox where state = 0 order by seq")]
        assert in_order == codes[5:]
        # It goes on without the centre, and gives no code again.
        fresh = issue(store, series=None, prepare=preparing(), reading=READING)
        assert fresh.code[:4] == ENROLMENT.spare_allocation
        assert fresh.seq == numbers[-1] + 1


def test_whichever_page_is_lost_only_what_lay_on_it_is(folder: StateFolder, codes: list[str]):
    pages = folder.database.stat().st_size // PAGE_BYTES
    page = random.Random(int(os.environ["TOTEM_SEED"])).randint(1, pages)
    spoil(folder, page)
    listed, _ = after(folder)
    assert set(listed) <= set(codes)
    # A page holds four short tickets, or a part of a long one.
    assert len(listed) >= COUNT - 14, f"page {page}"


def test_a_store_that_was_cut_off_keeps_what_is_left_of_it(folder: StateFolder, codes: list[str]):
    size = folder.database.stat().st_size
    os.truncate(folder.database, size * 2 // 3)
    listed, waiting = after(folder)
    assert set(listed) <= set(codes)
    assert len(listed) > COUNT // 4
    assert waiting > COUNT // 8


def test_what_lay_in_the_log_alone_is_found_there(folder: StateFolder, codes: list[str], tmp_path: Path):
    with open_store(folder) as store:
        late = ticket(store, b"late" * 500)
        copies = {
            suffix: (folder.path / f"store.db{suffix}").read_bytes() for suffix in ("", "-wal")
        }
    for suffix, content in copies.items():
        (folder.path / f"store.db{suffix}").write_bytes(content)
    # A page that the log does not hold is damaged as well, so that the store cannot be mended by it.
    spoil(folder, 3)
    listed, _ = after(folder)
    assert late.code in listed


def test_rubbish_is_nothing(folder: StateFolder, codes: list[str]):
    folder.database.write_bytes(os.urandom(40 * PAGE_BYTES + 17))
    assert after(folder) == ([], 0)
