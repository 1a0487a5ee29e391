"""A chip without a reader in between, and a chip that lies."""

from __future__ import annotations

from collections.abc import Callable

from devices.pin_pad import PinPad
from devices.virtual.vpcd import VirtualCard


class Direct:
    """Hands each command to the card; keeps what was sent."""

    reader = "no reader"
    pad: PinPad | None = None

    def __init__(self, card: VirtualCard) -> None:
        self.card = card
        self.sent: list[bytes] = []
        card.power_on()

    @property
    def atr(self) -> bytes:
        return self.card.atr

    def transmit(self, command: list[int]) -> bytes:
        self.sent.append(bytes(command))
        return self.card.process(bytes(command))

    def pin_pad(self) -> PinPad | None:
        return self.pad

    def close(self) -> None:
        self.card.power_off()

    def pins_sent(self) -> int:
        return sum(command[1] == 0x20 and len(command) > 5 for command in self.sent)


class Lying(Direct):
    """A card whose answers are changed on their way: `lie` gets command and answer."""

    def __init__(self, card: VirtualCard, lie: Callable[[bytes, bytes], bytes]) -> None:
        super().__init__(card)
        self._lie = lie

    def transmit(self, command: list[int]) -> bytes:
        return self._lie(bytes(command), super().transmit(command))
