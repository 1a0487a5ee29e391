"""Every screen, in every condition that changes what stands on it or how long its words are."""

from __future__ import annotations

from dataclasses import replace

from kiosk.catalog.model import Catalogue, Language
from kiosk.journey.state import (
    Attract,
    Details,
    Devices,
    Failure,
    Help,
    IdleWarning,
    LanguageChoice,
    PrinterCondition,
    ReaderCondition,
    Services,
    Session,
    Starting,
    State,
)
from tests.kiosk.conftest import working_devices
from tests.kiosk.screens.citizens import states

BROKEN = Devices(printer=PrinterCondition.ABSENT, reader=ReaderCondition.ABSENT, link=False, enrolled=True)

# Of three services that end alike, one is shown in every trouble; the others where their words differ.
TWICE_TOLD = (
    "printing certidao-negativa paper-out", "printing certidao-negativa jam", "printing certidao-negativa cover-open",
    "printing certidao-negativa error", "printing certidao-negativa absent", "printing certidao-negativa unknown",
    "printing ouvidoria paper-out", "printing ouvidoria jam", "printing ouvidoria cover-open",
    "printing ouvidoria error", "printing ouvidoria absent", "printing ouvidoria unknown",
    "printing iptu unknown", "done certidao-negativa unknown", "done certidao-negativa abandoned",
    "done iptu unknown", "done iptu abandoned", "done ouvidoria unknown", "done ouvidoria failed",
    "committing", "pin wrong, unknown tries", "no debt chosen", "question 1", "question 0 wrong", "question 1 wrong",
    "question 3 wrong", "claim", "national id",
)


def scenes(catalogue: Catalogue, language: Language) -> dict[str, State]:
    """Each screen under the name that failures and pictures carry."""
    devices = working_devices(catalogue)
    still = State(catalogue=catalogue, devices=devices, stage=Attract(), language=language)
    choosing = replace(still, stage=Services(), session=_visit(language))
    waking = replace(devices, printer=PrinterCondition.UNKNOWN, reader=ReaderCondition.UNKNOWN, link=None)

    def about(service: str, parts: Devices = devices) -> State:
        session = replace(_visit(language), service=catalogue.service(service))
        return replace(choosing, stage=Details(), session=session, devices=parts)

    found = {
        "starting": State(stage=Starting(), language=language),
        "attract": still,
        "attract without link": replace(still, devices=replace(devices, link=False)),
        "attract without printer": replace(still, devices=replace(devices, printer=PrinterCondition.PAPER_OUT)),
        "attract with nothing": replace(still, devices=BROKEN),
        "failure": replace(still, stage=Failure("017-3826")),
        "failure before any catalogue": State(stage=Failure("017-3826"), language=language),
        "services": choosing,
        "services with nothing": replace(choosing, devices=BROKEN),
        "category": replace(choosing, stage=Services("impostos")),
        "details of a guide": about("iptu"),
        "details of a document, nothing works": about("certidao-negativa", BROKEN),
        "details of an anonymous request": about("ouvidoria"),
        "details of a claim": about("poda-arvore"),
        "details of a guidance": about("orientacoes"),
        "details, parts unknown": about("iptu", waking),
        "help": replace(choosing, overlay=Help()),
        "languages": replace(choosing, overlay=LanguageChoice()),
        "idle": replace(choosing, overlay=IdleWarning(12)),
    }
    journey = states(catalogue, language)
    found |= {name: state for name, state in journey.items() if name not in TWICE_TOLD}
    found["idle after the commit"] = replace(journey["printing iptu"], overlay=IdleWarning(12))
    return found


def _visit(language: Language) -> Session:
    return Session(id="session", language=language, started_s=0)
