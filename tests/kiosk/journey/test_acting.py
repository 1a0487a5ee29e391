"""Asking for somebody else: whom, by which number, on what basis; asked before the form, and only where it may be."""

from __future__ import annotations

import pytest

from kiosk.catalog import acting
from kiosk.journey import events as ev
from kiosk.journey import form
from kiosk.journey import state as st
from kiosk.journey.citizen import CLAIM_ID, CLAIM_NAME
from tests.kiosk.journey.test_reducer import START, play, ready

__all__ = ["ready"]
TO_FORM = (
    START, ev.ServiceChosen("poda-arvore"), ev.Continued(), ev.Answered(CLAIM_NAME, "Maria das Dores"),
    ev.Answered(CLAIM_ID, "52998224725"), ev.Continued(),
)  # fmt: skip


def asked(state):
    return [page.id for page in form.pages(state.session)]


@pytest.mark.parametrize(
    ("answer", "pages"),
    [
        ("myself", ["acting", "motivo", "onde"]),
        ("sindico", ["acting", "subject-name", "subject-id", "motivo", "onde"]),
        ("vizinho", ["acting", "subject-name", "motivo", "onde"]),
    ],
)
def test_what_a_basis_needs_is_asked_and_nothing_else(ready, answer, pages):
    state, _ = play(ready, *TO_FORM, ev.Answered(acting.ACTING, answer))
    assert isinstance(state.stage, st.Question)
    assert asked(state) == pages


def test_a_number_that_is_none_is_not_taken(ready):
    to_number = (*TO_FORM, ev.Answered(acting.ACTING, "sindico"), ev.Continued(),
                 ev.Answered(acting.SUBJECT_NAME, "Condomínio Sol"), ev.Continued())  # fmt: skip
    state, _ = play(ready, *to_number, ev.Answered(acting.SUBJECT_ID, "11222333000182"), ev.Continued())
    assert state.stage.index == 2
    state, _ = play(state, ev.Answered(acting.SUBJECT_ID, "11222333000181"), ev.Continued())
    assert state.stage.index == 3


def test_where_one_asks_for_oneself_alone_nothing_more_is_asked(catalogue):
    assert acting.questions(()) == ()
    assert catalogue.service("ouvidoria").questions == catalogue.service("ouvidoria").form
