"""The status of a request on paper: service, state and dates, never names, never the citizen's words, never the PIN."""

from __future__ import annotations

from datetime import date, datetime

from kiosk.catalog.model import Language
from kiosk.issuing import dates, papers, status_words
from offline_cache.contract.messages import TicketStatus
from printer.receipt import Align, AnyBlock, Field_, Receipt, Rule, Text


def status_paper(sheet: papers.Sheet, status: TicketStatus, asked: datetime | None) -> Receipt:
    """`asked` is when the centre answered; None without a trusted clock."""
    language, say, paper = sheet.language, status_words.words(sheet.language), sheet.words
    blocks: list[AnyBlock] = [
        *papers.title_block(say.title),
        Text(text=status.code, size=3, align=Align.CENTRE),
        Text(text=status.title.in_language(language), size=2, bold=True, align=Align.CENTRE),
        Rule(),
        Field_(label=say.situation, value=say.state(status.state), size=2, value_size=2),
    ]
    if status.answer_by is not None:
        by = dates.day(date.fromisoformat(status.answer_by), language)
        blocks.append(Field_(label=paper.answer_by, value=by, size=2, value_size=2))
    elif status.answer_days is not None:
        within = paper.days.format(days=status.answer_days)
        blocks.append(Field_(label=paper.answer_in, value=within, size=2, value_size=2))
    blocks += [Rule(), Text(text=say.history, bold=True)]
    blocks += [Field_(label=label, value=value) for label, value in history(status, language)]
    if asked is not None:
        blocks += [Rule(), Field_(label=say.asked, value=dates.moment(asked, language))]
    blocks += [Rule(), Text(text=say.note)]
    return papers.paper(sheet, say.title, blocks)


def history(status: TicketStatus, language: Language) -> list[tuple[str, str]]:
    """What has happened and when, the first first."""
    say = status_words.words(language)
    steps = [("registered", status.registered), ("received", status.arrived)]
    steps += [(step.state, step.at) for step in status.history]
    return [(say.state(name), _when(at, say.unknown_time, language)) for name, at in steps]


def _when(at: str | None, unknown: str, language: Language) -> str:
    if at is None:
        return unknown
    return dates.moment(datetime.fromisoformat(at), language) if "T" in at else dates.day(
        date.fromisoformat(at), language
    )  # fmt: skip
