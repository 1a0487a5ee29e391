from offline_cache import standing
from offline_cache.folder import StateFolder
from offline_cache.store import Store, open_store
from tests.offline_cache.conftest import ENROLMENT


def test_an_enrolment_is_kept_in_the_store_and_beside_it(store: Store):
    assert standing.load(store) == ENROLMENT
    assert standing.read_copy(store.folder) == standing.Standing(enrolment=ENROLMENT, in_use="AAAA")


def test_a_kiosk_that_was_never_enrolled_says_so(folder: StateFolder):
    with open_store(folder) as store:
        assert standing.load(store) is None
        assert standing.current(store) is None


def test_the_request_counter_rises_across_connections(folder: StateFolder, store: Store):
    with open_store(folder) as other:
        counters = [standing.next_request_counter(one) for one in (store, other, store)]
    assert counters == [1, 2, 3]
