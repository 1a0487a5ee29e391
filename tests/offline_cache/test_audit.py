import pytest

from offline_cache import audit
from offline_cache.audit import AuditEvent
from offline_cache.store import Store
from tests.offline_cache.conftest import READING


@pytest.fixture
def chain(store: Store) -> Store:
    for number in range(5):
        audit.record(store, AuditEvent.TICKET_ISSUED, READING, {"seq": number})
    return store


def test_a_whole_chain_has_no_break_and_its_head_moves_with_every_record(chain: Store):
    before = audit.head(chain)
    assert audit.first_break(chain) is None
    audit.record(chain, AuditEvent.TICKET_ISSUED, READING)
    assert audit.head(chain) != before
    assert audit.first_break(chain) is None


@pytest.mark.parametrize(
    "change",
    [
        "update audit set ids = '{\"seq\":9}' where seq = 4",
        "update audit set event = 'catalogue-bad' where seq = 4",
        "update audit set wall = '2020-01-01T00:00:00+00:00' where seq = 4",
        "update audit set monotonic_s = 1.0 where seq = 4",
        "update audit set boot_id = 'other' where seq = 4",
        "delete from audit where seq = 4",
    ],
)
def test_a_changed_or_removed_record_is_found(chain: Store, change: str):
    assert chain.execute(change) == 1
    assert audit.first_break(chain) == 4


def test_a_shortened_chain_ends_in_another_head_than_the_centre_saw(chain: Store):
    witnessed = audit.head(chain)
    chain.execute("delete from audit where seq = (select max(seq) from audit)")
    assert audit.head(chain) != witnessed


def test_a_record_disappears_with_the_transaction_it_speaks_of(chain: Store):
    before = audit.head(chain)
    with pytest.raises(ZeroDivisionError), chain.transaction():  # noqa: PT012
        audit.record(chain, AuditEvent.TICKET_ISSUED, READING)
        raise ZeroDivisionError
    assert audit.head(chain) == before


def test_an_empty_log_has_the_head_of_zeros(store: Store):
    store.execute("delete from audit")
    assert audit.head(store) == audit.GENESIS
