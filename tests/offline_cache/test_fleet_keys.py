"""Keys that change: of the device, of what is sealed, of the centre's answers. Over real sockets."""

import base64
import shutil
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from central import enrolment as enrolling
from central import keys as central_keys
from central import tls
from offline_cache import audit, catalogue_cache, outbox, standing
from offline_cache.client import read_key
from tests.centre import ANCHOR, Centre, complaint, serving, serving_process
from tests.offline_cache.looping import publish, recover, settle
from tests.offline_cache.oracle import account
from tests.offline_cache.test_fleet import at_work, codes, known, name


@pytest.fixture
def folder(with_fee, centre, tmp_path):
    return centre.folder(tmp_path / "kiosk")


def test_a_device_key_is_changed_when_the_centre_asks(centre, folder):
    with at_work(folder) as (sync, store):
        recover(sync)
        old = read_key(folder.keys / "device.key")
        enrolling.wish_key(centre.centre, name(folder))
        sync.hear({"fault": True})
        settle(sync)
        complaint(store)
        settle(sync)
        assert outbox.status(store).waiting == 0
    new = read_key(folder.keys / "device.key").public_key().public_bytes_raw()
    assert new != old.public_key().public_bytes_raw()
    assert known(centre, folder)["public_key"] == base64.b64encode(new).decode()
    assert known(centre, folder)["next_key"] is None
    (folder.keys / "device.key").write_text(old.private_bytes_raw().hex())
    with at_work(folder) as (sync, store):
        settle(sync)
        assert not sync.link


def test_tickets_sealed_to_an_old_key_arrive_after_a_new_one_was_made(centre, folder):
    with at_work(folder) as (sync, store):
        recover(sync)
        old = complaint(store)
        central_keys.rotate_sealing(centre.state.keys, centre.centre.now())
        publish(centre)
        sync._next_catalogue_s = 0.0
        assert sync.step(1e9)
        settle(sync)
        sync._next_catalogue_s = 0.0
        settle(sync)
        # the screen has rehearsed it
        waiting = catalogue_cache.candidate(store)
        assert waiting is not None
        assert catalogue_cache.accept(store, waiting.version)
        new = complaint(store)
        settle(sync)
        keys_used = [row["key_id"] for row in store.rows("select distinct key_id from outbox order by seq")]
    assert len(keys_used) == 2
    assert {old.code, new.code} <= set(codes(centre, folder))
    states = centre.rows(f"SELECT state FROM events WHERE kiosk = '{name(folder)}' AND code IS NOT NULL")
    assert {row["state"] for row in states} == {"created"}


def test_sealing_keys_stay_longer_than_any_kiosk_is_offline(tmp_path):


    now = datetime.now(UTC)
    central_keys.make(tmp_path, now)
    first = next(iter(central_keys.load(tmp_path).sealing))
    second = central_keys.rotate_sealing(tmp_path, now + timedelta(seconds=1))
    assert next(iter(central_keys.load(tmp_path).sealing)) == second
    longest = timedelta(days=180)
    assert central_keys.retire_sealing(tmp_path, now + longest, longest) == []
    assert central_keys.retire_sealing(tmp_path, now + longest + timedelta(minutes=1), longest) == [first]
    assert list(central_keys.load(tmp_path).sealing) == [second]


def test_the_key_of_answers_is_changed_and_a_kiosk_that_was_away_finds_its_way(tmp_path):
    with serving(tmp_path / "central", ANCHOR) as before:
        publish(before)
        state, port = before.state, before.port
        here, away = before.folder(tmp_path / "here"), before.folder(tmp_path / "away")
        for folder in (here, away):
            with at_work(folder) as (sync, _):
                recover(sync)
                settle(sync)
    old = before.centre.keys.answer_key
    made = central_keys.rotate_answers(state.keys, datetime.now(UTC))
    with serving_process(state, port):
        centre = Centre(state, port)
        assert centre.centre.keys.answer_key != old
        with at_work(here) as (sync, store):
            complaint(store)
            recover(sync)
            settle(sync)
            assert outbox.status(store).waiting == 0
            assert standing.load(store).answer_key == centre.centre.keys.answer_key
            assert audit.told(store, audit.AuditEvent.ANSWER_KEY_CHANGED)[0] == 1
        fresh = centre.folder(tmp_path / "fresh")
        assert standing.read_copy(fresh).enrolment.answer_key == centre.centre.keys.answer_key
    # Whoever has the old key alone is not the centre any more for who has heard of the new one.
    aside = (state.keys / f"{made}.key").rename(tmp_path / "aside")
    with serving_process(state, port):
        with at_work(here) as (sync, _):
            settle(sync)
            assert not sync.link
        shutil.move(aside, state.keys / f"{made}.key")
    # Both keys again: the one that was away all the time comes back, and nothing it has is lost.
    with serving_process(state, port), at_work(away) as (sync, store):
        issued = complaint(store)
        recover(sync)
        settle(sync)
        assert outbox.status(store).waiting == 0
        assert standing.load(store).answer_key != old
    assert issued.code in codes(centre, away)


def test_keys_of_answers_stay_longer_than_any_kiosk_is_offline(tmp_path):
    now = datetime.now(UTC)
    first = central_keys.make(tmp_path, now).answer_key
    central_keys.rotate_answers(tmp_path, now + timedelta(seconds=1))
    assert central_keys.load(tmp_path).answer_key != first
    assert len(central_keys.load(tmp_path).answers) == 2
    longest = timedelta(days=180)
    assert central_keys.retire_answers(tmp_path, now + longest, longest) == []
    assert central_keys.retire_answers(tmp_path, now + longest + timedelta(minutes=1), longest) == ["answers"]
    assert len(central_keys.load(tmp_path).answers) == 1


def test_a_server_whose_certificate_was_renewed_is_known_again(tmp_path, monkeypatch):
    """Under the same authority, with another key; nothing at the kiosk is changed."""
    made = []
    generate = tls.ec.generate_private_key
    monkeypatch.setattr(tls.ec, "generate_private_key", lambda curve: made.append(generate(curve)) or made[-1])
    with serving(tmp_path / "central", ANCHOR) as before:
        publish(before)
        state, port = before.state, before.port
        folder = before.folder(tmp_path / "kiosk")
        with at_work(folder) as (sync, _):
            recover(sync)
            settle(sync)
    authority = x509.load_pem_x509_certificate((state.tls / "ca.pem").read_bytes())
    authority_key = next(one for one in made if one.public_key() == authority.public_key())
    key = generate(tls.ec.SECP256R1())
    leaf = tls._server(key, authority_key, authority, ())
    old = (state.tls / "server.pem").read_bytes()
    (state.tls / "server.pem").write_bytes(leaf.public_bytes(Encoding.PEM) + (state.tls / "ca.pem").read_bytes())
    (state.tls / "server.key").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    assert (state.tls / "server.pem").read_bytes() != old
    with serving_process(state, port):
        with at_work(folder) as (sync, store):
            issued = complaint(store)
            recover(sync)
            settle(sync)
        account(Centre(state, port), folder, [issued.code])
