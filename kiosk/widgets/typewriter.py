"""What characters can be typed on: a pad or keyboard of the screen, which a real keyboard types on as well."""

from __future__ import annotations

from abc import abstractmethod

from kiosk.widgets.block import Block


class Typewriter(Block):
    """It writes into whatever listens to its keys, as if the finger had found them.

    Its keys are made when it is placed: a screen tries several before it has one that fits.
    """

    def arrange(self) -> None:
        if not self.children:
            self.make_keys()
        self.place_keys()

    @abstractmethod
    def make_keys(self) -> None:
        """Add every key."""

    @abstractmethod
    def place_keys(self) -> None:
        """Place every key."""

    @abstractmethod
    def take(self, character: str) -> bool:
        """Type one character; False if it has no such key."""

    @abstractmethod
    def erase(self) -> None:
        """Take the last character back."""
