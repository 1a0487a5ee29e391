"""Every kind of guide as its paper: what is read from it and what is typed from it say what the citizen was told."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, date, datetime

import pytest

from kiosk.catalog.guide_kinds import GuideKind
from kiosk.catalog.model import GuideRule, Language
from kiosk.issuing import boleto, cuaderno57, guides, pagopa, papers, pix, reading, sepa, ways_to_pay, ways_words
from offline_cache.contract.charges import Charge
from printer import escpos, picture, profiles
from printer.receipt import Field_, Matrix, Payment, Qr, Text
from tests.kiosk import vila_aurora
from tests.printer.scanning import read_by_zbar, read_by_zxing

CENTS, DUE, NOW = 12_345, date(2027, 1, 10), datetime(2026, 11, 24, 14, 5, tzinfo=UTC)
NOTICE = pagopa.make(number="301000000000000144", creditor="81005750021", amount_cents=CENTS)
POSTAL = pagopa.postal(
    NOTICE, account="16302093", debtor_id="BSCMTT83A12L719R", debtor_name="Niccolò Sant'Elia", reason="TARI 2026"
)
BOLETO = boleto.make(bank="998", due=DUE, amount_cents=CENTS, free_field="7" * 25)
RECEIPT57 = cuaderno57.make(issuer="22350466", suffix="501", reference="15", amount_cents=CENTS, due=DUE)
TRANSFER = sepa.Transfer("Ayuntamiento de Villaurora", "ES9121000418450200051332", CENTS, "RF740000000001")
CODES = {
    GuideKind.BOLETO: (BOLETO.barcode, BOLETO.barcode),
    GuideKind.PIX_DYNAMIC: (
        pix.dynamic(url="pix.example.com/v2/8b3da2f39a4140d1", name="PREF", city="VILA AURORA", amount_cents=CENTS),
        "8b3da2f39a4140d1",
    ),
    GuideKind.PAGOPA: (NOTICE.qr, NOTICE.number),
    GuideKind.CUADERNO_57: (RECEIPT57.barcode, "r57"),
    GuideKind.SEPA: (sepa.payload(TRANSFER), TRANSFER.reference),
}  # fmt: skip


def charge(kind, **more):
    code, reference = CODES[kind]
    postal = POSTAL if kind is GuideKind.PAGOPA else None
    said = {"number": "N1", "code": code, "reference": reference, "amount_cents": CENTS, "due": DUE.isoformat(),
            "payee": "Villaurora", "postal": postal}  # fmt: skip
    return Charge(kind=kind, **(said | more))


def rule(kind):
    return GuideRule(kind=kind, registrar="r", amount_cents=CENTS)


def paper(guide, language=Language.IT):
    operator = vila_aurora.catalogue().operator
    sheet = papers.Sheet(operator=operator, department="Tributi", kiosk="Totem VA-017", language=language,
                         simulation=False)  # fmt: skip
    return papers.guide_paper(sheet, title="TARI 2026", guide=guide, rows=[], identity=None, issued=NOW,
                              follow=papers.Follow("7K2M-0004-QXAW", "482713"))  # fmt: skip


def test_every_kind_that_is_registered_is_tried_here():
    assert set(CODES) == {kind for kind in GuideKind if kind.registered}


@pytest.mark.parametrize("kind", CODES)
@pytest.mark.parametrize("profile", profiles.names())
def test_what_a_lens_reads_from_the_paper_is_the_registrars_code(kind, profile):
    guide = guides.of_charge(rule(kind), charge(kind), CENTS)
    image = picture.draw(paper(guide), profiles.load(profile))
    read = {text.removeprefix("\x1d") for text in read_by_zxing(image)}
    assert read == {guide.pix or guide.code.barcode} | ({POSTAL} if guide.postal else set())
    assert guide.postal or {text.removeprefix("\x1d") for text in read_by_zbar(image)} == read


@pytest.mark.parametrize("kind", CODES)
@pytest.mark.parametrize("language", Language)
def test_the_paper_fits_every_printer_in_every_language(kind, language):
    receipt = paper(guides.of_charge(rule(kind), charge(kind), CENTS), language)
    for name in profiles.names():
        assert escpos.encode(receipt, profiles.load(name), None)
    amounts = [block.value for block in receipt.blocks if isinstance(block, Field_) and block.value_size == 3]
    assert amounts == ["R$ 123,45" if not kind.in_euro else "123,45 €"]


def test_the_numbers_for_who_has_no_lens_stand_beside_the_codes():
    def said(kind):
        receipt = paper(guides.of_charge(rule(kind), charge(kind), CENTS))
        found = []
        for block in receipt.blocks:
            match block:
                case Field_(value=value):
                    found.append(value)
                case Payment(line_blocks=lines):
                    found += lines
                case Qr() | Matrix() | Text():
                    pass
        return found

    assert "".join(boleto.line_blocks(BOLETO.line)) in "".join(said(GuideKind.BOLETO))
    assert {"3010 0000 0000 0001 44", "81005750021", "16302093", "Villaurora"} <= set(said(GuideKind.PAGOPA))
    assert {"22350466-501", RECEIPT57.barcode[16:29], "100127"} <= set(said(GuideKind.CUADERNO_57))
    assert {"ES91 2100 0418 4502 0005 1332", "RF740000000001"} <= set(said(GuideKind.SEPA))


@pytest.mark.parametrize("kind", CODES)
def test_a_code_that_says_something_else_than_the_citizen_was_told_is_not_printed(kind):
    with pytest.raises(ValueError, match="another amount"):
        guides.of_charge(rule(kind), charge(kind), CENTS + 1)
    with pytest.raises(ValueError, match="another amount"):
        guides.of_charge(rule(kind), charge(kind, amount_cents=CENTS + 1), CENTS)
    with pytest.raises(ValueError, match="the service is a"):
        guides.of_charge(rule(GuideKind.ARRECADACAO), charge(kind), CENTS)
    with pytest.raises(ValueError, match="a code that is none"):
        guides.of_charge(rule(kind), charge(kind, code=CODES[kind][0][1:]), CENTS)
    if kind in {GuideKind.BOLETO, GuideKind.CUADERNO_57}:
        with pytest.raises(ValueError, match="another due date"):
            guides.of_charge(rule(kind), charge(kind, due="2027-01-11"), CENTS)


def test_a_static_pix_stands_alone_on_its_paper():
    fixed = GuideRule(kind=GuideKind.PIX_STATIC, series="taxas", pix_key="a@b.example", amount_cents=500, due_days=3)
    guide = guides.of_number(fixed, vila_aurora.catalogue().operator, 7, date(2026, 11, 24))
    assert (guide.code, guide.reference, guide.serial) == (None, "TAXAS0000000000007", 7)
    assert pix.parse(guide.pix).payable_as_printed
    image = picture.draw(paper(guide), profiles.load("generic-80mm"))
    assert read_by_zxing(image) == read_by_zbar(image) == {guide.pix}


@pytest.mark.parametrize("language", Language)
def test_titles_fit_in_double_size(language):
    say = ways_words.words(language)
    for field in fields(say):
        text = getattr(say, field.name)
        assert text.strip() == text != ""
        if field.name.endswith("_title"):
            assert len(text) <= 24, text
    # beside the barcode 18 characters of double size fit in a line
    assert all(len(word) <= 18 for word in (say.issuer, say.reference, say.identification))


def test_a_guide_whose_code_is_missing_has_no_paper():
    guide = guides.Guide(GuideKind.BOLETO, "1", CENTS, DUE, "r")
    with pytest.raises(ValueError, match="has a code"):
        paper(guide)
    assert reading.read(BOLETO.line, DUE).barcode == BOLETO.barcode
    assert set(CODES) > ways_to_pay.SAY_THEIR_NUMBER
