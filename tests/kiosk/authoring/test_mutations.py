"""Good catalogues after a slip: told in plain lines to who wrote them, and harmless to a kiosk that is handed them."""

from __future__ import annotations

import json
import os
import random
from datetime import UTC, datetime
from typing import Any

import pytest

from kiosk.authoring.validation import validate
from kiosk.catalog.model import Catalogue
from kiosk.catalog.read import CatalogueError, from_json, to_json
from kiosk.rehearsal import acts, receipts
from tests.kiosk import vila_aurora

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
SAMPLES = sorted(vila_aurora.PATH.parents[1].glob("*/catalogue.yaml"))
JUNK: tuple[Any, ...] = (
    None, True, -1, 0, 2**70, 1.5, float("nan"), "", "x", "\u0000", "\ud800", "9" * 400, [], {}, [[]], [None], {"": 1},
    {"pt-BR": 1}, "today+99999", "2026-02-30", "(a+)+", "\U0001f4a3" * 50,
)  # fmt: skip


@pytest.fixture(scope="module")
def samples():
    """Each as its lines, with the files beside it."""
    return [
        (file.read_text(encoding="utf-8").splitlines(), lambda name, folder=file.parent: (folder / name).read_bytes())
        for file in SAMPLES
    ]


@pytest.fixture(scope="module")
def signed(samples):
    """Each as a kiosk gets it."""
    found = [validate("\n".join(lines).encode(), NOW.date(), files).catalogue for lines, files in samples]
    assert None not in found
    return [to_json(catalogue) for catalogue in found]


def slips(lines, draw):
    """A few slips of an author: a line gone, doubled, cut, moved in, or letters exchanged."""
    lines = list(lines)
    for _ in range(draw.randint(1, 4)):
        at = draw.randrange(len(lines))
        match draw.randrange(6):
            case 0:
                del lines[at]
            case 1:
                lines.insert(at, lines[draw.randrange(len(lines))])
            case 2:
                lines[at] = lines[at][: draw.randrange(len(lines[at]) + 1)]
            case 3:
                lines[at] = "  " + lines[at]
            case 4:
                lines[at] = lines[at].replace(draw.choice(':-{["aeiou0'), draw.choice("\t\0é]}&*!%@`1x"))
            case _:
                name, _, _ = lines[at].partition(":")
                lines[at] = f"{name}: {draw.choice(['7', '[]', '{}', 'null', '-1', '[[[', '&a *a', '!!x 1', '9' * 30])}"
    return "\n".join(lines).encode()


def spoilt(data, draw):
    """What was signed, with something else in one to four of its places; or cut, or with other bytes in it."""
    if draw.random() < 0.1:
        at = draw.randrange(len(data))
        return data[:at] + draw.choice((b"", b"\xff", b"{" * 2000, draw.randbytes(9) + data[at:]))
    value = json.loads(data)
    for _ in range(draw.randint(1, 4)):
        at = value
        while True:
            name = draw.choice(list(at) if isinstance(at, dict) else range(len(at)))
            if not isinstance(at[name], dict | list) or not at[name] or draw.random() < 0.1:
                break
            at = at[name]
        match draw.randrange(3):
            case 0:
                del at[name]
            case 1:
                at[name] = draw.choice(JUNK)
            case _ if isinstance(at, list):
                at.append(at[draw.randrange(len(at))])
            case _:
                at[f"{name}{draw.choice('x _')}"] = at[name]
        if not value:
            break
    return json.dumps(value, ensure_ascii=draw.random() < 0.5).encode(errors="surrogatepass")


def can_be_shown(catalogue: Catalogue) -> None:
    """What has no problem is shown whole: every screen's state, every paper."""
    for language in catalogue.languages[:2]:
        assert list(acts.of(catalogue, language, NOW.date()))
        for service in catalogue.services:
            receipts.of(catalogue, service, language, NOW)


def authors_are_told(samples, count, seed):
    """How many of so many had nothing wrong."""
    draw = random.Random(seed)
    good = 0
    for _ in range(count):
        lines, files = draw.choice(samples)
        verdict = validate(slips(lines, draw), NOW.date(), files)
        for found in verdict.problems:
            assert "\n" not in str(found)
            assert found.problem.what
            assert found.problem.mend
        if not verdict.problems:
            good += 1
            assert verdict.catalogue is not None
            can_be_shown(verdict.catalogue)
    return good


def kiosks_are_unharmed(signed, count, seed):
    """How many of so many a kiosk could read; what it cannot read it refuses, whatever it is."""
    draw = random.Random(seed)
    read = 0
    for _ in range(count):
        data = spoilt(draw.choice(signed), draw)
        try:
            catalogue = from_json(data)
        except CatalogueError:
            continue
        read += 1
        from_json(to_json(catalogue))
    return read


def seed():
    """Of the whole run, in its header."""
    return int(os.environ["TOTEM_SEED"])


def test_slips_are_told_and_never_crash(samples):
    authors_are_told(samples, 40, seed())


def test_a_kiosk_refuses_what_it_cannot_read_and_never_crashes(signed):
    kiosks_are_unharmed(signed, 80, seed())


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_ten_thousand_slips_are_told_and_never_crash(samples):
    assert 100 < authors_are_told(samples, 10_000, seed()) < 9_900


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_ten_thousand_spoilt_catalogues_harm_no_kiosk(signed):
    assert 100 < kiosks_are_unharmed(signed, 10_000, seed()) < 9_900
