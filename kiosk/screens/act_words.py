"""What each of a technician's acts is called, and what is said while it is done."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.journey.technician_stages import Act
from kiosk.locale.translate import mark


@dataclass(frozen=True)
class Called:
    """`label` on its button, `title` over its own screen, `lead` below that."""

    label: str
    icon: str
    title: str
    lead: str = ""


ACTS: dict[Act, Called] = {
    Act.STATE: Called(mark("State of everything"), "list-checks", mark("How this kiosk is")),
    Act.TEST_PRINT: Called(
        mark("Test print"), "printer", mark("Test of the printer"),
        mark("A page without value. Every line must be whole."),
    ),
    Act.PRINT_STATUS: Called(
        mark("Print the state"), "receipt", mark("The state on paper"), mark("For your papers, without value.")
    ),
    Act.TEST_READER: Called(
        mark("Test the reader"), "identification-card", mark("Test of the card reader"),
        mark("The chip is asked who it is. Nothing of it is shown or kept."),
    ),
    Act.TEST_TOUCH: Called(mark("Test the touch"), "hand-tap", mark("Touch every field once")),
    Act.CALIBRATE: Called(mark("Calibrate"), "hand-pointing-fill", mark("Calibration of the touch")),
    Act.TEST_SCREEN: Called(mark("Test the screen"), "squares-four", mark("Test of the screen")),
    Act.TEST_SOUND: Called(
        mark("Test the sound"), "speaker-high", mark("Test of the sound"),
        mark("A sentence is said as loud as it can be."),
    ),
    Act.TEST_NETWORK: Called(
        mark("Test the network"), "globe", mark("Test of the network"),
        mark("One step after the other, up to the centre."),
    ),
    Act.PAPER_CHANGED: Called(mark("Paper changed"), "receipt-fill", mark("A new roll")),
    Act.QUEUE: Called(mark("Queue"), "envelope", mark("What waits for the centre")),
    Act.SEND_NOW: Called(mark("Send now"), "envelope", mark("What waits for the centre")),
    Act.CATALOGUE: Called(mark("Catalogue"), "book-open-text", mark("The service catalogue")),
    Act.ROLL_BACK: Called(mark("Back to the one before"), "arrow-counter-clockwise", mark("The service catalogue")),
    Act.LOG: Called(
        mark("Log as QR"), "qr-code", mark("The newest lines of the log"),
        mark("Read each picture with a phone. The newest lines come first."),
    ),
    Act.RESTART: Called(
        mark("Restart"), "arrows-clockwise", mark("Restart what?"),
        mark("Nothing is lost: what was registered is on disk."),
    ),
    Act.RESTART_PROGRAMS: Called(mark("The programs"), "arrows-clockwise", mark("Restart")),
    Act.RESTART_MACHINE: Called(mark("The machine"), "arrow-counter-clockwise", mark("Restart")),
}
# In the menu, in the order in which they help.
MENU = (
    Act.STATE, Act.TEST_PRINT, Act.TEST_READER, Act.TEST_NETWORK, Act.PAPER_CHANGED, Act.QUEUE, Act.CATALOGUE,
    Act.TEST_TOUCH, Act.TEST_SCREEN, Act.TEST_SOUND, Act.PRINT_STATUS, Act.LOG,
)  # fmt: skip
# What can be done from an act's own screen; the first is the main one.
FURTHER: dict[Act, tuple[Act, ...]] = {
    Act.TEST_PRINT: (Act.TEST_PRINT,),
    Act.PRINT_STATUS: (Act.PRINT_STATUS,),
    Act.TEST_READER: (Act.TEST_READER,),
    Act.TEST_SOUND: (Act.TEST_SOUND,),
    Act.TEST_NETWORK: (Act.TEST_NETWORK,),
    Act.PAPER_CHANGED: (Act.TEST_PRINT,),
    Act.QUEUE: (Act.SEND_NOW,),
    Act.CATALOGUE: (Act.ROLL_BACK,),
    Act.CALIBRATE: (Act.CALIBRATE,),
    Act.RESTART: (Act.RESTART_PROGRAMS, Act.RESTART_MACHINE),
}
