"""What went wrong, and what to do: one entry per trouble, in plain words that blame nobody."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.journey.state import CardTrouble, LookupTrouble, PrinterCondition
from kiosk.journey.tracking_stages import TrackTrouble
from kiosk.locale.translate import mark
from offline_cache.contract.checks import Lack
from offline_cache.contract.staff import TechnicianTrouble


@dataclass(frozen=True)
class Said:
    """`title`: what is. `remedy`: what to do. `more`: what else helps (marked up). English; translated when shown."""

    title: str
    remedy: str
    more: str = ""


CARD: dict[CardTrouble, Said] = {
    CardTrouble.UNREADABLE: Said(
        mark("I could not read it"),
        mark("Take the card out and try again."),
        mark("The reader's light is [b]red.[/b]\nIs the chip dirty? Wipe it with a dry cloth."),
    ),
    CardTrouble.UNKNOWN_FAMILY: Said(
        mark("This card does not work here"),
        mark("Take it out and use a card with a digital certificate."),
        mark("These work here: [b]{cards}.[/b]\nBank and transport cards do not."),
    ),
    CardTrouble.NOT_TRUSTED: Said(
        mark("I do not know who issued this card"),
        mark("Take it out and use another card."),
        mark("These work here: [b]{cards}.[/b]"),
    ),
    CardTrouble.EXPIRED: Said(
        mark("The card is not valid today"),
        mark("Take it out and use another card."),
        mark("Whoever issued the card can [b]renew[/b] it."),
    ),
    CardTrouble.NO_IDENTITY: Said(
        mark("This card does not say whose it is"),
        mark("Take it out and use a person's card."),
        mark("A company's card does not serve here.\nUse your [b]own card.[/b]"),
    ),
    CardTrouble.WEAK_KEY: Said(
        mark("This card is too old to be safe"),
        mark("Take it out and use another card."),
        mark("Ask whoever issued the card for a [b]new one.[/b]"),
    ),
    CardTrouble.BLOCKED: Said(
        mark("The card's PIN is blocked"),
        mark("Take the card out. It cannot be used now."),
        mark("Whoever issued the card can [b]unblock[/b] it."),
    ),
    CardTrouble.LAST_TRY: Said(
        mark("Only one PIN try is left"),
        mark("We stop here, so that the card is not blocked. Take it out."),
        mark("Find the right PIN [b]before[/b] you use the card again."),
    ),
    CardTrouble.NOT_GENUINE: Said(
        mark("I could not confirm this card"),
        mark("Take the card out and try again."),
        mark("Same answer again? Ask [b]whoever issued the card.[/b]"),
    ),
    CardTrouble.REVOKED: Said(
        mark("This card was cancelled"),
        mark("Take it out. It proves nobody's identity any more."),
        mark("Was it yours? Ask [b]whoever issued the card[/b] for a new one."),
    ),
    CardTrouble.REMOVED: Said(
        mark("The card came out too soon"),
        mark("Insert it again and leave it in until the screen asks for it."),
        mark("The reader is [b]below the screen, on the right.[/b]"),
    ),
    CardTrouble.LEFT_BEHIND: Said(
        mark("There is a card in the reader"),
        mark("Take it out. Is it yours? Insert it again."),
        mark("Not yours? Call [b]{phone}[/b] or hand it to the staff."),
    ),
}

LACK: dict[Lack, Said] = {
    Lack.SIGNATURE: Said(
        mark("This service needs a card that proves who you are"),
        mark("The data on this card is not signed, so anybody could have written it."),
        mark("Another card with a digital certificate may do. Or call [b]{phone}.[/b]"),
    ),
    Lack.CHIP: Said(
        mark("This service needs a stronger card"),
        mark("This card cannot prove that it is not a copy."),
        mark("Another card may do, or one whose PIN you know. Or call [b]{phone}.[/b]"),
    ),
    Lack.PIN: Said(
        mark("This service needs a card with a PIN"),
        mark("This kind of card cannot prove here who holds it."),
        mark("Another card with a digital certificate may do. Or call [b]{phone}.[/b]"),
    ),
    Lack.WEAK_KEY: Said(
        mark("This card is too old for this service"),
        mark("Its chip is no longer safe enough here."),
        mark("Ask whoever issued the card for a [b]new one.[/b]"),
    ),
    Lack.REVOCATION: Said(
        mark("I cannot check this card fully now"),
        mark("Nobody can tell me today whether it was cancelled. The card is not at fault."),
        mark("Try again [b]later.[/b] Is it urgent? Call [b]{phone}.[/b]"),
    ),
    Lack.CLOCK: Said(
        mark("I cannot check this card fully now"),
        mark("This kiosk does not know the time for certain. The card is not at fault."),
        mark("Try again [b]later.[/b] Is it urgent? Call [b]{phone}.[/b]"),
    ),
    Lack.OFFICER: Said(
        mark("This service needs a public servant"),
        mark("Somebody has to see you and your card together."),
        mark("Ask at the counter, or call [b]{phone}.[/b]"),
    ),
    Lack.NUMBER: Said(
        mark("This service goes by another number"),
        mark("Taxpayers are known here by their {number}, and this card does not carry it."),
        mark("Use a card with your {number}, or call [b]{phone}.[/b]"),
    ),
}

TECHNICIAN: dict[TechnicianTrouble, Said] = {
    TechnicianTrouble.EXPIRED: Said(
        mark("This technician's card is not valid today"), mark("Ask the operator for a new one.")
    ),
    TechnicianTrouble.REVOKED: Said(mark("This technician's card was cancelled"), mark("Take it out and hand it in.")),
    TechnicianTrouble.NO_LIST: Said(
        mark("This kiosk has no list of cancelled technicians' cards"),
        mark("Without it nobody gets in. Put the operator's list into the kiosk's folder."),
    ),
    TechnicianTrouble.OTHER_SITE: Said(
        mark("This card is not for this kiosk"), mark("Its certificate names other sites. Ask the operator.")
    ),
    TechnicianTrouble.NOT_GENUINE: Said(
        mark("I could not confirm this card"), mark("Take the card out and try again.")
    ),
    TechnicianTrouble.LAST_TRY: Said(
        mark("Only one PIN try is left"), mark("We stop here, so that the card is not blocked. Take it out.")
    ),
    TechnicianTrouble.BLOCKED: Said(
        mark("The card's PIN is blocked"), mark("Take the card out. It cannot be used now.")
    ),
    TechnicianTrouble.UNREADABLE: Said(mark("I could not read it"), mark("Take the card out and try again.")),
    TechnicianTrouble.NOT_ENROLLED: Said(
        mark("The centre does not know this kiosk"), mark("It is not enrolled yet. Only a technician's card gets in.")
    ),
    TechnicianTrouble.UNANSWERED: Said(
        mark("The code could not be checked"), mark("The sending program does not run. Use a technician's card.")
    ),
    TechnicianTrouble.TOO_LATE: Said(
        mark("The code came too late"), mark("It counts for 15 minutes. Begin again and ask for another.")
    ),
}
TECHNICIAN_LOCKED = Said(
    mark("Too many wrong tries"),
    mark("No technician gets in this way for {n} minutes. Citizens can go on using the kiosk."),
)

LOOKUP: dict[LookupTrouble, Said] = {
    LookupTrouble.NO_LINK: Said(
        mark("The central system did not answer"),
        mark("Nothing was registered. Wait a little and try again."),
        mark("If it goes on, call [b]{phone}[/b] or come back later."),
    ),
    LookupTrouble.NO_DEBTS: Said(
        mark("There is nothing to pay"),
        mark("No open debt was found for your {number}."),
        mark("Is one missing? Call [b]{phone}.[/b]"),
    ),
    LookupTrouble.HAS_DEBTS: Said(
        mark("There are overdue debts"),
        mark("This certificate is issued only without overdue debts."),
        mark("You can print the [b]payment slip[/b] here and ask again once it is paid."),
    ),
    LookupTrouble.REFUSED: Said(
        mark("The request was not accepted"),
        mark("Nothing was registered."),
        mark("Call [b]{phone}[/b] and say which service you asked for."),
    ),
}

TRACKING: dict[TrackTrouble, Said] = {
    TrackTrouble.REFUSED: Said(
        mark("Code and PIN do not match"),
        mark("Compare both with your receipt and try again."),
        mark("Without the receipt, call [b]{phone}.[/b]"),
    ),
    TrackTrouble.ON_ITS_WAY: Said(
        mark("Your request is on its way"),
        mark("It was registered at a kiosk and has not reached the central system yet."),
        mark("Nothing is lost. Ask again [b]tomorrow,[/b] or call [b]{phone}.[/b]"),
    ),
    TrackTrouble.WAITING_HERE: Said(
        mark("Your request is kept here"),
        mark("It was registered at this kiosk and goes out as soon as there is internet."),
        mark("Nothing is lost. Ask again [b]tomorrow,[/b] or call [b]{phone}.[/b]"),
    ),
    TrackTrouble.USED_UP: Said(
        mark("This code has been tried too often"),
        mark("Only your own card or our staff at the counter can open it now."),
        mark("Is it urgent? Call [b]{phone}.[/b]"),
    ),
    TrackTrouble.NOT_BY_CARD: Said(
        mark("This card does not open that code"),
        mark("It must be the card of the person who asked. Compare the code too."),
        mark("An anonymous request opens with its code and PIN alone."),
    ),
    TrackTrouble.TOO_MANY: Said(
        mark("Too many codes were tried here"),
        mark("For everybody's safety this kiosk answers again in a while."),
        mark("Is it urgent? Call [b]{phone}.[/b]"),
    ),
    TrackTrouble.NO_LINK: Said(
        mark("No internet now"),
        mark("We cannot ask the central system."),
        mark("Try again later, or call [b]{phone}.[/b]"),
    ),
}

PRINTER: dict[PrinterCondition, Said] = {
    PrinterCondition.PAPER_OUT: Said(
        mark("The paper has run out"),
        mark("Printing goes on when there is paper."),
    ),
    PrinterCondition.COVER_OPEN: Said(
        mark("The printer is open"),
        mark("Printing goes on once it is closed."),
    ),
    PrinterCondition.JAM: Said(
        mark("The paper is stuck"),
        mark("Please do not pull the paper."),
    ),
    PrinterCondition.STOPPED: Said(
        mark("The printer was stopped"),
        mark("Printing goes on once the staff starts it again."),
    ),
    PrinterCondition.CUTTER: Said(
        mark("The paper cutter is stuck"),
        mark("Please do not pull the paper."),
    ),
    PrinterCondition.OVERHEATED: Said(
        mark("The printer is too hot"),
        mark("Printing goes on by itself when it has cooled down."),
    ),
    PrinterCondition.ERROR: Said(
        mark("The printer has a fault"),
        mark("Printing goes on when it is mended."),
    ),
    PrinterCondition.UNPLUGGED: Said(
        mark("The printer is disconnected"),
        mark("Printing goes on when it is back."),
    ),
}
# Whatever else keeps the printer from printing.
PRINTER_ELSE = Said(
    mark("The printer does not answer"),
    mark("Printing goes on when it is back."),
)


def of_printer(condition: PrinterCondition) -> Said:
    return PRINTER.get(condition, PRINTER_ELSE)
