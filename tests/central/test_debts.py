"""The CSV of debts: its dates move with the demonstration, its mistakes are named."""

from datetime import date, timedelta

import pytest

from central.debts import SAMPLE, SAMPLE_DAY, CsvDebts, DebtsError, copy_sample, overdue, read

MARIA, TEO, JOAO = "52998224725", "86288366757", "11144477735"


@pytest.mark.parametrize("today", [SAMPLE_DAY, date(2028, 2, 29), date(2026, 1, 1)])
def test_what_lies_ahead_in_the_sample_lies_ahead_on_the_day_of_the_demonstration(tmp_path, today):
    copy_sample(tmp_path / "debts.csv", today)
    debts = CsvDebts(tmp_path / "debts.csv")
    assert debts.open_debts(MARIA)[0].amount_cents == 41280
    assert not overdue(debts.open_debts(MARIA), today)
    assert overdue(debts.open_debts(TEO), today)
    assert debts.open_debts(JOAO) == ()
    first = debts.open_debts(MARIA)[0]
    assert first.title == f"IPTU {first.due[:4]} - cota única"


def test_a_debt_is_overdue_on_the_day_after(tmp_path):
    copy_sample(tmp_path / "debts.csv", SAMPLE_DAY)
    debts = CsvDebts(tmp_path / "debts.csv").open_debts(MARIA)
    due = date.fromisoformat(debts[0].due)
    assert not overdue(debts, due)
    assert overdue(debts, due + timedelta(days=1))


def test_the_free_field_is_the_due_date_and_the_number_of_the_guide(tmp_path):
    copy_sample(tmp_path / "debts.csv", SAMPLE_DAY)
    debt = CsvDebts(tmp_path / "debts.csv").open_debts(MARIA)[0]
    assert (debt.due, debt.guide_number) == ("2026-12-10", "2026.0004711-3")
    assert debt.free_field == "20261210" + "00000202600047113"
    assert debt.txid == "VA00000202600047113"


def test_no_two_debts_of_the_sample_share_a_number():
    rows = read(SAMPLE)
    assert len({row.guide_number for row in rows}) == len({row.id for row in rows}) == len(rows)


def test_a_wrong_line_is_named(tmp_path):
    text = SAMPLE.read_text(encoding="utf-8").replace("41280", "412.80")
    (tmp_path / "debts.csv").write_text(text, encoding="utf-8")
    with pytest.raises(DebtsError, match=r"debts\.csv, line 2: wrong or missing: amount_cents"):
        read(tmp_path / "debts.csv")
