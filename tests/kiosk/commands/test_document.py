"""`totem document verify`: a verdict as exit status, a reason in one line, and what the paper must say."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from central import sealing
from central.sealing import SealKey
from kiosk.cli import main
from kiosk.issuing import tracking
from kiosk.issuing.document_seal import SealedClaims

KEY = SealKey("document-20261101", Ed25519PrivateKey.generate())
CODE = tracking.document_code(bytes(range(10)))
NOW = datetime.now(UTC).replace(microsecond=0)
CLAIMS = SealedClaims(
    number="2026/018.442-7", code=CODE, service="certidao-negativa", holder_masked="***.982.247-**", issued=NOW,
    expires=NOW + timedelta(days=90), without_value=False,
)  # fmt: skip


@pytest.fixture
def keys(tmp_path):
    public = base64.b64encode(KEY.public_raw).decode()
    file = tmp_path / "document-keys.json"
    listed = {"keys": [{"key_id": KEY.key_id, "algorithm": "Ed25519", "public_key": public}]}
    file.write_text(json.dumps(listed), encoding="ascii")
    return file


def address(code=CODE, key=KEY, **changed):
    return sealing.address("https://vilaaurora.example/v/", code, sealing.seal(key, replace(CLAIMS, **changed)))


def verify(scanned, keys, *more):
    return CliRunner().invoke(main, ["document", "verify", scanned, "--keys", str(keys), *more])


def test_a_seal_that_holds_is_told_with_what_the_paper_must_say(keys):
    done = verify(address(), keys)
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    for line in ("number: 2026/018.442-7", f"code: {CODE}", "cpf: ***.982.247-**", f"key id: {KEY.key_id}"):
        assert line in lines
    assert lines[-1] == "The seal holds. Compare these lines with the paper."
    assert "NO VALUE" not in done.stdout


def test_a_simulations_paper_is_told_to_be_worth_nothing(keys):
    assert "NO VALUE" in verify(address(without_value=True), keys).stdout


@pytest.mark.parametrize(
    ("scanned", "reason", "word"),
    [
        (CODE, "no-seal", "carries no seal"),
        (f"https://vilaaurora.example/v/{CODE}", "no-seal", "carries no seal"),
        (address()[:-9], "unreadable", "cannot be read"),
        (address(key=SealKey("document-2020", KEY.private)), "unknown-key", "not in the list"),
        (address(key=SealKey(KEY.key_id, Ed25519PrivateKey.generate())), "signature", "does not hold"),
        (address(code=tracking.document_code(bytes(10))), "other-code", "another document"),
        (address(expires=NOW - timedelta(days=1)), "expired", "has expired"),
    ],
)
def test_a_seal_that_does_not_hold_is_a_negative_verdict_with_its_reason(keys, scanned, reason, word):
    plain = verify(scanned, keys)
    assert plain.exit_code == 1
    assert word in plain.stderr
    assert len(plain.stderr.splitlines()) == 1
    machine = verify(scanned, keys, "--json")
    assert machine.exit_code == 1
    said = json.loads(machine.stdout)
    assert (said["valid"], said["reason"]) == (False, reason)


def test_an_expired_document_is_still_shown_as_the_offices_own(keys):
    assert CLAIMS.number in verify(address(expires=NOW - timedelta(days=1)), keys).stdout


@pytest.mark.parametrize("forged", [address(code=tracking.document_code(bytes(10))), address()[:-9]])
def test_nothing_is_read_out_of_what_does_not_belong_to_the_paper(keys, forged):
    assert verify(forged, keys).stdout == ""


def test_a_mistyped_code_is_told_as_one(keys):
    done = verify(CODE[:-1] + ("0" if CODE[-1] != "0" else "1"), keys)
    assert done.exit_code == 1
    assert "check character" in done.stderr


def test_a_file_that_is_no_list_of_keys_is_wrong_use(keys):
    keys.write_text("<html>", encoding="ascii")
    done = verify(address(), keys)
    assert done.exit_code == 2
    assert "/v1/document-keys" in done.stderr


def test_without_the_list_it_is_wrong_use(tmp_path):
    assert verify(address(), tmp_path / "none").exit_code == 2
