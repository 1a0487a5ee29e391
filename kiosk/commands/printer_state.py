"""What the printer process and the store know of this kiosk, as checks for the status receipt."""

from __future__ import annotations

from collections.abc import Sequence

from kiosk.catalog.model import Language
from kiosk.journey.state import PRINTS, PrinterCondition
from offline_cache import catalogue_cache, clock, numbers, outbox
from offline_cache.folder import StateFolder
from offline_cache.store import Store
from printer import profiles
from printer.receipt import Receipt
from printer.status_paper import Check, Verdict, status_paper

FEW_NUMBERS = 20
_WORDS = {
    Language.PT_BR: ("Impressora", "Papel", "perto do fim", "suficiente", "troque a bobina", "Fila", "{n} esperam",
                     "Números", "nenhum alugado", "Catálogo", "versão {n}", "nenhum"),
    Language.ES: ("Impresora", "Papel", "cerca del final", "suficiente", "cambie el rollo", "Cola", "{n} esperan",
                  "Números", "ninguno", "Catálogo", "versión {n}", "ninguno"),
    Language.IT: ("Stampante", "Carta", "quasi finita", "sufficiente", "cambi il rotolo", "Coda", "{n} in attesa",
                  "Numeri", "nessuno", "Catalogo", "versione {n}", "nessuno"),
    Language.EN: ("Printer", "Paper", "near its end", "enough", "change the roll", "Queue", "{n} wait",
                  "Numbers", "none leased", "Catalogue", "version {n}", "none"),
}  # fmt: skip


def state_paper(
    folder: StateFolder, store: Store, condition: PrinterCondition, language: Language, approval: Sequence[str] = ()
) -> Receipt:
    """The status receipt as far as this command can know: printer, roll, queue, numbers, catalogue. `approval`: the
    words of an enrolment that waits.
    """
    settings = folder.settings()
    (printer, paper, low, enough, change, queue, wait, series, no_numbers, catalogue, version, no_catalogue) = _WORDS[
        language
    ]
    works = condition in PRINTS
    near_end = condition is PrinterCondition.PAPER_LOW
    waiting = outbox.status(store).waiting
    left = numbers.summary(store)
    kept = catalogue_cache.current_version(store)
    checks = (
        Check(
            printer, Verdict.OK if works else Verdict.FAULT, f"{settings.printer.profile}, {settings.printer.address}"
        ),
        Check(
            paper, Verdict.ATTENTION if near_end else Verdict.OK, low if near_end else enough,
            f"{paper}: {change}." if near_end else "",
        ),
        Check(queue, Verdict.OK, wait.format(n=waiting)),
        Check(
            series, Verdict.ATTENTION if any(room < FEW_NUMBERS for room in left.values()) else Verdict.OK,
            ", ".join(f"{name} {room}" for name, room in left.items()) or no_numbers,
        ),
        Check(
            catalogue, Verdict.OK if kept is not None else Verdict.ATTENTION if approval else Verdict.FAULT,
            no_catalogue if kept is None else version.format(n=kept),
        ),
    )  # fmt: skip
    now = clock.read().wall.astimezone()
    return status_paper(
        settings.label, settings.place, checks, now=now, language=language, simulation=folder.simulation,
        head_dots=profiles.load(settings.printer.profile).dots, approval=approval,
    )  # fmt: skip
