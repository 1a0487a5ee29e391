"""Anything may happen at any moment: no dead end, no trace, and nothing twice."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from kiosk.catalog.model import Catalogue, Language
from kiosk.journey import effects as ef
from kiosk.journey import events as ev
from kiosk.journey import state as st
from kiosk.journey.reducer import reduce
from offline_cache.contract.evidence import Purpose
from offline_cache.contract.messages import DocumentAnswer
from tests.kiosk.journey.test_reducer import DEBT, MARIA, TICKET, evidence

SERVICES = ("iptu", "certidao-negativa", "taxa-alvara", "ouvidoria", "poda-arvore", "orientacoes", "unknown")
EVENTS = some.one_of(
    some.sampled_from(
        [
            ev.Continued(), ev.Continued(), ev.Continued(), ev.WentBack(), ev.Ended(), ev.HelpToggled(),
            ev.LanguageToggled(), ev.StillHere(), ev.Touched(), ev.CardInserted(), ev.CardRemoved(), ev.PinTyped(6),
            ev.PinTyped(0), ev.Proved(evidence(Purpose.LOOKUP)), ev.Proved(evidence(Purpose.COMMIT)),
            ev.DebtsFound("s1", MARIA.masked_id, (DEBT,)), ev.DebtsFound("s1", MARIA.masked_id, ()),
            ev.DocumentComposed("s1", DocumentAnswer(outcome="refused")),
            ev.Committed("s1", TICKET), ev.CommitRefused("s1"), ev.Crashed("1"), ev.Recovered(),
            ev.Started(Language.IT, "s1"),
            ev.Answered("debt", "d1"), ev.Answered("tipo", "reclamacao"), ev.Answered("onde", "Rua A"),
            ev.ChangeAsked("tipo"), ev.Rated(3), ev.CategoryChosen(None), ev.PinRefused(2), ev.PinRefused(1),
            ev.StandingChanged(enrolled=True, numbers=(("taxas", 3),), space=True, clock_trusted=True),
        ]
    ),
    some.builds(ev.ServiceChosen, some.sampled_from(SERVICES)),
    some.builds(ev.CardRead, some.just(MARIA), some.sampled_from([None, 0, 1, 2, 3])),
    some.builds(ev.CardRefused, some.sampled_from(st.CardTrouble)),
    some.builds(ev.LookupRefused, some.just("s1"), some.sampled_from(st.LookupTrouble)),
    some.builds(ev.JobChanged, some.just("j"), some.sampled_from(st.JobState), some.floats(0, 1)),
    some.builds(ev.PrinterChanged, some.sampled_from(st.PrinterCondition)),
    some.builds(ev.ReaderChanged, some.sampled_from(st.ReaderCondition)),
    some.builds(ev.LinkChanged, some.booleans()),
    some.builds(ev.LanguageChosen, some.sampled_from(Language)),
)  # fmt: skip


def wait_out(state: st.State, catalogue: Catalogue) -> st.State:
    """Nobody touches anything any more; the printer gives its job up at the deadline, as it promises to."""
    for _ in range(3):
        if isinstance(state.stage, st.Printing | st.TakeCard):
            state, _ = reduce(state, ev.JobChanged("j", st.JobState.ABANDONED))
        if isinstance(state.stage, st.Committing):
            state, _ = reduce(state, ev.CommitRefused("s1"))
        if isinstance(state.stage, st.Failure):
            state, _ = reduce(state, ev.Recovered())
        for _second in range(catalogue.limits.idle_s + catalogue.limits.warning_s + 1):
            state, _ = reduce(state, ev.Tick(state.now_s + 1))
    return state


@settings(max_examples=400, deadline=None)
@given(events=some.lists(EVENTS, max_size=60))
def test_whatever_happens_the_kiosk_comes_back_to_rest_without_a_trace(
    events: list[ev.Event], catalogue: Catalogue
) -> None:
    state = st.State(catalogue=catalogue, stage=st.Attract())
    commits = ratings = 0
    for event in events:
        before = state
        state, effects = reduce(state, event)
        commits += sum(isinstance(effect, ef.Commit) for effect in effects)
        ratings += sum(isinstance(effect, ef.SendRating) for effect in effects)
        if before.session is not None and state.session is None:
            assert any(isinstance(effect, ef.Wipe) for effect in effects)
        if state.session is None:
            assert MARIA.national_id not in repr(state)
            assert TICKET.pin not in repr(state)
        if isinstance(state.stage, st.Done) and state.stage.job is st.JobState.CONFIRMED:
            assert isinstance(before.stage, st.Printing | st.TakeCard | st.Done)
    state = wait_out(state, catalogue)
    assert state.session is None
    assert isinstance(state.stage, st.Attract)


def test_the_sample_has_the_services_that_the_tables_name(catalogue: Catalogue) -> None:
    for name in SERVICES[:-1]:
        assert catalogue.service(name).id == name
    with pytest.raises(KeyError):
        catalogue.service("unknown")
