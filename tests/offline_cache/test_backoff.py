import random
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offline_cache.backoff import LONGEST_WISH_S, Backoff, http_date, retry_after_s

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@given(st.integers(0, 2**32), st.floats(0.1, 600), st.integers(0, 200))
def test_a_wait_never_exceeds_the_cap_nor_the_doubled_base(seed, cap_s, failures):
    wait_s = Backoff(cap_s, random.Random(seed), failures).after_failure()
    assert 0 <= wait_s <= min(cap_s, 2.0 ** min(failures, 100))


def test_the_first_retry_is_spread_too():
    waits = {Backoff(60, random.Random(seed)).after_failure() for seed in range(50)}
    assert len(waits) == 50
    assert min(waits) < 0.2
    assert 0.8 < max(waits) <= 1.0


def test_waits_grow_until_something_succeeds():
    backoff = Backoff(60, random.Random(1))
    assert max(backoff.after_failure() for _ in range(12)) > 10
    backoff.succeeded()
    assert backoff.after_failure() <= 1


@given(st.integers(0, 2**32), st.floats(0, LONGEST_WISH_S))
def test_the_centres_wish_is_granted_and_then_spread(seed, wish_s):
    wait_s = Backoff(60, random.Random(seed)).after_failure(wish_s)
    assert wish_s <= wait_s <= wish_s + 1


@given(st.integers(0, 10**30))
def test_a_number_of_seconds_is_read_and_bounded(seconds):
    assert retry_after_s(f" {seconds} ", NOW) == min(seconds, LONGEST_WISH_S)


@given(st.integers(-(10**8), 10**8))
def test_a_date_is_read_as_the_seconds_until_then(seconds):
    header = format_datetime(NOW + timedelta(seconds=seconds), usegmt=True)
    assert retry_after_s(header, NOW) == min(max(0, seconds), LONGEST_WISH_S)


@pytest.mark.parametrize("header", [None, "", "soon", "-5", "1.5", "٣", "Sun, 99 Nov 2026 12:00:00 GMT"])
def test_what_is_no_time_is_no_wish(header):
    assert retry_after_s(header, NOW) is None


@given(st.text(max_size=60) | st.from_regex(r"\w{3}, \d{1,9} \w{3} \d{1,9} \d{1,4}:\d{1,4}:\d{1,4} [+-]?\w{1,12}"))
def test_no_header_however_wild_is_an_error(header):
    wish_s = retry_after_s(header, NOW)
    assert wish_s is None or 0 <= wish_s <= LONGEST_WISH_S


def test_a_date_without_a_zone_is_in_utc():
    assert http_date("Sun, 22 Nov 2026 12:00:00 -0000") == NOW
    assert http_date("Sun, 22 Nov 2026 09:00:00 -0300") == NOW
