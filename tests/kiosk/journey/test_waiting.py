"""Time and settings: everybody has as long as they need, is told before it ends, and nothing stays for the next one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.catalog.model import Catalogue, Language
from kiosk.journey import events as ev
from kiosk.journey import state as st
from kiosk.journey import waiting
from kiosk.journey.settings import EXTENSIONS, Settings, TextSize
from tests.kiosk.journey.test_reducer import START, TICKET, TO_TAKE_CARD, play, ready

__all__ = ["ready"]

SLOW = Settings(time=3)
EVERYTHING = Settings(
    text=TextSize.LARGEST, high_contrast=True, reach=True, speech=True, rate=5, volume=1, time=2, simple=True, keys=True
)


def overlay_at(state: st.State, now_s: float) -> st.State:
    return play(state, ev.Tick(now_s))[0]


@pytest.mark.parametrize("time", [1, 2, 3])
def test_extra_time_multiplies_idle_warning_and_absolute_limit(
    ready: st.State, catalogue: Catalogue, time: int
) -> None:
    limits = catalogue.limits
    state, _ = play(ready, START, ev.Adjusted(Settings(time=time)))
    assert overlay_at(state, time * limits.idle_s - 1).overlay is None
    warned = overlay_at(state, time * limits.idle_s)
    assert warned.overlay == st.IdleWarning(time * limits.warning_s)
    assert overlay_at(warned, time * (limits.idle_s + limits.warning_s) - 1).session is not None
    assert overlay_at(warned, time * (limits.idle_s + limits.warning_s)).session is None
    assert state.session is not None
    assert waiting.until_s(state.session, limits, state.settings) == time * limits.absolute_s


def test_an_active_citizen_is_told_of_the_absolute_limit_and_puts_it_off_ten_times_and_no_more(
    ready: st.State, catalogue: Catalogue
) -> None:
    limits = catalogue.limits
    state, _ = play(ready, START)
    put_off = 0
    for second in range(limits.absolute_s + (EXTENSIONS + 2) * (limits.idle_s + limits.warning_s)):
        state, _ = play(state, ev.Tick(float(second)))
        if state.session is None:
            break
        if isinstance(state.overlay, st.IdleWarning):
            assert state.overlay.seconds_left >= 20
            assert state.overlay.last == (put_off == EXTENSIONS)
            put_off += not state.overlay.last
            state, _ = play(state, ev.StillHere())
            assert state.overlay is None
        state, _ = play(state, ev.Touched())
    assert put_off == EXTENSIONS
    assert state.session is None
    assert second == limits.absolute_s + EXTENSIONS * (limits.idle_s + limits.warning_s)


def test_the_idle_warning_can_be_answered_any_number_of_times(ready: st.State, catalogue: Catalogue) -> None:
    state, _ = play(ready, START, ev.Adjusted(SLOW))
    now_s, wait_s = 0.0, 3 * catalogue.limits.idle_s
    for _ in range(6):
        now_s += wait_s
        state, _ = play(state, ev.Tick(now_s))
        assert isinstance(state.overlay, st.IdleWarning)
        state, _ = play(state, ev.StillHere())
        assert state.overlay is None
        assert state.session is not None


def test_giving_extra_time_back_never_ends_a_session_unwarned(ready: st.State, catalogue: Catalogue) -> None:
    state, _ = play(ready, START, ev.Adjusted(SLOW))
    late_s = float(2 * catalogue.limits.absolute_s)
    for now_s in range(0, int(late_s) + 1, 30):
        state, _ = play(state, ev.Touched(), ev.Tick(float(now_s)))
    state, _ = play(state, ev.Adjusted(Settings(time=1)), ev.Tick(late_s))
    assert isinstance(state.overlay, st.IdleWarning)
    assert state.overlay.seconds_left >= 20


def test_a_card_that_comes_or_goes_answers_the_warning(ready: st.State, catalogue: Catalogue) -> None:
    late_s = float(catalogue.limits.idle_s + 1)
    state, _ = play(ready, START, ev.ServiceChosen("iptu"), ev.Continued(), ev.Tick(late_s))
    assert isinstance(state.overlay, st.IdleWarning)
    state, _ = play(state, ev.CardInserted(), ev.Tick(late_s + 1))
    assert state.overlay is None
    assert isinstance(state.stage, st.ReadingCard)


def test_no_warning_stands_over_what_waits_for_card_or_paper(ready: st.State) -> None:
    state, _ = play(ready, *TO_TAKE_CARD)
    state, _ = play(replace(state, overlay=st.IdleWarning(5)), ev.Tick(1))
    assert state.overlay is None
    state, _ = play(state, ev.CardRemoved())
    state, _ = play(replace(state, overlay=st.IdleWarning(5)), ev.Tick(2))
    assert state.overlay is None


def test_settings_of_the_attract_screen_carry_into_the_session_and_end_with_it(ready: st.State) -> None:
    state, _ = play(ready, ev.AccessToggled(), ev.Adjusted(EVERYTHING))
    assert isinstance(state.overlay, st.AccessSheet)
    state, _ = play(state, ev.AccessToggled(), START)
    assert (state.settings, state.overlay) == (EVERYTHING, None)
    state, _ = play(state, ev.Ended())
    assert state.settings == Settings()


@pytest.mark.parametrize(
    "ending",
    [(ev.Ended(),), (ev.WentBack(),), (ev.Crashed("1"),), (ev.Tick(10_000.0),)],
    ids=["ended", "back", "crash", "time"],
)
def test_every_end_of_a_session_resets_the_settings(ready: st.State, ending: tuple[ev.Event, ...]) -> None:
    state, _ = play(ready, START, ev.Adjusted(EVERYTHING), *ending)
    assert state.session is None
    assert state.settings == Settings()


def test_settings_are_forgotten_after_rest_at_the_attract_screen(ready: st.State, catalogue: Catalogue) -> None:
    state, _ = play(ready, ev.AccessToggled(), ev.Adjusted(EVERYTHING), ev.Tick(2.0 * catalogue.limits.idle_s - 1))
    assert state.settings == EVERYTHING
    state, _ = play(state, ev.Tick(2.0 * catalogue.limits.idle_s))
    assert (state.settings, state.overlay) == (Settings(), None)


def test_the_sheet_opens_over_no_warning_and_over_no_failure(ready: st.State, catalogue: Catalogue) -> None:
    state, _ = play(ready, START, ev.Tick(float(catalogue.limits.idle_s)), ev.AccessToggled())
    assert isinstance(state.overlay, st.IdleWarning)
    state, _ = play(ready, START, ev.Crashed("1"), ev.AccessToggled(), ev.Adjusted(EVERYTHING))
    assert (state.overlay, state.settings) == (None, Settings())


def test_a_headset_is_known_and_stays_known_between_sessions(ready: st.State) -> None:
    state, _ = play(ready, ev.HeadsetChanged(plugged=True), START, ev.Ended())
    assert state.devices.headset
    assert not play(state, ev.HeadsetChanged(plugged=False))[0].devices.headset


@pytest.mark.parametrize("wrong", [{"rate": 0}, {"volume": 6}, {"time": 4}])
def test_a_setting_out_of_its_range_is_none(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="between"):
        Settings(**wrong)  # type: ignore[arg-type]


def test_the_last_screen_has_the_idle_time_alone(ready: st.State, catalogue: Catalogue) -> None:
    state, _ = play(ready, START, ev.ServiceChosen("ouvidoria"))
    assert state.session is not None
    done = replace(state, stage=st.Done(st.JobState.CONFIRMED), session=replace(state.session, ticket=TICKET))
    late_s = catalogue.limits.absolute_s + 5.0
    state, _ = play(replace(done, now_s=late_s, touched_s=late_s), ev.Tick(late_s + 1))
    assert state.session is not None
    assert state.overlay is None
    assert play(state, ev.LanguageChosen(Language.IT))[0].language is Language.IT
