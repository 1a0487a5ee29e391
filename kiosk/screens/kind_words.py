"""Words that differ by what comes out: a guide, a document, or a ticket. English; translated when shown."""

from __future__ import annotations

from dataclasses import dataclass

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
PRINTED = {
    "guide": GUIDE_PRINTED, "document": DOCUMENT_PRINTED, "ticket": TICKET_PRINTED, "tracking": TICKET_PRINTED,
    "info": TICKET_PRINTED,
}
