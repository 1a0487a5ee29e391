"""Whatever was scanned or typed gets an answer: facts, or what is wrong and where in the text it stands."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.catalog.guide_kinds import GuideKind
from kiosk.issuing import pix, reading, tracking
from kiosk.issuing.errors import CodeError

TODAY = date(2026, 11, 24)
CODES = {
    GuideKind.ARRECADACAO: [
        "81620000004128097122026121000000004711301022",
        "81620000004-9 12809712202-1 61210000000-1 04711301022-8",
    ],
    GuideKind.BOLETO: [
        "10499898100000214032006561000100040099726390",
        "10492.00650 61000.100042 00997.263900 9 89810000021403",
    ],
    GuideKind.CUADERNO_57: ["9050722350466501000000000156830081500000053980"],
    GuideKind.PAGOPA: ["PAGOPA|002|322201151398574181|81005750021|01"],
    GuideKind.SEPA: ["BCD\n002\n1\nSCT\n\nComune\nIT60X0542811101000000123456\nEUR1.00\n\n\nTARI"],
}
PIX = (
    "00020126580014br.gov.bcb.pix0136123e4567-e12b-12d1-a456-4266554400005204000053039865802BR"
    "5913Fulano de Tal6008BRASILIA62070503***63041D3D"
)
EVERY = [(kind, code) for kind, codes in CODES.items() for code in codes]


@pytest.mark.parametrize(("kind", "code"), EVERY)
def test_each_kind_is_told_by_its_code(kind, code):
    found = reading.read(code, TODAY)
    assert found.kind is kind
    assert found.amount_cents
    assert found.company


def test_every_kind_of_guide_but_pix_is_read_here():
    assert set(CODES) == set(GuideKind) - {GuideKind.PIX_STATIC, GuideKind.PIX_DYNAMIC}


def test_only_what_needs_no_registration_is_payable_as_printed():
    assert {kind for kind in GuideKind if kind.payable_as_printed} == {GuideKind.ARRECADACAO, GuideKind.PIX_STATIC}


@pytest.mark.parametrize(
    ("code", "reason", "position"),
    [
        ("", "0 digits; a barcode has 44, the line of a boleto 47, of an arrecadação 48", 1),
        ("8" * 45, "45 digits; a barcode has 44, the line of a boleto 47, of an arrecadação 48", 45),
        ("BCD", "'B' is not a digit", 1),
        ("pagopa|002", "'p' is not a digit", 1),
        ("8162\x000", "'\\x00' is not a digit", 5),
        ("8162\udce90", "'\\udce9' is not a digit", 5),
        ("8162\u00a00", "'\\xa0' is not a digit", 5),
    ],
)
def test_what_is_no_code_is_refused_with_reason_and_position(code, reason, position):
    with pytest.raises(CodeError) as refused:
        reading.read(code, TODAY)
    assert refused.value.reason == reason
    assert refused.value.position == position


anything = st.text(st.characters(), max_size=60)


@st.composite
def spoilt(draw, codes):
    """A right code in which something was put in place of something else."""
    code = draw(st.sampled_from(codes))
    start = draw(st.integers(0, len(code)))
    end = draw(st.integers(start, min(len(code), start + 4)))
    return code[:start] + draw(anything | st.text("0123456789|\n", max_size=5)) + code[end:]


def answered(read, text):
    wrong = None
    try:
        read(text)
    except CodeError as error:
        wrong = error
    assert wrong is None or (1 <= wrong.position <= max(1, len(text)) and "\n" not in wrong.reason)


@given(anything | spoilt([code for _, code in EVERY]))
def test_whatever_is_read_as_a_guide_gets_an_answer_with_a_place_in_the_text(text):
    answered(lambda code: reading.read(code, TODAY), text)


@given(anything | spoilt([PIX]))
def test_whatever_is_read_as_pix_gets_an_answer_with_a_place_in_the_text(text):
    answered(pix.parse, text)


@given(anything | spoilt(["7K2M-0000-4ZZ3", "7K2M-0000-4ZZ3-0000"]))
def test_whatever_is_read_as_a_code_gets_an_answer_with_a_place_in_the_text(text):
    answered(tracking.normalise, text)
