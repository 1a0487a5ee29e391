"""The three papers a citizen leaves with, block by block: guide, document, ticket."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from kiosk.catalog.model import Language, Operator
from kiosk.issuing import dates, money, ways_to_pay
from kiosk.issuing.guides import Guide
from kiosk.issuing.words import PaperWords, words
from printer.receipt import (
    Align,
    AnyBlock,
    Band,
    Field_,
    Header,
    Qr,
    Receipt,
    Rule,
    Text,
)

# A document code is printed in two lines: at triple size 16 characters fill the paper.
DOCUMENT_CODE_HALF = 10


@dataclass(frozen=True)
class Sheet:
    """What every paper says: who issues it, where, in which language; `simulation` marks it as worth nothing."""

    operator: Operator
    department: str
    kiosk: str
    language: Language
    simulation: bool

    @property
    def words(self) -> PaperWords:
        return words(self.language)


@dataclass(frozen=True)
class Follow:
    """The tracking code and its PIN."""

    code: str
    pin: str


Row = tuple[str, str]


def guide_paper(
    sheet: Sheet, *, title: str, guide: Guide, rows: Sequence[Row], identity: Row | None, issued: datetime | None,
    follow: Follow,
) -> Receipt:  # fmt: skip
    """The payable guide. `rows` say who and what for; `issued` is None when the clock is not trusted."""
    say, language = sheet.words, sheet.language
    due = dates.day(guide.due, language) if guide.due else None
    blocks: list[AnyBlock] = [
        *title_block(say.guide_title, title),
        Field_(label=say.amount, value=money.amount(guide.amount_cents, guide.kind), size=2, value_size=3),
        Field_(label=say.pay_by, value=due, size=2, value_size=2)
        if due
        else Field_(label=say.due, value=say.without_due, size=2, value_size=2),
        Rule(),
        *_rows(rows),
        *_rows([] if guide.kind in ways_to_pay.SAY_THEIR_NUMBER else [(say.guide_number, guide.number)]),
        *_rows([(say.guide_issued, dates.moment(issued, language))] if issued else []),
        *_rows([identity] if identity else []),
        *ways_to_pay.blocks(guide, language, say),
    ]
    if due:
        blocks.append(Text(text=say.after_due.format(due=due)))
    blocks += [
        *_tracking(say, follow),
        Text(
            text=say.track_where.format(phone=sheet.operator.phone, website=sheet.operator.website),
            align=Align.CENTRE,
        ),
        Rule(),
        Text(text=say.keep_guide),
    ]
    return paper(sheet, title, blocks)


def status_page(website: str, code: str) -> str:
    """The centre's page on which a request is followed, with the code filled in; the PIN is typed there."""
    return f"https://{website}/p/{code.replace('-', '')}"


def hand_off_page(website: str, token: str) -> str:
    """The centre's page from which a phone takes a document; it asks for the PIN, which stands beside the QR."""
    return f"https://{website}/d/{token}"


def ticket_paper(
    sheet: Sheet, *, title: str, rows: Sequence[Row], identity: Row | None, registered: datetime | None,
    answer_by: date | None, answer_days: int | None, anonymous: bool, queued: bool, steps: Sequence[str],
    follow: Follow,
) -> Receipt:  # fmt: skip
    """The proof of a registered request. Without a trusted clock `registered` and `answer_by` are None.

    `queued` says that the centre has not got it yet. `steps` are what happens now, in order, numbered here.
    """
    say, language = sheet.words, sheet.language
    blocks: list[AnyBlock] = [
        *title_block(title),
        *_rows(rows),
        *_rows([(say.registered, dates.moment(registered, language))] if registered else []),
        *_rows([identity] if identity else []),
    ]
    if answer_by is not None:
        blocks.append(Field_(label=say.answer_by, value=dates.day(answer_by, language), size=2, value_size=2))
    elif answer_days is not None:
        blocks.append(Field_(label=say.answer_in, value=say.days.format(days=answer_days), size=2, value_size=2))
    if anonymous:
        blocks += [Band(text=say.anonymous_band), Text(text=say.anonymous)]
    website = sheet.operator.website
    blocks += [
        *_tracking(say, follow),
        Text(text=say.track_where_qr.format(phone=sheet.operator.phone), align=Align.CENTRE),
        Qr(data=status_page(website, follow.code), what=say.track_qr),
        Text(text=say.track_page, align=Align.CENTRE),
        Rule(),
    ]
    if steps:
        blocks.append(Text(text=say.next_title, bold=True))
        blocks += [Text(text=f"{number}. {step}") for number, step in enumerate(steps, start=1)]
    blocks.append(Text(text=say.queued if queued else say.keep_ticket))
    return paper(sheet, title, blocks)


