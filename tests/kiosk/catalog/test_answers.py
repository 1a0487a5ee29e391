"""Which pages a form asks, and which answers will do; the kiosk and the centre judge alike."""

from datetime import date

import pytest
from pydantic import ValidationError

from kiosk.catalog.answers import Wrong, asked, every, faults, wrong
from kiosk.catalog.form_fields import FormField

TODAY = date(2026, 11, 24)
BAD = Wrong.NOT_VALID
LABEL = dict.fromkeys(("pt-BR", "es", "it", "en"), "?")
CHOICES = [{"id": name, "label": LABEL} for name in ("a", "b", "c")]


def field(kind, name="asked", **more):
    if kind in {"choice", "choices"}:
        more.setdefault("choices", CHOICES)
    return FormField.model_validate({"id": name, "type": kind, "label": LABEL, **more})


@pytest.mark.parametrize(
    ("kind", "limits", "good", "bad"),
    [
        ("text", {"max_length": 3}, ["a", "abc"], {"": Wrong.MISSING, "  ": Wrong.MISSING, "abcd": Wrong.TOO_LONG}),
        ("text", {"min_length": 2}, ["ab"], {"a": Wrong.TOO_SHORT}),
        ("text", {"pattern": r"[A-Z]{3}-\d{4}", "pattern_message": LABEL}, ["ABC-1234"], {"ABC1234": Wrong.PATTERN}),
        ("long-text", {"max_length": 1000}, ["a" * 1000], {"a" * 1001: Wrong.TOO_LONG}),
        ("number", {"minimum": 2, "maximum": 9}, ["2", "9"],
         {"1": Wrong.TOO_SMALL, "10": Wrong.TOO_LARGE, "-3": BAD, "2.5": BAD, "²": BAD}),
        ("money", {"maximum": 100_00}, ["10000"], {"10001": Wrong.TOO_LARGE, "R$ 1": BAD}),
        ("date", {}, ["2026-02-28"], {"2026-02-29": BAD, "24112026": BAD, "20261124": BAD}),
        ("date", {"earliest": "today-1", "latest": "today+30"}, ["2026-11-23", "2026-12-24"],
         {"2026-11-22": Wrong.TOO_EARLY, "2026-12-25": Wrong.TOO_LATE}),
        ("date", {"earliest": "2000-01-01"}, ["2000-01-01"], {"1999-12-31": Wrong.TOO_EARLY}),
        ("choice", {}, ["a"], {"d": Wrong.UNKNOWN, "a,b": Wrong.UNKNOWN}),
        ("choices", {"most": 2}, ["a", "a,c"],
         {"a,b,c": Wrong.TOO_MANY, "a,a": Wrong.UNKNOWN, "d": Wrong.UNKNOWN, ",": Wrong.UNKNOWN}),
        ("yes-no", {}, ["yes", "no"], {"sim": Wrong.UNKNOWN, "": Wrong.MISSING}),
        ("consent", {}, ["yes"], {"no": Wrong.MISSING, "": Wrong.MISSING}),
        ("consent", {"required": False}, ["yes", "no", ""], {"maybe": Wrong.UNKNOWN}),
        ("phone", {}, ["11912345678", "+390461123456"], {"1234567": BAD, "11 9123": BAD}),
        ("email", {}, ["ana@example.org"], {"ana@": BAD, "ana@example": BAD, "a b@example.org": BAD}),
        ("national-id", {}, ["52998224725"], {"52998224724": BAD, "11111111111": BAD}),
        ("national-id", {"schemes": ["cnpj"]}, ["11222333000181", "12ABC34501DE35"], {"52998224725": BAD}),
        ("national-id", {"schemes": ["codice-fiscale"]}, ["RCCMNL83S18D969H"], {"RCCMNL83S18D969A": BAD}),
        ("national-id", {"schemes": ["dni", "nie"]}, ["54362315K", "X2482300W"], {"54362315Z": BAD}),
        ("national-id", {"schemes": ["passport"]}, ["YA1234567"], {"YA12345678": BAD, "AAAAAA": BAD}),
        ("national-id", {"schemes": ["crnm"]}, ["V123456-7", "F123456A"], {"1234567": BAD}),
    ],
)  # fmt: skip
def test_each_type_takes_what_it_should_and_says_why_it_takes_nothing_else(kind, limits, good, bad):
    asked_for = field(kind, **limits)
    assert {value: wrong(asked_for, value, TODAY) for value in good} == dict.fromkeys(good)
    assert {value: wrong(asked_for, value, TODAY) for value in bad} == bad


