"""The centre on PostgreSQL: the same code, the same migrations, several processes on one port, backup and restore."""

import shutil
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import func, select, text

from bench import postgresql
from central import backup, publishing
from central.centre import open_centre
from central.database import Database
from central.models import Base, Conflict, NumberBlockRow, StoredEvent, Ticket
from offline_cache.contract.messages import EventBatch, NumberBlockRequest
from tests.central.world import TEST_DEADLINE_S, YAML, World, make_state, wait_until

pytestmark = [pytest.mark.long, pytest.mark.timeout(600)]
PROCESSES = 3


@pytest.fixture
def url():
    with postgresql.running() as made:
        yield made


@contextmanager
def processes(state):
    """`totem central serve --processes 3`."""
    state.port_file.unlink(missing_ok=True)
    command = [sys.executable, "-m", "kiosk.cli", "central", "serve", "--state", str(state.path), "--port", "0"]
    with (state.path / "log").open("ab") as log:
        process = subprocess.Popen([*command, "--processes", str(PROCESSES)], stdout=log, stderr=log)
    try:
        wait_until(lambda: state.port_file.is_file() and state.port_file.read_text().strip())
        world = World(state, int(state.port_file.read_text()))
        world.centre = open_centre(state)
        wait_until(lambda: _up(world))
        yield world
        process.send_signal(signal.SIGTERM)
        assert process.wait(TEST_DEADLINE_S) == 0
    finally:
        process.kill()
        process.wait(TEST_DEADLINE_S)


def _up(world):
    try:
        return world.http.get(f"{world.url}/v1/health").status_code == 200
    except OSError:
        return False


@pytest.fixture
def state(url, tmp_path, anchors):
    made = make_state(tmp_path / "central", anchors, database_url=url)
    publishing.publish(made, YAML, datetime.now(UTC))
    return made


def count(world, table):
    with world.centre.database.transaction() as session:
        return session.scalar(select(func.count()).select_from(table))


def test_the_migrations_make_exactly_the_tables_of_the_models(url):
    database = Database(url)
    database.migrate()
    with database.engine.connect() as connection:
        found = compare_metadata(MigrationContext.configure(connection), Base.metadata)
    database.close()
    assert [difference for difference in found if difference[0] != "modify_default"] == []


def test_whatever_comes_at_once_to_several_processes_is_done_once(state):
    with processes(state) as world:
        kiosks = [world.enrol() for _ in range(6)]
        assert len({kiosk.id for kiosk in kiosks}) == 6
        batches = {kiosk.id: [kiosk.ticket("ouvidoria") for _ in range(20)] for kiosk in kiosks}
        turns = {kiosk.id: threading.Lock() for kiosk in kiosks}

        def send(kiosk):
            # as after lost answers: the same batch again and again, over connections to whichever process
            with turns[kiosk.id]:
                own = World(state, int(world.url.rpartition(":")[2]))
                kiosk.centre = own
                outcomes = kiosk.send(*batches[kiosk.id])
                block = kiosk.post(
                    "/v1/number-blocks", NumberBlockRequest(request_id=f"r{len(outcomes)}", series="fees", size=50)
                )
                own.http.close()
                return outcomes, block.json()

        with ThreadPoolExecutor(12) as many:
            done = list(many.map(send, kiosks * 4))
        assert all(set(outcomes) in ({"created"}, {"duplicate"}) for outcomes, _ in done)
        assert sum(outcomes.count("created") for outcomes, _ in done) == 120
        blocks = {(block["first"], block["last"]) for _, block in done}
        assert sorted(blocks) == [(1 + 50 * number, 50 + 50 * number) for number in range(6)]
        assert (count(world, Ticket), count(world, StoredEvent), count(world, Conflict)) == (120, 120, 0)
        assert count(world, NumberBlockRow) == 6


def test_a_batch_that_reaches_two_processes_at_the_same_moment_is_taken_once(state):
    from central import intake

    with processes(state) as world:
        kiosk = world.enrol()
        other = open_centre(state)
        for _ in range(10):
            batch = EventBatch(items=tuple(kiosk.ticket("ouvidoria") for _ in range(10)))
            with ThreadPoolExecutor(2) as two:
                turns = [two.submit(intake.receive, centre, kiosk.id, batch) for centre in (world.centre, other)]
                answers = [turn.result() for turn in turns]
            outcomes = sorted(answer.results[0].outcome for answer in answers)
            assert outcomes == ["created", "duplicate"]
        assert count(world, Ticket) == 100
        other.database.close()


def test_a_backup_says_what_is_safe_and_what_is_put_back_is_what_it_held(state, tmp_path):
    with processes(state) as world:
        kiosk = world.enrol()
        first = [kiosk.ticket("ouvidoria") for _ in range(5)]
        kiosk.send(*first)
        assert backup.run(world.centre) == {kiosk.id: 5}
        kept = tmp_path / "kept.dump"
        shutil.copyfile(backup.backup_file(state), kept)
        later = [kiosk.ticket("ouvidoria") for _ in range(3)]
        kiosk.send(*later)
        with pytest.raises(backup.BackupError, match="stop the server first"):
            backup.restore(state, kept)
        with world.centre.database.transaction() as session:
            epoch = session.scalar(text("select value from marks where name = 'epoch'"))
        world.centre.database.close()
    backup.restore(state, kept)
    with processes(state) as world:
        assert count(world, Ticket) == 5
        with world.centre.database.transaction() as session:
            assert session.scalar(text("select value from marks where name = 'epoch'")) != epoch
        kiosk.centre = world
        assert kiosk.send(*first, *later) == ["duplicate"] * 5 + ["created"] * 3
        world.centre.database.close()
