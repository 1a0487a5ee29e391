"""The sync process on a real store, against the real centre, over a line that fails as lines do."""

import json
import random
import sqlite3
import time

import pytest

from central.models import HeartbeatRow
from kiosk.catalog.read import CatalogueError
from offline_cache import audit, catalogue_cache, clock, lookups, numbers, outbox, standing
from offline_cache.client import Refused
from offline_cache.contract.evidence import Evidence, Purpose, Statement
from offline_cache.contract.messages import EventKind, Lookup
from offline_cache.contract.status_by_card import STATUS_BY_CARD
from offline_cache.self_report import heartbeat
from offline_cache.store import StoreUnwritableError, open_store
from offline_cache.sync import Sync
from offline_cache.wake import Mailbox
from tests.central.world import wait_until
from tests.centre import complaint
from tests.offline_cache.lines import Scripted, signed
from tests.offline_cache.looping import SERIES, publish, recover, settle, until


@pytest.fixture
def sync(with_fee, kiosk):
    """The loop of an enrolled kiosk, not yet run; the tests say what time it is."""
    with open_store(kiosk) as store:
        yield Sync(kiosk, store, random.Random(7))


def kiosk_id(sync):
    return standing.load(sync.store).kiosk


# ---- a fresh kiosk ------------------------------------------------------------------------------------


def test_a_fresh_kiosk_has_link_catalogue_and_numbers_at_once(sync, relay):
    settle(sync)
    assert sync.link
    assert catalogue_cache.current(sync.store) is not None
    assert numbers.left(sync.store, SERIES) == 50
    assert clock.trusted(sync.store, clock.read())
    # The first heartbeat comes before the clock is trusted; what follows checks the certificate's dates as well.
    assert relay.connections == 2


def test_a_kiosk_that_is_not_enrolled_rests_and_begins_when_it_is(with_fee, centre, tmp_path):
    folder = centre.folder(tmp_path / "new", enrolled=False)
    with open_store(folder) as store:
        sync = Sync(folder, store, random.Random(1))
        for _ in range(3):
            assert not sync.step(time.monotonic())
            assert sync.idle_s(time.monotonic()) == 1.0
        assert sync.answer({"do": "nonce", "session": "s", "service": "iptu"})["error"] == "no-link"
        from datetime import timedelta

        from central import enrolment as enrolling
        from offline_cache import enrolment

        enrolment.enrol(folder, secret=enrolling.make_secret(centre.centre, timedelta(hours=1)), root=centre.root)
        settle(sync)
        assert sync.link


def test_a_device_key_that_cannot_be_read_is_waited_for(sync):
    path = sync.folder.keys / "device.key"
    key = path.read_text()
    for spoiled in ("", "zz", "00"):
        path.write_text(spoiled)
        assert not sync.step(time.monotonic())
        assert sync.idle_s(time.monotonic()) == 1.0
    path.unlink()
    assert not sync.step(time.monotonic())
    path.write_text(key)
    settle(sync)
    assert sync.link


def test_a_centre_that_is_down_at_the_start_is_found_when_it_comes(sync, relay):
    relay.up = False
    for _ in range(3):
        sync.step(time.monotonic() + 100)
        assert not sync.link
        assert sync.idle_s(time.monotonic()) <= 0.21
    relay.up = True
    recover(sync)
    assert catalogue_cache.current(sync.store) is not None


def test_a_centre_without_a_catalogue_gives_the_link_all_the_same(tmp_path):
    from tests.centre import serving

    with serving(tmp_path / "central", "", catalogue=False) as bare:
        folder = bare.folder(tmp_path / "kiosk")
        with open_store(folder) as store:
            sync = Sync(folder, store, random.Random(1))
            settle(sync)
            assert sync.link
            assert catalogue_cache.current(store) is None
            bare.publish()
            sync._next_heartbeat_s = 0.0
            settle(sync)
            assert catalogue_cache.current_version(store) == 1


# ---- the outbox over a failing line -------------------------------------------------------------------


def test_events_arrive_once_though_every_answer_was_lost(sync, relay, centre):
    settle(sync)
    items = [complaint(sync.store).ticket_id for _ in range(5)]
    for lost in range(1, 4):
        relay.answers = "lose"
        sync._drain.try_all()
        assert sync.step(time.monotonic())
        assert relay.lost == lost, "the request itself arrived"
        assert outbox.status(sync.store).waiting == 5
        assert centre.events(kiosk_id(sync)) == items[: len(centre.events(kiosk_id(sync)))]
        relay.answers = "pass"
        sync._next_heartbeat_s = 0.0
        sync.step(time.monotonic())
        assert sync.link
    sync._drain.try_all()
    settle(sync)
    assert outbox.status(sync.store).waiting == 0
    assert sorted(centre.events(kiosk_id(sync))) == sorted(items)
    outcomes = {item.outcome for item in outbox.items(sync.store)}
    assert "duplicate" in outcomes
    assert len(centre.rows("SELECT code FROM tickets WHERE kiosk = '" + kiosk_id(sync) + "'")) == 5


