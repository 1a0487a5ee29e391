"""The search, the tracking, the outlet that is not empty, the settings, the phone: what their screens send and say."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from kiosk.catalog.model import Catalogue, Language
from kiosk.journey.events import (
    CodeTyped,
    Continued,
    Event,
    PinTyped,
    QueryTyped,
    ServiceChosen,
)
from kiosk.journey.state import Searching, State
from kiosk.journey.tracking_stages import TrackCode
from kiosk.widgets.tokens import LARGEST, PANELS, Theme
from tests.kiosk.screens.checks import faults
from tests.kiosk.screens.citizens import states


@pytest.fixture
def shown(window: Any, scene_of: Callable[..., Any], catalogue: Catalogue) -> Callable[..., Any]:
    """The screen of a condition, or of a state, on a panel."""

    def show(named: str | State, panel: str = "tall", **theme: Any) -> Any:
        from kiosk.screens.view import View

        state = states(catalogue, Language.PT_BR)[named] if isinstance(named, str) else named
        view = View()
        window.add_widget(view)
        view.show(scene_of(state, theme=Theme(PANELS[panel], **theme)))
        return view

    return show


def press(view: Any, control_id: str) -> None:
    from kiosk.widgets.semantics import find
    from kiosk.widgets.strikes import STRIKES

    block: Any = find(view, control_id)
    assert block is not None, control_id
    STRIKES.forget()
    assert block.press()


def ids(view: Any) -> list[str]:
    from kiosk.widgets import semantics

    return [node.id for node in semantics.tree(view)]


def test_each_key_of_the_search_sends_all_that_was_typed_and_a_result_is_one_touch(
    shown: Callable[..., Any], sent: list[Event]
) -> None:
    view = shown("searching found")
    press(view, "key:r")
    press(view, "erase")
    press(view, "service:certidao-negativa")
    assert sent == [QueryTyped("cer"), QueryTyped("c"), ServiceChosen("certidao-negativa")]


def test_the_results_follow_the_query_and_the_keyboard_stays(
    shown: Callable[..., Any], scene_of: Callable[..., Any], catalogue: Catalogue
) -> None:
    from kiosk.widgets.semantics import find

    view = shown("searching")
    key = find(view, "key:q")
    assert "service:iptu" in ids(view)
    state = replace(states(catalogue, Language.PT_BR)["searching"], stage=Searching("nada consta"))
    view.show(scene_of(state))
    assert [entry for entry in ids(view) if entry.startswith("service:")] == ["service:certidao-negativa"]
    assert find(view, "key:q") is key


@pytest.mark.parametrize("panel", ["wide", "p1280", "p800"])
def test_where_results_have_no_room_above_the_keys_they_are_one_touch_away(
    shown: Callable[..., Any], panel: str
) -> None:
    view = shown("searching found", panel)
    if "primary" in ids(view) and "key:q" not in ids(view):
        press(view, "primary")
    press(view, "primary")
    assert "service:certidao-negativa" in ids(view)
    press(view, "back")
    assert "service:certidao-negativa" not in ids(view)


def test_a_code_is_typed_without_its_dashes_and_shown_with_them(shown: Callable[..., Any], sent: list[Event]) -> None:
    from kiosk.widgets.semantics import find

    view = shown("track code")
    field: Any = find(view, "field:code")
    assert field.value == "7K2M-0004-Q"
    press(view, "key:X")
    press(view, "erase")
    assert sent == [CodeTyped("7K2M0004QX"), CodeTyped("7K2M0004")]
    assert not {"key:I", "key:L", "key:O", "key:U"} & set(ids(view))


def test_a_mistyped_code_is_told_with_its_last_character_and_a_right_one_leads_on(
    shown: Callable[..., Any], scene_of: Callable[..., Any], catalogue: Catalogue, sent: list[Event],
) -> None:
    from kiosk.widgets.semantics import find, tree

    begun = states(catalogue, Language.PT_BR)["track code"]
    view = shown(replace(begun, stage=TrackCode("7K2M0004QXA")))
    primary: Any = find(view, "primary")
    assert (primary.enabled, primary.name) == (False, "12 caracteres")
    wrong = "Há um caractere errado ou faltando. Confira no comprovante."
    assert wrong not in [node.name for node in tree(view)]
    view.show(scene_of(replace(begun, stage=TrackCode("7K2M0004QXAV"))))
    assert wrong in [node.name for node in tree(view)]
    view.show(scene_of(replace(begun, stage=TrackCode("7K2M0004QXAW"))))
    assert wrong not in [node.name for node in tree(view)]
    press(view, "primary")
    assert sent == [Continued()]


def test_a_request_tells_where_it_stands_and_when_it_is_answered(shown: Callable[..., Any]) -> None:
    told = [node.name for node in _nodes(shown("tracked"))]
    assert told.index("Recebido") < told.index("Resposta até") < told.index("Registrado") < told.index("Resposta")
    assert "24/12/2026" in told


def _nodes(view: Any) -> list[Any]:
    from kiosk.widgets import semantics

    return semantics.tree(view)


def test_the_digits_of_a_requests_pin_never_leave_the_pad(shown: Callable[..., Any], sent: list[Event]) -> None:
    view = shown("track pin")
    press(view, "digit:7")
    assert sent == [PinTyped(1)]
    assert "shuffle" not in ids(view)


def test_what_is_told_of_a_request_is_personal(shown: Callable[..., Any]) -> None:
    from kiosk.widgets import semantics

    nodes = semantics.tree(shown("tracked"))
    told = [node for node in nodes if "24/11/2026" in node.name and "agora" not in node.name]
    assert told
    assert all(node.personal for node in told)


def test_the_code_on_the_last_screen_opens_the_page_on_a_phone(
    shown: Callable[..., Any], frames: Callable[[], None], tmp_path: Any
) -> None:
    import zxingcpp
    from PIL import Image

    from kiosk.widgets.semantics import find

    view = shown("done on the phone")
    frames()
    view.export_to_png(str(tmp_path / "done.png"))
    picture = Image.open(io.BytesIO((tmp_path / "done.png").read_bytes())).convert("L")
    read = {code.text for code in zxingcpp.read_barcodes(picture)}
    assert read == {"https://servicos.vilaaurora.example/p/7K2M-0004-QXAW"}
    code: Any = find(view, "qr")
    assert code.personal
    assert min(code.size) / PANELS["tall"].px_per_mm >= 30


def test_the_last_button_says_that_the_paper_is_in_the_hand(shown: Callable[..., Any]) -> None:
    from kiosk.widgets.semantics import find

    waiting, taken = shown("done iptu confirmed"), shown("done iptu taken")
    names = [getattr(find(view, "primary"), "name", "") for view in (waiting, taken)]
    assert names == ["Peguei o papel", "Terminar"]


TYPED = ("searching found", "track code wrong", "track pin", "pin wrong", "claim", "question 2", "national id wrong")


@pytest.mark.parametrize("named", TYPED)
@pytest.mark.parametrize("panel", ["wide", "p1280", "p1024", "p800"])
@pytest.mark.parametrize("large", [1.0, LARGEST])
def test_what_is_typed_has_whole_keys_for_a_finger_on_every_panel_that_is_not_upright(
    shown: Callable[..., Any], named: str, panel: str, large: float
) -> None:
    from kiosk.widgets.semantics import find

    view = shown(named, panel, large=large)
    screen = view.children[0]
    if find(view, "erase") is None:  # the question is read first
        press(view, "primary")
    assert find(view, "erase") is not None
    assert faults(screen, PANELS[panel]) == {}
