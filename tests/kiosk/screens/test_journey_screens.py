"""The screens from the card to the rating, in four languages, in a real window."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from kiosk.catalog.answers import every
from kiosk.catalog.model import Catalogue, Language
from kiosk.journey.events import Answered, ChangeAsked, Continued, Ended, PinTyped, Rated, WentBack
from kiosk.journey.reducer import reduce
from kiosk.journey.state import Attract, Claim, Done, EnterPin, IdleWarning, JobState, Printing, State
from kiosk.locale.translate import translator
from kiosk.screens.steps import Part, parts_of, question, step
from kiosk.screens.view import View
from tests.kiosk.conftest import LANGUAGES
from tests.kiosk.screens.citizens import HOLDER, TICKET, state_of, states


@pytest.fixture
def show(
    catalogue: Catalogue, window: Any, frames: Callable[[], None], scene_of: Callable[..., Any],
) -> Callable[[str], View]:
    view = View()
    window.add_widget(view)

    def bring(name: str) -> View:
        view.show(scene_of(states(catalogue, Language.EN)[name]))
        frames()
        return view

    return bring


def names(view: View) -> list[str]:
    return [node.name for node in view.tree()]


@pytest.mark.parametrize(
    ("screen", "control", "events"),
    [
        ("insert card", "back", [WentBack()]),
        ("insert card", "without-card", [WentBack(), WentBack()]),
        ("insert card", "end", [Ended()]),
        ("card unreadable", "without-card", [WentBack(), WentBack()]),
        ("pin", "primary", [Continued()]),
        ("look-up no-link", "primary", [Continued()]),
        ("one debt", "debt:debt-0", [Answered("debt", "debt-0")]),
        ("question 0", "answer:denuncia", [Answered("tipo", "denuncia")]),
        ("yes or no", "answer:no", [Answered("asked", "no")]),
        ("question 2", "primary", [Continued()]),
        ("review of a debt", "change:debt", [ChangeAsked("debt")]),
        ("review of a debt", "primary", [Continued()]),
        ("commit failed", "primary", [Continued()]),
        ("done iptu confirmed", "rate:5", [Rated(5)]),
        ("done iptu confirmed", "primary", [Continued()]),
        ("done iptu abandoned", "primary", [Continued()]),
    ],
)
def test_each_control_sends_its_events(
    screen: str, control: str, events: list[Any], show: Callable[[str], View], sent: list[Any],
) -> None:
    assert show(screen).control(control).press()
    assert sent == events


@pytest.mark.parametrize("service", ["iptu", "certidao-negativa", "ouvidoria"])
def test_printed_is_said_only_when_the_printer_confirmed(service: str, show: Callable[[str], View]) -> None:
    assert "Done!" in names(show(f"done {service} confirmed"))
    for job in ("unknown", "failed", "abandoned"):
        view = show(f"done {service} {job}")
        assert "Done!" not in names(view)
        assert not any("came out whole" in name for name in names(view))


def test_the_codes_pin_is_masked_when_paper_carries_it_and_shown_when_none_does(show: Callable[[str], View]) -> None:
    assert not any(TICKET.pin in name for name in names(show("done iptu confirmed")))
    for ending in ("done iptu unknown", "done iptu failed", "done iptu abandoned", "done without paper"):
        assert show(ending).control("code-pin").name == TICKET.pin
        assert show(ending).control("code").name == TICKET.code


def test_after_the_commit_nobody_is_offered_to_end_the_session(show: Callable[[str], View]) -> None:
    for screen in ("committing", "take card iptu", "printing iptu", "printing iptu paper-out"):
        assert show(screen).control("end") is None


def test_after_the_card_is_gone_nothing_is_said_of_proof(show: Callable[[str], View]) -> None:
    assert show("review of a debt").control("identity").name.endswith("identity proven: card and PIN")
    assert show("printing iptu").control("identity").name == "Payment slip of Maria D. · card already taken"


def test_nobody_is_said_to_have_been_told_of_a_fault(show: Callable[[str], View]) -> None:
    # the centre keeps a kiosk's heartbeat and alerts nobody
    said = " ".join(names(show("printing iptu paper-out")))
    assert "The paper has run out" in said
    assert "team" not in said


def test_progress_moves_without_building_the_screen_again(
    catalogue: Catalogue, window: Any, scene_of: Callable[..., Any],
) -> None:
    printing = states(catalogue, Language.EN)["printing iptu"]
    view = View()
    view.show(scene_of(printing))
    assert view.screen is not None
    content = list(view.screen.children)
    view.show(scene_of(replace(printing, stage=Printing(JobState.SENDING, 0.8))))
    assert view.screen.children == content
    assert view.control("progress")._share == 0.8


def test_a_face_that_was_touched_stays_and_no_other_can_be_touched(show: Callable[[str], View]) -> None:
    view = show("done ouvidoria, answered in time")
    assert [view.control(f"rate:{stars}").enabled for stars in range(1, 6)] == [False] * 5
    assert "Thank you for your answer." in names(view)


def test_a_long_list_of_debts_is_turned_page_by_page_until_the_last(show: Callable[[str], View]) -> None:
    view = show("many debts")
    seen = {node.id for node in view.tree() if node.id.startswith("debt:")}
    assert view.control("page:before") is None
    while (forward := view.control("page:next")) is not None:
        forward._act()
        seen |= {node.id for node in view.tree() if node.id.startswith("debt:")}
    assert seen == {f"debt:debt-{number}" for number in range(12)}
    assert view.control("page:before") is not None


class Kiosk:
    """A screen on the real reducer: what is touched changes the state, and the state the screen."""

    def __init__(self, view: View, scene_of: Callable[..., Any], state: State) -> None:
        self.view, self.state, self.events = view, state, list[Any]()
        self._scene = scene_of(state)
        self._scene = replace(self._scene, send=self.send)
        view.show(self._scene)

    @property
    def pin(self) -> Any:
        return self._scene.pin

    def send(self, event: Any) -> None:
        self.events.append(event)
        self.state, _ = reduce(self.state, event)
        self._scene = replace(self._scene, state=self.state)
        self.view.show(self._scene)

    def touch(self, control_id: str) -> None:
        from kiosk.widgets.strikes import STRIKES

        STRIKES.forget()
        control = self.view.control(control_id)
        assert control is not None, control_id
        assert control.press()


@pytest.fixture
def kiosk(window: Any, scene_of: Callable[..., Any]) -> Callable[[State], Kiosk]:
    def begin(state: State) -> Kiosk:
        view = View()
        window.add_widget(view)
        return Kiosk(view, scene_of, state)

    return begin


def test_the_digits_of_a_pin_are_in_no_event_no_state_and_no_semantic_tree(
    catalogue: Catalogue, kiosk: Callable[[State], Kiosk],
) -> None:
    at = kiosk(state_of(catalogue, Language.PT_BR, EnterPin(tries_left=3), "iptu", card=True, holder=HOLDER))
    before = {(node.id, node.name) for node in at.view.tree() if node.role != "button"}
    for digit in "90817263":
        at.touch(f"digit:{digit}")
    assert at.events == [PinTyped(count) for count in range(1, 9)]
    assert "90817263" not in repr(at.state)
    assert {(node.id, node.name) for node in at.view.tree() if node.role != "button"} == before
    assert at.pin.take() == bytearray(b"90817263")


def test_a_shuffled_pad_still_types_what_its_keys_say_and_stays_shuffled_while_typing(
    catalogue: Catalogue, kiosk: Callable[[State], Kiosk],
) -> None:
    at = kiosk(state_of(catalogue, Language.EN, EnterPin(tries_left=3), "iptu", card=True, holder=HOLDER))

    def places() -> dict[int, tuple[float, float]]:
        return {digit: tuple(at.view.control(f"digit:{digit}").center) for digit in range(10)}

    before = places()
    for _ in range(5):
        at.touch("shuffle")
    mixed = places()
    assert set(mixed.values()) == set(before.values())
    assert mixed != before
    for digit in "4071":
        at.touch(f"digit:{digit}")
    assert places() == mixed
    assert at.pin.take() == bytearray(b"4071")


def test_confirming_waits_for_four_digits_and_says_so(
    catalogue: Catalogue, kiosk: Callable[[State], Kiosk],
) -> None:
    at = kiosk(state_of(catalogue, Language.EN, EnterPin(tries_left=3), "iptu", card=True, holder=HOLDER))
    for digit in "123":
        at.touch(f"digit:{digit}")
    assert (at.view.control("primary").enabled, at.view.control("primary").name) == (False, "At least 4 digits")
    at.touch("digit:4")
    assert (at.view.control("primary").enabled, at.view.control("primary").name) == (True, "Confirm")
    at.touch("erase")
    assert not at.view.control("primary").enabled


def test_a_card_that_does_not_say_how_many_tries_are_left_is_not_said_to(
    catalogue: Catalogue, kiosk: Callable[[State], Kiosk],
) -> None:
    at = kiosk(state_of(catalogue, Language.EN, EnterPin(), "iptu", card=True, holder=HOLDER))
    assert not any("tries left" in node.name for node in at.view.tree())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_letter_of_four_languages_small_and_capital_is_typed(
    language: Language, catalogue: Catalogue, kiosk: Callable[[State], Kiosk],
) -> None:
    letters = "abcdefghijklmnopqrstuvwxyzáàâãéèêíìîóòôõúùüçñ"
    state = states(catalogue, language)["question 3"]
    at = kiosk(replace(state, session=replace(state.session, answers={})))
    for letter in (*letters, *letters.upper()):
        for turn in (None, "key:shift", "key:signs", "key:shift"):
            if turn is not None:
                at.touch(turn)
            if at.view.control(f"key:{letter}") is not None:
                break
        at.touch(f"key:{letter}")
    assert at.state.session.answers["relato"] == letters + letters.upper()


def test_what_is_typed_can_be_erased_and_ends_at_its_limit(
    catalogue: Catalogue, kiosk: Callable[[State], Kiosk],
) -> None:
    state = states(catalogue, Language.EN)["question 2"]
    limit = catalogue.service("ouvidoria").form[2].max_length
    at = kiosk(replace(state, session=replace(state.session, answers={"onde": "x" * (limit - 1)})))
    at.touch("key:a")
    at.touch("key:b")
    assert at.state.session.answers["onde"] == "x" * (limit - 1) + "a"
    at.touch("erase")
    assert at.state.session.answers["onde"] == "x" * (limit - 1)


def test_a_claim_is_typed_with_a_capital_in_each_name_and_a_number_pad_for_the_cpf(
    catalogue: Catalogue, kiosk: Callable[[State], Kiosk],
) -> None:
    at = kiosk(states(catalogue, Language.EN)["claim"])
    for key in ("M", "a", "r", "i", "a", " ", "S", "á"):
        at.touch(f"key:{key}")
    at.touch("primary")
    for digit in "52998224725":
        at.touch(f"digit:{digit}")
    at.touch("field:claim:name")
    assert at.view.control("key:a") is not None
    at.touch("primary")
    assert at.state.session.holder.name == "Maria Sá"
    assert not at.state.session.holder.proven


def test_what_was_typed_is_not_in_the_semantic_tree(catalogue: Catalogue, kiosk: Callable[[State], Kiosk]) -> None:
    at = kiosk(states(catalogue, Language.EN)["claim wrong"])
    assert not any("Oliveira" in node.name or "529" in node.name for node in at.view.tree())


def test_an_answer_left_out_is_pointed_out_and_the_page_stays(
    catalogue: Catalogue, kiosk: Callable[[State], Kiosk],
) -> None:
    state = states(catalogue, Language.EN)["question 3"]
    at = kiosk(replace(state, session=replace(state.session, answers={})))
    at.touch("primary")
    assert "The answer is missing." in [node.name for node in at.view.tree()]


def test_rating_is_sent_once(catalogue: Catalogue, kiosk: Callable[[State], Kiosk]) -> None:
    at = kiosk(states(catalogue, Language.EN)["done iptu confirmed"])
    at.touch("rate:2")
    assert isinstance(at.state.stage, Done)
    assert at.state.stage.stars == 2
    assert not at.view.control("rate:5").press()


def test_the_field_that_is_wrong_is_the_one_that_is_typed_into_next(
    catalogue: Catalogue, kiosk: Callable[[State], Kiosk],
) -> None:
    at = kiosk(state_of(catalogue, Language.EN, Claim(), "poda-arvore"))
    at.touch("primary")
    assert at.view.control("key:a") is not None or at.view.control("key:A") is not None
    assert "The name is missing." in [node.name for node in at.view.tree()]
    at.touch("key:A")
    at.touch("primary")
    assert at.view.control("digit:1") is not None
    assert "A CPF has 11 digits." not in [node.name for node in at.view.tree()]
    at.touch("digit:1")
    at.touch("primary")
    assert "A CPF has 11 digits." in [node.name for node in at.view.tree()]


@pytest.mark.parametrize("service", ["iptu", "certidao-negativa", "ouvidoria", "taxa-alvara", "poda-arvore"])
def test_the_step_bar_only_moves_forward_by_one(service: str, catalogue: Catalogue) -> None:
    chosen = catalogue.service(service)
    text = translator(Language.EN)
    bars = [step(chosen, Part.IDENTITY, text)] if Part.IDENTITY in parts_of(chosen) else []
    bars += [question(chosen, index, (index + 1, 9), "title", text) for index in range(len(every(chosen.questions)))]
    bars += [step(chosen, Part.REVIEW, text), step(chosen, Part.PAPER, text)]
    assert [(bar.done, bar.total) for bar in bars] == [(n + 1, len(bars)) for n in range(len(bars))]


def test_a_wiped_session_is_in_no_widget_any_more(
    catalogue: Catalogue, window: Any, frames: Callable[[], None], scene_of: Callable[..., Any],
) -> None:
    view = View()
    window.add_widget(view)
    sessions = []
    visited = [state for state in states(catalogue, Language.PT_BR).values() if state.session is not None]
    for state in visited:
        sessions.append(weakref.ref(state.session))
        view.show(scene_of(state))
    view.show(scene_of(replace(state, overlay=IdleWarning(9))))
    frames()
    view.show(scene_of(State(catalogue=catalogue, stage=Attract())))
    frames()
    del state, visited
    gc.collect()
    assert [session for session in sessions if session() is not None] == []


@pytest.mark.parametrize(
    ("service", "link", "words"),
    [
        ("taxa-alvara", False, "Now: pay by 10 Dec 2026"),
        ("ouvidoria", False, "No internet now."),
        ("ouvidoria", True, "The answer comes within 30 days."),
    ],
)
def test_the_last_screen_says_what_to_do_next(
    service: str, link: bool, words: str, catalogue: Catalogue, kiosk: Callable[[State], Kiosk],
) -> None:
    ticket = replace(TICKET, queued=True)
    state = state_of(catalogue, Language.EN, Done(JobState.CONFIRMED), service, ticket=ticket)
    at = kiosk(replace(state, devices=replace(state.devices, link=link)))
    assert any(node.name.startswith(words) for node in at.view.tree())
