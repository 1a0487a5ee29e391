"""Payments beside guides: taken in once, and flagged where somebody paid too often or too little."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from central import payments
from central.centre import open_centre
from central.cli import central
from central.models import Kiosk, Payment, StoredEvent, Ticket
from kiosk.issuing import arrecadacao, boleto, cuaderno57
from tests.central.world import make_state

NOW = datetime(2026, 12, 1, tzinfo=UTC)
COLUMNS = "id,channel,reference,amount_cents,paid\n"


@pytest.fixture
def centre(tmp_path, anchors):
    centre = open_centre(make_state(tmp_path / "central", anchors), lambda: NOW)
    with centre.database.transaction() as session:
        session.add(Kiosk(id="VA-017", label="Paço", public_key="k", simulation=True, enrolled=NOW))
    return centre


def code(number, cents=41280):
    return arrecadacao.make(
        segment=1, value_id=8, amount_cents=cents, febraban_id="0971", free_field=f"20261210{number:017d}"
    )


def issue(centre, number, ticket, cents=41280, **more):
    """A ticket with a guide, as an event brings it."""
    made = code(number, cents)
    guide = {
        "number": f"2026.{number:07d}-3", "barcode": made.barcode, "line": made.line, "pix": "", "due": "2026-12-10",
        "amount_cents": cents, "txid": f"VA{number:017d}", "reference": f"VA{number:017d}",
        **more,
    }  # fmt: skip
    with centre.database.transaction() as session:
        session.add(
            StoredEvent(id=ticket, kiosk="VA-017", seq=1, kind="ticket", code=ticket, catalogue_version=1, key_id="k",
                        fingerprint="f", sealed=b"", received=NOW, state="created", reason=None)
        )  # fmt: skip
        session.flush()
        session.add(
            Ticket(id=ticket, code=ticket, pin="p", kiosk="VA-017", service="iptu", language="pt-BR",
                   catalogue_version=1, created="2026", clock_trusted=True, received=NOW, anonymous=False,
                   identity="card+pin", name=None, national_id=None, proof=None, answers={}, guide=guide,
                   document_code=None)
        )  # fmt: skip
    return guide


def write(tmp_path, *rows, head=COLUMNS):
    file = tmp_path / "payments.csv"
    file.write_text(head + "".join(f"{','.join(map(str, row))}\n" for row in rows), encoding="utf-8")
    return file


def flags(centre):
    return {row["guide"] or row["reference"]: row["flags"] for row in payments.listing(centre)}


def test_a_guide_paid_by_barcode_and_pix_is_flagged_and_one_paid_once_is_not(centre, tmp_path):
    both, once = issue(centre, 1, "A"), issue(centre, 2, "B")
    issue(centre, 3, "C")
    file = write(
        tmp_path,
        ("b1", "barcode", both["line"], 41280, "2026-12-01"),
        ("E1", "pix", both["txid"], 41280, "2026-12-02"),
        ("b2", "barcode", once["barcode"], 41280, "2026-12-01"),
    )
    assert payments.take(centre, file) == payments.Taken(new=3, known=0)
    assert flags(centre) == {both["number"]: ["barcode-and-pix"], once["number"]: []}
    row = payments.listing(centre)[0]
    assert (row["service"], row["tickets"]) == ("iptu", ["A"])
    assert [payment["id"] for payment in row["payments"]] == ["b1", "E1"]


def test_a_second_copy_is_the_same_guide_with_another_amount_too(centre, tmp_path):
    first, second = issue(centre, 1, "A"), issue(centre, 1, "B", cents=42000)
    assert first["barcode"] != second["barcode"]
    file = write(tmp_path, ("b1", "barcode", first["barcode"], 41280, "2026-12-01"),
                 ("b2", "barcode", second["barcode"], 42000, "2026-12-20"))  # fmt: skip
    payments.take(centre, file)
    assert flags(centre) == {first["number"]: ["twice"]}
    assert payments.listing(centre)[0]["tickets"] == ["A", "B"]


def test_what_a_registrar_made_is_found_by_what_its_payment_names(centre, tmp_path):
    """A boleto by its line, Cuaderno 57 by issuer, suffix and reference, a notice by its number."""
    due = date(2026, 12, 10)
    bill = boleto.make(bank="998", due=due, amount_cents=41280, free_field="7" * 25)
    receipt = cuaderno57.make(issuer="22350466", suffix="501", reference="15", amount_cents=41280, due=due)
    made = [
        ("barcode", bill.barcode, bill.line, bill.barcode),
        ("barcode", f"22350466501{receipt.barcode[16:29]}", receipt.barcode, receipt.barcode),
        ("pagopa", "301000000000000144", "301000000000000144", "PAGOPA|002|301000000000000144|81005750021|41280"),
        ("transfer", "RF740000000001", "RF740000000001", "BCD"),
        ("pix", "ea91c22612d253f4918773e1aec9841d", "ea91c22612d253f4918773e1aec9841d", None),
    ]
    for number, (_, reference, _, barcode) in enumerate(made):
        issue(centre, number, f"T{number}", reference=reference, barcode=barcode)
    rows = [(f"p{n}", channel, paid_by, 41280, "2026-12-01") for n, (channel, _, paid_by, _) in enumerate(made)]
    payments.take(centre, write(tmp_path, *rows))
    assert set(map(tuple, flags(centre).values())) == {()}
    assert len(flags(centre)) == len(made)


def test_another_amount_and_a_guide_that_nobody_issued_are_flagged(centre, tmp_path):
    guide = issue(centre, 1, "A")
    stranger = code(9)
    file = write(tmp_path, ("E1", "pix", guide["txid"], 41279, "2026-12-01"),
                 ("b1", "barcode", stranger.barcode, 41280, "2026-12-01"))  # fmt: skip
    payments.take(centre, file)
    assert flags(centre) == {guide["number"]: ["amount"], stranger.barcode: ["unknown-guide"]}


def test_a_file_that_comes_twice_is_taken_once_and_a_ticket_that_arrives_later_is_found(centre, tmp_path):
    file = write(tmp_path, ("E1", "pix", f"VA{7:017d}", 41280, "2026-12-01"))
    assert payments.take(centre, file) == payments.Taken(1, 0)
    assert payments.take(centre, file) == payments.Taken(0, 1)
    assert flags(centre) == {f"VA{7:017d}": ["unknown-guide"]}
    guide = issue(centre, 7, "A")
    assert flags(centre) == {guide["number"]: []}


RIGHT = ("b1", "barcode", code(1).barcode, 41280, "2026-12-01")


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([RIGHT, (*RIGHT[:3], 1, RIGHT[4])], "line 3: payment b1 came before with other content"),
        ([RIGHT, ("b2", "cash", *RIGHT[2:])], "line 3: wrong or missing: channel"),
        ([RIGHT, ("b2", *RIGHT[1:3], "412.80", RIGHT[4])], "line 3: wrong or missing: amount_cents"),
        ([RIGHT, ("b2", *RIGHT[1:4], "2026-02-30")], "line 3: wrong or missing: paid"),
        ([RIGHT, ("b2", "barcode", RIGHT[2][:-1] + "0", *RIGHT[3:])], "reference: the general check digit is wrong"),
        ([RIGHT, ("b2", "pix", "a-b", *RIGHT[3:])], "reference: a txid has 1 to 35"),
        ([RIGHT, ("", *RIGHT[1:])], "line 3: wrong or missing: id"),
    ],
)
def test_a_wrong_file_is_named_by_its_line_and_nothing_of_it_is_taken(centre, tmp_path, rows, words):
    with pytest.raises(payments.PaymentsError, match=words):
        payments.take(centre, write(tmp_path, *rows))
    with centre.database.transaction() as session:
        assert session.scalars(select(Payment)).all() == []


def test_a_file_that_is_no_list_of_payments_is_told(centre, tmp_path):
    with pytest.raises(payments.PaymentsError, match="columns are missing: amount_cents, channel, id, paid, reference"):
        payments.take(centre, write(tmp_path, head="hello\n"))
    file = tmp_path / "payments.csv"
    file.write_bytes(b"\xff")
    with pytest.raises(payments.PaymentsError, match="not UTF-8"):
        payments.take(centre, file)


def test_the_command_takes_in_and_lists(centre, tmp_path):
    guide = issue(centre, 1, "7K2M-0000-4QXA")
    issue(centre, 2, "B")
    file = write(
        tmp_path,
        ("b1", "barcode", guide["barcode"], 41280, "2026-12-01"),
        ("E1", "pix", guide["txid"], 41280, "2026-12-02"),
        ("E2", "pix", f"VA{2:017d}", 41280, "2026-12-02"),
    )

    def totem(*words):
        return CliRunner().invoke(central, ["payments", *words, "--state", str(tmp_path / "central")])

    said = totem(str(file))
    assert (said.exit_code, said.stderr) == (0, "")
    twice = "R$ 412,80 by barcode on 2026-12-01 (b1); R$ 412,80 by pix on 2026-12-02 (E1)"
    assert said.stdout.splitlines() == [
        "3 new payments, 0 known before",
        f"BARCODE-AND-PIX  guide 2026.0000001-3  tickets 7K2M-0000-4QXA  {twice}",
        "guide 2026.0000002-3  tickets B  R$ 412,80 by pix on 2026-12-02 (E2)",
    ]
    (flagged,) = json.loads(totem("--flagged", "--json").stdout)
    assert flagged["flags"] == ["barcode-and-pix"]
    file.write_text("hello\n", encoding="utf-8")
    wrong = totem(str(file))
    assert (wrong.exit_code, wrong.stderr.count("\n")) == (2, 1)
    assert "line 1: these columns are missing" in wrong.stderr
