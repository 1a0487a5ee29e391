from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from kiosk.cli import main
from kiosk.issuing import tracking

LINE = "81620000004-9 12809712202-1 61210000000-1 04711301022-8"
STATIC = (
    "00020126580014br.gov.bcb.pix0136123e4567-e12b-12d1-a456-4266554400005204000053039865802BR"
    "5913Fulano de Tal6008BRASILIA62070503***63041D3D"
)


def totem(*words):
    return CliRunner().invoke(main, list(words))


def test_a_guides_line_is_decoded_for_machines():
    done = totem("guide", "decode", LINE, "--json")
    assert done.exit_code == 0
    assert json.loads(done.stdout) == {
        "kind": "arrecadacao",
        "barcode": "81620000004128097122026121000000004711301022",
        "line": "816200000049128097122021612100000001047113010228",
        "amount_cents": 41280,
        "segment": 1,
        "value_id": 6,
        "due": "2026-12-10",
        "company": "9712",
        "free_field": "2026121000000004711301022",
    }


def test_a_guides_line_is_decoded_for_people():
    said = totem("guide", "decode", LINE).stdout.splitlines()
    assert "amount: R$ 412,80" in said
    assert f"line: {LINE}" in said


def test_a_guide_that_was_made_decodes_to_the_same():
    done = totem(
        "guide", "make", "--value-id", "6", "--amount-cents", "41280", "--company", "9712",
        "--free-field", "2026121000000004711301022", "--json",
    )  # fmt: skip
    assert done.stdout == totem("guide", "decode", LINE, "--json").stdout


def test_a_pix_payload_is_decoded_for_machines():
    done = totem("pix", "decode", STATIC, "--json")
    assert done.exit_code == 0
    assert json.loads(done.stdout) == {
        "key": "123e4567-e12b-12d1-a456-426655440000",
        "url": None,
        "name": "Fulano de Tal",
        "city": "BRASILIA",
        "amount_cents": None,
        "txid": None,
        "single_use": False,
    }


def test_a_pix_payload_that_was_made_decodes_to_what_was_asked():
    made = totem("pix", "make", "--key", "a@b.br", "--name", "São João", "--city", "Vila", "--amount-cents", "5")
    found = json.loads(totem("pix", "decode", made.stdout.strip(), "--json").stdout)
    assert (found["name"], found["amount_cents"], found["txid"]) == ("SAO JOAO", 5, None)
    in_json = totem("pix", "make", "--key", "k", "--name", "A", "--city", "B", "--json")
    assert list(json.loads(in_json.stdout)) == ["payload"]


def test_a_tracking_code_is_checked_as_it_was_typed():
    printed = tracking.code("7K2M", 4, 9)
    done = totem("code", "check", printed.lower().replace("-", ""), "--json")
    assert done.exit_code == 0
    assert json.loads(done.stdout) == {"kind": "tracking", "code": printed}
    assert "kind: document" in totem("code", "check", tracking.document_code(bytes(10))).stdout


@pytest.mark.parametrize(
    "words",
    [
        ("guide", "decode", LINE[:-1] + "9"),
        ("guide", "decode", "123"),
        ("pix", "decode", STATIC[:-1] + "E"),
        ("code", "check", "7K2M-0000-0000"),
    ],
)
def test_a_wrong_code_is_a_negative_verdict_in_one_line(words):
    done = totem(*words)
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith("totem: ")
    assert "position" in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "words",
    [
        ("guide", "make", "--amount-cents", "1", "--company", "12", "--free-field", "1"),
        ("pix", "make", "--key", "", "--name", "A", "--city", "B"),
        ("guide", "make"),
        ("code", "check"),
    ],
)
def test_wrong_use_is_status_2(words):
    done = totem(*words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr
