"""Sessions on every screen from the card to the rating: what the tests of those screens show."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from kiosk.catalog.guide_kinds import GuideKind
from kiosk.catalog.model import Catalogue, FormField, Language, Output, Service, Texts
from kiosk.health.findings import Part, What, found, needing_a_hand
from kiosk.health.judging import judge
from kiosk.journey.citizen import CLAIM_ID, CLAIM_NAME
from kiosk.journey.settings import Settings, TextSize
from kiosk.journey.state import (
    PRINTS,
    AccessSheet,
    CardFailed,
    CardTrouble,
    CheckingPin,
    Claim,
    ClearTray,
    CommitFailed,
    Committing,
    Consulting,
    Done,
    EnterPin,
    Holder,
    InsertCard,
    JobState,
    LookupFailed,
    LookupTrouble,
    PrinterCondition,
    Printing,
    Question,
    ReadingCard,
    Review,
    Searching,
    Services,
    Session,
    Stage,
    State,
    TakeCard,
    Ticket,
    TooLow,
)
from kiosk.journey.technician_stages import (
    Act,
    Calibrating,
    Challenge,
    LogExcerpt,
    ScreenTest,
    TechnicianAct,
    TechnicianChecking,
    TechnicianFailed,
    TechnicianMode,
    TechnicianPin,
    TouchTest,
)
from kiosk.journey.tracking_stages import StatusPaper, TrackCode, Tracked, TrackFailed, Tracking, TrackPin, TrackTrouble
from offline_cache.contract.charges import Charge
from offline_cache.contract.checks import Lack
from offline_cache.contract.machine import Machine
from offline_cache.contract.messages import Debt, DocumentAnswer, StatusStep, TicketStatus
from offline_cache.contract.staff import Role, Technician, TechnicianTrouble
from tests.kiosk.conftest import working_devices
from tests.kiosk.health.readings import HEALTHY

HOLDER = Holder("MARIA DAS DORES OLIVEIRA", "52998224725", "***.982.247-**")
PROVEN = replace(HOLDER, proven=True)
TICKET = Ticket("id", "7K2M-0004-QXAW", "482731", "job", "IPTU 2026", amount_cents=41280, due="2026-12-10")
CHARGE = Charge(
    kind=GuideKind.PIX_DYNAMIC, number="1", reference="t", amount_cents=1200, payee="PREF", due="2026-11-24", code="c",
)
COMPOSED = DocumentAnswer(outcome="issued", number="2026/000.018-4", code="7K4M-Q2PX-9RTD-5WHF", pages="JVBERi0=")
DOWNLOAD = "https://servicos.vilaaurora.example/d/0123456789ABCDEFGHJKMNPQRS"
LONG = (
    "O poste está apagado há duas semanas e a rua fica escura. As crianças voltam da escola por ali e ninguém vê os "
    "buracos da calçada. Já pedi no balcão e ninguém veio. Peço que troquem a lâmpada antes do feriado."
)


def debts(count: int) -> tuple[Debt, ...]:
    return tuple(
        Debt(
            id=f"debt-{number}", title=f"IPTU 2026, parcela {number + 1} de 10", detail="Rua das Magnólias, 210",
            property_id="01.04.015.0210.001", amount_cents=41280 + number, due="2026-12-10",
            guide_number="2026.0004711-3", free_field="0" * 25, txid="TX1",
        )
        for number in range(count)
    )


def asking(service: Service, kind: str, **options: Any) -> Service:
    """The service with one question of that kind."""
    words = Texts.model_validate(dict.fromkeys(("pt-BR", "es", "it", "en"), "CPF de quem vai receber a resposta?"))
    field = FormField(id="asked", type=kind, label=words, **options)  # type: ignore[arg-type]
    return service.model_copy(update={"form": (field,)})


def state_of(catalogue: Catalogue, language: Language, stage: Stage, service: str | Service, **session: Any) -> State:
    """A state with everything in order and a session of that service."""
    chosen = catalogue.service(service) if isinstance(service, str) else service
    with_card = session.pop("card", False)
    devices = replace(working_devices(catalogue), card_present=with_card)
    visit = Session(id="session", language=language, started_s=0, service=chosen, read_a_card=with_card, **session)
    return State(catalogue=catalogue, devices=devices, stage=stage, session=visit, language=language, now_s=100)


def states(catalogue: Catalogue, language: Language) -> dict[str, State]:
    """Every screen, in every condition that changes what stands on it."""

    def of(stage: Stage, service: str | Service = "iptu", **session: Any) -> State:
        return state_of(catalogue, language, stage, service, **session)

    claimed = {CLAIM_NAME: "Maria das Dores Oliveira", CLAIM_ID: "5299822"}
    ombudsman = catalogue.service("ouvidoria")
    answers = {"tipo": "reclamacao", "assunto": "iluminacao", "onde": "Rua das Magnólias, 210", "relato": LONG}
    card = {"card": True, "holder": PROVEN}
    typed_id = asking(ombudsman, "national-id")
    found = {
        "consulting for a charge": of(Consulting(), "zona-azul"),
        "review of a charge": of(Review(), "zona-azul", charge=CHARGE),
        "claim": of(Claim(), "poda-arvore"),
        "claim wrong": of(Claim(error=True), "poda-arvore", answers=claimed),
        "insert card": of(InsertCard()),
        "reading card": of(ReadingCard(), card=True),
        "pin": of(EnterPin(tries_left=3, typed=4), card=True, holder=HOLDER),
        "pin wrong": of(EnterPin(tries_left=2, wrong=True), card=True, holder=HOLDER),
        "pin wrong, unknown tries": of(EnterPin(wrong=True, typed=8), card=True, holder=HOLDER),
        "pin on the reader": of(EnterPin(tries_left=2, wrong=True, pad=True), card=True, holder=HOLDER),
        "checking pin on the reader": of(CheckingPin(pad=True), card=True, holder=HOLDER),
        "checking pin": of(CheckingPin(), card=True, holder=HOLDER),
        "consulting debts": of(Consulting(), **card),
        "consulting document": of(Consulting(), "certidao-negativa", **card),
        "one debt": of(Question(0), debts=debts(1), answers={"debt": "debt-0"}, **card),
        "many debts": of(Question(0), debts=debts(12), **card),
        "no debt chosen": of(Question(0, error=True), debts=debts(3), **card),
        "yes or no": of(Question(0), asking(ombudsman, "yes-no"), answers={"asked": "yes"}),
        "national id": of(Question(0), typed_id, answers={"asked": "5299822"}),
        "national id wrong": of(Question(0, error=True), typed_id, answers={"asked": "52998224720"}),
        "review of a debt": of(Review(), debts=debts(3), answers={"debt": "debt-0"}, **card),
        "review of a fee": of(Review(), "taxa-alvara", answers={"finalidade": "renovacao"}),
        "review of a document": of(Review(), "certidao-negativa", **card),
        "review of a document, three ways": of(
            Review(), "certidao-negativa", document=COMPOSED, output=Output.PHONE, **card
        ),
        "review of a document asked for": of(Review(), "certidao-negativa", queued=True, **card),
        "review of a complaint": of(Review(), "ouvidoria", answers=answers),
        "review of a claim": of(Review(), "poda-arvore", holder=HOLDER, answers={"motivo": "fios", "onde": LONG}),
        "committing with card": of(Committing(), **card),
        "committing": of(Committing(), "ouvidoria"),
        "commit failed": of(CommitFailed(), "ouvidoria", answers=answers),
    }
    for index in range(len(ombudsman.form)):
        found[f"question {index}"] = of(Question(index), "ouvidoria", answers=answers)
        found[f"question {index} wrong"] = of(Question(index, error=True), "ouvidoria")
    for trouble in CardTrouble:
        found[f"card {trouble}"] = of(CardFailed(trouble))
    for missing in Lack:
        found[f"card too low, {missing}"] = of(TooLow(missing, 2), holder=HOLDER)
    for refused in LookupTrouble:
        found[f"look-up {refused}"] = of(LookupFailed(refused), **card)
    for service in ("iptu", "certidao-negativa", "ouvidoria"):
        holder = {} if service == "ouvidoria" else card
        printed = replace(TICKET, queued=service == "ouvidoria")
        found[f"take card {service}"] = of(TakeCard(), service, ticket=printed, **holder)
        found[f"printing {service}"] = of(Printing(JobState.SENDING, 0.3), service, ticket=printed, **holder)
        for condition in (each for each in PrinterCondition if each not in PRINTS):
            stage = Printing(JobState.SENDING, 0.6, condition)
            found[f"printing {service} {condition}"] = of(stage, service, ticket=printed, **holder)
        for job in (JobState.CONFIRMED, JobState.UNKNOWN, JobState.FAILED, JobState.ABANDONED):
            found[f"done {service} {job}"] = of(Done(job), service, ticket=printed, **holder)
    found["done ouvidoria, answered in time"] = of(Done(JobState.CONFIRMED, stars=4), "ouvidoria", ticket=TICKET)
    page = replace(TICKET, job=None, page="https://servicos.vilaaurora.example/p/7K2M-0004-QXAW")
    found["done on the phone"] = of(Done(JobState.ABANDONED), "ouvidoria", ticket=page)
    found["review of a document, a4 out"] = _devices(
        found["review of a document, three ways"], page_printer=PrinterCondition.PAPER_OUT
    )
    sheet = {"document": COMPOSED, "output": Output.A4, "ticket": TICKET, **card}
    found["printing on a4, stopped"] = of(
        Printing(JobState.SENDING, 0.4, PrinterCondition.STOPPED), "certidao-negativa", **sheet
    )
    found["done on a4"] = of(Done(JobState.CONFIRMED), "certidao-negativa", **sheet)
    taken = {**sheet, "output": Output.PHONE, "ticket": replace(TICKET, job=None, page=DOWNLOAD)}
    found["done, document on the phone"] = of(Done(JobState.ABANDONED), "certidao-negativa", **taken)
    asked = replace(TICKET, queued=True)
    found["done, document asked for"] = of(
        Done(JobState.CONFIRMED), "certidao-negativa", queued=True, ticket=asked, **card
    )
    found["done iptu taken"] = of(Done(JobState.CONFIRMED, taken=True), ticket=TICKET, **card)
    found |= _without_service(catalogue, language)
    found |= _technician(catalogue, language)
    found["done, the printer cannot tell"] = of(Done(JobState.UNKNOWN, asks=True), "ouvidoria", ticket=TICKET)
    found["done without paper"] = of(Done(JobState.ABANDONED), "ouvidoria", ticket=replace(TICKET, job=None))
    return found


def _devices(state: State, **changes: Any) -> State:
    return replace(state, devices=replace(state.devices, **changes))


def _technician(catalogue: Catalogue, language: Language) -> dict[str, State]:
    """Nobody's session: the operator's own people."""
    who = Technician("Rita Lima", Role.TECHNICIAN, ("VA-*",), "7f3a", "2026-11-01")
    devices = replace(working_devices(catalogue), card_present=True, numbers=(("taxas", 40),))

    def of(stage: Stage, **changes: Any) -> State:
        made = State(catalogue=catalogue, devices=devices, stage=stage, language=language, now_s=100)
        return replace(made, **changes)

    well = judge(HEALTHY)
    wrong = judge(replace(
        HEALTHY, printer=PrinterCondition.PAPER_LOW, readers=0, link=False, machine=Machine(temperature_c=84),
    ))
    steps = (
        found(Part.CABLE, What.CABLE_IN, names="eth0"), found(Part.NAME, What.NAME_FOUND, host="centro.example"),
        found(Part.WAY, What.WAY_CLOSED, port=8443, why="Connection refused", host="centro.example"),
    )
    remote = replace(who, name="", role=Role.REMOTE)
    log = tuple(f"VA-017 {number}/2\n" + "2026-11-24T14:05:09 kiosk link up=False\n" * 10 for number in (1, 2))
    return {
        "technician act, state": of(TechnicianAct(who, Act.STATE, needing_a_hand(wrong)[:2])),
        "technician act, network": of(TechnicianAct(who, Act.TEST_NETWORK, steps)),
        "technician act, printing": of(TechnicianAct(who, Act.TEST_PRINT, busy=True, job="j")),
        "technician act, catalogue": of(TechnicianAct(who, Act.CATALOGUE, (
            found(Part.CATALOGUE, What.CATALOGUE_RUNS, n=42), found(Part.CATALOGUE, What.CATALOGUE_BEFORE, n=41),
        ))),
        "technician act, restart": of(TechnicianAct(who, Act.RESTART)),
        "technician touch": of(TouchTest(who, frozenset({0, 4}))),
        "technician calibrating": of(Calibrating(who, ((0.12, 0.88),))),
        "technician screen": of(ScreenTest(who, 5)),
        "technician log": of(LogExcerpt(who, log[:1])),
        "technician log, reading": of(LogExcerpt(who)),
        "challenge": of(Challenge("kiosk-17", "482177305", 900, typed=3)),
        "challenge, wrong": of(Challenge("kiosk-17", "482177305", 900, tries_left=2, wrong=True)),
        "challenge, checking": of(Challenge("kiosk-17", "482177305", 900, typed=8, checking=True)),
        "challenge too late": of(TechnicianFailed(TechnicianTrouble.TOO_LATE)),
        "technician mode by code": of(TechnicianMode(remote, well)),
        "technician mode, looking": of(TechnicianMode(who)),
        "technician pin": of(TechnicianPin(who, 3, typed=4)),
        "technician pin wrong": of(TechnicianPin(who, 2, wrong=True)),
        "technician checking": of(TechnicianChecking(who)),
        "technician mode": of(TechnicianMode(who, well)),
        "technician mode, broken": of(TechnicianMode(who, wrong)),
        "technician locked": of(TechnicianFailed(None, 220.0)),
        "technician without list": of(TechnicianFailed(TechnicianTrouble.NO_LIST)),
    }


def _without_service(catalogue: Catalogue, language: Language) -> dict[str, State]:
    """The search, the tracking of a request, the outlet that is not empty, the settings."""

    def of(stage: Stage, **changes: Any) -> State:
        state = state_of(catalogue, language, stage, "iptu")
        assert state.session is not None
        return replace(state, session=replace(state.session, service=None), **changes)

    complaint = catalogue.service("ouvidoria")
    status = TicketStatus(
        code=TICKET.code, title=complaint.title, department=complaint.department, state="received",
        registered="2026-11-24T14:05:00-03:00", arrived="2026-11-24T16:40:00-03:00", answer_by="2026-12-24",
    )
    moved = status.model_copy(update={
        "state": "in-progress",
        "history": (
            StatusStep(state="forwarded", at="2026-11-26T09:00:00-03:00"),
            StatusStep(state="in-progress", at="2026-11-30T10:30:00-03:00"),
        ),
    })
    offline = replace(working_devices(catalogue), link=False)
    watched = replace(working_devices(catalogue), tray_empty=False)
    found = {
        "searching": of(Searching()),
        "searching found": of(Searching("ce")),
        "searching nothing": of(Searching("xyz")),
        "track code": of(TrackCode("7K2M0004Q")),
        "track code wrong": of(TrackCode("7K2M0004QXAV", error=True)),
        "track code offline": of(TrackCode(), devices=offline),
        "track pin": of(TrackPin(typed=3)),
        "track pin wrong": of(TrackPin(typed=3, error=True)),
        "tracking": of(Tracking()),
        "tracked": of(Tracked(status)),
        "tracked, worked on, printed": of(Tracked(moved, StatusPaper.PRINTED, "j")),
        "tracked, worked on, no paper": of(Tracked(moved, StatusPaper.FAILED)),
        "tracked, worked on, paper in doubt": of(Tracked(moved, StatusPaper.ASKED)),
        "tracked, dates unknown": of(
            Tracked(status.model_copy(update={"registered": None, "answer_by": None, "answer_days": 30}))
        ),
        "clear tray": of(ClearTray()),
        "clear tray with a sensor": of(ClearTray(), devices=watched),
        "access sheet": of(Services(), overlay=AccessSheet()),
        "access sheet, all changed": of(
            Services(), overlay=AccessSheet(),
            settings=Settings(
                text=TextSize.LARGEST, high_contrast=True, reach=True, speech=True, rate=1, volume=5, time=3,
                simple=True,
            ),
        ),
    }
    by_card = of(Tracked(status))
    assert by_card.session is not None
    found["tracked by card"] = replace(by_card, session=replace(by_card.session, by_card=True))
    for trouble in TrackTrouble:
        found[f"track {trouble}"] = of(TrackFailed(trouble))
    return found