def test_an_item_that_the_centre_cannot_read_holds_no_other_back(sync, centre):
    settle(sync)
    good = [complaint(sync.store).ticket_id]
    spoiled = outbox.enqueue(sync.store, EventKind.RATING, b"this is no rating")
    good.append(complaint(sync.store).ticket_id)
    settle(sync)
    assert sync.link
    assert outbox.status(sync.store).waiting == 0
    states = {row["id"]: row["state"] for row in centre.rows("SELECT id, state FROM events")}
    assert [states[item] for item in good] == ["created", "created"]
    assert states[spoiled] == "quarantined"


def test_payloads_are_purged_only_when_the_centre_has_them_in_its_backup(sync):
    settle(sync)
    complaint(sync.store)
    settle(sync)

    def purged():
        sync._next_heartbeat_s = 0.0
        sync.step(time.monotonic())
        found = outbox.status(sync.store)
        assert found.waiting == 0
        return found.purged == 1

    wait_until(purged)


# ---- numbers ------------------------------------------------------------------------------------------


def test_numbers_are_leased_before_they_run_out(sync):
    settle(sync)
    first = [numbers.take(sync.store, SERIES) for _ in range(31)]
    settle(sync)
    assert numbers.left(sync.store, SERIES) == 19 + 50
    rest = [numbers.take(sync.store, SERIES) for _ in range(69)]
    assert len(set(first + rest)) == 100


def test_a_lease_whose_answer_was_lost_gets_the_same_block(sync, relay, centre):
    settle(sync)
    for _ in range(31):
        numbers.take(sync.store, SERIES)
    relay.answers = "lose"
    assert sync.step(time.monotonic())
    assert relay.lost == 1
    assert numbers.left(sync.store, SERIES) == 19
    relay.answers = "pass"
    wait_until(lambda: not sync.step(time.monotonic()) and numbers.left(sync.store, SERIES) == 69)
    leased = centre.rows(f"SELECT block FROM number_blocks WHERE kiosk = '{kiosk_id(sync)}'")
    assert len(leased) == 2


def test_a_block_that_overlaps_is_passed_over_for_the_next_one(sync, centre):
    """A centre that was restored from its backup leases again what it has forgotten."""
    settle(sync)
    held = centre.rows(f"SELECT * FROM number_blocks WHERE kiosk = '{kiosk_id(sync)}'")[0]
    with sqlite3.connect(centre.state.database, timeout=10) as database:
        database.execute("DELETE FROM number_blocks WHERE kiosk = ?", (held["kiosk"],))
        database.execute("UPDATE series SET next = ? WHERE name = ?", (held["first"], SERIES))
    given = [numbers.take(sync.store, SERIES) for _ in range(31)]
    wait_until(lambda: not sync.step(time.monotonic()) and numbers.left(sync.store, SERIES) == 69)
    assert sync.link
    given += [numbers.take(sync.store, SERIES) for _ in range(69)]
    assert len(set(given)) == 100


# ---- link and look-ups --------------------------------------------------------------------------------


def test_the_link_is_told_when_it_goes_and_when_it_comes(sync, relay):
    with Mailbox(sync.folder, "kiosk") as screen:

        def heard():
            return [message["link"] for message in screen.receive(0) if message and "link" in message]

        settle(sync)
        assert heard() == [True]
        relay.cut()
        sync.step(time.monotonic() + 3)
        assert heard() == [False]
        relay.up = True
        recover(sync)
        assert heard() == [True]


def test_a_line_that_breaks_under_a_batch_is_found_out_by_a_heartbeat_at_once(sync, relay):
    settle(sync)
    relay.cut()
    complaint(sync.store)
    now_s = time.monotonic()
    assert sync.step(now_s)
    assert sync.step(now_s)
    assert not sync.link
    relay.up = True
    recover(sync)
    wait_until(lambda: not sync.step(time.monotonic()) and outbox.status(sync.store).waiting == 0)


