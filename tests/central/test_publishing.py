"""The catalogue as TUF metadata: python-tuf's own client downloads it over real HTTPS."""

import json
import shutil
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests
from tuf.api.exceptions import DownloadHTTPError, RepositoryError
from tuf.api.metadata import Metadata, Timestamp
from tuf.ngclient import FetcherInterface, Updater

from central import private_files, publishing, repository
from kiosk.catalog.model import Catalogue
from kiosk.catalog.read import CatalogueError
from tests.central.world import YAML, make_state, running, wait_until


class Fetcher(FetcherInterface):
    """Over the requests session that pins the centre's authority."""

    def __init__(self, http):
        self._http = http
        self.fetched = []

    def _fetch(self, url):
        response = self._http.get(url)
        if response.status_code != requests.codes.ok:
            raise DownloadHTTPError(url, response.status_code)
        self.fetched.append(url.rpartition("/")[2])
        yield response.content


@pytest.fixture
def centre(tmp_path, anchors):
    with running(make_state(tmp_path / "central", anchors)) as world:
        yield world


@pytest.fixture
def client(centre, tmp_path):
    """A kiosk's cache: each call refreshes with a new updater and gives the catalogue."""
    metadata, targets = tmp_path / "metadata", tmp_path / "targets"
    metadata.mkdir()
    targets.mkdir()
    root = (centre.state.tuf_metadata / "1.root.json").read_bytes()

    def update():
        updater = Updater(
            str(metadata),
            f"{centre.url}/v1/catalogue/metadata/",
            str(targets),
            f"{centre.url}/v1/catalogue/targets/",
            fetcher=Fetcher(centre.http),
            bootstrap=root,
        )
        updater.refresh()
        newest = publishing.vouched(centre.state, publishing.newest_version(centre.state))
        info = updater.get_targetinfo(newest.target)
        return Catalogue.model_validate_json(Path(updater.download_target(info)).read_bytes())

    return update


def test_a_client_gets_what_was_published_and_then_the_next_one(centre, client):
    publishing.publish(centre.state, YAML, centre.now())
    first = client()
    assert (first.version, first.operator.id) == (1, "vila-aurora")
    assert all("BEGIN CERTIFICATE" in anchor and anchor.count("BEGIN") == 1 for anchor in first.trust_anchors)
    assert len(first.trust_anchors) == len(centre.state.anchors_pem())
    assert first.sealing_keys == centre.centre.keys.sealing_public()
    publishing.publish(centre.state, YAML.replace("156", "157"), centre.now())
    second = client()
    assert (second.version, second.operator.phone) == (2, "157")
    assert client() == second


def test_a_wrong_catalogue_is_not_published(centre, client):
    publishing.publish(centre.state, YAML, centre.now())
    before = sorted(centre.state.tuf_metadata.iterdir())
    with pytest.raises(CatalogueError, match="category none is not in the catalogue"):
        publishing.publish(centre.state, YAML.replace("category: all", "category: none"), centre.now())
    assert sorted(centre.state.tuf_metadata.iterdir()) == before
    assert client().version == 1


def test_a_server_that_goes_back_to_an_older_version_is_refused(centre, client, tmp_path):
    publishing.publish(centre.state, YAML, centre.now())
    shutil.copytree(centre.state.tuf_metadata, tmp_path / "old")
    publishing.publish(centre.state, YAML, centre.now())
    client()
    shutil.copytree(tmp_path / "old", centre.state.tuf_metadata, dirs_exist_ok=True)
    with pytest.raises(RepositoryError):
        client()


def test_a_target_that_was_changed_is_refused(centre, client):
    publishing.publish(centre.state, YAML, centre.now())
    target = next(centre.state.tuf_targets.glob("*.json"))
    target.write_bytes(target.read_bytes().replace(b'"156"', b'"999"'))
    with pytest.raises(RepositoryError):
        client()


def test_a_publication_that_was_cut_off_changes_nothing_and_the_next_one_works(centre, client, monkeypatch):
    publishing.publish(centre.state, YAML, centre.now())

    def cut(*_):
        raise OSError("power")

    with monkeypatch.context() as cutting:
        cutting.setattr(repository, "sign_online", cut)
        with pytest.raises(OSError, match="power"):
            publishing.publish(centre.state, YAML, centre.now())
    assert client().version == 1
    # the centre, too, goes on with what was published: kiosks are sent for nothing that is not there
    assert publishing.newest_version(centre.state) == 1
    publishing.publish(centre.state, YAML, centre.now())
    assert client().version == 3
    assert publishing.newest_version(centre.state) == 3


def test_a_publication_killed_at_any_write_leaves_the_old_or_the_new_one_whole(centre, client, monkeypatch):
    publishing.publish(centre.state, YAML, centre.now())
    write = private_files.write
    for killed_at in range(5):
        before = publishing.newest_version(centre.state)
        writes = iter(range(5))

        def dying(path, content, *, private=True, writes=writes, killed_at=killed_at):
            if next(writes) == killed_at:
                raise OSError("killed")
            write(path, content, private=private)

        with monkeypatch.context() as killing:
            killing.setattr(private_files, "write", dying)
            with pytest.raises(OSError, match="killed"):
                publishing.publish(centre.state, YAML.replace("156", f"{killed_at}"), centre.now())
        assert client().version == publishing.newest_version(centre.state) == before
        publishing.publish(centre.state, YAML, centre.now())
        assert client().version == publishing.newest_version(centre.state) > before


def timestamp(state):
    return Metadata[Timestamp].from_file(str(state.tuf_metadata / "timestamp.json")).signed


def test_metadata_is_signed_anew_before_it_expires_and_not_sooner(tmp_path, anchors):
    now = datetime.now(UTC)
    state = make_state(tmp_path, anchors)
    assert not publishing.renew(state, now)
    publishing.publish(state, YAML, now)
    assert not publishing.renew(state, now + timedelta(days=3))
    assert publishing.renew(state, now + timedelta(days=4))
    assert timestamp(state).version == 2
    assert timestamp(state).expires > now + timedelta(days=10)


def test_a_server_that_comes_back_after_a_long_pause_signs_anew(tmp_path, anchors):
    state = make_state(tmp_path, anchors)
    publishing.publish(state, YAML, datetime.now(UTC) - timedelta(days=40))
    assert timestamp(state).expires < datetime.now(UTC)
    with running(state):
        wait_until(lambda: timestamp(state).expires > datetime.now(UTC))


def test_each_role_has_a_key_of_its_own_that_only_its_owner_reads(centre):
    root = json.loads((centre.state.tuf_metadata / "1.root.json").read_bytes())["signed"]
    used = [tuple(root["roles"][role]["keyids"]) for role in publishing.ROLES]
    assert len(set(used)) == 4
    assert root["consistent_snapshot"] is True
    assert {stat.S_IMODE(file.stat().st_mode) for file in centre.state.keys.iterdir()} == {0o600}


@pytest.mark.parametrize("name", ["..%2f..%2fkeys%2ftuf-root.key", "%2e%2e/central.toml", ".hidden", "missing.json"])
def test_nothing_but_the_repository_is_served(centre, name):
    assert centre.http.get(f"{centre.url}/v1/catalogue/metadata/{name}").status_code == 404


def test_a_file_that_the_caller_has_is_not_sent_again(centre):
    publishing.publish(centre.state, YAML, centre.now())
    url = f"{centre.url}/v1/catalogue/metadata/timestamp.json"
    first = centre.http.get(url)
    again = centre.http.get(url, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    publishing.publish(centre.state, YAML, centre.now())
    assert centre.http.get(url, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200
