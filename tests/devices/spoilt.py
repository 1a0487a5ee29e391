"""Cards that are broken or hostile."""

from __future__ import annotations

import os
from collections.abc import Callable

from devices.virtual.iso7816 import Chip


class Spoilt(Chip):
    """A good card whose answers are spoilt from the `after`th on."""

    def __init__(self, card: Chip, spoil: Callable[[bytes], bytes], after: int = 0) -> None:
        self.card = card
        self.spoil = spoil
        self.left = after

    @property
    def atr(self) -> bytes:
        return self.card.atr

    def forget(self) -> None:
        self.card.power_on()

    def answer(self, command: tuple[int, int, int, int], data: bytes) -> tuple[bytes, bytes]:
        raise NotImplementedError

    def process(self, command: bytes) -> bytes:
        answer = self.card.process(command)
        self.left -= 1
        return self.spoil(answer) if self.left < 0 else answer


SPOILERS: dict[str, Callable[[bytes], bytes]] = {
    "endless": lambda _: b"\x00" * 250 + b"\x61\xff",
    "promises-and-gives-nothing": lambda _: b"\x61\xff",
    "wrong-length-for-ever": lambda _: b"\x6c\x20",
    "a-file-without-end": lambda _: b"\x30\x82\x7f\xff".ljust(248, b"\x00") + b"\x90\x00",
    "a-length-of-gigabytes": lambda _: b"\x53\x84\xff\xff\xff\xff\x70\x84\xff\xff\xff\xff\x90\x00",
    "nested-for-ever": lambda _: b"\x30\x80" * 124 + b"\x90\x00",
    "zeros": lambda answer: bytes(len(answer) - 2) + b"\x90\x00",
    "garbage": lambda _: os.urandom(254) + b"\x90\x00",
    "everything-is-fine": lambda _: b"\x90\x00",
}
