"""Every screen, in every condition that changes what stands on it or how long its words are."""

from __future__ import annotations

from dataclasses import replace
from fnmatch import fnmatchcase

from kiosk.catalog.model import Catalogue, Language
from kiosk.journey.state import (
    ALL,
    AccessSheet,
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

# The same screen with other words of about the same length: shown in every language on every panel at the largest size,
# in one contrast and without reach. All other scenes are shown in every combination.
ALIKE = (
    "attract without *", "services with nothing", "details of a claim", "details, parts unknown",
    "details of a document*", "idle after the commit", "idle, the session's limit", "access sheet on attract",
    "failure before any catalogue", "track code wrong", "track code offline", "track pin wrong",
    "tracked, dates unknown", "claim", "category", "track [ntuw]*-*", "searching nothing", "clear tray with a sensor",
    "card [ebnrw]*", "card unknown-family", "card last-try", "pin wrong*", "consulting document", "committing",
    "no debt chosen", "one debt", "national id", "question [123] wrong", "question 1", "look-up [nr]*",
    "review of a fee", "review of a document*", "review of a claim",
    "printing on a4*", "done on a4", "done, document*", "take card [co]*", "printing [co]*",
    "printing iptu [aceju]*", "done certidao*", "done * abandoned", "done on the phone", "done iptu taken",
    "technician pin wrong", "technician mode, broken", "technician act, [cnpr]*", "technician mode by code",
    "technician mode, looking", "technician log, reading",
    "technician without list", "challenge, [cw]*", "challenge too late",
    "help before a session", "yes or no", "done * unknown", "done ouvidoria, answered in time", "done ouvidoria failed",
)  # fmt: skip
# Neither words nor layout of their own: the same screen of another service.
LEFT_OUT = ("printing certidao-negativa ?*", "printing ouvidoria ?*", "done certidao-negativa [ua]*", "done iptu [ua]*")


def alike(name: str) -> bool:
    """Whether another scene shows the same screen in every combination."""
    return any(fnmatchcase(name, pattern) for pattern in ALIKE)


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
        "help before a session": replace(still, overlay=Help(), devices=replace(devices, link=False)),
        "help": replace(choosing, overlay=Help()),
        "languages": replace(choosing, overlay=LanguageChoice()),
        "idle": replace(choosing, overlay=IdleWarning(12)),
        "idle, the session's limit": replace(choosing, overlay=IdleWarning(12, last=True)),
        "access sheet on attract": replace(still, overlay=AccessSheet()),
        "all services": replace(choosing, stage=Services(ALL)),
    }
    journey = states(catalogue, language)
    found |= {
        name: state
        for name, state in journey.items()
        if not any(fnmatchcase(name, pattern) for pattern in LEFT_OUT)
    }
    waiting = found["many debts"]
    assert waiting.session is not None
    found["many debts"] = replace(waiting, session=replace(waiting.session, debts=waiting.session.debts[:FEW]))
    found["idle after the commit"] = replace(journey["printing iptu"], overlay=IdleWarning(12))
    return found


FEW = 4  # enough for several pages on the smallest panel; a dozen is another test's matter


def _visit(language: Language) -> Session:
    return Session(id="session", language=language, started_s=0)
