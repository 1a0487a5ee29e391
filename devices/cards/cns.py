"""The Italian Carta Nazionale dei Servizi, the health card TS-CNS among them: a file system, and one RSA key.

Without a PIN it gives certified data and no proof of the chip. Sources: CNS functional and file system specifications;
which cards differ, as OpenSC's documentation tells it.
"""

from __future__ import annotations

from typing import Self

from devices.cards import cns_files
from devices.cards.base import CardFault, FileCard, KeyCard, PinOutcome, Slot, Trust
from devices.cards.files import DEFAULT_ANSWER, FileMissing, read_der, read_selected, select
from devices.cards.pin import Pin
from devices.cards.pkcs1 import encoded
from devices.pin_pad import PinPad
from devices.transport import SUCCESS, Transport, exchange_chained, send
from kiosk.journey.state import CardTrouble
from offline_cache.contract.certificates import parse
from offline_cache.contract.checks import CheckName, passed
from offline_cache.contract.profiles import CNS
from offline_cache.contract.verification import Verified, check_chain

PERSONAL_DATA, CARD_NUMBER = bytes.fromhex("11001102"), bytes.fromhex("10001003")
# Where the authentication certificate lies, and its key: as the specification says, and on cards of IDEMIA since 2021.
LAYOUTS = ((bytes.fromhex("11001101"), 0x01), (bytes.fromhex("140090012002"), 0x02))
MAX_DATA_BYTES, CARD_NUMBER_BYTES = 4096, 16
PIN_REFERENCE, PIN_DIGITS = 0x10, range(5, 9)
# Masks of STIncard want the reference marked as "look for it above, too".
MASK_STINCARD, SEARCH_ABOVE = 0x09, 0x80
HISTORICAL_BYTES = 15
NOT_SATISFIED = 0x6982


class Cns(FileCard, KeyCard):
    """One card, known by its ATR alone: CNS cards have no application name of their own."""

    family = "cns"
    profiles = (CNS,)

    @classmethod
    def claims(cls, atr: bytes) -> bool:
        historical = historical_bytes(atr)
        return len(historical) == HISTORICAL_BYTES and historical[9:12] == b"CNS"

    @classmethod
    def open(cls, slot: Slot) -> Self:
        atr = slot.link.atr
        if not cls.claims(atr):
            raise CardFault(CardTrouble.UNKNOWN_FAMILY, "the ATR is not that of a CNS")
        return cls(slot.link, atr, slot.link.pin_pad())

    def __init__(self, transport: Transport, atr: bytes, pad: PinPad | None = None) -> None:
        self._transport = transport
        search = SEARCH_ABOVE if historical_bytes(atr)[3:4] == bytes([MASK_STINCARD]) else 0
        self._pin = Pin(transport, PIN_REFERENCE | search, PIN_DIGITS, pad=pad)
        self._found: tuple[bytes, int] | None = None

    def identify(self, trust: Trust) -> Verified:
        """The certificate names the codice fiscale and binds, by a hash, the file that also holds the name."""
        select(self._transport, PERSONAL_DATA, answer=DEFAULT_ANSWER)
        file = read_selected(self._transport, MAX_DATA_BYTES)
        select(self._transport, CARD_NUMBER, answer=DEFAULT_ANSWER)
        card_number = read_selected(self._transport, CARD_NUMBER_BYTES)
        certificates = self.certificates()
        lists = trust.lists(certificates)
        checks = check_chain(certificates, trust.anchors, trust.at, profiles=self.profiles, lists=lists)
        data = cns_files.personal_data_of(file)
        bound = cns_files.check_binding(certificates[0], file, data, card_number)
        return Verified(cns_files.holder_of_data(data), (passed(CheckName.FORMAT), bound, *checks))

    def certificates(self) -> list[bytes]:
        return [self._certificate_and_key()[0]]

    def tries_left(self) -> int | None:
        return self._pin.tries_left()

    def verify_pin(self, pin: bytearray) -> PinOutcome:
        return self._pin.verify(pin)

    @property
    def has_pad(self) -> bool:
        return self._pin.pad is not None

    def verify_on_pad(self) -> PinOutcome:
        return self._pin.verify_on_pad()

    def sign(self, digest: bytes) -> bytes:
        """Security environment 3, the key, then PSO: DECIPHER, which is raw RSA: the padding is made here."""
        certificate, key = self._certificate_and_key()
        modulus = parse(certificate).public_key.byte_size
        for command in ([0x00, 0x22, 0xF3, 0x03, 0x00], [0x00, 0x22, 0xF1, 0xB8, 0x03, 0x83, 0x01, key]):
            status = send(self._transport, command)
            if status != SUCCESS:
                raise CardFault(CardTrouble.UNREADABLE, f"MSE answered {status:04X}")
        block = b"\x00" + encoded(digest, modulus)
        signature, status = exchange_chained(self._transport, (0x00, 0x2A, 0x80, 0x86), block)
        if status == NOT_SATISFIED:
            raise CardFault(CardTrouble.UNREADABLE, "the card has forgotten its PIN")
        if status != SUCCESS:
            raise CardFault(CardTrouble.UNREADABLE, f"PSO: DECIPHER answered {status:04X}")
        return signature

    def _certificate_and_key(self) -> tuple[bytes, int]:
        if self._found is None:
            for path, key in LAYOUTS:
                try:
                    select(self._transport, path, answer=DEFAULT_ANSWER)
                except FileMissing:
                    continue
                if certificate := read_der(self._transport):
                    self._found = certificate, key
                    break
            else:
                raise CardFault(CardTrouble.NO_IDENTITY, "the card has no authentication certificate")
        return self._found


def historical_bytes(atr: bytes) -> bytes:
    """What stands behind the interface bytes (ISO 7816-3 clause 8.2); empty if the ATR is cut off."""
    if len(atr) < 2:
        return b""
    count, at, more = atr[1] & 0xF, 2, atr[1] >> 4
    while more:
        at += more.bit_count()
        if not more & 0x8:
            break
        if at > len(atr):
            return b""
        more = atr[at - 1] >> 4
    found = atr[at : at + count]
    return found if len(found) == count else b""
