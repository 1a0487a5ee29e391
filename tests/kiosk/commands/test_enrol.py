"""`totem enrol`: a kiosk says six words, and comes in once an administrator has typed them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from central import approvals, enrolment
from central.approvals import approve
from offline_cache import catalogue_cache, catalogue_client, centre_trust, sync_process
from offline_cache import enrolment as kiosk_end
from offline_cache.client import Unreachable
from offline_cache.contract import trust
from offline_cache.folder import StateFolder
from tests.centre import Centre, serving


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    with serving(tmp_path_factory.mktemp("centre"), "") as running:
        yield running


def token_of(centre: Centre, **changed: str) -> trust.Token:
    secret = enrolment.make_secret(centre.centre, timedelta(hours=1), approval=True)
    url = f"https://localhost:{centre.port}"
    made = approvals.token(centre.centre, url=url, secret=secret, valid_for=timedelta(hours=1))
    return trust.Token(**{**vars(made), **changed})


def enrolling(folder: StateFolder, token: trust.Token, *more: str) -> subprocess.Popen[str]:
    started = subprocess.Popen(
        [sys.executable, "-m", "kiosk.cli", "enrol", "-", "--json", "--state", str(folder.path), *more],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert started.stdin is not None
    started.stdin.write(token.text())
    started.stdin.close()
    started.stdin = None
    return started


def test_a_kiosk_waits_for_its_six_words_and_then_has_its_catalogue(centre: Centre, tmp_path: Path) -> None:
    folder = centre.folder(tmp_path, enrolled=False)
    running = enrolling(folder, token_of(centre))
    assert running.stdout is not None
    told = json.loads(running.stdout.readline())
    assert told["state"] == "waiting"
    assert not kiosk_end.is_enrolled(folder)
    assert [row["label"] for row in approvals.waiting(centre.centre)] == ["Totem"]
    with pytest.raises(ValueError, match="no kiosk that waits"):
        approve(centre.centre, "pale soba lenu ceto cubi sinu")
    assert approve(centre.centre, " ".join(told["words"]).upper()) == "Totem"
    out, errors = running.communicate(timeout=60)
    assert running.returncode == 0, errors
    assert [json.loads(line)["state"] for line in out.splitlines()] == ["enrolled", "ready"]
    assert approvals.waiting(centre.centre) == []


def test_a_catalogue_that_comes_after_the_enrolment_is_held_against_the_token_too(tmp_path: Path) -> None:
    with serving(tmp_path / "centre", "", catalogue=False) as centre:
        token = token_of(centre)
        folder, other = (centre.folder(tmp_path / name, enrolled=False) for name in ("kiosk", "other"))
        running = enrolling(folder, token)
        assert running.stdout is not None
        approve(centre.centre, " ".join(json.loads(running.stdout.readline())["words"]))
        out, errors = running.communicate(timeout=60)
        assert [json.loads(line)["state"] for line in out.splitlines()] == ["enrolled", "no-catalogue"], errors
        secret = enrolment.make_secret(centre.centre, timedelta(hours=1))
        kiosk_end.enrol(other, secret=secret, root=centre.root, sealing_sha256="d" * 64)
        centre.publish()
        assert sync_process.first_catalogue(folder, 20) == (sync_process.FirstCatalogue.HERE, "")
        with pytest.raises(catalogue_cache.SealsElsewhereError, match="another key than the token names"):
            sync_process.first_catalogue(other, 20)


def test_a_line_that_breaks_while_the_catalogue_is_fetched_does_not_mean_that_there_is_none(
    centre: Centre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = centre.folder(tmp_path)
    fetch, broken = catalogue_client.fetch, iter([True])

    def once_broken(*arguments: Any) -> catalogue_client.Fetched | None:
        if next(broken, False):
            raise Unreachable("the line broke")
        return fetch(*arguments)

    monkeypatch.setattr(catalogue_client, "fetch", once_broken)
    assert sync_process.first_catalogue(folder, 30) == (sync_process.FirstCatalogue.HERE, "")


def test_a_second_kiosk_cannot_use_a_secret_that_another_asked_with(centre: Centre, tmp_path: Path) -> None:
    token = token_of(centre)
    first = enrolling(centre.folder(tmp_path / "first", enrolled=False), token, "--wait-s", "0")
    _out, errors = first.communicate(timeout=60)
    assert (first.returncode, errors) == (1, first_line(errors))
    assert "nobody approved" in errors
    second = enrolling(centre.folder(tmp_path / "second", enrolled=False), token, "--wait-s", "0")
    _out, errors = second.communicate(timeout=60)
    assert second.returncode == 1
    assert "another kiosk asked" in errors


@pytest.mark.parametrize(
    ("pin", "said"),
    [("ca_sha256", "is not the centre"), ("root_sha256", "signed by others"), ("sealing_sha256", "with another key")],
)
def test_whoever_is_not_what_the_token_says_is_told_nothing(centre: Centre, pin: str, said: str) -> None:
    token = token_of(centre)
    assert centre_trust.fetch(token).answer_key == centre.centre.keys.answer_key
    with pytest.raises(centre_trust.NotTheCentreError, match=said):
        centre_trust.fetch(trust.Token(**{**vars(token), pin: "d" * 64}))


def first_line(text: str) -> str:
    return text.splitlines(keepends=True)[0]
