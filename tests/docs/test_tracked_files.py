"""Nothing in the project points at the machine on which it was written, or at where its packages came from."""

from __future__ import annotations

import re

import pytest

from tests.docs.pages import ROOT, tracked

# Folders of one machine or one person. Written in pieces, so that this file does not find itself.
PRIVATE = re.compile(rb"(?<![\w.$}~-])/(?:wo" + rb"rk|ro" + rb"ot|ho" + rb"me|Us" + rb"ers)/")
# Where packages are fetched from is each machine's own affair.
INDEX = re.compile(rb"--(?:extra-)?index-" + rb"url[ =]|--find-" + rb"links[ =]|--trusted-" + rb"host[ =]")
# Names that only mean something inside somebody's network, and addresses of such networks (RFC 1918).
INSIDE = re.compile(
    rb"\b[\w-]+(?:\.[\w-]+)*\.(?:inter" + rb"nal|intra" + rb"net|lo" + rb"cal|la" + rb"n|co" + rb"rp)(?::\d+)?/"
    rb"|://(?:10\.\d+|192\.1" + rb"68|172\.(?:1[6-9]|2\d|3[01]))\.\d+"
)


@pytest.mark.parametrize("pattern", [PRIVATE, INDEX, INSIDE], ids=["private-path", "package-index", "private-host"])
def test_no_file_names_a_private_place(pattern: re.Pattern[bytes]):
    guilty = {
        f"{path.relative_to(ROOT)}: {found[0].decode(errors='replace')}"
        for path in tracked()
        if path.suffix not in {".png", ".ttf", ".mo"} and (found := pattern.search(path.read_bytes()))
    }
    assert not guilty


def test_the_lock_file_names_no_address():
    assert b"://" not in (ROOT / "requirements.lock").read_bytes()


def test_a_private_place_would_be_noticed():
    assert PRIVATE.search(b"see /" + b"home/someone/notes")
    assert INDEX.search(b"pip install --index-" + b"url https://x")
    assert INSIDE.search(b"https://packages.firm.inter" + b"nal/simple")
    assert INSIDE.search(b"http://192.1" + b"68.0.7/simple")
