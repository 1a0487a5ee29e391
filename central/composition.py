"""What a document looks like: template and data become the receipt and, where the service gives it, the signed A4."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import assert_never

from central import a4, pades
from central.centre import Centre
from central.document_keys import DocumentKey
from kiosk.catalog.document_templates import DocumentTemplate
from kiosk.catalog.model import Language, Operator, Output, Service
from kiosk.issuing import dates, papers
from kiosk.issuing.id_names import name_of_masked
from kiosk.issuing.words import CertificateWords, negative_certificate, words
from printer.receipt import Receipt
from printer.reprint import marked

ON_PAGES = frozenset({Output.A4, Output.PHONE})


@dataclass(frozen=True)
class Facts:
    """What a document says, whatever it is written on. `address`: https://.../v/CODE#SEAL."""

    number: str
    code: str
    issued: datetime
    valid_until: date
    holder: str
    holder_masked: str
    address: str
    copy: int
    kiosk: str
    without_value: bool


@dataclass(frozen=True)
class Composed:
    """`pages` is the signed PDF, None where the service is printed as a receipt alone."""

    receipt: Receipt
    pages: bytes | None


def title(service: Service, language: Language) -> tuple[str, str]:
    """What the document is called, in two lines."""
    return _words(service, language).title


def compose(centre: Centre, service: Service, language: Language, facts: Facts, key: DocumentKey) -> Composed:
    """Receipt and pages in the citizen's language; the copies of one document differ by their mark alone."""
    operator = centre.catalogue().operator
    say = _words(service, language)
    sheet = papers.Sheet(
        operator=operator,
        department=service.department.in_language(language),
        kiosk=f"Totem {facts.kiosk}",
        language=language,
        simulation=facts.without_value,
    )
    receipt = papers.document_paper(
        sheet,
        title=say.title,
        number=facts.number,
        issued=facts.issued,
        valid_until=facts.valid_until,
        statement=say.statement.format(operator=_office(operator)),
        holder=facts.holder.upper(),
        id_name=name_of_masked(facts.holder_masked, language),
        masked_id=facts.holder_masked,
        closing=say.closing,
        code=facts.code,
        seal_url=facts.address,
    )
    pages = None
    if ON_PAGES.intersection(service.outputs):
        drawn = a4.compose(_sheet(operator, service, language, facts))
        pages = pades.sign(drawn, key, address=facts.address, place=operator.city)
    return Composed(marked(receipt, facts.copy), pages)


def _sheet(operator: Operator, service: Service, language: Language, facts: Facts) -> a4.Sheet:
    say, paper = _words(service, language), words(language)
    return a4.Sheet(
        operator=operator,
        department=service.department.in_language(language),
        language=language,
        title=say.title[0],
        subtitle=say.title[1],
        rows=(
            (paper.document_number, facts.number),
            (paper.document_issued, dates.moment(facts.issued, language)),
            (paper.valid_until, dates.day(facts.valid_until, language)),
        ),
        statement=say.statement.format(operator=_office(operator)),
        holder=facts.holder.upper(),
        national_id=f"{name_of_masked(facts.holder_masked, language)} {facts.holder_masked}",
        closing=say.closing,
        identity=f"{paper.identity_proven}: {paper.by_card_and_pin}",
        code=facts.code,
        address=facts.address,
        copy=facts.copy,
        without_value=facts.without_value,
        issued=facts.issued,
    )


def _words(service: Service, language: Language) -> CertificateWords:
    match service.document_template:
        case DocumentTemplate.NO_DEBT_CERTIFICATE:
            return negative_certificate(language)
        case None:
            raise ValueError(f"service {service.id} has no document template")
        case _ as never:
            assert_never(never)


def _office(operator: Operator) -> str:
    return f"{operator.name_line1} {operator.name_line2}"
