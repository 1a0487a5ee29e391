"""Words that differ by what comes out: a guide, a document, or a ticket. English; translated when shown."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.catalog.model import Output
from kiosk.journey.state import Session
from kiosk.locale.translate import mark


@dataclass(frozen=True)
class Registered:
    """`notice`: one line that it is registered. `label` and `value`: the same as a row."""

    notice: str
    label: str
    value: str


@dataclass(frozen=True)
class Printed:
    """`title`: while it prints. `label`: of the row. `whole`: it came out. `not_out`: it did not."""

    title: str
    label: str
    whole: str
    not_out: str


GUIDE = Registered(
    mark("[b]Payment slip registered,[/b] with its own number"),
    mark("Payment slip registered"),
    mark("[b]Yes,[/b] with its own number."),
)
DOCUMENT = Registered(
    mark("[b]Document registered,[/b] with its own code"),
    mark("Document registered"),
    mark("[b]Yes,[/b] with its own code."),
)
TICKET = Registered(
    mark("[b]Request registered,[/b] with its own code"),
    mark("Request registered"),
    mark("[b]Yes,[/b] with its own code."),
)
REGISTERED = {"guide": GUIDE, "document": DOCUMENT, "ticket": TICKET, "tracking": TICKET, "info": TICKET}

GUIDE_PRINTED = Printed(
    mark("Printing your payment slip..."), mark("Payment slip printed"), mark("All of your payment slip came out."),
    mark("The payment slip is registered. For the paper, ask again on another kiosk."),
)
DOCUMENT_PRINTED = Printed(
    mark("Printing your document..."), mark("Document printed"), mark("All of your document came out."),
    mark("The document is registered. For the paper, ask again on another kiosk."),
)
TICKET_PRINTED = Printed(
    mark("Printing your receipt..."), mark("Receipt printed"), mark("All of your receipt came out."),
    mark("Your request is registered. The code and its PIN are all you need."),
)


def kind_of(session: Session | None) -> str:
    """What this session's paper is: of a document that is not made yet there is a receipt, as of a ticket."""
    if session is None or session.service is None:
        return "ticket"
    return "ticket" if session.service.kind == "document" and session.queued else session.service.kind


def on_a4(session: Session | None) -> bool:
    """Whether the paper comes from the A4 printer: it carries no code of the request."""
    return session is not None and session.document is not None and session.output is Output.A4


def on_phone(session: Session | None) -> bool:
    """Whether the document goes to the citizen's phone."""
    return session is not None and session.document is not None and session.output is Output.PHONE


PRINTED = {
    "guide": GUIDE_PRINTED, "document": DOCUMENT_PRINTED, "ticket": TICKET_PRINTED, "tracking": TICKET_PRINTED,
    "info": TICKET_PRINTED,
}
