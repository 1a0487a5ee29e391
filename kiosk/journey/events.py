"""Everything that can happen to a session: a closed union. Every event is had from here."""

from __future__ import annotations

from kiosk.journey.citizen_events import (
    AccessToggled,
    Adjusted,
    Answered,
    CategoryChosen,
    ChangeAsked,
    CodeTyped,
    Continued,
    Ended,
    HelpToggled,
    LanguageChosen,
    LanguageToggled,
    OutputChosen,
    PaperChosen,
    PaperDenied,
    PinTyped,
    QueryTyped,
    Rated,
    SearchAsked,
    ServiceChosen,
    Started,
    StatusPrintAsked,
    StillHere,
    Touched,
    TrackAsked,
    TrackByCardAsked,
    WentBack,
)
from kiosk.journey.part_events import (
    CardChecked,
    CardInserted,
    CardRead,
    CardRefused,
    CardRemoved,
    CatalogueVerified,
    ChargeMade,
    CommitRefused,
    Committed,
    Crashed,
    DebtsFound,
    DocumentComposed,
    HeadsetChanged,
    JobChanged,
    LinkChanged,
    LookupRefused,
    PagePrinterChanged,
    PinRefused,
    PrinterChanged,
    Proved,
    ReaderChanged,
    Recovered,
    StandingChanged,
    StatusFound,
    StatusPrinting,
    StatusRefused,
    Tick,
    TrayChanged,
)
from kiosk.journey.technician_events import (
    ActAsked,
    ActTold,
    ChallengeBegun,
    CodeJudged,
    CrossTouched,
    Examined,
    FieldTouched,
    LockoutKnown,
    LogRead,
    MaintenanceAsked,
    NoTechnician,
    TechnicianEvent,
    TechnicianPinRefused,
    TechnicianProved,
    TechnicianRefused,
    TechnicianSeen,
    TestPaperMade,
)

__all__ = [
    "AccessToggled", "ActAsked", "ActTold", "Adjusted", "Answered", "CardChecked", "CardInserted", "CardRead",
    "CardRefused", "CardRemoved", "CatalogueVerified", "CategoryChosen", "ChallengeBegun", "ChangeAsked",
    "ChargeMade", "CodeJudged", "CodeTyped", "CommitRefused", "Committed", "Continued", "Crashed", "CrossTouched",
    "DebtsFound", "DocumentComposed", "Ended", "Event", "Examined", "FieldTouched", "HeadsetChanged", "HelpToggled",
    "JobChanged", "LanguageChosen", "LanguageToggled", "LinkChanged", "LockoutKnown", "LogRead", "LookupRefused",
    "MaintenanceAsked", "NoTechnician", "OutputChosen", "PagePrinterChanged", "PaperChosen", "PaperDenied",
    "PinRefused", "PinTyped", "PrinterChanged", "Proved", "QueryTyped", "Rated", "ReaderChanged", "Recovered",
    "SearchAsked", "ServiceChosen", "StandingChanged", "Started", "StatusFound", "StatusPrintAsked",
    "StatusPrinting", "StatusRefused", "StillHere", "TechnicianEvent", "TechnicianPinRefused", "TechnicianProved",
    "TechnicianRefused", "TechnicianSeen", "TestPaperMade", "Tick", "Touched", "TrackAsked", "TrackByCardAsked",
    "TrayChanged", "WentBack",
]  # fmt: skip

Event = (
    Started
    | CategoryChosen
    | SearchAsked
    | QueryTyped
    | TrackAsked
    | CodeTyped
    | ServiceChosen
    | TrackByCardAsked
    | StatusPrintAsked
    | Continued
    | WentBack
    | Ended
    | HelpToggled
    | LanguageToggled
    | LanguageChosen
    | AccessToggled
    | Adjusted
    | StillHere
    | Touched
    | PinTyped
    | Answered
    | ChangeAsked
    | PaperChosen
    | OutputChosen
    | Rated
    | CardInserted
    | CardRemoved
    | CardRead
    | CardChecked
    | CardRefused
    | PinRefused
    | Proved
    | DebtsFound
    | DocumentComposed
    | ChargeMade
    | LookupRefused
    | StatusFound
    | StatusRefused
    | StatusPrinting
    | Committed
    | CommitRefused
    | JobChanged
    | PaperDenied
    | PrinterChanged
    | PagePrinterChanged
    | ReaderChanged
    | HeadsetChanged
    | TrayChanged
    | LinkChanged
    | StandingChanged
    | CatalogueVerified
    | TechnicianEvent
    | Tick
    | Crashed
    | Recovered
)