def test_without_a_trusted_clock_no_day_is_too_late():
    tomorrow = field("date", latest="today")
    assert wrong(tomorrow, "2026-11-25", None) is None
    assert wrong(field("date", latest="2026-11-24"), "2026-11-25", None) is Wrong.TOO_LATE


def test_a_debt_is_one_of_those_that_were_found_and_the_centre_knows_them_better():
    assert wrong(field("debt"), "d1", TODAY, {"d1"}) is None
    assert wrong(field("debt"), "d2", TODAY, {"d1"}) is Wrong.UNKNOWN
    assert wrong(field("debt"), "d2", TODAY) is None


def test_an_address_is_three_pages_that_are_answered_one_by_one():
    form = (field("address", "home"),)
    assert [page.id for page in every(form)] == ["home.postcode", "home.street", "home.place"]
    whole = {"home.postcode": "01310100", "home.street": "Av. Paulista, 1000", "home.place": "Bela Vista, São Paulo"}
    assert faults(form, whole, TODAY) == {}
    assert faults(form, {**whole, "home.postcode": "0131010"}, TODAY) == {"home.postcode": BAD}
    assert faults(form, {"home": "Av. Paulista"}, TODAY)["home"] is Wrong.UNKNOWN


FORM = (
    field("choice", "kind"),
    field("text", "detail", show_if={"field": "kind", "equals": ["b", "c"]}),
    field("yes-no", "more", show_if={"field": "kind", "equals": ["c"]}),
    field("text", "last", show_if={"field": "more", "equals": ["yes"]}, required=False),
)


@pytest.mark.parametrize(
    ("answers", "pages"),
    [
        ({}, ["kind"]),
        ({"kind": "a"}, ["kind"]),
        ({"kind": "b"}, ["kind", "detail"]),
        ({"kind": "c"}, ["kind", "detail", "more"]),
        ({"kind": "c", "more": "yes"}, ["kind", "detail", "more", "last"]),
        # an answer to what is no longer asked decides nothing
        ({"kind": "b", "more": "yes"}, ["kind", "detail"]),
    ],
)
def test_a_question_is_asked_where_its_condition_holds(answers, pages):
    assert [page.id for page in asked(FORM, answers)] == pages


def test_an_answer_that_nobody_asked_for_is_a_fault_and_so_is_one_that_is_no_text():
    assert faults(FORM, {"kind": "a", "detail": "x"}, TODAY) == {"detail": Wrong.UNKNOWN}
    assert faults(FORM, {"kind": ["a"]}, TODAY)["kind"] is Wrong.MISSING
    assert faults(FORM, {"kind": "a", "other": "x"}, TODAY) == {"other": Wrong.UNKNOWN}


@pytest.mark.parametrize(
    ("kind", "limits", "words"),
    [
        ("text", {"minimum": 3}, "minimum belongs to type money and number"),
        ("number", {"minimum": 3, "maximum": 2}, "minimum is above maximum"),
        ("text", {"min_length": 9, "max_length": 3}, "min_length is above max_length"),
        ("date", {"earliest": "today+9", "latest": "today"}, "earliest is after latest"),
        ("date", {"earliest": "2026-02-30"}, "earliest 2026-02-30 is no day"),
        ("text", {"pattern": "("}, "pattern is no regular expression"),
        ("text", {"pattern": "(a+)+", "pattern_message": LABEL}, "a repeat in a repeat"),
        ("text", {"pattern": "a"}, "a pattern needs a pattern_message"),
        ("choices", {"most": 4}, "most is above the 3 choices"),
        ("yes-no", {"choices": CHOICES}, "choices belong to type choice"),
        ("number", {"default": "name"}, "a default of name belongs to type text"),
    ],
)
def test_a_question_that_nobody_could_answer_is_refused(kind, limits, words):
    with pytest.raises(ValidationError, match=words):
        field(kind, **limits)
