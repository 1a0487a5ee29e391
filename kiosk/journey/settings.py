"""How the screen is shown and spoken to the citizen who is here now. All of it ends with the session."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

RATES = VOLUMES = range(1, 6)
TIMES = range(1, 4)
# EN 301 549 2.2.1 (WCAG 2.1): a limit that can be extended, can be so at least ten times.
EXTENSIONS = 10


class TextSize(StrEnum):
    """Three sizes of all text on the screen."""

    NORMAL = "normal"
    LARGE = "large"
    LARGEST = "largest"


@dataclass(frozen=True)
class Settings:
    """`rate` and `volume` of the speech from 1 to 5; `time` multiplies every limit of waiting by 1, 2 or 3.

    `reach`: every control in the lower half. `keys`: somebody works the screen by keys, so the focus is shown.
    ValueError where a number is out of its range.
    """

    text: TextSize = TextSize.NORMAL
    high_contrast: bool = False
    reach: bool = False
    speech: bool = False
    rate: int = 3
    volume: int = 3
    time: int = 1
    simple: bool = False
    keys: bool = False

    def __post_init__(self) -> None:
        if self.rate not in RATES or self.volume not in VOLUMES or self.time not in TIMES:
            raise ValueError("rate and volume lie between 1 and 5, time between 1 and 3")
