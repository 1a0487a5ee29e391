"""Any code of a guide, whatever its standard, read into the same nine facts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kiosk.catalog.guide_kinds import GuideKind
from kiosk.issuing import arrecadacao, boleto, cuaderno57, pagopa, sepa
from kiosk.issuing.digits import typed
from kiosk.issuing.errors import CodeError


@dataclass(frozen=True)
class Facts:
    """What a code says; None where it says nothing of the kind.

    `barcode` is what a scanner reads and `line` what people type: of a boleto and an arrecadação the linha digitável,
    of a pagoPA notice its number, of Cuaderno 57 the reference with its check digits. `company` is who is paid: a
    FEBRABAN number or CNPJ root, a bank's number, a fiscal code, issuer and suffix, an IBAN.
    """

    kind: GuideKind
    barcode: str
    line: str | None
    amount_cents: int | None
    segment: int | None = None
    value_id: int | None = None
    due: date | None = None
    company: str | None = None
    free_field: str | None = None


def read(code: str, today: date) -> Facts:
    """The facts of a code. `today` tells which of two days a boleto's due factor means.

    44 digits are an arrecadação if the first is 8, else a boleto; 47 a boleto, 48 an arrecadação, 46 a receipt of
    Cuaderno 57; a text is a pagoPA notice or an EPC QR by its beginning. CodeError says what is wrong and where.
    """
    if code.startswith((f"{pagopa.MARK}|", pagopa.POSTAL_MARK)):
        return of_notice(pagopa.parse(code), code)
    if code.startswith((f"{sepa.SERVICE}\n", f"{sepa.SERVICE}\r\n")):
        return of_transfer(sepa.parse(code), code)
    digits = typed(code).text
    match len(digits):
        case arrecadacao.LINE_DIGITS:
            return of_arrecadacao(arrecadacao.decode(code))
        case arrecadacao.BARCODE_DIGITS if digits[0] == arrecadacao.PRODUCT:
            return of_arrecadacao(arrecadacao.decode(code))
        case boleto.BARCODE_DIGITS | boleto.LINE_DIGITS:
            return of_boleto(boleto.decode(code, today))
        case cuaderno57.DIGITS:
            return of_receipt57(cuaderno57.decode(code))
        case _:
            known = "a barcode has 44, the line of a boleto 47, of an arrecadação 48"
            raise CodeError(f"{len(digits)} digits; {known}", max(1, len(code)))


def of_arrecadacao(found: arrecadacao.Arrecadacao) -> Facts:
    return Facts(
        kind=arrecadacao.KIND,
        barcode=found.barcode,
        line=found.line,
        amount_cents=found.amount_cents,
        segment=found.segment,
        value_id=found.value_id,
        due=found.due,
        company=found.company,
        free_field=found.free_field,
    )


def of_boleto(found: boleto.Boleto) -> Facts:
    return Facts(
        kind=boleto.KIND,
        barcode=found.barcode,
        line=found.line,
        amount_cents=found.amount_cents,
        due=found.due,
        company=found.bank,
        free_field=found.free_field,
    )


def of_receipt57(found: cuaderno57.Receipt57) -> Facts:
    return Facts(
        kind=cuaderno57.KIND,
        barcode=found.barcode,
        line=found.barcode[cuaderno57.REFERENCE_AT : cuaderno57.IDENTIFICATION_AT],
        amount_cents=found.amount_cents,
        due=found.due,
        company=f"{found.issuer}-{found.suffix}",
        free_field=found.identification,
    )


def of_notice(found: pagopa.Notice, code: str) -> Facts:
    """`code` is the text of the QR code or of the Data Matrix."""
    return Facts(
        kind=pagopa.KIND, barcode=code, line=found.number, amount_cents=found.amount_cents, company=found.creditor
    )


def of_transfer(found: sepa.Transfer, code: str) -> Facts:
    """`code` is the text of the QR code."""
    said = found.reference or found.text or None
    return Facts(
        kind=sepa.KIND, barcode=code, line=None, amount_cents=found.amount_cents, company=found.iban, free_field=said
    )
