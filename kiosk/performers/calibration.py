"""The touch panel's calibration, kept in the state folder: how touches are set right before anybody sees them."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from kiosk.journey.affine import Affine
from kiosk.performers import failures

FILE = "touch.json"


class Calibration:
    """`present` is what touches are set right by now. A file that cannot be read counts as none: a technician could
    not calibrate anew otherwise.
    """

    def __init__(self, folder: Path) -> None:
        self._file = folder / FILE
        self.present = self._read()

    def add(self, found: Affine) -> None:
        """Found with touches that were set right by the present one: both from now on."""
        self.present = found.after(self.present)
        aside = self._file.with_suffix(".new")
        try:
            aside.write_text(json.dumps(asdict(self.present)), encoding="ascii")
            aside.replace(self._file)
        except OSError as error:
            failures.tell("calibration-not-kept", error)

    def _read(self) -> Affine:
        try:
            told = json.loads(self._file.read_text(encoding="ascii"))
            return Affine(**{name: float(value) for name, value in told.items()})
        except FileNotFoundError:
            return Affine()
        except (OSError, ValueError, TypeError, AttributeError) as error:
            failures.tell("calibration-unreadable", error)
            return Affine()
