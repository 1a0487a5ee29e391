"""The sheet of settings: what each control of it sends, on the upright panel and on the smallest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from kiosk.catalog.model import Catalogue, Language
from kiosk.journey.events import AccessToggled, Adjusted, HelpToggled, LanguageToggled
from kiosk.journey.settings import Settings, TextSize
from kiosk.journey.state import AccessSheet, Attract, Help, Services, Session, State
from kiosk.screens.view import View
from kiosk.widgets.tokens import PANELS, TEXT_SIZES, Theme, palette_of
from tests.kiosk.conftest import working_devices


@pytest.fixture
def show(catalogue: Catalogue, window: Any, scene_of: Callable[..., Any]) -> Callable[..., View]:
    view = View()
    window.add_widget(view)

    def bring(settings: Settings = Settings(), **options: Any) -> View:  # noqa: B008  frozen
        session = Session(id="session", language=Language.EN, started_s=0)
        view.show(scene_of(
            State(
                catalogue=catalogue, devices=working_devices(catalogue), stage=Services(), session=session,
                language=Language.EN, overlay=AccessSheet(), settings=settings,
            ),
            **options,
        ))
        return view

    return bring


def _page_with(view: View, control: str) -> Any:
    """The control, on whichever page it stands."""
    assert view.overlay is not None
    view.overlay.turn(0)
    while view.control(control) is None:
        view.control("page:next").press()
    return view.control(control)


@pytest.mark.parametrize(
    ("control", "settings"),
    [
        ("set:text:2", Settings(text=TextSize.LARGEST)),
        ("set:contrast:1", Settings(high_contrast=True)),
        ("set:reach:1", Settings(reach=True)),
        ("set:rate:more", Settings(rate=4)),
        ("set:volume:less", Settings(volume=2)),
        ("set:time:1", Settings(time=2)),
        ("set:simple:1", Settings(simple=True)),
    ],
)
def test_each_setting_is_one_touch(
    control: str, settings: Settings, show: Callable[..., View], sent: list[Any],
) -> None:
    show().control(control).press()
    assert sent == [Adjusted(settings)]


def test_the_value_that_holds_is_the_chosen_one(show: Callable[..., View]) -> None:
    view = show(Settings(text=TextSize.LARGE))
    assert [view.control(f"set:text:{at}").state for at in range(3)] == ["", "chosen", ""]


def test_all_normal_leaves_who_hears_the_screen_and_works_by_keys_their_way(
    show: Callable[..., View], sent: list[Any],
) -> None:
    changed = Settings(text=TextSize.LARGE, high_contrast=True, speech=True, keys=True, rate=5, time=3, simple=True)
    show(changed).control("all-normal").press()
    assert sent == [Adjusted(Settings(speech=True, keys=True))]


def test_done_closes_the_sheet(show: Callable[..., View], sent: list[Any]) -> None:
    show().control("close").press()
    assert sent == [AccessToggled()]


def test_at_its_end_a_level_offers_no_key_that_cannot_act(show: Callable[..., View]) -> None:
    view = show(Settings(rate=5))
    assert view.control("set:rate:more") is None
    assert view.control("set:rate:less") is not None


def test_texts_are_offered_only_where_the_catalogue_has_simpler_ones(
    catalogue: Catalogue, window: Any, scene_of: Callable[..., Any],
) -> None:
    plain = catalogue.model_copy(
        update={"services": tuple(each.model_copy(update={"simple": None}) for each in catalogue.services)},
    )
    view = View()
    window.add_widget(view)
    view.show(scene_of(State(catalogue=plain, stage=Services(), overlay=AccessSheet())))
    assert view.control("set:simple:0") is None


@pytest.mark.parametrize("settings", [
    Settings(), Settings(text=TextSize.LARGEST, reach=True), Settings(text=TextSize.LARGE, high_contrast=True),
])
@pytest.mark.parametrize("panel", ["p1280", "p1024", "p800"])
def test_a_low_panel_has_every_setting_help_speech_and_the_language_on_its_pages_in_every_mode(
    panel: str, settings: Settings, show: Callable[..., View], sent: list[Any],
) -> None:
    palette = palette_of(None, high_contrast=settings.high_contrast)
    large = TEXT_SIZES[settings.text.value]
    view = show(settings, theme=Theme(panel=PANELS[panel], palette=palette, large=large, reach=settings.reach))
    found = set()
    assert view.overlay is not None
    while True:
        found |= {node.id.split(":")[1] for node in view.tree() if node.id.startswith("set:")}
        forward = view.control("page:next")
        if forward is None:
            break
        forward._act()
    assert found == {"text", "contrast", "reach", "language", "speech", "rate", "volume", "time", "simple", "help"}
    _page_with(view, "set:language").press()
    _page_with(view, "set:help").press()
    assert sent[-2:] == [LanguageToggled(), HelpToggled()]


def test_where_three_words_have_no_room_minus_and_plus_change_the_size(
    show: Callable[..., View], sent: list[Any],
) -> None:
    theme = Theme(panel=PANELS["p800"], large=1.4, reach=True)
    now = Settings(text=TextSize.LARGE, reach=True)
    _page_with(show(now, theme=theme), "set:text:more").press()
    assert sent[-1] == Adjusted(replace(now, text=TextSize.LARGEST))


@pytest.mark.parametrize("panel", PANELS)
def test_every_panel_shows_a_way_to_the_sheet(
    panel: str, catalogue: Catalogue, window: Any, scene_of: Callable[..., Any], sent: list[Any],
) -> None:
    from kiosk.widgets.strikes import STRIKES

    view = View()
    window.add_widget(view)
    state = State(catalogue=catalogue, devices=working_devices(catalogue), stage=Attract(), language=Language.EN)
    view.show(scene_of(state, theme=Theme(panel=PANELS[panel])))
    if view.control("access") is None:
        view.control("help").press()
        assert sent == [HelpToggled()]
        STRIKES.forget()
        view.show(scene_of(replace(state, overlay=Help()), theme=Theme(panel=PANELS[panel])))
    view.control("access").press()
    assert sent[-1] == AccessToggled()


def test_the_bar_of_a_screen_changes_one_setting_and_keeps_those_of_the_sheet(
    show: Callable[..., View], catalogue: Catalogue, scene_of: Callable[..., Any], sent: list[Any],
) -> None:
    view = show(Settings())
    session = Session(id="session", language=Language.EN, started_s=0)
    set_in_the_sheet = Settings(time=2, rate=5, speech=True, simple=True)
    view.show(scene_of(State(
        catalogue=catalogue, devices=working_devices(catalogue), stage=Services(), session=session,
        language=Language.EN, settings=set_in_the_sheet,
    )))
    assert view.control("listen").state == "on"
    view.control("listen").press()
    assert sent == [Adjusted(replace(set_in_the_sheet, speech=False))]
