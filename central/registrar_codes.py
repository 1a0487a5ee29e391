"""What the codes of a registrar look like: an account for each kind of guide, a charge under one of its numbers."""

from __future__ import annotations

import uuid
from datetime import date
from typing import TYPE_CHECKING, Annotated, Literal, assert_never

from pydantic import BaseModel, ConfigDict, Field

from kiosk.catalog.guide_kinds import GuideKind
from kiosk.issuing import boleto, cuaderno57, pagopa, pix, sepa
from offline_cache.contract.charges import Charge
from offline_cache.contract.national_ids import Scheme

if TYPE_CHECKING:
    from central.registrar import Claim

# Our own layout of a boleto's free field: agreement, then our number. Each bank has one of its own.
AGREEMENT_DIGITS, NUMBER_DIGITS = 10, 15


class _Account(BaseModel):
    """`payee` is who is paid, as papers name it. `url`: SQLAlchemy URL of a database to keep the book in, instead of a
    CSV file.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    payee: str = Field(min_length=1, max_length=70)
    url: str | None = None
    first_number: int = Field(default=1, ge=1)


class BoletoAccount(_Account):
    kind: Literal["boleto"]
    bank: str = Field(pattern=r"^[0-79]\d{2}$")
    agreement: str = Field(pattern=r"^\d{1,10}$")


class PixAccount(_Account):
    """`address`: host and path under which the provider keeps its charges, without https://."""

    kind: Literal["pix-dynamic"]
    city: str = Field(min_length=1, max_length=15)
    address: str = Field(pattern=r"^[A-Za-z0-9.-]+/[!-~]+$", max_length=44)


class NoticeAccount(_Account):
    """`creditor`: fiscal code of the body; `segregation`: its two digits under aux digit 3."""

    kind: Literal["pagopa"]
    creditor: str = Field(pattern=r"^\d{11}$")
    segregation: str = Field(pattern=r"^\d{2}$")
    postal_account: str | None = Field(default=None, pattern=r"^\d{1,12}$")


class Receipt57Account(_Account):
    kind: Literal["cuaderno-57"]
    issuer: str = Field(pattern=r"^\d{8}$")
    suffix: str = Field(pattern=r"^\d{3}$")


class TransferAccount(_Account):
    kind: Literal["sepa"]
    iban: str
    bic: str = ""


Account = Annotated[
    BoletoAccount | PixAccount | NoticeAccount | Receipt57Account | TransferAccount, Field(discriminator="kind")
]


def charge(account: Account, number: int, claim: Claim) -> Charge:
    """The charge of a claim under `number`. ValueError says what does not fit in its layout."""
    match account:
        case BoletoAccount():
            return _boleto(account, number, claim)
        case PixAccount():
            return _pix(account, claim)
        case NoticeAccount():
            return _notice(account, number, claim)
        case Receipt57Account():
            return _receipt57(account, number, claim)
        case TransferAccount():
            return _transfer(account, number, claim)
        case _ as never:
            assert_never(never)


def _boleto(account: BoletoAccount, number: int, claim: Claim) -> Charge:
    free = f"{account.agreement:0>{AGREEMENT_DIGITS}}{number:0{NUMBER_DIGITS}d}"
    made = boleto.make(bank=account.bank, due=claim.due, amount_cents=claim.amount_cents, free_field=free)
    return _charge(account, claim, number=f"{number:0{NUMBER_DIGITS}d}", code=made.barcode, reference=made.barcode)


def _pix(account: PixAccount, claim: Claim) -> Charge:
    # API Pix: the txid of a charge with an address has 26 to 35 letters and digits; its address must not be guessed.
    txid = uuid.uuid4().hex
    code = pix.dynamic(
        url=f"{account.address}/{txid}", name=account.payee, city=account.city, amount_cents=claim.amount_cents
    )
    return _charge(account, claim, number=txid[-8:].upper(), code=code, reference=txid)


def _notice(account: NoticeAccount, number: int, claim: Claim) -> Charge:
    first = f"3{account.segregation}{number:013d}"
    notice = pagopa.make(
        number=first + pagopa.check_digits(first), creditor=account.creditor, amount_cents=claim.amount_cents
    )
    debtor, postal = claim.debtor, None
    # The postal part names the debtor by a fiscal code: without one the notice is paid by its QR code.
    if account.postal_account and debtor and debtor.national_id.scheme is Scheme.CODICE_FISCALE:
        postal = pagopa.postal(
            notice, account=account.postal_account, debtor_id=debtor.national_id.value, debtor_name=debtor.name,
            reason=claim.title,
        )  # fmt: skip
    return _charge(account, claim, number=notice.number, code=notice.qr, reference=notice.number, postal=postal)


def _receipt57(account: Receipt57Account, number: int, claim: Claim) -> Charge:
    dated = int(account.suffix) >= cuaderno57.DATED_SUFFIX
    made = cuaderno57.make(
        issuer=account.issuer, suffix=account.suffix, reference=str(number), amount_cents=claim.amount_cents,
        due=claim.due if dated else None,
    )  # fmt: skip
    reference = made.barcode[cuaderno57.REFERENCE_AT : cuaderno57.IDENTIFICATION_AT]
    told = f"{account.issuer}{account.suffix}{reference}"
    return _charge(account, claim, number=reference, code=made.barcode, reference=told)


def _transfer(account: TransferAccount, number: int, claim: Claim) -> Charge:
    from stdnum.iso7064 import mod_97_10

    plain = f"{number:010d}"
    reference = f"RF{mod_97_10.calc_check_digits(plain + 'RF')}{plain}"
    made = sepa.Transfer(
        name=account.payee, iban=account.iban, amount_cents=claim.amount_cents, reference=reference, bic=account.bic
    )
    return _charge(account, claim, number=reference, code=sepa.payload(made), reference=reference)


def _charge(
    account: Account, claim: Claim, *, number: str, code: str, reference: str, postal: str | None = None
) -> Charge:
    return Charge(
        kind=GuideKind(account.kind), number=number, code=code, reference=reference, amount_cents=claim.amount_cents,
        due=_iso(claim.due), payee=account.payee, postal=postal,
    )  # fmt: skip


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
