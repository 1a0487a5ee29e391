"""What a technician does once inside; every act is noted before it is done."""

from __future__ import annotations

from dataclasses import replace

from kiosk.health.findings import Finding, Level, Part, What, found, needing_a_hand
from kiosk.journey import affine
from kiosk.journey import events as ev
from kiosk.journey.effects import (
    DoAct,
    Effect,
    Examine,
    KeepCalibration,
    LookForTechnician,
    NoteTechnician,
    ReadCard,
    ReadLog,
    Restart,
)
from kiosk.journey.session import Next, go, stay
from kiosk.journey.state import CardTrouble, JobState, State
from kiosk.journey.technician_stages import (
    SCREEN_GROUNDS,
    Act,
    Calibrating,
    Inside,
    LogExcerpt,
    ScreenTest,
    TechnicianAct,
    TechnicianMode,
    TouchTest,
    allowed,
)
from offline_cache.contract.staff import Role, Technician, TechnicianTrouble

PAPER: dict[JobState, What] = {
    JobState.CONFIRMED: What.PAPER_CONFIRMED,
    JobState.UNKNOWN: What.PAPER_IN_DOUBT,
    JobState.FAILED: What.PAPER_FAILED,
    JobState.ABANDONED: What.PAPER_NOT_IN_TIME,
}
PAPER_ACTS = frozenset({Act.TEST_PRINT, Act.PRINT_STATUS})


def note(act: str, who: Technician) -> NoteTechnician:
    return NoteTechnician(act, who.certificate, who.role.value)


def during(state: State, stage: Inside, event: ev.Event) -> Next | None:
    """None for what is not a technician's act."""
    match stage, event:
        case TechnicianMode(), ev.Examined(findings=findings):
            return go(state, replace(stage, findings=findings))
        case TechnicianMode(findings=findings), ev.ActAsked(act=Act.STATE) if findings is not None:
            # What needs somebody first.
            rest = tuple(finding for finding in findings if finding.level is Level.OK)
            return go(state, TechnicianAct(stage.who, Act.STATE, (*needing_a_hand(findings), *rest)))
        case TechnicianMode() | TechnicianAct() | TouchTest(), ev.ActAsked(act=act):
            return _asked(state, stage.who, act)
        case TechnicianAct(act=Act.TEST_READER), _ if (read := _reader_test(state, stage, event)) is not None:
            return read
        case TechnicianAct(act=now), ev.ActTold(act=act, findings=findings, done=done) if act is now:
            return go(state, replace(stage, findings=findings, busy=not done))
        case TechnicianAct(act=now), ev.TestPaperMade(job=job) if now in PAPER_ACTS:
            return _paper_made(state, stage, job)
        case TechnicianAct(job=str(ours)), ev.JobChanged(job=job, state=became) if job == ours and became in PAPER:
            return go(state, replace(stage, findings=(found(Part.PAPER, PAPER[became]),), busy=False, job=None))
        case TouchTest(hit=hit), ev.FieldTouched(field=field):
            return go(replace(state, touched_s=state.now_s), replace(stage, hit=hit | {field}))
        case Calibrating(touched=touched), ev.CrossTouched(x=x, y=y):
            return _calibrated(state, stage.who, (*touched, (x, y)))
        case ScreenTest(at=at), ev.Continued() if at + 1 < len(SCREEN_GROUNDS):
            return go(state, replace(stage, at=at + 1))
        case ScreenTest(), ev.Continued():
            return _to_menu(state, stage.who)
        case LogExcerpt(), ev.LogRead(pages=pages):
            return go(state, replace(stage, pages=pages))
        case TechnicianMode(), ev.WentBack():
            return None
        case _, ev.WentBack():
            return _to_menu(state, stage.who)
        case _, ev.CardInserted():
            return stay(replace(state, devices=replace(state.devices, card_present=True)))
        case _, ev.Started() | ev.Continued() | ev.PinTyped():
            return stay(state)
        case _:
            return None


def _to_menu(state: State, who: Technician) -> Next:
    return go(state, TechnicianMode(who), Examine())


