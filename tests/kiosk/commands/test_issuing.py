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


BOLETO = "10499898100000214032006561000100040099726390"
NINE = ["kind", "barcode", "line", "amount_cents", "segment", "value_id", "due", "company", "free_field"]


def test_a_boleto_is_decoded_for_machines_from_barcode_and_line():
    done = totem("guide", "decode", BOLETO, "--json")
    assert (done.exit_code, done.stderr) == (0, "")
    assert json.loads(done.stdout) == {
        "kind": "boleto",
        "barcode": BOLETO,
        "line": "10492006506100010004200997263900989810000021403",
        "amount_cents": 21403,
        "segment": None,
        "value_id": None,
        "due": "2022-05-10",
        "company": "104",
        "free_field": "2006561000100040099726390",
    }
    typed = totem("guide", "decode", "10492.00650", "61000.100042", "00997.263900", "9", "89810000021403", "--json")
    assert typed.stdout == done.stdout


def test_which_day_a_due_factor_means_depends_on_the_day_it_is_read():
    def due(today):
        return json.loads(totem("guide", "decode", BOLETO, "--today", today, "--json").stdout)["due"]

    assert (due("2026-11-24"), due("2045-01-01")) == ("2022-05-10", "2046-12-30")


MADE = {
    "arrecadacao": ("--segment", "6", "--value-id", "9", "--amount-cents", "7", "--company", "12345678",
                    "--free-field", "1" * 13, "--due", "2028-02-29"),
    "boleto": ("--kind", "boleto", "--bank", "104", "--amount-cents", "5", "--free-field", "2" * 25,
               "--due", "2027-01-02"),
    "cuaderno-57": ("--kind", "cuaderno-57", "--issuer", "22350466", "--suffix", "501", "--reference", "15",
                    "--due", "2027-08-30", "--amount-cents", "5398"),
    "pagopa": ("--kind", "pagopa", "--notice", "322201151398574181", "--creditor", "81005750021",
               "--amount-cents", "1"),
    "sepa": ("--kind", "sepa", "--name", "Comune", "--iban", "IT60X0542811101000000123456", "--amount-cents", "1",
             "--text", "TARI"),
}  # fmt: skip
POSTAL = ("--postal-account", "16302093", "--debtor-id", "BSCMTT83A12L719R", "--debtor-name", "Ada", "--reason", "TARI")


@pytest.mark.parametrize("kind", MADE)
def test_a_guide_of_any_kind_decodes_to_what_was_made(kind):
    made = totem("guide", "make", *MADE[kind], "--json")
    assert (made.exit_code, made.stderr) == (0, "")
    facts = json.loads(made.stdout)
    assert list(facts) == NINE
    assert facts["kind"] == kind
    assert totem("guide", "decode", facts["barcode"], "--json").stdout == made.stdout
    assert facts["barcode"] in totem("guide", "make", *MADE[kind]).stdout


def test_the_postal_part_of_a_notice_decodes_to_the_same_notice():
    made = totem("guide", "make", *MADE["pagopa"], *POSTAL)
    found = json.loads(totem("guide", "decode", made.stdout.rstrip("\n"), "--json").stdout)
    assert (found["line"], found["amount_cents"]) == ("322201151398574181", 1)


def test_amounts_are_shown_to_people_in_the_money_of_the_code():
    assert "amount: 53,98 €" in totem("guide", "make", *MADE["cuaderno-57"]).stdout
    said = totem("guide", "make", *MADE["boleto"]).stdout
    assert "amount: R$ 0,05" in said
    assert "line: 10492.22225 22222.222220 22222.222220 4 16790000000005" in said


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
    dynamic = totem("pix", "make", "--url", "pix.example/x", "--name", "A", "--city", "B").stdout.strip()
    found = json.loads(totem("pix", "decode", dynamic, "--json").stdout)
    assert (found["key"], found["url"], found["txid"], found["single_use"]) == (None, "pix.example/x", None, True)
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
        ("guide", "decode", ""),
        ("guide", "decode", "8162\t0000"),
        ("guide", "decode", "8162\n0000"),
        ("guide", "decode", BOLETO[:-1] + "1"),
        ("guide", "decode", "PAGOPA|002|1|2|3"),
        ("guide", "decode", "BCD\n001\n1\nINST\n\n\n"),
        ("guide", "decode", "9050722350466501000000000156930081500000053980"),
        ("pix", "decode", STATIC + "\t"),
        ("pix", "decode", ""),
        ("code", "check", "7K2M-\x1b000-0000"),
        ("code", "check", ""),
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
        ("guide", "decode"),
        ("guide", "decode", BOLETO, "--today", "soon"),
        ("guide", "make", *MADE["boleto"], "--issuer", "1"),
        ("guide", "make", *MADE["boleto"][:4]),
        ("guide", "make", *MADE["arrecadacao"][:-1], "2027-02-30"),
        ("guide", "make", *MADE["pagopa"], *POSTAL[:-2]),
        ("guide", "make", *MADE["sepa"], "--bic", "X"),
        ("pix", "make", "--name", "A", "--city", "B"),
        ("pix", "make", "--key", "k", "--url", "a.b/c", "--name", "A", "--city", "B"),
        ("pix", "make", "--url", "a.b/c", "--txid", "T", "--name", "A", "--city", "B"),
        ("pix", "make", "--url", "https://a.b/c", "--name", "A", "--city", "B"),
        ("pix", "make", "--key", "k", "--reusable", "--name", "A", "--city", "B"),
    ],
)
def test_wrong_use_is_status_2(words):
    done = totem(*words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
