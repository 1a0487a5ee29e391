"""What citizens owe: the CSV's dates move with the demonstration, mistakes are named, a database gives the same."""

import re
import sqlite3
from datetime import date, timedelta

import pytest

from central.debts import DebtsError, overdue
from central.debts_csv import SAMPLE, SAMPLE_DAY, CsvDebts, copy_sample, read
from central.debts_sql import COLUMNS, SqlDebts
from offline_cache.contract.national_ids import NationalId, Scheme

REAIS = (
    "SELECT scheme, national_id, service, id, title, detail, property_id, amount_cents / 100.0 AS amount_cents, due, "
    "guide_number FROM debts WHERE national_id = :national_id"
)
MARIA, TEO, JOAO = (NationalId(Scheme.CPF, cpf) for cpf in ("52998224725", "86288366757", "11144477735"))


@pytest.mark.parametrize("today", [SAMPLE_DAY, date(2028, 2, 29), date(2026, 1, 1)])
def test_what_lies_ahead_in_the_sample_lies_ahead_on_the_day_of_the_demonstration(tmp_path, today):
    copy_sample(tmp_path / "debts.csv", today)
    debts = CsvDebts(tmp_path / "debts.csv")
    assert debts.open_debts(MARIA)[0].debt.amount_cents == 41280
    assert not overdue(debts.open_debts(MARIA), today)
    assert overdue(debts.open_debts(TEO), today)
    assert debts.open_debts(JOAO) == ()
    first = debts.open_debts(MARIA)[0].debt
    assert first.title == f"IPTU {first.due[:4]} - cota única"


def test_a_debt_is_overdue_on_the_day_after(tmp_path):
    copy_sample(tmp_path / "debts.csv", SAMPLE_DAY)
    debts = CsvDebts(tmp_path / "debts.csv").open_debts(MARIA)
    due = date.fromisoformat(debts[0].debt.due)
    assert not overdue(debts, due)
    assert overdue(debts, due + timedelta(days=1))


def test_the_free_field_is_the_due_date_and_the_number_of_the_guide(tmp_path):
    copy_sample(tmp_path / "debts.csv", SAMPLE_DAY)
    debt = CsvDebts(tmp_path / "debts.csv").open_debts(MARIA)[0].debt
    assert (debt.due, debt.guide_number) == ("2026-12-10", "2026.0004711-3")
    assert debt.free_field == "20261210" + "00000202600047113"
    assert debt.txid == "VA00000202600047113"


def test_the_same_digits_under_another_scheme_are_somebody_else(tmp_path):
    database, file = sql(tmp_path), CsvDebts(tmp_path / "debts.csv")
    belgian = NationalId(Scheme.BELGIAN_REGISTER, MARIA.value)
    assert database.open_debts(belgian) == file.open_debts(belgian) == ()


def test_no_two_debts_of_the_sample_share_a_number():
    rows = read(SAMPLE)
    assert len({row.guide_number for row in rows}) == len({row.id for row in rows}) == len(rows)


def test_a_wrong_line_is_named(tmp_path):
    text = SAMPLE.read_text(encoding="utf-8").replace("41280", "412.80")
    (tmp_path / "debts.csv").write_text(text, encoding="utf-8")
    with pytest.raises(DebtsError, match=r"debts\.csv, line 2: wrong or missing: amount_cents"):
        read(tmp_path / "debts.csv")


def sql(tmp_path, rows=None, query=None):
    """A tax system's database with a table of the sample, and the source over it."""
    copy_sample(tmp_path / "debts.csv", SAMPLE_DAY)
    rows = [row.model_dump(mode="json") for row in read(tmp_path / "debts.csv")] if rows is None else rows
    file = tmp_path / "tax.db"
    with sqlite3.connect(file) as connection:
        connection.execute(
            "CREATE TABLE debts (scheme TEXT, national_id TEXT, service TEXT, id TEXT, title TEXT, detail TEXT, "
            "property_id TEXT, amount_cents INTEGER, due TEXT, guide_number TEXT)"
        )
        for row in rows:
            values = [row[name] for name in COLUMNS]
            connection.execute("INSERT INTO debts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", values)
    connection.close()
    return SqlDebts(f"sqlite:///{file}", query)


def test_a_database_gives_what_the_file_gives(tmp_path):
    database, file = sql(tmp_path), CsvDebts(tmp_path / "debts.csv")
    for cpf in (MARIA, TEO, JOAO):
        assert database.open_debts(cpf) == file.open_debts(cpf)
    assert database.open_debts(MARIA)
    assert database.check().endswith("tax.db: the query runs and gives the right columns")
    assert re.fullmatch(r".*debts\.csv: \d+ debts of \d+ citizens", file.check())


def test_a_query_of_the_tax_systems_own_tables_is_used(tmp_path):
    query = (
        "SELECT scheme, national_id, service, id, 'IPTU' AS title, detail, NULL AS property_id, "
        "amount_cents * 2 AS amount_cents, due, guide_number "
        "FROM debts WHERE national_id = :national_id AND amount_cents > 1000"
    )
    debts = [each.debt for each in sql(tmp_path, query=query).open_debts(MARIA)]
    assert debts[0].amount_cents == 82560
    assert {(debt.title, debt.property_id) for debt in debts} == {("IPTU", None)}


def test_the_tax_systems_database_is_never_written(tmp_path):
    source = sql(tmp_path, query="DELETE FROM debts WHERE national_id = :national_id RETURNING *")
    with pytest.raises(DebtsError, match="cannot be asked"):
        source.open_debts(MARIA)
    assert SqlDebts(f"sqlite:///{tmp_path / 'tax.db'}", None).open_debts(MARIA)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("SELECT * FROM debts", "the debts of others"),
        ("SELECT * FROM debts WHERE national_id = :national_id OR 1", "the debts of others"),
        (
            "SELECT scheme, national_id, service, id FROM debts WHERE national_id = :national_id",
            "does not give these columns: amount_cents, detail, due",
        ),
        ("SELECT * FROM nothing WHERE national_id = :national_id", "cannot be asked"),
        (REAIS, "row 1 that debts_query gives: wrong or missing: amount_cents"),
    ],
)
def test_a_wrong_query_is_told_and_shows_nobodys_debts(tmp_path, query, words):
    source = sql(tmp_path, query=query)
    with pytest.raises(DebtsError, match=words) as refused:
        source.open_debts(MARIA)
    assert MARIA.value not in str(refused.value)
    if query != REAIS:
        with pytest.raises(DebtsError):
            source.check()


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("sqlite:///{}/none.db", "none.db is missing"),
        ("nosuch://host/db", "cannot be asked"),
        ("no url", "cannot be asked"),
        ("postgresql+nosuchdriver://host/db", "cannot be asked|not installed"),
    ],
)
def test_a_database_that_is_not_there_is_told(tmp_path, url, words):
    source = SqlDebts(url.format(tmp_path), None)
    for ask in (lambda: source.open_debts(MARIA), source.check):
        with pytest.raises(DebtsError, match=words):
            ask()
