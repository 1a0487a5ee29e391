"""A push that is cut off, a disk that is full, two administrators at once: kiosks get the old one whole, or the new."""

import json
import os
import shutil
import subprocess
import sys

import pytest

from central import publishing
from central.repository import RepositoryError
from offline_cache import catalogue_cache
from tests.central.commands import Typed
from tests.central.world import CATALOGUE
from tests.offline_cache.reading import NOW

# Five files, each synchronised before it takes its place, and its folder after.
MOMENTS = 10


def text(phone):
    return json.dumps(CATALOGUE | {"operator": CATALOGUE["operator"] | {"phone": phone}})


def published(repository, version=None):
    """What the centre vouches for, read from its disk."""
    state = repository.centre.state
    file = state.catalogues / f"{version or publishing.newest_version(state)}.json"
    return json.loads(file.read_bytes())["operator"]["phone"]


def served(reader):
    """What a kiosk that asks now has."""
    body = reader.fetch(wanted=reader.newest())
    if body is not None:
        catalogue_cache.keep(reader.store, body)
    return catalogue_cache.current(reader.store).catalogue


@pytest.fixture
def dying(centre):
    command = [sys.executable, "-m", "tests.central.dying", str(centre.state.path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:

        def publish(at, phone):
            process.stdin.write(json.dumps([at, text(phone)]) + "\n")
            process.stdin.flush()
            return process.stdout.readline().strip()

        yield publish
        process.stdin.close()


def test_a_push_killed_at_any_moment_leaves_the_old_or_the_new_one_whole_and_may_be_repeated(
    dying, reader, repository
):
    repository.publish("before")
    assert served(reader).operator.phone == "before"
    for moment in range(MOMENTS):
        last = served(reader).operator.phone
        assert dying(moment, f"cut {moment}") == "killed"
        found = served(reader).operator.phone
        # the last file is the timestamp: once it is in its place, the new one is there
        assert found == (f"cut {moment}" if moment == MOMENTS - 1 else last)
        assert published(repository) == found
        if moment % 3 == 0:
            assert dying(MOMENTS, f"again {moment}") == "published"
            assert served(reader).operator.phone == f"again {moment}"


def test_a_full_disk_at_the_centre_publishes_nothing_and_leaves_nothing_behind(reader, repository, monkeypatch):
    repository.publish("before")
    assert served(reader).operator.phone == "before"
    signed = publishing.prepare(repository.centre.state, text("signed"), NOW)
    for signer in publishing._own(repository.centre.state, "targets"):
        signed.metadata.sign(signer)
    sync = os.fsync
    for moment in range(0, MOMENTS, 2):
        left = iter(range(MOMENTS))

        def full(descriptor, left=left, moment=moment):
            if next(left) == moment:
                raise OSError(28, "No space left on device")
            sync(descriptor)

        with monkeypatch.context() as filling:
            filling.setattr(os, "fsync", full)
            with pytest.raises(RepositoryError, match="the disk is full: nothing was published"):
                publishing.publish_signed(repository.centre.state, signed, NOW)
        assert list(repository.tuf.rglob("*.new")) == list(repository.centre.state.catalogues.glob(".*.new")) == []
        assert served(reader).operator.phone == "before"
    # what two people signed is not lost by it
    publishing.publish_signed(repository.centre.state, signed, NOW)
    assert served(reader).operator.phone == "signed"


def test_two_administrators_who_push_at_once_publish_one_after_the_other(reader, repository, tmp_path):
    before = publishing.newest_version(repository.centre.state)
    files = []
    for name in ("one", "two"):
        files.append(tmp_path / f"{name}.yaml")
        files[-1].write_text(text(name), encoding="utf-8")
    pushing = [
        subprocess.Popen(
            [sys.executable, "-m", "kiosk.cli", "catalog", "push", str(file), "--no-rollout",
             "--state", str(repository.centre.state.path)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for file in files
    ]  # fmt: skip
    said = [process.communicate(timeout=60) for process in pushing]
    assert [process.returncode for process in pushing] == [0, 0], said
    assert {published(repository, before + number) for number in (1, 2)} == {"one", "two"}
    assert served(reader).version == before + 2


def test_while_the_centre_does_not_serve_a_push_is_kept_and_a_gone_database_is_told_before_anything(
    reader, repository, relay, tmp_path
):
    state = repository.centre.state
    totem = Typed(state.path)
    file = tmp_path / "catalogue.yaml"
    file.write_text(text("while it was down"), encoding="utf-8")
    relay.cut()
    totem("push", file, "--no-rollout")
    relay.up = True
    assert served(reader).operator.phone == "while it was down"
    before = publishing.newest_version(state)
    other = tmp_path / "other"
    shutil.copytree(state.path, other, ignore=shutil.ignore_patterns("*central.db*"))
    assert "is missing" in totem("push", file, state=other, code=2)
    (other / "central.db").write_bytes(b"no database" * 1000)
    assert "database cannot be used" in totem("push", file, state=other, code=2)
    assert publishing.newest_version(type(state)(other)) == before


def test_a_push_whose_rollout_could_not_begin_says_how_to_go_on(repository, tmp_path, monkeypatch):
    from sqlalchemy.exc import OperationalError

    from central import rollouts

    totem = Typed(repository.centre.state.path)
    file = tmp_path / "catalogue.yaml"
    file.write_text(text("unled"), encoding="utf-8")

    def full(*_arguments, **_options):
        raise OperationalError("insert", {}, Exception("database or disk is full"))

    with monkeypatch.context() as filling:
        filling.setattr(rollouts, "begin", full)
        said = totem("push", file, code=2)
    version = publishing.newest_version(repository.centre.state)
    assert f"run `totem catalog rollout {version}`" in said
    assert published(repository) == "unled"
    totem("rollout", version)
