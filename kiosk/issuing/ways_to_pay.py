"""How a guide is paid, block by block: each kind's own codes, and beside them the numbers for who has no lens."""

from __future__ import annotations

from typing import assert_never

from kiosk.catalog.guide_kinds import GuideKind
from kiosk.catalog.model import Language
from kiosk.issuing import arrecadacao, boleto, cuaderno57, pagopa, sepa
from kiosk.issuing.guides import Guide
from kiosk.issuing.reading import Facts
from kiosk.issuing.ways_words import WayWords, words
from kiosk.issuing.words import PaperWords
from printer.receipt import Align, AnyBlock, Band, Field_, Matrix, Payment, Qr, Rule, Text

PIX = "PIX"
# Their number is among what is typed to pay them.
SAY_THEIR_NUMBER = frozenset({GuideKind.PAGOPA, GuideKind.CUADERNO_57, GuideKind.SEPA})
# Larger than the rest where there is room: these are read by older readers too.
LARGE_MODULE_DOTS = 6


def blocks(guide: Guide, language: Language, say: PaperWords) -> list[AnyBlock]:
    """The part of a guide's paper that is paid from. ValueError for a guide whose codes are not those of its kind."""
    ways = words(language)
    match guide.kind:
        case GuideKind.ARRECADACAO:
            return [_arrecadacao(guide, _code(guide), say)]
        case GuideKind.BOLETO:
            return [_boleto(_code(guide), say, ways)]
        case GuideKind.PIX_STATIC | GuideKind.PIX_DYNAMIC:
            return [Band(text=say.how_to_pay), *_qr(PIX, say.pix_hint, guide.pix or "", say.pix_hint)]
        case GuideKind.PAGOPA:
            return _notice(guide, _code(guide), say, ways)
        case GuideKind.CUADERNO_57:
            return _receipt57(_code(guide), say, ways)
        case GuideKind.SEPA:
            return _transfer(_code(guide), say, ways)
        case _ as never:
            assert_never(never)


def _code(guide: Guide) -> Facts:
    if guide.code is None:
        raise ValueError(f"a guide of kind {guide.kind} has a code")
    return guide.code


def _arrecadacao(guide: Guide, code: Facts, say: PaperWords) -> Payment:
    return Payment(
        band=say.how_to_pay,
        pix_title=say.pix_title,
        pix_payload=guide.pix,
        pix_hint=say.pix_hint,
        code_title=say.code_title,
        code_hint=say.code_hint,
        line_blocks=arrecadacao.line_blocks(code.line or ""),
        code_where=say.code_where,
        barcode=code.barcode,
    )


def _boleto(code: Facts, say: PaperWords, ways: WayWords) -> Payment:
    return Payment(
        band=say.how_to_pay,
        code_title=ways.code_title,
        code_hint=ways.bars_hint,
        line_blocks=boleto.line_blocks(code.line or ""),
        code_where=say.code_where,
        barcode=code.barcode,
    )


def _notice(guide: Guide, code: Facts, say: PaperWords, ways: WayWords) -> list[AnyBlock]:
    notice = pagopa.parse(code.barcode)
    made: list[AnyBlock] = [
        Band(text=say.how_to_pay),
        *_qr(ways.pagopa_title, ways.pagopa_hint, code.barcode, ways.pagopa_hint, LARGE_MODULE_DOTS),
        Field_(label=ways.payee, value=guide.payee or ""),
        Field_(label=ways.creditor, value=notice.creditor),
        Field_(label=ways.notice_number, value=_grouped(notice.number), value_size=2),
    ]
    if guide.postal is not None:
        account = guide.postal[pagopa.ACCOUNT_AT : pagopa.ACCOUNT_AT + pagopa.POSTAL_ACCOUNT_DIGITS]
        made += [
            Rule(),
            *_title(ways.postal_title, ways.postal_hint),
            Matrix(data=guide.postal, what=ways.postal_code),
            Field_(label=ways.postal_account, value=account.lstrip("0")),
            Field_(label=ways.payee, value=guide.payee or ""),
        ]
    return made


def _receipt57(code: Facts, say: PaperWords, ways: WayWords) -> list[AnyBlock]:
    """Beside the barcode what a cash machine asks for, each number on a line of its own."""
    receipt = cuaderno57.decode(code.barcode)
    payment = Payment(
        band=say.how_to_pay,
        code_title=ways.receipt57_title,
        code_hint=ways.bars_hint,
        line_blocks=(
            ways.issuer, f"{receipt.issuer}-{receipt.suffix}",
            ways.reference, code.line or "",
            ways.identification, receipt.identification,
        ),
        code_where=ways.receipt57_where,
        barcode=code.barcode,
        symbology="gs1-128",
    )  # fmt: skip
    return [payment]


def _transfer(code: Facts, say: PaperWords, ways: WayWords) -> list[AnyBlock]:
    transfer = sepa.parse(code.barcode)
    rows = [("BIC", transfer.bic), (ways.reference, transfer.reference), (ways.what_for, transfer.text)]
    return [
        Band(text=say.how_to_pay),
        *_qr(ways.transfer_title, ways.transfer_hint, code.barcode, ways.transfer_code),
        Text(text=ways.transfer_by_hand, align=Align.CENTRE),
        Field_(label=ways.payee, value=transfer.name),
        Field_(label="IBAN", value=_grouped(transfer.iban)),
        *(Field_(label=label, value=value) for label, value in rows if value),
    ]


def _qr(title: str, hint: str, data: str, what: str, module_dots: int = 5) -> list[AnyBlock]:
    return [*_title(title, hint), Qr(data=data, module_dots=module_dots, what=what)]


def _title(title: str, hint: str) -> list[AnyBlock]:
    return [Text(text=title, size=2, bold=True, align=Align.CENTRE), Text(text=hint, align=Align.CENTRE)]


def _grouped(number: str) -> str:
    """In groups of four, as the papers of banks and of pagoPA write it."""
    return " ".join(number[at : at + 4] for at in range(0, len(number), 4))
