"""The status receipt: how this kiosk is, on paper, for the technician who stands before it. No citizen is on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kiosk.catalog.model import Language
from kiosk.issuing import dates
from printer.head_test import LETTERS, head_test
from printer.receipt import Align, AnyBlock, Band, Field_, Receipt, Rule, Text


class Verdict(StrEnum):
    OK = "ok"
    ATTENTION = "attention"
    FAULT = "fault"


@dataclass(frozen=True)
class Check:
    """One thing that was looked at. `remedy` is what to do about it, where there is something to do."""

    name: str
    verdict: Verdict
    detail: str
    remedy: str = ""


@dataclass(frozen=True)
class _Words:
    title: str
    printed: str
    verdicts: dict[Verdict, str]
    faults: tuple[str, str]
    attentions: tuple[str, str]
    fine: str
    first: str
    head: str


_WORDS = {
    Language.PT_BR: _Words(
        "STATUS DESTE TOTEM", "Impresso", {Verdict.OK: "OK", Verdict.ATTENTION: "ATENÇÃO", Verdict.FAULT: "FALHA"},
        ("{n} FALHA", "{n} FALHAS"), ("{n} ATENÇÃO", "{n} ATENÇÕES"), "TUDO EM ORDEM", "Faça primeiro:",
        "Teste da cabeça: as linhas devem sair inteiras",
    ),
    Language.ES: _Words(
        "ESTADO DEL TÓTEM", "Impreso", {Verdict.OK: "OK", Verdict.ATTENTION: "ATENCIÓN", Verdict.FAULT: "FALLO"},
        ("{n} FALLO", "{n} FALLOS"), ("{n} ATENCIÓN", "{n} ATENCIONES"), "TODO EN ORDEN", "Haga primero:",
        "Prueba del cabezal: las líneas deben salir enteras",
    ),
    Language.IT: _Words(
        "STATO DEL TOTEM", "Stampato", {Verdict.OK: "OK", Verdict.ATTENTION: "ATTENZIONE", Verdict.FAULT: "GUASTO"},
        ("{n} GUASTO", "{n} GUASTI"), ("{n} ATTENZIONE", "{n} ATTENZIONI"), "TUTTO IN ORDINE", "Prima di tutto:",
        "Prova della testina: le linee devono essere intere",
    ),
    Language.EN: _Words(
        "STATE OF THIS KIOSK", "Printed", {Verdict.OK: "OK", Verdict.ATTENTION: "ATTENTION", Verdict.FAULT: "FAULT"},
        ("{n} FAULT", "{n} FAULTS"), ("{n} ATTENTION", "{n} ATTENTIONS"), "ALL IS WELL", "Do first:",
        "Head test: the lines must come out whole",
    ),
}  # fmt: skip

APPROVAL = {
    Language.PT_BR: "Leia estas palavras ao administrador:",
    Language.ES: "Lea estas palabras al administrador:",
    Language.IT: "Legga queste parole all'amministratore:",
    Language.EN: "Read these words to the administrator:",
}


def status_paper(
    label: str, place: str, checks: Sequence[Check], *, now: datetime, language: Language, head_dots: int,
    simulation: bool = False, approval: Sequence[str] = (),
) -> Receipt:  # fmt: skip
    """Faults first, then all that was looked at; at its end what shows whether the print head, which has so many dots,
    is whole, and the letters of the four languages. `approval`: the words by which an administrator lets this kiosk in.
    """
    words = _WORDS[language]
    blocks: list[AnyBlock] = [
        Band(text=words.title),
        Text(text=label, size=3, align=Align.CENTRE),
        *([Text(text=place, size=2, bold=True, align=Align.CENTRE)] if place else []),
        Field_(label=words.printed, value=dates.moment(now, language)),
        Rule(double=True),
        Text(text=_sum(checks, words), size=2, bold=True, align=Align.CENTRE),
    ]
    if approval:
        blocks += [Rule(double=True), Text(text=APPROVAL[language], bold=True, align=Align.CENTRE)]
        blocks += [
            Text(text=" ".join(approval[at : at + 3]), size=2, bold=True, align=Align.CENTRE)
            for at in range(0, len(approval), 3)
        ]
    order = [Verdict.FAULT, Verdict.ATTENTION]
    remedies = [check.remedy for verdict in order for check in checks if check.verdict is verdict and check.remedy]
    if remedies:
        blocks.append(Text(text=words.first, bold=True))
        blocks += [Text(text=f"{number}. {remedy}") for number, remedy in enumerate(remedies, start=1)]
    blocks.append(Rule(double=True))
    for check in checks:
        verdict = words.verdicts[check.verdict]
        blocks.append(Field_(label=check.name, value=verdict, marked=check.verdict in order, heads=True))
        blocks.append(Text(text=check.detail, indent=2))
    blocks += [
        Rule(double=True), Text(text=words.head, align=Align.CENTRE), head_test(head_dots),
        Text(text=LETTERS, align=Align.CENTRE),
    ]  # fmt: skip
    return Receipt(title=words.title, language=language, no_value=simulation, blocks=tuple(blocks))


def _sum(checks: Sequence[Check], words: _Words) -> str:
    parts = []
    for verdict, (one, many) in ((Verdict.FAULT, words.faults), (Verdict.ATTENTION, words.attentions)):
        number = sum(check.verdict is verdict for check in checks)
        if number:
            parts.append((one if number == 1 else many).format(n=number))
    return ", ".join(parts) or words.fine
