"""A kiosk whose clock is years off finds the centre, learns the time and loses nothing."""

import ssl
from datetime import UTC, datetime, timedelta

import pytest

from central import tls
from offline_cache import catalogue_cache, clock, outbox
from offline_cache.client import CentreClient, Unreachable, read_key
from offline_cache.connection import Connection
from offline_cache.standing import load
from tests.centre import complaint
from tests.offline_cache.looping import recover, settle
from tests.offline_cache.oracle import account
from tests.offline_cache.own_centre import own_centre
from tests.offline_cache.test_fleet import at_work

YEARS = timedelta(days=5 * 365)


@pytest.fixture(params=[YEARS, -YEARS, 2 * YEARS, -2 * YEARS], ids=["5 late", "5 early", "10 late", "10 early"])
def elsewhen(request, tmp_path, monkeypatch):
    """A centre whose time is years from this machine's, with a certificate that is valid around its own time alone."""
    there = datetime.now(UTC) + request.param
    monkeypatch.setattr(tls, "NOT_BEFORE", there - timedelta(days=200))
    monkeypatch.setattr(tls, "NOT_AFTER", there + timedelta(days=200))
    with own_centre(tmp_path / "central", ahead=request.param) as made:
        yield made, request.param


def test_a_clock_that_is_years_off_keeps_nothing_from_the_centre(elsewhen, tmp_path):
    centre, ahead = elsewhen
    folder = centre.folder(tmp_path / "kiosk")
    with at_work(folder) as (sync, store):
        recover(sync)
        settle(sync)
        # Whoever checked the certificate's dates by this machine's clock would not have come through.
        strict = Connection(folder.settings().centre, check_dates=True)
        client = CentreClient(strict, load(store), read_key(folder.keys / "device.key"), lambda: 1)
        with pytest.raises(Unreachable, match=r"expired|not yet valid"):
            client.time()
        assert strict._context.verify_mode == ssl.CERT_REQUIRED
        reading = clock.read()
        assert not clock.trusted(store, reading)
        assert abs(clock.best(store, reading) - (reading.wall + ahead)) < timedelta(minutes=1)
        assert catalogue_cache.current(store) is not None
        issued = [complaint(store) for _ in range(3)]
        assert {row["clock_trusted"] for row in store.rows("select clock_trusted from outbox")} == {0}
        settle(sync)
        assert outbox.status(store).waiting == 0
    account(centre, folder, [ticket.code for ticket in issued])


def test_a_clock_that_is_set_right_is_believed_from_the_next_heartbeat_on(tmp_path, monkeypatch):
    """The dates of this certificate hold for both times, since what checks them reads the machine's own clock."""
    with own_centre(tmp_path / "central", ahead=YEARS) as centre:
        folder = centre.folder(tmp_path / "kiosk")
        with at_work(folder) as (sync, store):
            recover(sync)
            settle(sync)
            assert not clock.trusted(store, clock.read())
            really = clock.read

            def set_right():
                wrong = really()
                return clock.Reading(wrong.boot_id, wrong.boottime_s, wrong.wall + YEARS)

            monkeypatch.setattr(clock, "read", set_right)
            sync.hear({"fault": True})
            settle(sync)
            assert clock.trusted(store, clock.read())
            complaint(store)
            settle(sync)
            assert [row["clock_trusted"] for row in store.rows("select clock_trusted from outbox")] == [1]
            # Stepped back behind what is known to have passed: not believed again.
            monkeypatch.setattr(clock, "read", really)
            assert not clock.trusted(store, clock.read())
