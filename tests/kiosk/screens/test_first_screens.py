"""The still screen, the services, their details, the overlays and the failsafe, in four languages, in a real window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from kiosk.catalog.model import Catalogue, Language, Texts
from kiosk.journey.events import (
    CategoryChosen,
    Continued,
    Ended,
    HelpToggled,
    LanguageChosen,
    ServiceChosen,
    Started,
    StillHere,
    WentBack,
)
from kiosk.journey.state import (
    Attract,
    Details,
    Devices,
    Failure,
    Help,
    Holder,
    IdleWarning,
    LanguageChoice,
    PrinterCondition,
    ReaderCondition,
    Services,
    Session,
    Starting,
    State,
)
from kiosk.screens.view import View
from tests.kiosk.conftest import working_devices

HOLDER = Holder("Maria das Dores Oliveira", "52998224725", "***.982.247-**")
BROKEN = Devices(printer=PrinterCondition.ABSENT, reader=ReaderCondition.ABSENT, link=False, enrolled=True)


def _session(catalogue: Catalogue, language: Language, service: str | None = None) -> Session:
    chosen = catalogue.service(service) if service else None
    return Session(id="session", language=language, started_s=0, service=chosen)


def _states(catalogue: Catalogue, language: Language) -> dict[str, State]:
    devices = working_devices(catalogue)
    waking = replace(devices, printer=PrinterCondition.UNKNOWN, reader=ReaderCondition.UNKNOWN, link=None)
    still = State(catalogue=catalogue, devices=devices, stage=Attract(), language=language)
    choosing = replace(still, stage=Services(), session=_session(catalogue, language))
    states = {
        "starting": State(stage=Starting(), language=language),
        "attract": still,
        "attract without link": replace(still, devices=replace(devices, link=False)),
        "attract without printer": replace(still, devices=replace(devices, printer=PrinterCondition.PAPER_OUT)),
        "attract without reader": replace(still, devices=replace(devices, reader=ReaderCondition.ABSENT)),
        "attract with nothing": replace(still, devices=BROKEN),
        "attract, not enrolled": replace(still, devices=Devices()),
        "attract, parts unknown": replace(still, devices=waking),
        "services": choosing,
        "services with nothing": replace(choosing, devices=BROKEN),
        "failure": replace(still, stage=Failure("017-3826")),
        "failure before any catalogue": State(stage=Failure("017-3826"), language=language),
        "help on attract": replace(still, overlay=Help()),
        "help": replace(choosing, overlay=Help()),
        "language": replace(choosing, overlay=LanguageChoice()),
        "idle": replace(choosing, overlay=IdleWarning(12)),
    }
    for category in catalogue.categories:
        states[f"category {category.id}"] = replace(choosing, stage=Services(category.id))
    for service in catalogue.services:
        session = _session(catalogue, language, service.id)
        states[f"details {service.id}"] = replace(choosing, stage=Details(), session=session)
        states[f"details {service.id} with nothing, known card"] = replace(
            choosing, stage=Details(), session=replace(session, holder=HOLDER), devices=BROKEN,
        )
    states["details, parts unknown"] = replace(states["details iptu"], devices=waking)
    return states


@pytest.fixture
def show(
    catalogue: Catalogue, window: Any, frames: Callable[[], None], scene_of: Callable[..., Any],
) -> Callable[[str], View]:
    view = View()
    window.add_widget(view)

    def bring(name: str) -> View:
        view.show(scene_of(_states(catalogue, Language.EN)[name]))
        frames()
        return view

    return bring


@pytest.mark.parametrize(
    ("screen", "control", "event"),
    [
        ("attract", "start:it", Started(Language.IT, "session")),
        ("services", "service:iptu", ServiceChosen("iptu")),
        ("services with nothing", "service:iptu", ServiceChosen("iptu")),
        ("services", "category:impostos", CategoryChosen("impostos")),
        ("services", "end", Ended()),
        ("services", "help", HelpToggled()),
        ("category impostos", "back", WentBack()),
        ("details iptu", "primary", Continued()),
        ("details orientacoes", "back", WentBack()),
        ("language", "language:es", LanguageChosen(Language.ES)),
        ("help", "close", HelpToggled()),
        ("idle", "still-here", StillHere()),
        ("idle", "end", Ended()),
    ],
)
def test_each_control_sends_its_event(
    screen: str, control: str, event: Any, show: Callable[[str], View], sent: list[Any],
) -> None:
    show(screen).control(control).press()
    assert sent == [event]


def test_a_service_that_cannot_be_had_now_says_why_instead_of_offering_to_begin(show: Callable[[str], View]) -> None:
    primary = show("details iptu with nothing, known card").control("primary")
    assert (primary.enabled, primary.name) == (False, "Card reader is off")


def test_after_a_start_unknown_parts_are_not_called_broken(show: Callable[[str], View]) -> None:
    assert "Serviços da cidade, na hora" in [node.name for node in show("attract, parts unknown").tree()]
    details = show("details, parts unknown")
    assert (details.control("primary").enabled, details.control("primary").name) == (False, "One moment")


def test_back_alone_stands_where_it_stands_beside_a_primary(show: Callable[[str], View]) -> None:
    beside = show("details iptu").control("back").center
    assert show("category impostos").control("back").center == beside


def test_nothing_below_an_overlay_can_be_found_or_touched(show: Callable[[str], View], sent: list[Any]) -> None:
    from kivy.tests.common import UnitTestTouch

    view = show("services")
    end = view.control("end").center
    view = show("help")
    assert view.control("service:iptu") is None
    touch = UnitTestTouch(*end)
    touch.touch_down()
    touch.touch_up()
    assert sent == []


def test_the_failsafe_has_nothing_to_press_and_shows_its_number(show: Callable[[str], View]) -> None:
    nodes = show("failure before any catalogue").tree()
    assert [node for node in nodes if node.role == "button"] == []
    assert "017-3826" in [node.name for node in nodes]


def test_a_claim_of_a_card_is_never_worded_as_proof(
    catalogue: Catalogue, window: Any, scene_of: Callable[..., Any],
) -> None:
    from kiosk.screens.layout.frame import identity_of

    session = replace(_session(catalogue, Language.EN, "iptu"), holder=HOLDER)
    state = State(catalogue=catalogue, stage=Details(), session=session, language=Language.EN)
    claim = identity_of(scene_of(state))
    proof = identity_of(scene_of(replace(state, session=replace(session, holder=replace(HOLDER, proven=True)))))
    assert claim is not None
    assert proof is not None
    assert "proven" not in claim.words
    assert "proven" in proof.words
    assert claim.icon != proof.icon


def test_the_screen_stays_the_same_object_and_is_not_built_again_while_only_time_passes(
    catalogue: Catalogue, window: Any, scene_of: Callable[..., Any],
) -> None:
    view = View()
    state = _states(catalogue, Language.EN)["idle"]
    view.show(scene_of(state))
    assert view.overlay is not None
    overlay, content = view.overlay, list(view.overlay.children)
    view.show(scene_of(replace(state, overlay=IdleWarning(11), now_s=1.0)))
    assert view.overlay is overlay
    assert view.overlay.children == content
    assert "11" in [node.name for node in view.tree()]


def test_an_anonymous_service_after_a_card_starts_again_instead_of_promising_anonymity(
    catalogue: Catalogue, window: Any, scene_of: Callable[..., Any],
) -> None:
    session = replace(_session(catalogue, Language.EN, "ouvidoria"), read_a_card=True)
    state = State(
        catalogue=catalogue, devices=working_devices(catalogue), stage=Details(), session=session, language=Language.EN,
    )
    view = View()
    view.show(scene_of(state))
    assert view.control("primary").name == "Start again"
    assert any("start again" in node.name for node in view.tree())


def test_a_clock_that_may_be_wrong_is_not_shown(
    catalogue: Catalogue, window: Any, scene_of: Callable[..., Any],
) -> None:
    still = _states(catalogue, Language.EN)["attract"]
    view = View()
    view.show(scene_of(still))
    assert view.control("clock").name == "14:05"
    assert view.control("date").name == "ter, 24 nov"
    view.show(scene_of(replace(still, devices=replace(still.devices, clock_trusted=False))))
    assert view.control("clock") is None


def test_markup_of_a_catalogue_text_is_shown_not_obeyed(
    catalogue: Catalogue, window: Any, scene_of: Callable[..., Any],
) -> None:
    service = catalogue.service("iptu")
    odd = Texts.model_validate(dict.fromkeys(("pt-BR", "es", "it", "en"), "[b]bold[/b] & [size=90]"))
    service = service.model_copy(update={"description": service.description.model_copy(update={"needs": odd})})
    session = replace(_session(catalogue, Language.EN), service=service)
    view = View()
    view.show(scene_of(State(catalogue=catalogue, stage=Details(), session=session, language=Language.EN)))
    assert "[b]bold[/b] & [size=90]" in [node.name for node in view.tree()]
