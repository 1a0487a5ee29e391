"""What the kiosk was handed over about its technicians: the operator's authority, its revocation list, the lockout.

Never from the catalogue: whoever publishes services does not make technicians.
"""

from __future__ import annotations

from pathlib import Path

from kiosk.performers import failures
from offline_cache.contract.staff import OperatorTrust

ANCHORS, LIST, LOCKOUT = "anchors.pem", "revocation.crl", "wrong-pins"


class OperatorStore:
    """The folder `operator` of the state folder; without its `anchors.pem` no card opens anything."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def trust(self) -> OperatorTrust | None:
        try:
            anchors = (self._folder / ANCHORS).read_text(encoding="ascii")
        except (OSError, UnicodeDecodeError):
            return None
        try:
            held: bytes | None = (self._folder / LIST).read_bytes()
        except OSError:
            held = None
        return OperatorTrust((anchors,), held)

    def wrong_pins(self) -> int:
        """In a row, as they were kept. What cannot be read counts as none: nobody could get in otherwise."""
        try:
            return max(0, int((self._folder / LOCKOUT).read_text(encoding="ascii")))
        except (OSError, ValueError):
            return 0

    def keep_wrong_pins(self, count: int) -> None:
        aside = self._folder / f"{LOCKOUT}.new"
        try:
            aside.write_text(str(count), encoding="ascii")
            aside.replace(self._folder / LOCKOUT)
        except OSError as error:
            failures.tell("lockout-not-kept", error)