def document_paper(
    sheet: Sheet, *, title: tuple[str, str], number: str, issued: datetime, valid_until: date, statement: str,
    holder: str, id_name: str, masked_id: str, closing: str, code: str, seal_url: str,
) -> Receipt:  # fmt: skip
    """A document as the centre composes it: whoever holds the paper can check its code and its seal.

    `holder` is the whole name, `id_name` what the number is called, `seal_url` is https://.../v/CODE#SEAL. The kiosk
    adds the rows of its own ticket at the commit (`with_tracking`). Only a person proven by card and PIN gets one.
    """
    say, language = sheet.words, sheet.language
    return paper(
        sheet,
        title[0],
        [
            *title_block(*title),
            *_rows([(say.document_number, number), (say.document_issued, dates.moment(issued, language))]),
            Field_(label=say.valid_until, value=dates.day(valid_until, language), size=2, value_size=2),
            Rule(),
            Text(text=statement),
            Text(text=holder, size=2, bold=True),
            Text(text=f"{id_name} {masked_id}", size=2, bold=True),
            Text(text=closing),
            *_rows([(say.identity_proven, say.by_card_and_pin)]),
            Band(text=say.check_band),
            Text(text=code[:DOCUMENT_CODE_HALF], size=3, align=Align.CENTRE),
            Text(text=code[DOCUMENT_CODE_HALF:], size=3, align=Align.CENTRE),
            Text(text=say.check_where.format(website=sheet.operator.website), align=Align.CENTRE),
            Qr(data=seal_url, what=say.seal_qr),
            Text(text=say.seal_note, align=Align.CENTRE),
            Rule(),
            Text(text=say.keep_document),
        ],
    )


def with_tracking(receipt: Receipt, code: str, pin: str, say: PaperWords) -> Receipt:
    """The centre's document with the rows of the kiosk's ticket, below its last rule."""
    last = max(at for at, block in enumerate(receipt.blocks) if isinstance(block, Rule))
    rows = _rows([(say.request_code, code), (say.request_pin, pin)])
    return receipt.model_copy(update={"blocks": (*receipt.blocks[: last + 1], *rows, *receipt.blocks[last + 1 :])})


def paper(sheet: Sheet, title: str, blocks: Sequence[AnyBlock]) -> Receipt:
    header = Header(
        name_line1=sheet.operator.name_line1,
        name_line2=sheet.operator.name_line2,
        department=sheet.department,
        kiosk=sheet.kiosk,
        crest=sheet.operator.crest.paper if sheet.operator.crest else "",
    )
    mark = [Band(text=sheet.words.no_value)] if sheet.simulation else []
    return Receipt(
        title=title, language=sheet.language, no_value=sheet.simulation, blocks=(*mark, header, *blocks, *mark)
    )


def title_block(*lines: str) -> list[AnyBlock]:
    texts = [Text(text=line, size=2, bold=True, align=Align.CENTRE) for line in lines]
    return [Rule(double=True), *texts, Rule(double=True)]


def _rows(rows: Sequence[Row]) -> list[AnyBlock]:
    return [Field_(label=label, value=value) for label, value in rows]


def _tracking(say: PaperWords, follow: Follow) -> list[AnyBlock]:
    return [
        Band(text=say.track_band),
        Text(text=follow.code, size=3, align=Align.CENTRE),
        Text(text=say.pin.format(pin=follow.pin), size=2, bold=True, align=Align.CENTRE),
    ]
