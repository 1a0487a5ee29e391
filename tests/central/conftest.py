import pytest

from central import publishing
from devices.virtual import wallet
from tests.central.world import YAML, Citizen, make_state, running


@pytest.fixture(scope="session")
def cards(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cards")
    wallet.make_wallet(folder)
    return folder


@pytest.fixture(scope="session")
def anchors(cards):
    return wallet.anchors(cards)


@pytest.fixture(scope="module")
def world(tmp_path_factory, anchors):
    """A running centre with version 1 of a small catalogue."""
    # who asks again gets a new document: what is given again is the business of test_documents
    state = make_state(tmp_path_factory.mktemp("central"), anchors, second_copy_days=0)
    with running(state) as world:
        publishing.publish(state, YAML, world.now())
        yield world


@pytest.fixture
def kiosk(world):
    return world.enrol()


@pytest.fixture(scope="session")
def citizen(cards):
    return lambda name: Citizen(cards, name)
