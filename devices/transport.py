"""APDUs to one card over PC/SC (ISO 7816-3 and -4), with limits on whatever a hostile card may do.

Any error of the transport ends the session: after a swap the same handle was once seen to talk to the new card.
"""

from __future__ import annotations

from types import TracebackType
from typing import Protocol, Self

from smartcard import scard

from devices.cards.base import CardFault
from devices.pin_pad import GET_FEATURE_REQUEST, PinPad, find
from devices.reader import PcscError, establish, reader_with_card
from kiosk.journey.state import CardTrouble

MAX_RESPONSE_BYTES = 65536
MAX_HOPS = 64
MAX_APDUS = 400
SUCCESS = 0x9000
GONE = frozenset(
    code & 0xFFFFFFFF
    for code in (scard.SCARD_W_REMOVED_CARD, scard.SCARD_E_NO_SMARTCARD, scard.SCARD_E_READER_UNAVAILABLE)
)


class Transport(Protocol):
    """One raw command to the card, one raw answer (data and status word)."""

    def transmit(self, command: list[int]) -> bytes:
        """CardFault if there is no proper answer."""


class Connection:
    """An exclusive connection to the card in the reader; closing it resets the card, and so forgets its PIN."""

    def __init__(self) -> None:
        """CardFault REMOVED if there is no card, UNREADABLE if it does not answer."""
        self._context: int | None = None
        self._card: int | None = None
        self._apdus = 0
        self.reader = ""
        try:
            self._context = establish()
            reader = reader_with_card(self._context)
        except PcscError as error:
            self.close()
            raise CardFault(CardTrouble.UNREADABLE, str(error)) from error
        if reader is None:
            self.close()
            raise CardFault(CardTrouble.REMOVED, "no card in any reader")
        protocols = scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1
        code, card, protocol = scard.SCardConnect(self._context, reader, scard.SCARD_SHARE_EXCLUSIVE, protocols)
        if code != scard.SCARD_S_SUCCESS:
            self.close()
            raise _fault("SCardConnect", code)
        self._card = card
        self.reader = reader
        self._protocol = scard.SCARD_PCI_T1 if protocol == scard.SCARD_PROTOCOL_T1 else scard.SCARD_PCI_T0

    @property
    def atr(self) -> bytes:
        """Answer to reset (ISO 7816-3 clause 8); CardFault if the card has gone."""
        if self._card is None:
            raise CardFault(CardTrouble.UNREADABLE, "the connection is closed")
        code, _, _, _, atr = scard.SCardStatus(self._card)
        if code != scard.SCARD_S_SUCCESS:
            self.close()
            raise _fault("SCardStatus", code)
        return bytes(byte & 0xFF for byte in atr)

    def transmit(self, command: list[int]) -> bytes:
        """CardFault REMOVED or UNREADABLE; the connection is closed then, and stays so."""
        self._apdus += 1
        if self._card is None or self._apdus > MAX_APDUS:
            self.close()
            raise CardFault(CardTrouble.UNREADABLE, "the connection is closed, or was used too often")
        if self._protocol == scard.SCARD_PCI_T0 and len(command) > 6 and len(command) == 6 + command[4]:
            command = command[:-1]  # ISO 7816-3 clause 12.2.5: with T=0 what brings data has no Le; 61xx comes instead
        code, answer = scard.SCardTransmit(self._card, self._protocol, command)
        if code != scard.SCARD_S_SUCCESS:
            self.close()
            raise _fault("SCardTransmit", code)
        if len(answer) < 2:
            self.close()
            raise CardFault(CardTrouble.UNREADABLE, "an answer without status word")
        return bytes(byte & 0xFF for byte in answer)

    def control(self, code: int, data: list[int]) -> bytes:
        """SCardControl: a word with the reader, not with the card. CardFault as for `transmit`."""
        if self._card is None:
            raise CardFault(CardTrouble.UNREADABLE, "the connection is closed")
        result, answer = scard.SCardControl(self._card, code, data)
        if result != scard.SCARD_S_SUCCESS:
            self.close()
            raise _fault("SCardControl", result)
        return bytes(byte & 0xFF for byte in answer)

    def pin_pad(self) -> PinPad | None:
        """The reader's own PIN pad, if it has one; a reader that knows no features has none."""
        if self._card is None:
            return None
        request = scard.SCARD_CTL_CODE(GET_FEATURE_REQUEST)
        result, answer = scard.SCardControl(self._card, request, [])
        if result != scard.SCARD_S_SUCCESS:
            return None
        told = bytes(byte & 0xFF for byte in answer)
        return find(lambda code, data: told if code == request else self.control(code, data), request)

    def close(self) -> None:
        """Safe to call more than once."""
        card, self._card = self._card, None
        context, self._context = self._context, None
        if card is not None:
            scard.SCardDisconnect(card, scard.SCARD_RESET_CARD)
        if context is not None:
            scard.SCardReleaseContext(context)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def send(transport: Transport, command: list[int]) -> int:
    """One command that asks for no data, sent exactly once whatever the card says: the status word."""
    return int.from_bytes(transport.transmit(command)[-2:], "big")


def exchange(transport: Transport, command: list[int]) -> tuple[bytes, int]:
    """One command that ends in Le, with whatever GET RESPONSE (61xx) and corrected Le (6Cxx) it takes.

    Gives data and status word. Neither T=0 nor T=1 does this for us. CardFault UNREADABLE if a card never comes to an
    end.
    """
    gathered = bytearray()
    answer = transport.transmit(command)
    for _ in range(MAX_HOPS):
        data, status = answer[:-2], int.from_bytes(answer[-2:], "big")
        gathered += data
        if len(gathered) > MAX_RESPONSE_BYTES:
            break
        if status >> 8 == 0x61:
            answer = transport.transmit([command[0] & ~0x10, 0xC0, 0x00, 0x00, status & 0xFF])
            if len(answer) <= 2 and answer[0] == 0x61:
                break  # more is promised and nothing comes
        elif status >> 8 == 0x6C and not data:
            answer = transport.transmit([*command[:-1], status & 0xFF])
        else:
            return bytes(gathered), status
    raise CardFault(CardTrouble.UNREADABLE, "the card does not come to an end")


def exchange_chained(transport: Transport, header: tuple[int, int, int, int], data: bytes) -> tuple[bytes, int]:
    """Sends `data` in blocks of 255 with the chaining bit of CLA (ISO 7816-4 clause 5.1.1.1), Le 00 on the last."""
    cla, *rest = header
    blocks = [data[at : at + 255] for at in range(0, len(data), 255)]
    for block in blocks[:-1]:
        status = send(transport, [cla | 0x10, *rest, len(block), *block])
        if status != SUCCESS:
            return b"", status
    return exchange(transport, [cla, *rest, len(blocks[-1]), *blocks[-1], 0x00])


def _fault(call: str, code: int) -> CardFault:
    trouble = CardTrouble.REMOVED if code & 0xFFFFFFFF in GONE else CardTrouble.UNREADABLE
    return CardFault(trouble, f"{call}: 0x{code & 0xFFFFFFFF:08X}")