def test_a_refused_look_up_leaves_the_link(sync):
    settle(sync)
    statement = Statement(
        purpose=Purpose.LOOKUP, kiosk=kiosk_id(sync), session="s", service="iptu", nonce="", nonce_of_centre=True
    )
    proof = Evidence(statement=statement, certificates=("AAAA",), signature="AAAA")
    request = Lookup(session="s", service="iptu", language="pt-BR", evidence=proof)
    assert sync.answer({"do": "guides", **request.model_dump(mode="json")})["error"] == "refused"
    assert sync.link
    assert sync.answer({"do": "nonce", "session": "s", "service": "iptu"})["nonce"]


@pytest.mark.parametrize(
    "request_", [{}, {"do": "other"}, {"do": "nonce"}, {"do": "guides"}, {"do": "documents", "session": 5}]
)
def test_a_look_up_that_is_none_is_refused_and_asks_nobody(sync, request_):
    settle(sync)
    before = standing.next_request_counter(sync.store)
    assert sync.answer(request_)["error"] == "refused"
    assert standing.next_request_counter(sync.store) == before + 1


def test_a_look_up_over_a_broken_line_says_so_at_once_and_a_heartbeat_follows(sync, relay):
    settle(sync)
    relay.cut()
    assert sync.answer({"do": "nonce", "session": "s", "service": "iptu"}) == lookups.NO_LINK
    assert sync.step(time.monotonic())
    assert not sync.link


def test_a_look_up_that_succeeds_brings_the_link_back_without_waiting(sync, relay):
    settle(sync)
    relay.cut()
    sync.step(time.monotonic() + 3)
    sync._not_before_s = time.monotonic() + 3600
    relay.up = True
    assert sync.answer({"do": "nonce", "session": "s", "service": "iptu"})["nonce"]
    assert sync.step(time.monotonic())
    assert sync.link


def test_a_centre_that_asks_for_patience_gets_it(sync, centre, kiosk):
    def busy(sock, request):
        refusal = {"error": "busy", "detail": "later"}
        sock.sendall(signed(centre.centre.keys, request, 503, refusal, Retry_After="60"))

    with Scripted(centre.state.tls, busy) as server:
        centre.settings(kiosk, server.port)
        patient = Sync(kiosk, sync.store, random.Random(1))
        patient.step(time.monotonic())
        assert not patient.link
        assert not patient.step(time.monotonic() + 59)
        assert patient.answer({"do": "nonce", "session": "s", "service": "iptu"}) == lookups.NO_LINK
        patient.hear({"retry": True})
        assert patient.step(time.monotonic())
        assert len(server.requests) == 3


def test_a_part_whose_condition_changed_is_told_at_once_and_once(sync):
    settle(sync)
    sync.hear({"printer": "paper-out"})
    assert heartbeat(sync.folder, sync.store, sync.status, sync._witness, clock.read()).printer == "paper-out"
    before = sync._next_heartbeat_s
    assert sync.step(time.monotonic())
    assert sync._next_heartbeat_s > before
    sync.hear({"printer": "paper-out"})
    assert not sync.step(time.monotonic())


def test_a_heartbeat_that_is_too_slow_for_a_citizen_leaves_the_link_down_but_the_outbox_goes(sync, monkeypatch, centre):
    settle(sync)
    item = complaint(sync.store).ticket_id
    monkeypatch.setattr("offline_cache.sync.LOOKUP_LIMIT_S", 0.0)
    sync._next_heartbeat_s = 0.0
    settle(sync)
    assert not sync.link
    assert sync.reached
    assert item in centre.events(kiosk_id(sync))


def test_a_full_disk_stops_sending_and_nothing_else(sync, monkeypatch):
    settle(sync)

    def full(_store):
        raise StoreUnwritableError("the disk is full")

    monkeypatch.setattr(standing, "next_request_counter", full)
    sync._next_heartbeat_s = 0.0
    assert sync.step(time.monotonic())
    assert not sync.link
    assert sync.answer({"do": "nonce", "session": "s", "service": "iptu"}) == lookups.NO_LINK
    monkeypatch.undo()
    recover(sync)


# ---- the catalogue ------------------------------------------------------------------------------------


def test_a_catalogue_that_is_pushed_comes_with_the_next_heartbeat(sync, centre):
    settle(sync)
    before = catalogue_cache.current_version(sync.store)
    assert not sync.step(time.monotonic())
    version = publish(centre)
    sync._next_heartbeat_s = 0.0
    until(sync, lambda: catalogue_cache.candidate(sync.store) is not None)
    waiting = catalogue_cache.candidate(sync.store)
    assert waiting.version == version == before + 1
    assert catalogue_cache.current_version(sync.store) == before


