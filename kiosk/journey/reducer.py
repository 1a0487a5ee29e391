"""The session as a pure reducer: (state, event) -> state and effects. The one place where a session changes.

Events that make no sense on the present screen change nothing: parts speak when they like. Before the commit, removing
the card ends the session; after it, nothing does until the paper question is settled.
"""

from __future__ import annotations

from typing import assert_never

from kiosk.journey import adjusting, citizen, identity, nightly, paper, parts, technician, tracking, tray, waiting
from kiosk.journey import events as ev
from kiosk.journey.session import Next, begin, stay
from kiosk.journey.state import State
from kiosk.journey.technician_stages import TECHNICIAN_STAGES


def reduce(state: State, event: ev.Event) -> Next:  # noqa: PLR0915  one case an event
    """The next state, and what the world is asked to do."""
    if isinstance(state.stage, TECHNICIAN_STAGES) and (taken := technician.during(state, event)) is not None:
        return taken
    match event:
        case ev.Started(language=language, session=session):
            return begin(state, language, session)
        case ev.CategoryChosen(category=category):
            return citizen.category_chosen(state, category)
        case ev.SearchAsked():
            return citizen.search_asked(state)
        case ev.QueryTyped(query=query):
            return citizen.query_typed(state, query)
        case ev.TrackAsked():
            return tracking.asked(state)
        case ev.TrackByCardAsked():
            return tracking.card_asked(state)
        case ev.CodeTyped(code=code):
            return tracking.code_typed(state, code)
        case ev.ServiceChosen(service=service):
            return citizen.service_chosen(state, service)
        case ev.Continued():
            return citizen.continued(state)
        case ev.WentBack():
            return citizen.went_back(state)
        case ev.Ended():
            return citizen.ended(state)
        case ev.HelpToggled():
            return citizen.help_toggled(state)
        case ev.LanguageToggled():
            return citizen.language_toggled(state)
        case ev.LanguageChosen(language=language):
            return citizen.language_chosen(state, language)
        case ev.AccessToggled():
            return adjusting.access_toggled(state)
        case ev.Adjusted(settings=settings):
            return adjusting.adjusted(state, settings)
        case ev.StillHere():
            return waiting.still_here(state)
        case ev.Touched():
            return waiting.touched(state)
        case ev.PinTyped(count=count):
            return citizen.pin_typed(state, count)
        case ev.Answered(field=field, value=value):
            return citizen.answered(state, field, value)
        case ev.ChangeAsked(field=field):
            return citizen.change_asked(state, field)
        case ev.PaperChosen(wanted=wanted):
            return citizen.paper_chosen(state, wanted=wanted)
        case ev.OutputChosen(output=output):
            return citizen.output_chosen(state, output)
        case ev.Rated(stars=stars):
            return citizen.rated(state, stars)
        case ev.CardInserted() | ev.CardRemoved():
            return parts.card(state, event)
        case ev.CardRead():
            return identity.card_read(state, event)
        case ev.CardChecked():
            return identity.card_checked(state, event)
        case ev.CardRefused():
            return parts.card_refused(state, event)
        case ev.PinRefused():
            return parts.pin_refused(state, event)
        case ev.Proved():
            return identity.proved(state, event)
        case ev.DebtsFound() | ev.DocumentComposed() | ev.ChargeMade() | ev.LookupRefused():
            return parts.looked_up(state, event)
        case ev.StatusFound() | ev.StatusRefused():
            return tracking.answered(state, event)
        case ev.StatusPrintAsked():
            return tracking.print_asked(state)
        case ev.StatusPrinting():
            return tracking.printing(state, event)
        case ev.Committed():
            return paper.committed(state, event)
        case ev.CommitRefused():
            return parts.commit_refused(state, event)
        case ev.JobChanged():
            return tracking.job_changed(state, event) if tracking.prints(state) else paper.job_changed(state, event)
        case ev.PaperDenied():
            return paper.denied(state)
        case ev.PrinterChanged():
            return paper.printer_changed(state, event)
        case ev.PagePrinterChanged(condition=condition):
            return paper.page_printer_changed(state, condition)
        case ev.ReaderChanged():
            return parts.reader_changed(state, event)
        case ev.HeadsetChanged(plugged=plugged):
            return parts.headset_changed(state, plugged=plugged)
        case ev.TrayChanged(empty=empty):
            return tray.changed(state, empty=empty)
        case ev.LinkChanged(up=up):
            return parts.link_changed(state, up=up)
        case ev.StandingChanged():
            return parts.standing_changed(state, event)
        case ev.CatalogueVerified(catalogue=catalogue):
            return parts.catalogue_verified(state, catalogue)
        case (
            ev.TechnicianSeen() | ev.TechnicianRefused() | ev.NoTechnician() | ev.TechnicianProved()
            | ev.TechnicianPinRefused() | ev.LockoutKnown() | ev.MaintenanceAsked() | ev.ChallengeBegun()
        ):
            return technician.outside(state, event)
        case (
            ev.ActAsked() | ev.FieldTouched() | ev.CrossTouched() | ev.CodeJudged() | ev.Examined() | ev.ActTold()
            | ev.TestPaperMade() | ev.LogRead()
        ):
            return stay(state)  # too late: the technician has gone
        case ev.Tick(now_s=now_s):
            return nightly.after(*waiting.tick(state, now_s))
        case ev.Crashed(number=number):
            return parts.crashed(state, number)
        case ev.Recovered():
            return parts.recovered(state)
        case _:
            assert_never(event)