def _asked(state: State, who: Technician, act: Act) -> Next:
    if not allowed(who, act):
        return stay(state)
    state = replace(state, touched_s=state.now_s)
    noted = note(act.value, who)
    match act:
        case Act.TEST_TOUCH:
            return go(state, TouchTest(who), noted)
        case Act.CALIBRATE:
            return go(state, Calibrating(who), noted)
        case Act.TEST_SCREEN:
            return go(state, ScreenTest(who), noted)
        case Act.LOG:
            return go(state, LogExcerpt(who), noted, ReadLog())
        case Act.TEST_READER:
            return _read_card(state, TechnicianAct(who, act), noted)
        case Act.STATE:
            return stay(state)
        case Act.RESTART:
            return go(state, TechnicianAct(who, act))
        case Act.RESTART_PROGRAMS:
            restarts = (found(Part.RESTART, What.RESTARTS),)
            return go(state, TechnicianAct(who, act, restarts, busy=True), noted, Restart())
        case Act.PAPER_CHANGED:
            # Whoever changes the roll has the outlet before their eyes.
            state = replace(state, paper_left=False)
    return go(state, TechnicianAct(who, act, busy=True), noted, DoAct(act))


def _paper_made(state: State, stage: TechnicianAct, job: str | None) -> Next:
    if job is None:
        return go(state, replace(stage, findings=(found(Part.PAPER, What.PAPER_NOT_MADE),), busy=False))
    return go(state, replace(stage, job=job))


def _calibrated(state: State, who: Technician, touched: tuple[affine.Point, ...]) -> Next:
    state = replace(state, touched_s=state.now_s)
    if len(touched) < len(affine.CROSSES):
        return go(state, Calibrating(who, touched))
    fitted = affine.fit(touched)
    if fitted is None:
        return go(state, TechnicianAct(who, Act.CALIBRATE, (found(Part.TOUCH, What.TOUCH_UNEVEN),)))
    done = TechnicianAct(who, Act.CALIBRATE, (found(Part.TOUCH, What.TOUCH_CALIBRATED),))
    return go(state, done, KeepCalibration(fitted))


# ---- the reader ---------------------------------------------------------------------------------------------


def _read_card(state: State, stage: TechnicianAct, *before: Effect) -> Next:
    """The technician's own card, or whichever is in the reader; nothing of what it holds is shown or kept."""
    if not state.devices.card_present:
        return go(state, replace(stage, findings=(_card(What.CARD_NONE),), busy=False), *before)
    look = ReadCard() if stage.who.role is Role.REMOTE else LookForTechnician()
    return go(state, replace(stage, findings=(), busy=True), *before, look)


def _reader_test(state: State, stage: TechnicianAct, event: ev.Event) -> Next | None:
    remote = stage.who.role is Role.REMOTE
    match event:
        case ev.CardInserted() if remote:
            return _read_card(replace(state, devices=replace(state.devices, card_present=True)), stage)
        case ev.CardRemoved() if remote:
            gone = replace(state, devices=replace(state.devices, card_present=False))
            return go(gone, replace(stage, findings=(_card(What.CARD_NONE),), busy=False))
        case _ if not stage.busy:
            return None
        case ev.TechnicianSeen() | ev.CardRead():
            return _told(state, stage, What.CARD_READ)
        case ev.TechnicianRefused(trouble=trouble):
            mute = trouble is TechnicianTrouble.UNREADABLE
            return _told(state, stage, What.CARD_MUTE if mute else What.CARD_READ)
        case ev.CardRefused(trouble=trouble):
            mute = trouble in {CardTrouble.UNREADABLE, CardTrouble.REMOVED}
            return _told(state, stage, What.CARD_MUTE if mute else What.CARD_READ)
        case ev.NoTechnician():
            return _told(state, stage, What.CARD_MUTE)
        case _:
            return None


def _told(state: State, stage: TechnicianAct, what: What) -> Next:
    return go(state, replace(stage, findings=(_card(what),), busy=False))


def _card(what: What) -> Finding:
    return found(Part.CARD, what)
