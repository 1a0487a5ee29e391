"""Anything may happen at any moment: no dead end, no trace, and nothing twice."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as some
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from kiosk.catalog.model import Language
from kiosk.journey import effects as ef
from kiosk.journey import events as ev
from kiosk.journey import form
from kiosk.journey import state as st
from kiosk.journey.reducer import reduce
from kiosk.journey.settings import RATES, TIMES, VOLUMES, Settings, TextSize
from kiosk.journey.tracking_stages import TrackCode, Tracking, TrackPin, TrackTrouble
from offline_cache.contract.evidence import Purpose
from offline_cache.contract.messages import DocumentAnswer
from offline_cache.contract.status_by_card import STATUS_BY_CARD
from tests.kiosk import vila_aurora
from tests.kiosk.journey.card_checks import PROVED, READ
from tests.kiosk.journey.test_charges import CHARGE
from tests.kiosk.journey.test_reducer import DEBT, MARIA, TICKET, evidence
from tests.kiosk.journey.test_tracking import CODE, STATUS

CATALOGUE = vila_aurora.catalogue()
SERVICES = (
    "iptu", "certidao-negativa", "taxa-alvara", "ouvidoria", "poda-arvore", "zona-azul", "orientacoes", "unknown",
)  # fmt: skip
SECRET = "o vizinho do 12"
TRACES = (MARIA.national_id, MARIA.name, TICKET.pin, TICKET.code, CODE, SECRET)
SOME_OF_MANY = some.integers(0, 55)
ANY_SETTINGS = some.builds(
    Settings, text=some.sampled_from(TextSize), high_contrast=some.booleans(), reach=some.booleans(),
    speech=some.booleans(), rate=some.sampled_from(RATES), volume=some.sampled_from(VOLUMES),
    time=some.sampled_from(TIMES), simple=some.booleans(), keys=some.booleans(),
)  # fmt: skip
# What a citizen does that needs nothing to be true; some of it twice, for it leads further.
ACTS = (
    ev.Continued(), ev.Continued(), ev.WentBack(), ev.Ended(), ev.HelpToggled(), ev.LanguageToggled(),
    ev.AccessToggled(), ev.StillHere(), ev.Touched(), ev.PinTyped(6), ev.PinTyped(0),
    ev.SearchAsked(), ev.TrackAsked(), ev.TrackByCardAsked(), ev.CodeTyped(CODE), ev.CodeTyped("7K2M"),
    ev.QueryTyped("poda"),
    ev.CategoryChosen(None), ev.CategoryChosen("cidade"), ev.CategoryChosen(st.ALL), ev.ChangeAsked("tipo"),
    ev.PaperChosen(wanted=False), ev.PaperChosen(wanted=True), ev.Rated(3),
    ev.Answered("debt", "d1"), ev.Answered("tipo", "reclamacao"), ev.Answered("onde", SECRET),
    ev.Answered("claim:name", MARIA.name), ev.Answered("claim:national-id", MARIA.national_id),
)  # fmt: skip
# Where the citizen only waits for a part, which always answers, or for the hand at card and paper.
WAITING = (
    st.Starting, st.ReadingCard, st.CheckingPin, st.Consulting, Tracking, st.Committing, st.TakeCard, st.Printing,
    st.Failure,
)  # fmt: skip
SHEETS: dict[type[st.Overlay], ev.Event] = {
    st.Help: ev.HelpToggled(), st.LanguageChoice: ev.LanguageToggled(), st.AccessSheet: ev.AccessToggled(),
    st.IdleWarning: ev.StillHere(),
}  # fmt: skip
FORM = {"debt": "d1", "tipo": "reclamacao", "assunto": "ruas", "onde": SECRET, "relato": SECRET, "motivo": "fios",
        "finalidade": "novo", "acting": "sindico", "subject-name": SECRET, "subject-id": "11222333000181"}  # fmt: skip


def wait_out(state: st.State) -> st.State:
    """Nobody touches anything any more; each part keeps what it promises."""
    for _ in range(8):
        session = state.session.id if state.session else ""
        if isinstance(state.stage, st.Starting):
            state, _ = reduce(state, ev.CatalogueVerified(CATALOGUE))
        if isinstance(state.stage, st.Committing):
            state, _ = reduce(state, ev.CommitRefused(session))
        if isinstance(state.stage, st.Failure):
            state, _ = reduce(state, ev.Recovered())
        state, _ = reduce(state, ev.Tick(state.now_s + 10_000))
    return state


class Kiosk(RuleBasedStateMachine):
    """Every event at any moment, and the sensible one more often, so that the last screens are reached too."""

    def __init__(self) -> None:
        super().__init__()
        self.state = st.State()
        self.visits = 0
        self.asked: list[ef.Effect] = []

    def do(self, event: ev.Event) -> None:
        before = self.state
        self.state, effects = reduce(before, event)
        self.asked += effects
        if before.session is not None and (self.state.session is None or self.state.session.id != before.session.id):
            assert any(isinstance(effect, ef.Wipe) for effect in effects), event
            assert self.state.settings == Settings()
            assert self.state.overlay is None
        if isinstance(self.state.stage, st.Done) and self.state.stage.job is st.JobState.CONFIRMED:
            assert isinstance(before.stage, st.Printing | st.TakeCard | st.Done)
        if isinstance(event, ev.Rated):
            assert sum(isinstance(effect, ef.SendRating) for effect in effects) <= 1
        # Nothing is registered twice for one press: a commit is asked for only on the way out of a screen, once.
        assert sum(isinstance(effect, ef.Commit) for effect in effects) <= 1

    @property
    def session(self) -> str:
        return self.state.session.id if self.state.session else "nobody"

    @property
    def service(self) -> str:
        if self.state.session and self.state.session.by_card:
            return STATUS_BY_CARD
        chosen = self.state.session.service if self.state.session else None
        return chosen.id if chosen else "iptu"

    @initialize(ready=some.booleans(), link=some.booleans())
    def begin(self, ready: bool, link: bool) -> None:
        if ready:
            self.do(ev.CatalogueVerified(CATALOGUE))
            self.do(ev.ReaderChanged(st.ReaderCondition.READY))
            self.do(ev.CardRemoved())
            self.do(ev.PrinterChanged(st.PrinterCondition.READY))
            self.do(ev.StandingChanged(enrolled=True, numbers=(("taxas", 9),), space=True, clock_trusted=True))
        self.do(ev.LinkChanged(link))

    # ---- the citizen ------------------------------------------------------------------------------------

    @rule(language=some.sampled_from(Language))
    def somebody_comes(self, language: Language) -> None:
        self.visits += 1
        self.do(ev.Started(language, f"s{self.visits}"))

    @rule(act=some.sampled_from(ACTS))
    def the_citizen_acts(self, act: ev.Event) -> None:
        self.do(act)

    @rule(service=some.sampled_from(SERVICES))
    def a_service_is_chosen(self, service: str) -> None:
        self.do(ev.ServiceChosen(service))

    @rule(changed=ANY_SETTINGS)
    def settings_are_changed(self, changed: Settings) -> None:
        self.do(ev.Adjusted(changed))

    @rule(language=some.sampled_from(Language))
    def another_language_is_chosen(self, language: Language) -> None:
        self.do(ev.LanguageChosen(language))

    @precondition(lambda self: self.state.session is not None)
    @rule()
    def what_leads_further(self) -> None:
        """The right answer to whatever the kiosk asks or waits for."""
        for event in self._right():
            self.do(event)

    def _right(self) -> tuple[ev.Event, ...]:
        session = self.state.session
        service = session.service if session else None
        match self.state.stage:
            case st.Services() | st.Searching():
                return (ev.ServiceChosen("iptu"),)
            case st.InsertCard() | st.CardFailed() | st.TooLow():
                return ev.CardRemoved(), ev.CardInserted()
            case st.ReadingCard():
                return (ev.CardRead(MARIA, tries_left=3, checks=READ),)
            case st.EnterPin() | TrackPin():
                return ev.PinTyped(6), ev.Continued()
            case st.CheckingPin() | st.Committing() if session is not None and session.awaiting is not None:
                return (ev.Proved(evidence(session.awaiting, self.session, self.service), PROVED),)
            case st.Committing():
                return (ev.Committed(self.session, TICKET),)
            case st.Consulting() if service is not None and service.kind == "document":
                return (ev.DocumentComposed(self.session, DocumentAnswer(outcome="issued", number="1")),)
            case st.Consulting() if service is not None and service.lookup == "charge":
                return (ev.ChargeMade(self.session, CHARGE),)
            case st.Consulting():
                return (ev.DebtsFound(self.session, MARIA.masked_id, (DEBT,)),)
            case st.Question(index=index) if service is not None and session is not None:
                field = form.page_at(session, index)
                return ev.Answered(field.id, FORM[field.id]), ev.Continued()
            case st.TakeCard():
                return (ev.CardRemoved(),)
            case st.Printing():
                return (ev.JobChanged("j", st.JobState.CONFIRMED, 1.0),)
            case TrackCode():
                return ev.CodeTyped(CODE), ev.Continued()
            case Tracking():
                return (ev.StatusFound(self.session, STATUS),)
            case _:
                return (ev.Continued(),)

    # ---- the parts --------------------------------------------------------------------------------------

    @rule(tries=some.sampled_from([None, 0, 1, 3]), trouble=some.sampled_from(st.CardTrouble), which=SOME_OF_MANY)
    def the_card_does_something(self, tries: int | None, trouble: st.CardTrouble, which: int) -> None:
        events: list[ev.Event] = [
            ev.CardRead(MARIA, tries, final=False), ev.CardRead(MARIA, tries, has_key=False), ev.CardRead(MARIA, tries),
            ev.CardChecked(READ, has_key=True), ev.CardChecked((), has_key=False),
            ev.CardInserted(), ev.CardRemoved(), ev.CardRead(MARIA, tries, READ), ev.CardRefused(trouble),
            ev.PinRefused(tries), ev.Proved(evidence(Purpose.LOOKUP, self.session, self.service), PROVED),
            ev.Proved(evidence(Purpose.COMMIT, self.session, self.service), PROVED),
            ev.Proved(evidence(Purpose.LOOKUP, "s0"), PROVED),
        ]  # fmt: skip
        self.do(events[which % len(events)])

    @rule(trouble=some.sampled_from(st.LookupTrouble), tracking=some.sampled_from(TrackTrouble), which=SOME_OF_MANY)
    def the_centre_answers(self, trouble: st.LookupTrouble, tracking: TrackTrouble, which: int) -> None:
        events: list[ev.Event] = [
            ev.DebtsFound(self.session, MARIA.masked_id, ()), ev.DebtsFound("s0", MARIA.masked_id, (DEBT,)),
            ev.DocumentComposed(self.session, DocumentAnswer(outcome="refused")),
            ev.ChargeMade(self.session, CHARGE), ev.ChargeMade("s0", CHARGE), ev.StatusPrintAsked(),
            ev.StatusPrinting(self.session, "j"), ev.StatusPrinting("s0", "j0"), ev.StatusPrinting(self.session, None),
            ev.LookupRefused(self.session, trouble), ev.StatusRefused(self.session, tracking),
            ev.StatusFound(self.session, STATUS), ev.StatusFound("s0", STATUS),
        ]  # fmt: skip
        self.do(events[which % len(events)])

    @rule(session=some.sampled_from(["this", "s0"]), refused=some.booleans(), paper=some.booleans())
    def the_store_answers(self, session: str, refused: bool, paper: bool) -> None:
        name = self.session if session == "this" else session
        ticket = TICKET if paper else replace(TICKET, job=None)
        self.do(ev.CommitRefused(name) if refused else ev.Committed(name, ticket))

    @rule(job=some.sampled_from(["j", "k"]), state=some.sampled_from(st.JobState), progress=some.floats(0, 1))
    def a_print_job_goes_on(self, job: str, state: st.JobState, progress: float) -> None:
        self.do(ev.JobChanged(job, state, progress))

    @rule(
        event=some.one_of(
            some.builds(ev.PrinterChanged, some.sampled_from(st.PrinterCondition)),
            some.builds(ev.ReaderChanged, some.sampled_from(st.ReaderCondition)),
            some.builds(ev.LinkChanged, some.booleans()),
            some.builds(ev.HeadsetChanged, some.booleans()),
            some.builds(ev.TrayChanged, some.booleans()),
            some.just(ev.PaperDenied()),
            some.builds(
                ev.StandingChanged, some.booleans(), some.just((("taxas", 3),)), some.booleans(), some.booleans()
            ),
        )
    )
    def a_device_changes(self, event: ev.Event) -> None:
        self.do(event)

    @rule(version=some.sampled_from([7, 8]))
    def a_catalogue_comes(self, version: int) -> None:
        self.do(ev.CatalogueVerified(CATALOGUE.model_copy(update={"version": version})))

    @rule(seconds=some.sampled_from([0.5, 1.0, 25.0, 61.0, 125.0, 1000.0]))
    def time_passes(self, seconds: float) -> None:
        self.do(ev.Tick(self.state.now_s + seconds))

    @rule(recovered=some.booleans())
    def the_screen_fails_or_recovers(self, recovered: bool) -> None:
        self.do(ev.Recovered() if recovered else ev.Crashed("017-0001"))

    # ---- what always holds ------------------------------------------------------------------------------

    @invariant()
    def nothing_of_a_session_outlives_it(self) -> None:
        if self.state.session is None:
            told = repr(replace(self.state, catalogue=None, next_catalogue=None))
            assert not [trace for trace in TRACES if trace in told]
            assert isinstance(self.state.stage, st.Starting | st.Attract | st.Failure)
        else:
            assert not isinstance(self.state.stage, st.Starting | st.Attract | st.Failure)

    @invariant()
    def nobody_stands_before_a_screen_without_a_way_out(self) -> None:
        stage = self.state.stage
        if isinstance(stage, st.Attract):
            begun, _ = reduce(self.state, ev.Started(Language.PT_BR, "x"))
            assert isinstance(begun.stage, st.Services | st.ClearTray)
        elif not isinstance(stage, WAITING):
            left, effects = reduce(self.state, ev.Ended())
            assert isinstance(left.stage, st.Attract | st.Starting)
            assert ef.Wipe() in effects

    @invariant()
    def every_sheet_can_be_put_away(self) -> None:
        if self.state.overlay is not None:
            assert reduce(self.state, SHEETS[type(self.state.overlay)])[0].overlay is None

    @invariant()
    def whoever_waits_long_enough_finds_the_first_screen_as_new(self) -> None:
        rested = wait_out(self.state)
        assert rested.session is None
        assert isinstance(rested.stage, st.Attract)
        assert (rested.settings, rested.overlay) == (Settings(), None)
        assert rested.catalogue is not None
        assert rested.language is rested.catalogue.languages[0]

    @invariant()
    def the_warning_tells_a_time_that_is_to_come(self) -> None:
        if isinstance(self.state.overlay, st.IdleWarning):
            assert self.state.overlay.seconds_left >= 1
            assert self.state.session is not None


def test_whatever_happens_the_kiosk_comes_back_to_rest_without_a_trace() -> None:
    limits = settings(
        max_examples=120, stateful_step_count=50, deadline=None, suppress_health_check=list(HealthCheck),
        print_blob=True,
    )
    run_state_machine_as_test(Kiosk, settings=limits)


def test_the_right_answers_lead_from_the_first_screen_to_the_last() -> None:
    """The machine above gets as far as a citizen does."""
    machine: Any = Kiosk()
    machine.begin(ready=True, link=True)
    machine.somebody_comes(Language.IT)
    seen = [type(machine.state.stage)]
    while machine.state.session is not None and len(seen) < 30:
        machine.what_leads_further()
        seen.append(type(machine.state.stage))
    assert st.TakeCard in seen
    assert seen[-3:] == [st.Printing, st.Done, st.Attract]


def test_the_sample_has_the_services_that_the_tables_name() -> None:
    for name in SERVICES[:-1]:
        assert CATALOGUE.service(name).id == name
    with pytest.raises(KeyError):
        CATALOGUE.service("unknown")
