"""Which screen shows which stage. Screens are imported when first shown, so that the window opens early."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from kiosk.journey import state as journey
from kiosk.journey.technician_stages import (
    Calibrating,
    Challenge,
    LogExcerpt,
    ScreenTest,
    TechnicianAct,
    TechnicianChecking,
    TechnicianFailed,
    TechnicianMode,
    TechnicianPin,
    TouchTest,
)
from kiosk.journey.tracking_stages import TrackCode, Tracked, TrackFailed, Tracking, TrackPin
from kiosk.screens.scene import Screen

SCREENS: dict[type[journey.Stage], str] = {
    journey.Starting: "starting.StartingScreen",
    journey.Attract: "attract.AttractScreen",
    journey.Services: "services.ServicesScreen",
    journey.ClearTray: "clear_tray.ClearTrayScreen",
    journey.Searching: "searching.SearchingScreen",
    TrackCode: "track.TrackCodeScreen",
    TrackPin: "track.TrackPinScreen",
    Tracking: "track.TrackingScreen",
    Tracked: "tracked.TrackedScreen",
    TrackFailed: "track.TrackFailedScreen",
    journey.Details: "details.DetailsScreen",
    journey.Claim: "claim.ClaimScreen",
    journey.InsertCard: "insert_card.InsertCardScreen",
    journey.ReadingCard: "waiting.ReadingCardScreen",
    journey.CardFailed: "card_failed.CardFailedScreen",
    journey.TooLow: "too_low.TooLowScreen",
    journey.EnterPin: "pin.PinScreen",
    journey.CheckingPin: "waiting.ReadingCardScreen",
    journey.Consulting: "waiting.ConsultingScreen",
    journey.LookupFailed: "lookup_failed.LookupFailedScreen",
    journey.Question: "question.QuestionScreen",
    journey.Review: "review.ReviewScreen",
    journey.Committing: "waiting.CommittingScreen",
    journey.CommitFailed: "commit_failed.CommitFailedScreen",
    journey.TakeCard: "take_card.TakeCardScreen",
    journey.Printing: "printing.PrintingScreen",
    journey.Done: "done.DoneScreen",
    journey.Failure: "failure.FailureScreen",
    TechnicianPin: "technician.TechnicianPinScreen",
    TechnicianChecking: "technician.TechnicianCheckingScreen",
    TechnicianMode: "technician.TechnicianModeScreen",
    TechnicianFailed: "technician.TechnicianFailedScreen",
    TechnicianAct: "technician_act.TechnicianActScreen",
    TouchTest: "technician_tests.TouchTestScreen",
    Calibrating: "technician_tests.CalibratingScreen",
    ScreenTest: "technician_tests.ScreenTestScreen",
    LogExcerpt: "technician_tests.LogExcerptScreen",
    Challenge: "technician_challenge.ChallengeScreen",
}

OVERLAYS: dict[type[journey.Overlay], str] = {
    journey.Help: "overlay.HelpOverlay",
    journey.LanguageChoice: "overlay.LanguageOverlay",
    journey.AccessSheet: "access_sheet.AccessSheetScreen",
    journey.IdleWarning: "overlay.IdleOverlay",
}


@cache
def _load(path: str) -> type[Screen]:
    module, _, name = path.partition(".")
    screen: type[Screen] = getattr(import_module(f"kiosk.screens.{module}"), name)
    return screen


def load_all() -> None:
    """Loads every screen that nobody has seen yet, so that no touch waits for it; from any thread."""
    for path in (*SCREENS.values(), *OVERLAYS.values()):
        _load(path)


def screen_for(stage: journey.Stage) -> type[Screen]:
    """The screen of a stage."""
    return _load(SCREENS[type(stage)])


def overlay_for(overlay: journey.Overlay) -> type[Screen]:
    """The screen of an overlay."""
    return _load(OVERLAYS[type(overlay)])
