import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from offline_cache import custodian, numbers
from offline_cache.contract.messages import NumberBlock
from offline_cache.folder import StateFolder
from offline_cache.store import Store, create_keys, open_store
from tests.offline_cache.conftest import READING


def block(name: str, first: int, last: int, series: str = "fees") -> NumberBlock:
    return NumberBlock(block=name, series=series, first=first, last=last)


def test_the_oldest_block_with_room_is_used_first(store: Store):
    numbers.add_block(store, block("b1", 500, 501), READING)
    numbers.add_block(store, block("b2", 1, 2), READING)
    assert [numbers.take(store, "fees") for _ in range(4)] == [500, 501, 1, 2]
    with pytest.raises(numbers.NoNumbersError):
        numbers.take(store, "fees")


def test_series_do_not_mix(store: Store):
    numbers.add_block(store, block("b1", 1, 1), READING)
    numbers.add_block(store, block("b2", 1, 5, "fines"), READING)
    assert numbers.take(store, "fees") == 1
    assert numbers.summary(store) == {"fees": 0, "fines": 5}
    assert numbers.left(store, "fines") == 5
    assert numbers.left(store, "unknown") == 0


def test_the_same_answer_twice_gives_the_block_once(store: Store):
    assert numbers.add_block(store, block("b1", 1, 3), READING)
    numbers.take(store, "fees")
    assert not numbers.add_block(store, block("b1", 1, 3), READING)
    assert numbers.blocks(store, "fees") == 1
    assert numbers.left(store, "fees") == 2


@pytest.mark.parametrize(
    "other",
    [block("b1", 1, 4), block("b1", 1, 3, "fines"), block("b2", 3, 9), block("b2", 0, 1), block("b2", 5, 4)],
)
def test_a_block_that_contradicts_an_earlier_one_is_refused(store: Store, other: NumberBlock):
    numbers.add_block(store, block("b1", 1, 3), READING)
    with pytest.raises(numbers.BlockRefusedError):
        numbers.add_block(store, other, READING)
    assert numbers.summary(store) == {"fees": 3}


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("lease"), st.integers(0, 1), st.integers(0, 40), st.integers(1, 6)),
        st.tuples(st.just("take"), st.integers(0, 1), st.just(0), st.just(0)),
        st.tuples(st.just("undo"), st.integers(0, 1), st.just(0), st.just(0)),
    ),
    max_size=30,
)


@given(steps=STEPS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_number_is_never_given_twice_whichever_process_asks(steps: list[tuple[str, int, int, int]]):
    with tempfile.TemporaryDirectory() as place:
        folder = StateFolder(Path(place))
        create_keys(folder)
        custodian.prepare(folder, READING)
        leased: set[int] = set()
        given_out: list[int] = []
        with open_store(folder) as one, open_store(folder) as other:
            for number, (step, which, first, size) in enumerate(steps):
                store = (one, other)[which]
                try:
                    if step == "lease":
                        numbers.add_block(store, block(f"b{number}", first, first + size - 1), READING)
                        leased |= set(range(first, first + size))
                    elif step == "take":
                        given_out.append(numbers.take(store, "fees"))
                    else:
                        _take_and_fail(store)
                except (numbers.NoNumbersError, numbers.BlockRefusedError):
                    pass
            assert len(set(given_out)) == len(given_out)
            assert set(given_out) <= leased
            assert numbers.left(one, "fees") == len(leased) - len(given_out)


def _take_and_fail(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.transaction():  # noqa: PT012  the transaction is what fails
        numbers.take(store, "fees")
        raise ZeroDivisionError
