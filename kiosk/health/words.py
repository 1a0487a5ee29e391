"""What is said of each finding, and what to do about it. English; translated when shown."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.health.findings import Part, What
from kiosk.locale.translate import mark


@dataclass(frozen=True)
class Told:
    """`words` say what is, `remedy` what to do where there is something to do."""

    words: str
    remedy: str = ""


PARTS: dict[Part, str] = {
    Part.SETTINGS: mark("Settings"),
    Part.STORE: mark("Store"),
    Part.PROCESSES: mark("Programs"),
    Part.PROGRAM: mark("Program"),
    Part.ENROLMENT: mark("Enrolment"),
    Part.CATALOGUE: mark("Catalogue"),
    Part.PRINTER: mark("Printer"),
    Part.PAGE_PRINTER: mark("A4 printer"),
    Part.READER: mark("Card reader"),
    Part.TECHNICIANS: mark("Technicians' cards"),
    Part.LINK: mark("Way to the centre"),
    Part.CABLE: mark("Network cable"),
    Part.NAME: mark("Name (DNS)"),
    Part.WAY: mark("Way there"),
    Part.TLS: mark("Certificate (TLS)"),
    Part.TIME: mark("Time of the centre"),
    Part.CENTRE: mark("Centre"),
    Part.QUEUE: mark("Queue"),
    Part.NUMBERS: mark("Numbers left"),
    Part.CLOCK: mark("Clock"),
    Part.DISK: mark("Room on the disk"),
    Part.HEAT: mark("Heat"),
    Part.POWER: mark("Power supply"),
    Part.MEMORY: mark("Memory"),
    Part.SOUND: mark("Sound"),
    Part.CARD: mark("Card"),
    Part.PAPER: mark("Paper"),
    Part.TOUCH: mark("Touch"),
    Part.RESTART: mark("Restart"),
}

WORDS: dict[What, Told] = {
    What.SETTINGS_READ: Told(mark("read")),
    What.SETTINGS_WRONG: Told(mark("cannot be read: {why}"), mark("Correct totem.toml, then restart the programs.")),
    What.STORE_WHOLE: Told(mark("whole")),
    What.STORE_LOST: Told(
        mark("cannot be opened: {why}"), mark("Do what the line says. Never copy a store from another kiosk.")
    ),
    What.STORE_ALTERED: Told(
        mark("record {n} of the audit log was altered"), mark("Leave everything as it is and call the centre.")
    ),
    What.ALL_RUN: Told(mark("all run")),
    What.SCREEN_STOPPED: Told(mark("the screen's program does not run"), mark("Restart totem-kiosk.")),
    What.PRINTING_STOPPED: Told(mark("the printing program does not run"), mark("Restart totem-printer.")),
    What.SENDING_STOPPED: Told(mark("the sending program does not run"), mark("Restart totem-sync.")),
    What.PROGRAM_RUNS: Told(mark("release {n} ({version})")),
    What.PROGRAM_TRIED: Told(mark("release {n} is being tried")),
    What.PROGRAM_TAKEN_BACK: Told(
        mark("release {n}; release {bad} failed here ({why})"),
        mark("Nothing to do here. Tell the centre the word in brackets."),
    ),
    What.PROGRAM_REFUSED: Told(
        mark("release {n}; another one was not accepted ({why})"), mark("Tell the centre the word in brackets.")
    ),
    What.PROGRAM_NO_ROOM: Told(
        mark("release {n}; there is no room for the next one"),
        mark("Make room on the disk. It is tried again by itself."),
    ),
    What.PROGRAM_PACKAGE: Told(
        mark("release {n}; the next one needs {program}"), mark("Install it with ./provision of that release.")
    ),
    What.ENROLLED: Told(mark("enrolled as {kiosk}")),
    What.NOT_ENROLLED: Told(mark("not enrolled"), mark("Enrol this kiosk with a token of the centre.")),
    What.CODES_USED_UP: Told(
        mark("no tracking codes are left"), mark("Bring the network back: the centre gives new ones by itself.")
    ),
    What.CATALOGUE_RUNS: Told(mark("version {n}")),
    What.CATALOGUE_NONE: Told(mark("none yet"), mark("Bring the network back: it is fetched by itself.")),
    What.CATALOGUE_TAKEN_BACK: Told(
        mark("version {n}; version {bad} failed here"), mark("Tell the centre: it has to publish a corrected one.")
    ),
    What.CATALOGUE_DEMONSTRATION: Told(
        mark("version {n} trusts the cards of the demonstration"), mark("Enrol this kiosk at the real centre.")
    ),
    What.PRINTER_UNKNOWN: Told(mark("has not spoken yet"), mark("Wait a moment, then look again.")),
    What.PRINTER_READY: Told(mark("works")),
    What.PRINTER_PAPER_LOW: Told(mark("the roll is near its end"), mark("Change the roll.")),
    What.PRINTER_PAPER_OUT: Told(mark("no paper"), mark("Put in a new roll and close the cover.")),
    What.PRINTER_COVER_OPEN: Told(mark("the cover is open"), mark("Close it until it clicks.")),
    What.PRINTER_JAM: Told(mark("paper is jammed"), mark("Open it, take all paper out, close it.")),
    What.PRINTER_STOPPED: Told(mark("its queue was stopped"), mark("Start the queue again in CUPS.")),
    What.PRINTER_CUTTER: Told(
        mark("the cutter is stuck"), mark("Switch the printer off, take the paper out, switch it on.")
    ),
    What.PRINTER_OVERHEATED: Told(
        mark("the print head is too hot"), mark("Wait: it goes on by itself. See that its slots are free.")
    ),
    What.PRINTER_ERROR: Told(
        mark("reports an error"), mark("Switch it off and on. If it stays, have it serviced.")
    ),
    What.PRINTER_UNPLUGGED: Told(mark("its cable is out"), mark("Plug the cable in at both ends.")),
    What.PRINTER_ABSENT: Told(
        mark("does not answer"), mark("Look at its power, its cable and its lines in totem.toml.")
    ),
    What.READER_READY: Told(mark("works")),
    What.READER_ABSENT: Told(mark("not there"), mark("Plug its USB cable in again.")),
    What.READER_SERVICE_GONE: Told(mark("its service does not run"), mark("Restart pcscd, or the machine.")),
    What.TECHNICIANS_KNOWN: Told(mark("list of cancelled cards of {date}")),
    What.TECHNICIANS_NONE: Told(
        mark("no card opens the maintenance here"), mark("Put the operator's authority into the kiosk's folder.")
    ),
    What.TECHNICIANS_NO_LIST: Told(
        mark("no list of cancelled cards"), mark("Put the operator's list into the kiosk's folder.")
    ),
    What.LINK_UP: Told(mark("open")),
    What.LINK_DOWN: Told(
        mark("closed: the centre does not answer"), mark("Test the network: it says which step fails.")
    ),
    What.CABLE_IN: Told(mark("connected: {names}")),
    What.CABLE_OUT: Told(mark("no network is connected"), mark("Plug the network cable in, or look at the router.")),
    What.NAME_FOUND: Told(mark("{host} is known")),
    What.NAME_UNKNOWN: Told(
        mark("{host} is not known: {why}"), mark("Look at the router's DNS and at the address in totem.toml.")
    ),
    What.WAY_OPEN: Told(mark("port {port} answers, {ms} ms")),
    What.WAY_CLOSED: Told(
        mark("port {port} does not answer: {why}"), mark("A firewall may be in the way: ask for {host}, port {port}.")
    ),
    What.TLS_TRUSTED: Told(mark("the centre's own")),
    What.TLS_REFUSED: Told(
        mark("not the centre's: {why}"), mark("Something stands in between, or the authority in totem.toml is old.")
    ),
    What.TIME_AGREES: Told(mark("agrees with the centre's")),
    What.TIME_DIFFERS: Told(
        mark("{s} seconds away from the centre's"), mark("Look at the time synchronisation of the machine.")
    ),
    What.TIME_UNKNOWN: Told(
        mark("no signed time came: {why}"), mark("Somebody else answers for the centre: look at the router.")
    ),
    What.CENTRE_ACCEPTS: Told(mark("accepts this kiosk")),
    What.CENTRE_REFUSES: Told(
        mark("does not accept this kiosk: {why}"), mark("Call the centre and tell them the word.")
    ),
    What.CENTRE_NOT_ASKED: Told(
        mark("could not be asked: {why}"), mark("See that the sending program runs and the kiosk is enrolled.")
    ),
    What.QUEUE_EMPTY: Told(mark("nothing waits")),
    What.QUEUE_WAITS: Told(mark("{n} wait for the centre")),
    What.QUEUE_OLD: Told(
        mark("{n} wait, the oldest for {days} days"), mark("Bring the network back. Nothing is lost meanwhile.")
    ),
    What.QUEUE_QUARANTINED: Told(mark("{n} could not be read at the centre"), mark("Tell the centre.")),
    What.NUMBERS_LEFT: Told(mark("{series}")),
    What.NUMBERS_FEW: Told(mark("few: {series}"), mark("Bring the network back: the centre gives more by itself.")),
    What.NUMBERS_NONE: Told(mark("none: {series}"), mark("Bring the network back: the centre gives more by itself.")),
    What.CLOCK_TRUSTED: Told(mark("right")),
    What.CLOCK_DOUBTFUL: Told(
        mark("not to be trusted: no due dates are given"), mark("Bring the network back: the centre knows the time.")
    ),
    What.DISK_FREE: Told(mark("{n} MB free")),
    What.DISK_LOW: Told(mark("only {n} MB free"), mark("See what fills the disk. Below 64 MB nobody is served.")),
    What.DISK_FULL: Told(mark("only {n} MB free: nobody is served"), mark("Make room on the disk now.")),
    What.HEAT_NORMAL: Told(mark("{n} °C")),
    What.HEAT_HIGH: Told(mark("{n} °C: too hot"), mark("Clean the vents and see that the fan turns.")),
    What.POWER_STEADY: Told(mark("steady")),
    What.POWER_LOW: Told(mark("too weak"), mark("Use the power supply and the cable that belong to the machine.")),
    What.POWER_THROTTLED: Told(
        mark("the machine slows itself down"), mark("Look at its power supply and its cooling.")
    ),
    What.MEMORY_FREE: Told(mark("{n} MB free")),
    What.MEMORY_LOW: Told(mark("only {n} MB free"), mark("Restart the programs. If it comes back, tell the centre.")),
    What.SOUND_READY: Told(mark("works")),
    What.SOUND_MISSING: Told(
        mark("{program} is not installed"), mark("Install it, or name another one in totem.toml.")
    ),
    What.SOUND_OFF: Told(mark("switched off in totem.toml")),
    What.SOUND_PLAYED: Told(
        mark("a sentence was played"), mark("Not heard? Look at the loudspeaker and the mixer.")
    ),
    What.CARD_READ: Told(mark("the chip answered")),
    What.CARD_NONE: Told(mark("no card is in the reader"), mark("Insert any card with a chip.")),
    What.CARD_MUTE: Told(
        mark("the chip does not answer"), mark("Turn the card round, wipe the chip, or try another one.")
    ),
    What.PAPER_CONFIRMED: Told(mark("printed: the printer confirmed it")),
    What.PAPER_IN_DOUBT: Told(mark("sent, and never confirmed"), mark("Look at the paper: is it whole?")),
    What.PAPER_FAILED: Told(mark("the paper could not be made"), mark("Look at the log.")),
    What.PAPER_NOT_IN_TIME: Told(mark("the printer was not ready in time"), mark("See what the state says of it.")),
    What.PAPER_NOT_MADE: Told(mark("nothing could be printed"), mark("See what the state says of the store.")),
    What.PAPER_NOTED: Told(mark("the new roll is noted")),
    What.QUEUE_SENT: Told(mark("{n} are being sent")),
    What.CATALOGUE_BEFORE: Told(mark("version {n} is kept beside it")),
    What.CATALOGUE_NO_BEFORE: Told(mark("there is none before it")),
    What.CATALOGUE_ROLLED_BACK: Told(
        mark("version {n} runs again"), mark("Tell the centre: version {bad} does not come back by itself.")
    ),
    What.TOUCH_CALIBRATED: Told(mark("calibrated and kept")),
    What.TOUCH_UNEVEN: Told(mark("the touches did not fit together"), mark("Try again, with one finger.")),
    What.RESTARTS: Told(mark("restarting")),
    What.RESTART_REFUSED: Told(mark("the system refused it: {why}"), mark("Switch the machine off and on by hand.")),
}

SOUND_SENTENCE = mark("This is the sound of the kiosk. One, two, three.")
