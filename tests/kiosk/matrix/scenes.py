"""Every screen, in every condition that changes what stands on it or how long its words are."""

from __future__ import annotations

from dataclasses import replace
from fnmatch import fnmatchcase

from kiosk.catalog.model import Catalogue, Language
from kiosk.journey.state import (
    ALL,
    AccessSheet,
    Attract,
    ClearTray,
    Details,
    Devices,
    Failure,
    Help,
    IdleWarning,
    LanguageChoice,
    PrinterCondition,
    ReaderCondition,
    Searching,
    Services,
    Session,
    Starting,
    State,
)
from kiosk.journey.tracking_stages import TrackCode, Tracked, TrackFailed, Tracking, TrackPin, TrackTrouble
from kiosk.screens.table import OVERLAYS, SCREENS
from offline_cache.contract.messages import TicketStatus
from tests.kiosk.conftest import working_devices
from tests.kiosk.screens.citizens import states

BROKEN = Devices(printer=PrinterCondition.ABSENT, reader=ReaderCondition.ABSENT, link=False, enrolled=True)

# The same screen with other words of about the same length: shown in every language and size on every panel, in one
# contrast and without reach. All other scenes are shown in every combination.
ALIKE = (
    "attract without *", "services with nothing", "details of a claim", "details, parts unknown",
    "details of a document*", "idle after the commit", "idle, the session's limit", "access sheet on attract",
    "failure before any catalogue", "tracking code wrong", "tracking without link", "tracking PIN too short",
    "tracked, no day known", "claim", "category", "tracking failed [ntuw]*", "card [ebnrw]*", "card unknown-family",
    "card last-try", "pin wrong*", "consulting document", "committing", "no debt chosen", "one debt", "national id",
    "question [123] wrong", "question 1", "look-up [nr]*", "review of a fee", "review of a document",
    "review of a claim", "take card [co]*", "printing [co]*", "printing iptu [aceju]*", "done certidao*",
    "done * abandoned", "done * unknown", "done ouvidoria, answered in time", "done ouvidoria failed",
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
        "help": replace(choosing, overlay=Help()),
        "languages": replace(choosing, overlay=LanguageChoice()),
        "idle": replace(choosing, overlay=IdleWarning(12)),
        "idle, the session's limit": replace(choosing, overlay=IdleWarning(12, last=True)),
        "access sheet": replace(choosing, overlay=AccessSheet()),
        "access sheet on attract": replace(still, overlay=AccessSheet()),
        "clear tray": replace(choosing, stage=ClearTray()),
        "all services": replace(choosing, stage=Services(ALL)),
        "search, nothing typed": replace(choosing, stage=Searching()),
        "search, found": replace(choosing, stage=Searching("imp")),
        "search, nothing found": replace(choosing, stage=Searching("xyzw")),
        "tracking code": replace(choosing, stage=TrackCode()),
        "tracking code wrong": replace(choosing, stage=TrackCode("7K2M-0004-QXAV", error=True)),
        "tracking without link": replace(choosing, stage=TrackCode(), devices=replace(devices, link=False)),
        "tracking PIN": replace(choosing, stage=TrackPin(3)),
        "tracking PIN too short": replace(choosing, stage=TrackPin(3, error=True)),
        "tracking": replace(choosing, stage=Tracking()),
        "tracked": replace(choosing, stage=Tracked(_status(catalogue, "2026-12-24"))),
        "tracked, no day known": replace(choosing, stage=Tracked(_status(catalogue, None))),
    }
    for trouble in TrackTrouble:
        found[f"tracking failed {trouble}"] = replace(choosing, stage=TrackFailed(trouble))
    journey = states(catalogue, language)
    found |= {
        name: state
        for name, state in journey.items()
        if not any(fnmatchcase(name, pattern) for pattern in LEFT_OUT)
    }
    found["idle after the commit"] = replace(journey["printing iptu"], overlay=IdleWarning(12))
    return {
        name: state
        for name, state in found.items()
        if type(state.stage) in SCREENS and (state.overlay is None or type(state.overlay) in OVERLAYS)
    }


def _status(catalogue: Catalogue, answer_by: str | None) -> TicketStatus:
    service = catalogue.service("ouvidoria")
    return TicketStatus(
        code="7K2M-0004-QXAW", title=service.title, department=service.department, state="received",
        registered="2026-11-24T14:05:00-03:00" if answer_by else None, arrived="2026-11-24T14:06:00-03:00",
        answer_by=answer_by,
    )


def _visit(language: Language) -> Session:
    return Session(id="session", language=language, started_s=0)
