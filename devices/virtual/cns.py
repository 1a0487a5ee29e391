"""An Italian CNS in software (CNS functional specification), and made-up holders under authorities of our own."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field, replace

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID

from devices.virtual.authority import Authority, der, name, usage
from devices.virtual.iso7816 import (
    BAD_DATA,
    BAD_P1_P2,
    NO_INS,
    NOT_FOUND,
    NOT_NOW,
    NOT_SATISFIED,
    SUCCESS,
    Answer,
    Chip,
    FileSystem,
    PinCounter,
    tlv,
)

# Version 1.1, mask of STIncard
ATR = bytes.fromhex("3BFF1800FF8131FE55006B02091617011101434E531131808D")
POLICY = "1.3.76.16.2.1"
CERTIFICATE, PERSONAL_DATA, CARD_NUMBER = (
    bytes.fromhex(f"3F00{path}") for path in ("11001101", "11001102", "10001003")
)
IDEMIA_CERTIFICATE = bytes.fromhex("3F00140090012002")


@dataclass(frozen=True)
class Holder:
    surname: str = "BIANCHI"
    name: str = "GIULIA"
    fiscal_code: str = "BNCGLI80A41F205F"
    card: str = "7430099900000001"


GIULIA = Holder()


@dataclass(frozen=True)
class Issuer:
    root: Authority
    citizens: Authority

    @classmethod
    def make(cls, *, address: str | None = None) -> Issuer:
        said = "Dimostrazione - senza valore"
        root = Authority.root(
            name(country="IT", organization=said, common_name="CNS Root"), _key(), address=address and f"{address}/root"
        )
        citizens = name(country="IT", organization=said, common_name="CNS Citizens")
        return cls(root, root.intermediate(citizens, _key(), address=address and f"{address}/citizens"))


def personal_data(holder: Holder, filling: int = 0) -> bytes:
    """EF.Dati_personali, and behind it zeros up to the size of the file."""
    fields = (
        "0001", "01012024", "01012030", holder.surname, holder.name, "01011980", "F", "",
        holder.fiscal_code, "ITA", "F205", "", "", "F205", "VIA DELLE PROVE 1, MILANO", "",
    )  # fmt: skip
    body = b"".join(f"{len(value):02X}".encode() + value.encode("latin-1") for value in fields)
    return f"{len(body):06X}".encode() + body + bytes(filling)


def make_card(
    issuer: Issuer,
    holder: Holder = GIULIA,
    *,
    bits: int = 2048,
    pin: str = "12345",
    filling: int = 100,
    filling_is_hashed: bool = False,
    certificate_path: bytes = CERTIFICATE,
    policy: str = POLICY,
    certified: Holder | None = None,
    commits: bool = False,
) -> CnsCard:
    """A fresh card. `certified`: whom the certificate names, if not the holder of the data."""
    key = _key(bits)
    data = personal_data(holder, filling)
    named = certified or holder
    hashed = data if filling_is_hashed else personal_data(holder)
    binding = base64.b64encode(hashlib.sha1(hashed).digest()).decode()  # noqa: S324  the cards' choice
    certificate = issuer.citizens.issue(
        name(country="IT", unit="Comune di Prova", common_name=f"{named.fiscal_code}/{named.card}.{binding}"),
        key.public_key(),
        policies=[policy],
        key_usage=usage("digital_signature", *(["content_commitment"] if commits else [])),
        extended=[ExtendedKeyUsageOID.CLIENT_AUTH],
    )
    files = {certificate_path: der(certificate) + bytes(200), PERSONAL_DATA: data, CARD_NUMBER: holder.card.encode()}
    reference = 0x02 if certificate_path == IDEMIA_CERTIFICATE else 0x01
    return CnsCard(key, FileSystem(files), PinCounter(pin.encode().ljust(8, b"\xff")), reference)


@dataclass
class CnsCard(Chip):
    """One card. `key_reference`: under which its key is known."""

    key: rsa.RSAPrivateKey
    files: FileSystem
    pin: PinCounter
    key_reference: int = 0x01
    _environment: bool = field(default=False, init=False)
    _key_set: bool = field(default=False, init=False)

    @property
    def atr(self) -> bytes:
        return ATR

    def with_file(self, path: bytes, content: bytes) -> CnsCard:
        return replace(self, files=FileSystem({**self.files.files, path: content}), pin=replace(self.pin))

    def forget(self) -> None:
        self.files.reset()
        self.pin.verified = self._environment = self._key_set = False

    def answer(self, command: tuple[int, int, int, int], data: bytes) -> Answer:
        match command:
            case (0x00, 0xA4, 0x00 | 0x08 | 0x09, 0x00):
                status = self.files.select(data)
                return (self._description(), SUCCESS) if status == SUCCESS else (b"", status)
            case (0x00, 0xA4, 0x00 | 0x08 | 0x09, 0x0C):
                return b"", self.files.select(data)
            case (0x00, 0xA4, _, _):
                return b"", NOT_FOUND
            case (0x00, 0xB0, high, low):
                return self.files.read(high << 8 | low, self.expected)
            case (0x00, 0x20, 0x00, 0x10 | 0x90):
                return b"", self.pin.verify(data)
            case (0x00, 0x22, 0xF3, 0x03):
                self._environment, self._key_set = True, False
                return b"", SUCCESS
            case (0x00, 0x22, 0xF1, 0xB6 | 0xB8):
                if not self._environment:
                    return b"", NOT_NOW
                self._key_set = data == bytes([0x83, 0x01, self.key_reference])
                return b"", SUCCESS if self._key_set else BAD_DATA
            case (0x00, 0x2A, 0x80, 0x86):
                return self._raw(data[1:]) if data[:1] == b"\x00" else (b"", BAD_DATA)
            case (0x00, 0x2A, 0x9E, 0x9A):
                return self._raw(data)
            case (0x00, 0x20 | 0x22 | 0x2A, _, _):
                return b"", BAD_P1_P2
        return b"", NO_INS

    def _description(self) -> bytes:
        """File control information (ISO 7816-4 clause 7.4): size, kind, identifier."""
        selected = self.files.selected
        if selected is None:
            return tlv(b"\x6f", tlv(b"\x82", b"\x38") + tlv(b"\x83", self.files.folder[-2:]))
        size = len(self.files.files[selected]).to_bytes(2, "big")
        return tlv(b"\x6f", tlv(b"\x80", size) + tlv(b"\x82", b"\x01") + tlv(b"\x83", selected[-2:]))

    def _raw(self, block: bytes) -> Answer:
        if not self._key_set:
            return b"", NOT_NOW
        if not self.pin.verified:
            return b"", NOT_SATISFIED
        size, numbers = self.key.key_size // 8, self.key.private_numbers()
        value, modulus = int.from_bytes(block, "big"), numbers.public_numbers.n
        if len(block) != size or value >= modulus:
            return b"", BAD_DATA
        return pow(value, numbers.d, modulus).to_bytes(size, "big"), SUCCESS


def _key(bits: int = 2048) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, bits)
