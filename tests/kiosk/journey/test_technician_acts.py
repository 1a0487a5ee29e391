"""What a technician does inside: every act is noted, none outlives the visit, and a code of the centre allows less."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.health.findings import Part, What, found
from kiosk.journey import effects as ef
from kiosk.journey import events as ev
from kiosk.journey import state as st
from kiosk.journey.affine import CROSSES
from kiosk.journey.technician import IDLE_S
from kiosk.journey.technician_stages import (
    INSIDE,
    SCREEN_GROUNDS,
    TOUCH_FIELDS,
    Act,
    Calibrating,
    Challenge,
    LogExcerpt,
    ScreenTest,
    TechnicianAct,
    TechnicianFailed,
    TechnicianMode,
    TouchTest,
)
from offline_cache.contract.challenge import VALID_S
from offline_cache.contract.staff import Role, TechnicianTrouble
from tests.kiosk.journey.test_reducer import START, play, ready  # noqa: F401
from tests.kiosk.journey.test_technician import IN, RITA, acts

WELL = (found(Part.STORE, What.STORE_WHOLE),)
WRONG = (*WELL, found(Part.PRINTER, What.PRINTER_PAPER_LOW), found(Part.READER, What.READER_ABSENT))
ASKED = (ev.LinkChanged(up=False), ev.MaintenanceAsked(), ev.ChallengeBegun("VA-017", "482177305"))
TYPED = (ev.PinTyped(8), ev.Continued())
BY_CODE = (*ASKED, *TYPED, ev.CodeJudged(right=True))
OWN_EFFECT = {Act.STATE, Act.TEST_TOUCH, Act.CALIBRATE, Act.TEST_SCREEN, Act.LOG, Act.TEST_READER, Act.RESTART,
              Act.RESTART_PROGRAMS}  # fmt: skip


@pytest.fixture
def inside(ready: st.State) -> st.State:  # noqa: F811
    return play(ready, *IN)[0]


@pytest.fixture
def by_code(ready: st.State) -> st.State:  # noqa: F811
    return play(ready, *BY_CODE)[0]


def test_whoever_gets_in_finds_everything_looked_at(ready: st.State) -> None:  # noqa: F811
    state, asked = play(ready, *IN)
    assert ef.Examine() in asked
    state, _ = play(state, ev.Examined(WELL))
    assert state.stage == TechnicianMode(RITA, WELL)


def test_the_state_of_everything_begins_with_what_needs_a_hand(inside: st.State) -> None:
    state, _ = play(inside, ev.Examined(WRONG), ev.ActAsked(Act.STATE))
    assert isinstance(state.stage, TechnicianAct)
    assert [each.part for each in state.stage.findings] == [Part.READER, Part.PRINTER, Part.STORE]


@pytest.mark.parametrize("act", [act for act in Act if act not in OWN_EFFECT])
def test_an_act_is_noted_before_it_is_done_and_its_outcome_shown(inside: st.State, act: Act) -> None:
    state, asked = play(inside, ev.ActAsked(act))
    assert asked == [ef.NoteTechnician(act.value, "7f3a", "technician"), ef.DoAct(act)]
    assert state.stage == TechnicianAct(RITA, act, busy=True)
    half, _ = play(state, ev.ActTold(act, WELL, done=False))
    assert half.stage == TechnicianAct(RITA, act, WELL, busy=True)
    told, _ = play(half, ev.ActTold(act, WRONG))
    assert told.stage == TechnicianAct(RITA, act, WRONG)
    late, _ = play(told, ev.WentBack(), ev.ActTold(act, WELL))
    assert late.stage == TechnicianMode(RITA)


@pytest.mark.parametrize("act", [act for act in Act if act is not Act.STATE and act is not Act.RESTART])
def test_every_act_is_in_the_audit_log_under_its_name(inside: st.State, act: Act) -> None:
    assert acts(play(inside, ev.ActAsked(act))[1]) == [act.value]


def test_a_test_paper_is_followed_to_the_printer_s_own_word(inside: st.State) -> None:
    printing, _ = play(inside, ev.ActAsked(Act.TEST_PRINT), ev.TestPaperMade("j"))
    other, _ = play(printing, ev.JobChanged("k", st.JobState.CONFIRMED))
    assert other.stage == printing.stage
    done, _ = play(printing, ev.JobChanged("j", st.JobState.SENDING, 0.5), ev.JobChanged("j", st.JobState.CONFIRMED))
    assert isinstance(done.stage, TechnicianAct)
    assert [each.what for each in done.stage.findings] == [What.PAPER_CONFIRMED]
    failed, _ = play(inside, ev.ActAsked(Act.TEST_PRINT), ev.TestPaperMade(None))
    assert isinstance(failed.stage, TechnicianAct)
    assert [each.what for each in failed.stage.findings] == [What.PAPER_NOT_MADE]


def read(state: st.State) -> list[What]:
    assert isinstance(state.stage, TechnicianAct)
    return [each.what for each in state.stage.findings]


def test_the_reader_is_tested_with_the_technician_s_own_card(inside: st.State) -> None:
    state, asked = play(inside, ev.ActAsked(Act.TEST_READER))
    assert ef.LookForTechnician() in asked
    assert read(play(state, ev.TechnicianSeen(RITA, 3))[0]) == [What.CARD_READ]
    assert read(play(state, ev.NoTechnician())[0]) == [What.CARD_MUTE]
    assert read(play(state, ev.CardRefused(st.CardTrouble.UNREADABLE))[0]) == [What.CARD_MUTE]


def test_without_a_card_of_ones_own_any_chip_tests_the_reader_and_nothing_of_it_stays(by_code: st.State) -> None:
    from tests.kiosk.journey.test_reducer import MARIA

    state, _ = play(by_code, ev.CardRemoved(), ev.ActAsked(Act.TEST_READER))
    assert read(state) == [What.CARD_NONE]
    state, asked = play(state, ev.CardInserted())
    assert asked == [ef.ReadCard()]
    state, _ = play(state, ev.CardRead(MARIA, 3))
    assert read(state) == [What.CARD_READ]
    assert MARIA.name not in repr(replace(state, catalogue=None))
    state, _ = play(state, ev.CardRemoved())
    assert read(state) == [What.CARD_NONE]
    assert isinstance(state.stage, INSIDE), "without a card nobody is logged out by its going"


def test_every_field_of_the_touch_test_is_touched_once(inside: st.State) -> None:
    state, _ = play(inside, ev.ActAsked(Act.TEST_TOUCH), *(ev.FieldTouched(at) for at in range(TOUCH_FIELDS)))
    assert state.stage == TouchTest(RITA, frozenset(range(TOUCH_FIELDS)))


def test_four_crosses_calibrate_and_a_slip_does_not(inside: st.State) -> None:
    begun, _ = play(inside, ev.ActAsked(Act.CALIBRATE))
    assert begun.stage == Calibrating(RITA)
    shifted = [ev.CrossTouched(x + 0.05, y * 0.9) for x, y in CROSSES]
    state, asked = play(begun, *shifted)
    (kept,) = [effect for effect in asked if isinstance(effect, ef.KeepCalibration)]
    assert kept.calibration.of(0.55, 0.45) == pytest.approx((0.5, 0.5))
    assert read(state) == [What.TOUCH_CALIBRATED]
    state, asked = play(begun, *shifted[:3], ev.CrossTouched(0.9, 0.9))
    assert asked == []
    assert read(state) == [What.TOUCH_UNEVEN]


def test_the_screen_shows_its_grounds_and_comes_back(inside: st.State) -> None:
    state, _ = play(inside, ev.ActAsked(Act.TEST_SCREEN))
    for at in range(len(SCREEN_GROUNDS)):
        assert state.stage == ScreenTest(RITA, at)
        state, _ = play(state, ev.Continued())
    assert state.stage == TechnicianMode(RITA)


def test_the_log_is_read_and_shown(inside: st.State) -> None:
    state, asked = play(inside, ev.ActAsked(Act.LOG))
    assert ef.ReadLog() in asked
    assert play(state, ev.LogRead(("a", "b")))[0].stage == LogExcerpt(RITA, ("a", "b"))


def test_a_restart_is_chosen_first_and_noted(inside: st.State) -> None:
    state, asked = play(inside, ev.ActAsked(Act.RESTART))
    assert asked == []
    _, asked = play(state, ev.ActAsked(Act.RESTART_PROGRAMS))
    assert asked == [ef.NoteTechnician("restart-programs", "7f3a", "technician"), ef.Restart()]


def test_who_changes_the_roll_has_seen_the_outlet(inside: st.State) -> None:
    state, _ = play(replace(inside, paper_left=True), ev.ActAsked(Act.PAPER_CHANGED))
    assert state.paper_left is False


@pytest.mark.parametrize("act", [Act.TEST_NETWORK, Act.LOG, Act.TEST_TOUCH, Act.TEST_SCREEN, Act.CALIBRATE])
@pytest.mark.parametrize("going", [ev.CardRemoved(), ev.Ended(), ev.Tick(IDLE_S + 1.0)])
def test_from_any_act_the_card_s_going_leads_out(inside: st.State, act: Act, going: ev.Event) -> None:
    state, asked = play(inside, ev.ActAsked(act), going)
    assert isinstance(state.stage, st.Attract)
    assert acts(asked) == [act.value, "out"]
    assert ef.Wipe() in asked


def test_nothing_a_technician_asked_reaches_a_kiosk_at_rest(ready: st.State) -> None:  # noqa: F811
    late = (
        ev.ActAsked(Act.ROLL_BACK), ev.Examined(WELL), ev.ActTold(Act.QUEUE, WELL), ev.TestPaperMade("j"),
        ev.LogRead(()), ev.CodeJudged(right=True), ev.FieldTouched(1), ev.CrossTouched(0.5, 0.5),
    )  # fmt: skip
    assert play(ready, *late) == (ready, [])


# ---- by a code of the centre --------------------------------------------------------------------------------


def test_a_code_of_the_centre_lets_in_with_a_limited_role(ready: st.State) -> None:  # noqa: F811
    state, asked = play(ready, *ASKED)
    assert ef.BeginChallenge() in asked
    assert state.stage == Challenge("VA-017", "482177305", state.now_s + VALID_S)
    state, asked = play(state, *TYPED)
    assert asked == [ef.CheckCode("482177305")]
    state, asked = play(state, ev.CodeJudged(right=True))
    assert isinstance(state.stage, TechnicianMode)
    assert state.stage.who.role is Role.REMOTE
    assert asked == [ef.NoteTechnician("in", "challenge-482177305", "remote"), ef.Examine()]
    for act in (Act.ROLL_BACK, Act.CALIBRATE):
        assert play(state, ev.ActAsked(act)) == (state, [])


def test_while_the_network_works_a_card_is_asked_for(ready: st.State) -> None:  # noqa: F811
    assert play(ready, ev.LinkChanged(up=True), ev.MaintenanceAsked())[1] == []


def test_three_wrong_codes_close_this_way_and_no_other(ready: st.State) -> None:  # noqa: F811
    state, _ = play(ready, *ASKED)
    for left in (2, 1):
        state, asked = play(state, *TYPED, ev.CodeJudged(right=False))
        assert isinstance(state.stage, Challenge)
        assert (state.stage.tries_left, state.stage.typed, state.stage.wrong) == (left, 0, True)
        assert acts(asked) == ["wrong-code"]
    state, asked = play(state, *TYPED, ev.CodeJudged(right=False))
    assert acts(asked) == ["wrong-codes"]
    assert state.stage == TechnicianFailed(None, state.now_s + 60)
    state, asked = play(state, ev.WentBack(), ev.MaintenanceAsked())
    assert isinstance(state.stage, TechnicianFailed)
    assert ef.BeginChallenge() not in asked
    by_card, _ = play(state, ev.WentBack(), *IN)
    assert isinstance(by_card.stage, TechnicianMode), "who has a card is not kept out by what anybody may type"
    later, _ = play(state, ev.WentBack(), ev.Tick(state.now_s + 61), *ASKED)
    assert isinstance(later.stage, Challenge)


def test_who_goes_back_and_begins_again_has_no_more_tries(ready: st.State) -> None:  # noqa: F811
    wrong = (*TYPED, ev.CodeJudged(right=False))
    state, _ = play(ready, *ASKED, *wrong, *wrong, ev.WentBack(), *ASKED[1:])
    assert isinstance(state.stage, Challenge)
    assert state.stage.tries_left == 1
    state, _ = play(state, *wrong)
    assert isinstance(state.stage, TechnicianFailed)
    assert state.codes_locked_until_s > state.now_s


def test_a_code_counts_for_a_quarter_of_an_hour_of_the_kiosk_s_own_clock(ready: st.State) -> None:  # noqa: F811
    state, _ = play(ready, *ASKED)
    waiting, _ = play(state, ev.Tick(state.now_s + VALID_S - 1))
    assert isinstance(waiting.stage, Challenge)
    late, _ = play(state, ev.Tick(state.now_s + VALID_S))
    assert late.stage == TechnicianFailed(TechnicianTrouble.TOO_LATE)
    assert play(late, ev.CodeJudged(right=True))[0].stage == late.stage


def test_a_kiosk_that_no_centre_knows_says_so_and_so_does_one_that_cannot_judge(ready: st.State) -> None:  # noqa: F811
    state, _ = play(ready, ev.LinkChanged(up=False), ev.MaintenanceAsked(), ev.ChallengeBegun(None, "482177305"))
    assert state.stage == TechnicianFailed(TechnicianTrouble.NOT_ENROLLED)
    state, _ = play(ready, *ASKED, *TYPED, ev.CodeJudged(right=None))
    assert state.stage == TechnicianFailed(TechnicianTrouble.UNANSWERED)


def test_a_citizen_s_session_is_never_interrupted_by_it(ready: st.State) -> None:  # noqa: F811
    state, asked = play(ready, START, ev.MaintenanceAsked(), ev.ChallengeBegun("VA-017", "482177305"))
    assert isinstance(state.stage, st.Services)
    assert ef.BeginChallenge() not in asked
