import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from offline_cache import custodian, standing
from offline_cache.clock import Reading
from offline_cache.contract.messages import Enrolment
from offline_cache.folder import StateFolder
from offline_cache.store import Store, create_keys, open_store
from tests.centre import ANCHOR, Centre, serving
from tests.offline_cache.lines import Relay
from tests.offline_cache.looping import publish
from tests.offline_cache.reading import Kiosk, Repository

READING = Reading("11111111-2222-3333-4444-555555555555", 1000.0, datetime(2026, 11, 22, 12, 0, tzinfo=UTC))
ENROLMENT = Enrolment(kiosk="kiosk-1", label="Hall", allocation="AAAA", spare_allocation="BBBB", answer_key="a2V5")


@pytest.fixture
def folder(tmp_path: Path) -> StateFolder:
    """A prepared state folder."""
    made = StateFolder(tmp_path / "state")
    create_keys(made)
    custodian.prepare(made, READING)
    return made


@pytest.fixture
def store(folder: StateFolder) -> Iterator[Store]:
    """An open store of an enrolled kiosk."""
    with open_store(folder) as opened:
        standing.save(opened, ENROLMENT, READING)
        yield opened


@pytest.fixture(scope="session")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    """A running centre with a published catalogue, shared: each test enrols a kiosk of its own."""
    with serving(tmp_path_factory.mktemp("centre") / "central", ANCHOR) as running:
        yield running


@pytest.fixture
def relay(centre: Centre) -> Iterator[Relay]:
    with Relay(centre.port) as made:
        yield made


@pytest.fixture
def kiosk(centre: Centre, relay: Relay, tmp_path: Path) -> Iterator[StateFolder]:
    """The folder of an enrolled kiosk whose way to the centre is the relay."""
    made = centre.folder(tmp_path / "kiosk", port=relay.port)
    yield made
    shutil.rmtree(made.run, ignore_errors=True)


@pytest.fixture(scope="session")
def with_fee(centre: Centre) -> None:
    """The centre's catalogue has a service that needs numbers of the kiosk's own."""
    publish(centre)


@pytest.fixture
def repository(centre: Centre, tmp_path: Path) -> Iterator[Repository]:
    """The shared centre's repository; what a test does to it is undone after it."""
    made = Repository(centre, tmp_path / "aside")
    before = made.save()
    yield made
    made.restore(before)


@pytest.fixture
def reader(repository: Repository, kiosk: StateFolder) -> Iterator[Kiosk]:
    """A kiosk that has just been enrolled: nothing fetched yet."""
    with open_store(kiosk) as store:
        made = Kiosk(kiosk, store, repository.centre)
        yield made
        made.connection.close()
