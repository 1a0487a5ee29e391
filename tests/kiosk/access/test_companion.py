"""Keys and speech on the real window: every screen can be heard, and worked by five keys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from kiosk.catalog.model import Catalogue, Language
from kiosk.journey.settings import Settings
from kiosk.journey.state import (
    Attract,
    Done,
    EnterPin,
    Failure,
    Help,
    IdleWarning,
    JobState,
    Question,
    Services,
    Starting,
    State,
)
from kiosk.locale.translate import translator
from tests.kiosk.access.application import Application
from tests.kiosk.screens.citizens import HOLDER, LONG, PROVEN, TICKET, state_of, states

SPEAKING = Settings(speech=True)
OnState = Callable[..., Application]


def _focused(application: Application) -> Any:
    key = application.hands.companion.focused
    return next((node for node in application.view.tree() if node.key == key), None)


def _ringed(application: Application) -> list[str]:
    return [block.control_id for _, block in application.view.pairs() if block.focused]


def _heard(state: State, *, headset: bool) -> State:
    devices = replace(state.devices, headset=headset)
    return replace(state, devices=devices, settings=replace(state.settings, speech=True, keys=True))


def test_the_first_key_shows_the_ring_and_a_touch_takes_it_away(app_on: OnState, attract: State) -> None:
    application = app_on(attract)
    assert _ringed(application) == []
    application.key("tab")
    assert application.state.settings.keys
    assert _ringed(application) == ["start:pt-BR"]
    application.key("tab")
    assert _ringed(application) == ["start:es"]
    application.tap("help")
    assert not application.state.settings.keys
    assert _ringed(application) == []


def test_select_presses_what_has_the_focus_and_the_ring_follows_to_the_next_screen(
    app_on: OnState, attract: State
) -> None:
    application = app_on(attract)
    application.key("tab", "tab", "enter")
    assert isinstance(application.state.stage, Services)
    assert application.state.language is Language.ES
    assert len(_ringed(application)) == 1
    assert "end" not in _ringed(application)


@pytest.mark.parametrize("speech", [False, True])
def test_on_the_still_screen_the_focus_stays_when_the_link_comes_or_goes(
    app_on: OnState, attract: State, speech: bool,
) -> None:
    def linked(state: State, *, up: bool) -> State:
        return replace(state, devices=replace(state.devices, link=up))

    listening = replace(attract, settings=Settings(speech=speech, keys=True))
    application = app_on(linked(listening, up=False))
    while (focused := _focused(application)) is None or focused.id != "start:it":
        application.key("tab")
    heard = application.sentences()
    for up in (True, False):
        application.become(linked(application.state, up=up))
        assert _ringed(application) == ["start:it"]
        # What is being said of it is said to its end; what is new follows.
        assert application.sentences()[: len(heard)] == heard
    application.key("enter")
    assert application.state.language is Language.IT


def test_a_sheet_keeps_the_focus_inside_and_gives_it_back(app_on: OnState, attract: State) -> None:
    application = app_on(attract)
    application.key("tab", "left", "left")
    before = _focused(application)
    application.key("tab")
    opener = _ringed(application)
    application.become(replace(application.state, overlay=Help()))
    seen = set()
    for _ in range(6):
        application.key("tab")
        seen.update(_ringed(application))
    assert seen
    assert seen <= {node.id for node in application.view.tree()}
    application.key("escape")
    assert application.state.overlay is None
    assert _ringed(application) == opener
    assert before is not None


def test_escape_goes_back_within_the_kiosk_and_never_out_of_it(app_on: OnState, catalogue: Catalogue) -> None:
    application = app_on(state_of(catalogue, Language.PT_BR, Question(1), "ouvidoria"))
    application.key("tab", "escape")
    assert application.state.stage == Question(0)
    for name in ("escape", "f1", "f4", "q"):
        application.key(name, name, name)
    assert application.state.session is not None


def test_the_window_does_not_close_because_somebody_asks(window: Any, app_on: OnState, attract: State) -> None:
    app_on(attract)
    assert window.dispatch("on_request_close", source="keyboard")


def test_a_keyboard_types_straight_into_the_field(app_on: OnState, catalogue: Catalogue) -> None:
    form = catalogue.service("ouvidoria").form
    index = next(number for number, field in enumerate(form) if field.type == "text")
    application = app_on(state_of(catalogue, Language.PT_BR, Question(index), "ouvidoria"))
    application.key(*"Rua 7")
    assert application.state.session is not None
    assert list(application.state.session.answers.values()) == ["Rua 7"]
    application.key("backspace", "enter")
    assert list(application.state.session.answers.values()) == ["Rua "]
    assert application.state.stage == Question(index + 1)


def test_pin_digits_go_into_the_pads_memory_and_are_counted_never_told(app_on: OnState, catalogue: Catalogue) -> None:
    state = _heard(state_of(catalogue, Language.PT_BR, EnterPin(), "iptu", card=True, holder=HOLDER), headset=True)
    application = app_on(state)
    application.said.clear()
    heard: list[str] = []
    for digit in "73924":
        application.key(digit)
        heard += application.sentences()
    assert heard == [f"Número {n} de 8." for n in range(1, 6)]
    assert application.state.stage == EnterPin(typed=5)
    application.key("backspace")
    assert application.sentences() == ["Apagado. Números restantes: 4."]


@pytest.mark.parametrize(("time", "typed"), [(1, 2), (2, 2), (3, 1)])
def test_who_asks_for_more_time_is_given_it_between_two_strikes_of_a_key_on_the_screen(
    time: int, typed: int, app_on: OnState, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch,
) -> None:
    """EN 301 549 5.8: adjustable up to 0.5 s, by the setting that gives more time for everything."""
    from kiosk.widgets.strikes import STRIKES

    now = [100.0]
    monkeypatch.setattr(STRIKES, "clock", lambda: now[0])
    state = state_of(catalogue, Language.PT_BR, EnterPin(), "iptu", card=True, holder=HOLDER)
    application = app_on(replace(state, settings=Settings(time=time)))
    application.tap("digit:7")
    now[0] += 0.45
    application.tap("digit:7")
    assert application.state.stage == EnterPin(typed=typed)
    now[0] += 0.55
    application.tap("digit:7")
    assert application.state.stage == EnterPin(typed=typed + 1)


def test_without_a_headset_the_way_over_a_pins_digits_is_not_told(app_on: OnState, catalogue: Catalogue) -> None:
    state = state_of(catalogue, Language.PT_BR, EnterPin(), "iptu", card=True, holder=HOLDER)
    for headset in (False, True):
        application = app_on(_heard(state, headset=headset))
        heard: set[str] = set()
        for _ in range(len(application.view.tree())):
            application.key("tab")
            heard.update(application.sentences())
        assert {str(digit) for digit in range(10)} & heard == (set("0123456789") if headset else set())
        application.hands.close()


def test_speech_begins_with_a_headset_and_ends_with_it(app_on: OnState, attract: State) -> None:
    def plugged(state: State, headset: bool) -> State:
        return replace(state, devices=replace(state.devices, headset=headset))

    application = app_on(attract)
    application.become(plugged(application.state, True))
    assert application.state.settings.speech
    assert application.sentences()[0].startswith("Serviços da cidade")
    application.become(plugged(application.state, False))
    assert not application.state.settings.speech


def test_speech_begins_with_the_key_that_later_repeats(app_on: OnState, attract: State) -> None:
    application = app_on(attract)
    application.key("f1")
    assert application.state.settings.speech
    first = application.sentences()
    application.key("tab")
    focused = application.sentences()
    assert focused != first
    application.said.clear()
    application.key("f1")
    assert application.sentences() == focused


def test_the_four_languages_are_each_said_in_their_own(app_on: OnState, attract: State) -> None:
    application = app_on(_heard(attract, headset=False))
    spoken = {str(utterance.language) for utterance in application.said}
    assert spoken == {"pt-BR", "es", "it", "en"}


def test_volume_and_rate_have_five_steps(app_on: OnState, attract: State) -> None:
    application = app_on(_heard(attract, headset=False))
    application.key(*["f7"] * 9)
    assert application.state.settings.volume == 5
    assert application.sentences() == ["Volume 5 de 5."]
    application.key(*["f8"] * 9)
    assert application.state.settings.rate == 1
    assert application.sentences() == ["Velocidade 1 de 5."]


def test_the_paper_is_read_to_a_headset_on_the_last_screen(app_on: OnState, catalogue: Catalogue) -> None:
    state = state_of(catalogue, Language.PT_BR, Done(JobState.CONFIRMED), "iptu", holder=PROVEN, ticket=TICKET)
    aloud = app_on(_heard(state, headset=False))
    aloud.paper = ("Guia de pagamento.", "PIN 4 8 2 7 3 1.")
    aloud.become(replace(aloud.state, overlay=Help()))
    aloud.become(replace(aloud.state, overlay=None))
    assert "PIN 4 8 2 7 3 1." not in aloud.sentences()
    private = app_on(replace(_heard(state, headset=False), settings=Settings()))
    private.paper = aloud.paper
    private.become(_heard(state, headset=True))
    assert private.sentences()[-2:] == list(private.paper)


def test_an_idle_warning_is_told_and_its_last_seconds_are_counted(app_on: OnState, attract: State) -> None:
    state = replace(_heard(attract, headset=False), stage=Services())
    application = app_on(state)
    application.become(replace(state, overlay=IdleWarning(20)))
    assert any("20" in sentence for sentence in application.sentences())
    application.said.clear()
    application.become(replace(state, overlay=IdleWarning(19)))
    assert application.sentences() == []
    application.become(replace(state, overlay=IdleWarning(10)))
    assert application.sentences() == ["10 segundos."]


def test_with_the_end_of_the_session_speech_ends(app_on: OnState, catalogue: Catalogue) -> None:
    application = app_on(_heard(state_of(catalogue, Language.PT_BR, Services(), "iptu"), headset=False))
    from kiosk.journey.events import Ended

    application.take(Ended())
    assert isinstance(application.state.stage, Attract)
    assert not application.state.settings.speech
    application.said.clear()
    application.show()
    assert application.sentences() == []


PERSONAL = (
    "MARIA", "Maria", "OLIVEIRA", "982", "9 8 2", "52998224725", "Magnólias", "O poste", LONG[:20], "412", "QXAW",
    "Q X A W", "482731", "4 8 2 7 3 1",
)


@pytest.mark.parametrize("turn", [0, *(pytest.param(turn, marks=pytest.mark.long) for turn in (1, 2, 3))])
def test_every_screen_is_heard_every_control_has_a_name_and_nothing_personal_reaches_the_room(
    app_on: OnState, catalogue: Catalogue, turn: int
) -> None:
    """Each screen in one of the languages; in four turns each in all."""
    from kiosk.access import narrator
    from kiosk.access.privacy import guarded

    application = app_on(State(catalogue=catalogue, stage=Attract(), settings=SPEAKING))
    leaks: set[tuple[str, str]] = set()
    languages = [states(catalogue, language) for language in Language]
    for number, name in enumerate(languages[0]):
        state = languages[(number + turn) % len(languages)][name]
        listener = narrator.Listener(state.language, translator(state.language))
        if isinstance(state.stage, Starting | Failure):
            continue
        application.become(replace(_heard(state, headset=False), overlay=None))
        said = application.sentences()
        assert said, f"{name} says nothing"
        nodes = guarded(application.view.tree(), application.state)
        assert any(node.role == "heading" for node in nodes), f"{name} has no title"
        assert all(node.name.strip() for node in nodes if node.control), name
        told = [utterance.text for node in nodes for utterance in narrator.of(node, listener)]
        assert all(sentence.strip(" .") for sentence in told), name
        leaks |= {(name, text) for text in said + told if any(secret in text for secret in PERSONAL)}
    assert sorted(leaks) == []
