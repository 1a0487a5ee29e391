from dataclasses import replace
from datetime import timedelta

from offline_cache import clock
from offline_cache.store import Store
from tests.offline_cache.conftest import READING


def later(seconds: float) -> clock.Reading:
    """Both clocks have gone on alike."""
    return replace(READING, boottime_s=READING.boottime_s + seconds, wall=READING.wall + timedelta(seconds=seconds))


def test_before_the_centre_has_told_the_time_no_clock_is_trusted(store: Store):
    assert not clock.trusted(store, READING)


def test_a_clock_that_agreed_with_the_centre_is_trusted_for_this_boot(store: Store):
    assert clock.confirm(store, READING, READING.wall + timedelta(seconds=3))
    assert clock.trusted(store, later(6 * 86400))
    assert not clock.trusted(store, replace(later(60), boot_id="another-boot"))


def test_a_clock_that_was_stepped_since_is_not_trusted(store: Store):
    clock.confirm(store, READING, READING.wall)
    assert not clock.trusted(store, replace(later(60), wall=READING.wall + timedelta(days=1)))


def test_a_clock_that_disagrees_is_not_trusted_until_it_agrees(store: Store):
    assert not clock.confirm(store, READING, READING.wall + timedelta(days=1))
    assert not clock.trusted(store, later(1))
    mended = replace(later(60), wall=READING.wall + timedelta(days=1, seconds=60))
    assert clock.confirm(store, mended, mended.wall)
    assert clock.trusted(store, mended)


def test_a_time_below_the_floor_is_not_believed(store: Store):
    clock.confirm(store, READING, READING.wall)
    stale = clock.Reading(READING.boot_id, READING.boottime_s, READING.wall - timedelta(days=5 * 365))
    assert not clock.trusted(store, stale)
    assert clock.best(store, stale) == READING.wall
    assert clock.best(store, later(60)) == later(60).wall


def test_a_clock_that_runs_years_ahead_makes_nothing_expire(store: Store):
    ahead = clock.Reading(READING.boot_id, READING.boottime_s, READING.wall + timedelta(days=10 * 365))
    assert not clock.confirm(store, ahead, READING.wall)
    assert clock.best(store, ahead) == READING.wall


def test_this_machines_clocks_can_be_read():
    first, second = clock.read(), clock.read()
    assert first.boot_id == second.boot_id == clock.boot_id()
    assert 0 < first.boottime_s <= second.boottime_s
    assert first.iso.endswith("+00:00")
