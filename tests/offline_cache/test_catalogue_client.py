"""What the kiosk runs was signed, whole, fresh and never older: a real TUF repository behind the real centre."""

import shutil
from datetime import timedelta

import pytest

from central import publishing
from offline_cache import floors
from offline_cache.client import Unreachable
from offline_cache.signed_metadata import NotVouchedFor
from tests.offline_cache.lines import Scripted, answer, reset
from tests.offline_cache.reading import NOW, Kiosk


def test_the_first_catalogue_is_fetched_with_no_more_than_the_root_that_was_handed_over(reader, repository):
    version = repository.publish()
    body = reader.keep()
    assert body == (repository.centre.state.catalogues / f"{version}.json").read_bytes()
    assert reader.version() == version
    assert list((reader.folder.tuf / "work").iterdir()) == []


def test_an_update_is_fetched_and_what_is_kept_is_not_fetched_again(reader, repository, relay):
    reader.keep()
    files = []
    assert reader.fetch(between=lambda: files.append(1)) is None
    assert len(files) == 2, "the next root, which is not there, and the timestamp"
    version = repository.publish("0800 1")
    reader.keep()
    assert reader.version() == version
    assert relay.connections == 1


def test_a_store_that_was_lost_is_given_what_is_published_though_nothing_is_new(reader, repository):
    reader.keep()
    assert reader.fetch() is None
    with reader.store.transaction():
        reader.store.execute("delete from catalogue")
    assert reader.fetch() is not None


def test_a_centre_that_has_published_nothing_has_nothing(reader, repository):
    (repository.tuf / "metadata" / "timestamp.json").unlink()
    assert reader.fetch() is None


def test_an_older_catalogue_is_refused(reader, repository):
    repository.publish("old")
    old = repository.save()
    repository.publish("new")
    reader.keep()
    repository.restore(old)
    with pytest.raises(NotVouchedFor, match="timestamp"):
        reader.fetch()


def test_an_older_catalogue_is_refused_though_the_clients_cache_was_emptied(reader, repository):
    repository.publish("old")
    old = repository.save()
    newest = repository.publish("new")
    reader.keep()
    repository.restore(old)
    reader.forget_metadata()
    for _ in range(2):
        with pytest.raises(NotVouchedFor, match="was seen before"):
            reader.fetch()
    assert reader.version() == newest


def test_a_kiosk_that_was_shown_an_older_one_takes_the_next_good_one(reader, repository):
    repository.publish("old")
    old = repository.save()
    repository.publish("new")
    new = repository.save()
    reader.keep()
    repository.restore(old)
    reader.forget_metadata()
    with pytest.raises(NotVouchedFor):
        reader.fetch()
    repository.restore(new)
    version = repository.publish("newer")
    reader.keep()
    assert reader.version() == version


@pytest.mark.parametrize("role", ["timestamp", "snapshot", "targets"])
def test_what_another_key_signed_is_refused(reader, repository, role, monkeypatch):
    repository.new_key(role)
    # the centre itself would not publish it
    monkeypatch.setattr(publishing, "_check", lambda *_: None)
    repository.publish("forged")
    with pytest.raises(NotVouchedFor, match="UnsignedMetadata"):
        reader.fetch()
    assert reader.version() is None


def test_another_centres_root_is_not_taken_over(reader, repository):
    for role in ("root", "timestamp", "snapshot", "targets"):
        repository.new_key(role)
    (repository.tuf / "metadata" / "1.root.json").unlink()
    publishing.initialise(repository.centre.state, NOW)
    shutil.copy(repository.tuf / "metadata" / "1.root.json", repository.tuf / "metadata" / "2.root.json")
    repository.publish("forged")
    with pytest.raises(NotVouchedFor):
        reader.fetch()


def test_a_target_that_is_not_whole_is_refused(reader, repository):
    file = repository.target
    body = file.read_bytes()
    for spoiled in (body[:-10], body[:-1] + b" ", b"", body + b" " * 1000):
        file.write_bytes(spoiled)
        with pytest.raises(NotVouchedFor):
            reader.fetch()
        assert list((reader.folder.tuf / "work").iterdir()) == []
    file.write_bytes(body)
    assert reader.fetch() == body


def test_metadata_that_is_not_whole_is_refused(reader, repository):
    wanted = reader.newest()
    file = repository.tuf / "metadata" / "timestamp.json"
    file.write_bytes(file.read_bytes()[:-20])
    with pytest.raises(NotVouchedFor):
        reader.fetch(wanted=wanted)


def test_expired_metadata_is_refused_and_what_is_kept_stays(reader, repository):
    repository.publish()
    reader.keep()
    version = reader.version()
    repository.publish("newer")
    with pytest.raises(NotVouchedFor, match="Expired"):
        reader.fetch(now=NOW + timedelta(days=8))
    assert reader.version() == version
    publishing.renew(repository.centre.state, NOW + timedelta(days=8))
    assert reader.fetch(now=NOW + timedelta(days=8)) is not None


def test_a_root_that_was_never_handed_over_is_said_in_words(reader):
    (reader.folder.tuf / "root.json").unlink()
    with pytest.raises(NotVouchedFor, match=r"root\.json is missing"):
        reader.fetch()


def test_a_spoiled_cache_of_metadata_heals(reader, repository):
    reader.keep()
    for file in (reader.folder.tuf / "metadata").glob("*.json"):
        if not file.is_symlink():
            file.write_bytes(b"\0" * 10)
    repository.publish("newer")
    reader.keep()


def test_a_line_that_breaks_is_unreachable_and_the_next_fetch_goes_on(reader, relay, repository):
    relay.cut()
    with pytest.raises(Unreachable):
        reader.fetch()
    relay.up = True
    reader.keep()


@pytest.mark.parametrize(
    "response", [answer(302, b"", Location="/x"), answer(200, b"<html>"), answer(500, b""), answer(404, b""), None]
)
def test_a_server_that_is_not_the_centre_gives_nothing(reader, repository, centre, response):
    def script(sock, _request):
        reset(sock) if response is None else sock.sendall(response)

    with Scripted(centre.state.tls, script) as server:
        centre.settings(reader.folder, server.port)
        other = Kiosk(reader.folder, reader.store, repository.centre)
        try:
            body = other.fetch()
        except (Unreachable, NotVouchedFor):
            body = None
        assert body is None
    assert floors.value(reader.store, "tuf.root") == 0
