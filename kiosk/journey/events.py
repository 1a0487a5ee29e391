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
    LockoutKnown,
    LookupRefused,
    NoTechnician,
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
    TechnicianPinRefused,
    TechnicianProved,
    TechnicianRefused,
    TechnicianSeen,
    Tick,
    TrayChanged,
)

__all__ = [
    "AccessToggled", "Adjusted", "Answered", "CardChecked", "CardInserted", "CardRead", "CardRefused", "CardRemoved",
    "CatalogueVerified", "CategoryChosen", "ChangeAsked", "ChargeMade", "CodeTyped", "CommitRefused", "Committed",
    "Continued", "Crashed", "DebtsFound", "DocumentComposed", "Ended", "Event", "HeadsetChanged", "HelpToggled",
    "JobChanged", "LanguageChosen", "LanguageToggled", "LinkChanged", "LockoutKnown", "LookupRefused", "NoTechnician",
    "OutputChosen", "PagePrinterChanged", "PaperChosen", "PaperDenied", "PinRefused", "PinTyped", "PrinterChanged",
    "Proved", "QueryTyped", "Rated", "ReaderChanged", "Recovered", "SearchAsked", "ServiceChosen", "StandingChanged",
    "Started", "StatusFound", "StatusPrintAsked", "StatusPrinting", "StatusRefused", "StillHere",
    "TechnicianPinRefused", "TechnicianProved", "TechnicianRefused", "TechnicianSeen", "Tick", "Touched", "TrackAsked",
    "TrackByCardAsked", "TrayChanged", "WentBack",
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
    | TechnicianSeen
    | NoTechnician
    | TechnicianProved
    | TechnicianPinRefused
    | TechnicianRefused
    | LockoutKnown
    | Tick
    | Crashed
    | Recovered
)