def test_a_catalogue_that_cannot_be_fetched_leaves_link_and_outbox_alone(sync, centre):
    (sync.folder.tuf / "root.json").unlink()
    settle(sync)
    assert sync.link
    assert catalogue_cache.current(sync.store) is None
    for _ in range(3):
        sync._next_heartbeat_s = 0.0
        settle(sync)
        assert sync.link


def test_a_catalogue_that_this_program_cannot_read_is_bad_and_the_centre_knows_at_once(sync, centre, monkeypatch):
    settle(sync)
    before, read = catalogue_cache.current_version(sync.store), catalogue_cache.from_json
    version = publish(centre)

    def older(data):
        """A program that does not know a field of the new one."""
        if json.loads(data)["version"] == version:
            raise CatalogueError(["services[0].new_field: nobody knows this field"])
        return read(data)

    monkeypatch.setattr(catalogue_cache, "from_json", older)
    sync._next_heartbeat_s = 0.0
    settle(sync)
    assert catalogue_cache.current_version(sync.store) == before
    assert catalogue_cache.bad_versions(sync.store) == (version,)
    with centre.centre.database.transaction() as session:
        assert session.get(HeartbeatRow, kiosk_id(sync)).body["catalogue_bad"] == [version]


def test_a_revoked_kiosk_loses_the_link_and_keeps_its_tickets(sync, centre):
    settle(sync)
    item = complaint(sync.store)
    from central.models import Kiosk

    with centre.centre.database.transaction() as session:
        session.get(Kiosk, kiosk_id(sync)).state = "revoked"
    settle(sync)
    assert not sync.link
    assert outbox.status(sync.store).waiting == 1
    with pytest.raises(Refused, match="revoked"):
        sync._drain.step(sync._connect(), time.monotonic())
    assert item.ticket_id not in centre.events(kiosk_id(sync))


def test_a_failure_of_the_screen_is_told_to_the_centre_at_once(sync, centre):
    settle(sync)
    ids = {"number": "017-3826", "kind": "ValueError", "where": "kiosk/screens/done.py:31"}
    audit.record(sync.store, audit.AuditEvent.SCREEN_FAILED, clock.read(), ids)
    sync.hear({"fault": True})
    settle(sync)
    with centre.centre.database.transaction() as session:
        body = session.get_one(HeartbeatRow, kiosk_id(sync)).body
    assert (body["faults"], body["last_fault"]) == (1, "017-3826 ValueError kiosk/screens/done.py:31")


def test_a_ticket_is_followed_from_the_kiosk_to_the_centre_and_back(sync):
    settle(sync)
    issued = complaint(sync.store)
    asked = {"do": "ticket-status", "code": issued.code, "pin": "482731"}
    assert outbox.waits(sync.store, issued.code)
    assert sync.answer(asked) == {"outcome": "on-its-way", "status": None}
    sync._drain.try_all()
    settle(sync)
    assert not outbox.waits(sync.store, issued.code)
    answer = sync.answer(asked)
    assert (answer["outcome"], answer["status"]["code"]) == ("found", issued.code)
    assert answer["status"]["title"]["pt-BR"]
    assert sync.answer({**asked, "pin": "000000"}) == {"outcome": "refused", "status": None}


@pytest.mark.parametrize("pin", ["48273", "48273x", "4827311", 482731, None])
def test_a_pin_that_is_none_asks_nobody_and_is_not_quoted(sync, relay, pin):
    settle(sync)
    before = relay.connections
    answer = sync.answer({"do": "ticket-status", "code": "0000-0000-0000", "pin": pin})
    assert answer["error"] == "refused"
    assert str(pin) not in str(answer)
    assert relay.connections == before


def test_a_card_is_asked_about_a_ticket_over_a_nonce_of_its_own_and_the_centre_judges_it(sync, relay):
    settle(sync)
    nonce = sync.answer({"do": "nonce", "session": "s1", "service": STATUS_BY_CARD})["nonce"]
    statement = Statement(
        purpose=Purpose.LOOKUP, kiosk=kiosk_id(sync), session="s1", service=STATUS_BY_CARD, nonce=nonce,
        nonce_of_centre=True,
    )  # fmt: skip
    evidence = Evidence(statement=statement, certificates=("AA==",), signature="AA==")
    request = {"code": "0000-0000-0000", "session": "s1", "evidence": evidence.model_dump(mode="json")}
    asked = {"do": "ticket-status-by-card", **request}
    assert sync.answer(asked) == {"error": "refused", "detail": "evidence-not-trusted"}
    assert sync.answer(asked) == {"error": "refused", "detail": "nonce"}
    before = relay.connections
    assert sync.answer(asked | {"evidence": None})["error"] == "refused"
    assert relay.connections == before
