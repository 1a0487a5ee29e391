"""A Belgian eID's chip in software (Reference manual Belpic V1.8), and made-up citizens under a register of our own.

With elliptic keys it is an applet 1.8; with an RSA key an applet 1.7, which OpenSC's tools of today can also sign with.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, decode_dss_signature
from cryptography.x509.oid import ExtendedKeyUsageOID

from devices.virtual.authority import Authority, Key, der, name, usage
from devices.virtual.belgium_pkcs15 import directory_files
from devices.virtual.iso7816 import (
    BAD_DATA,
    BAD_P1_P2,
    NO_INS,
    NO_SUCH_KEY,
    NOT_FOUND,
    NOT_NOW,
    NOT_SATISFIED,
    SUCCESS,
    Answer,
    Chip,
    FileSystem,
    PinCounter,
)

APPLICATION = bytes.fromhex("A00000003029057000AD13100101FF")
ATR_18 = bytes.fromhex("3B7F96000080318065B085040120120FFF829000")
ATR_17 = bytes.fromhex("3B9813400AA503010101AD1311")
CHIP_SERIAL = bytes.fromhex("534C494E0033460000000000000000FF")
FILLING = bytes(1100)  # 8.1: zeros after the certificate
CITIZEN_POLICY, REGISTER_POLICY = "2.16.56.12.1.1.2.2", "2.16.56.12.1.1.4"
ROOT = name(country="BE", organization="Demonstration - no value", common_name="Belgium Root CA (demonstration)")
CITIZEN_CA = name(
    country="BE", organization="Demonstration - no value", common_name="Citizen CA", serial_number="299901"
)
REGISTER = name(country="BE", organization="RRN", common_name="RRN")


@dataclass(frozen=True)
class Citizen:
    """What the register would write. `given` and `surname` also stand in the certificate."""

    given: str = "Lotte Marie"
    surname: str = "Peeters"
    number: str = "85073003328"
    valid_until: str = "31.12.2039"
    birth: str = "30 JUL 1985"
    street: str = "Nieuwstraat 12 bus 3"
    zip_code: str = "1000"
    municipality: str = "Brussel"


LOTTE = Citizen()


@dataclass(frozen=True)
class Register:
    """The authorities behind a citizen's card."""

    root: Authority
    citizens: Authority
    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @classmethod
    def make(cls, *, address: str | None = None) -> Register:
        root = Authority.root(ROOT, _p384(), address=address and f"{address}/root.crl")
        citizens = root.intermediate(CITIZEN_CA, _p384(), address=address and f"{address}/citizens.crl")
        key = _p384()
        both = usage("digital_signature", "content_commitment")
        certificate = root.issue(REGISTER, key.public_key(), policies=[REGISTER_POLICY], key_usage=both)
        return cls(root, citizens, key, certificate)

    def sign(self, message: bytes) -> bytes:
        return self.key.sign(message, ec.ECDSA(hashes.SHA384()))


def simple_tlv(fields: dict[int, bytes]) -> bytes:
    """Content v5.4, 6.1: each FF of the length adds 255."""
    lengths = {tag: b"\xff" * (len(value) // 255) + bytes([len(value) % 255]) for tag, value in fields.items()}
    return b"".join(bytes([tag]) + lengths[tag] + value for tag, value in fields.items())


def make_card(
    register: Register,
    citizen: Citizen = LOTTE,
    *,
    key: Key | None = None,
    pin: str = "1234",
    structure_version: bool = True,
    certificate_of: Citizen | None = None,
    with_certificate: bool = True,
) -> BelgianCard:
    """A fresh card. `structure_version` False leaves out tag 0, which OpenSC's eidenv cannot read past."""
    key, chip_key = key or _p384(), _p384()
    public = chip_key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    identity = _identity(citizen, public if isinstance(key, ec.EllipticCurvePrivateKey) else None)
    address = {0x01: citizen.street.encode(), 0x02: citizen.zip_code.encode(), 0x03: citizen.municipality.encode()}
    if structure_version:
        identity, address = {0: b"\x00\x02", **identity}, {0: b"\x00\x02", **address}
    id_file, address_file = simple_tlv(identity), simple_tlv(address)
    id_signature = register.sign(id_file)
    named = certificate_of or citizen
    subject = name(
        country="BE",
        common_name=f"{named.given.split()[0]} {named.surname} (Authentication)",
        surname=named.surname,
        given_name=named.given,
        serial_number=named.number,
    )
    certificate = register.citizens.issue(
        subject, key.public_key(), policies=[CITIZEN_POLICY], extended=[ExtendedKeyUsageOID.CLIENT_AUTH]
    )
    files = {
        "DF005038": der(certificate) + FILLING if with_certificate else bytes(2500),
        "DF00503A": der(register.citizens.certificate) + FILLING,
        "DF00503B": der(register.root.certificate) + FILLING,
        "DF00503C": der(register.certificate) + FILLING,
        "DF014031": id_file,
        "DF014032": id_signature,
        "DF014033": address_file + bytes(10),
        "DF014034": register.sign(address_file + id_signature).ljust(112, b"\0"),
        "DF014040": public,
    }
    paths = {bytes.fromhex(f"3F00{path}"): content for path, content in files.items()}
    paths |= directory_files(CHIP_SERIAL, elliptic=isinstance(key, ec.EllipticCurvePrivateKey))
    return BelgianCard(key, chip_key, FileSystem(paths), PinCounter(_block(pin)))


@dataclass
class BelgianCard(Chip):
    """One card: authentication key, card key, files, PIN. `chip_refuses`: after 5000 challenges without a PIN."""

    key: Key
    chip_key: ec.EllipticCurvePrivateKey
    files: FileSystem
    pin: PinCounter
    chip_refuses: bool = False
    _algorithm: int | None = field(default=None, init=False)

    @property
    def atr(self) -> bytes:
        return ATR_18 if isinstance(self.key, ec.EllipticCurvePrivateKey) else ATR_17

    def with_file(self, path: str, content: bytes) -> BelgianCard:
        """A copy with one file changed; `path` in hexadecimal, below 3F00."""
        changed = {**self.files.files, bytes.fromhex(f"3F00{path}"): content}
        return replace(self, files=FileSystem(changed), pin=replace(self.pin))

    def forget(self) -> None:
        self.files.reset()
        self.pin.verified = False
        self._algorithm = None

    def answer(self, command: tuple[int, int, int, int], data: bytes) -> Answer:
        match command:
            case (0x00, 0xA4, 0x04, 0x0C):
                return b"", SUCCESS if data == APPLICATION else NOT_FOUND
            case (0x00, 0xA4, 0x02 | 0x08, 0x0C):
                return b"", self.files.select(data)
            case (0x00, 0xB0, high, low):
                return self.files.read(high << 8 | low, self.expected)
            case (0x00, 0x20, 0x00, 0x01):
                return b"", self.pin.verify(data)
            case (0x00, 0x22, 0x41, 0xB6):
                return b"", self._set_environment(data)
            case (0x00, 0x2A, 0x9E, 0x9A):
                return self._sign(data)
            case (0x00, 0x88, 0x02, 0x81):
                return self._internal_authenticate(data)
            case (0x80, 0xE4, 0x00, 0x00):
                return self._card_data(), SUCCESS
            case (0x00, 0xA4 | 0x20 | 0x22 | 0x2A | 0x88, _, _):
                return b"", BAD_P1_P2
        return b"", NO_INS

    def _set_environment(self, data: bytes) -> bytes:
        if len(data) != 5 or data[:2] != b"\x04\x80" or data[3] != 0x84:
            return BAD_DATA
        if data[4] != 0x82:
            return NO_SUCH_KEY
        self._algorithm = data[2]
        return SUCCESS

    def _sign(self, data: bytes) -> Answer:
        if self._algorithm is None:
            return b"", NOT_NOW
        if not self.pin.verified:
            return b"", NOT_SATISFIED
        if isinstance(self.key, rsa.RSAPrivateKey):
            return self._sign_rsa(self.key, data)
        hashed = {0x01: hashes.SHA256(), 0x02: hashes.SHA384()}.get(self._algorithm)
        if hashed is None or len(data) != hashed.digest_size:
            return b"", BAD_DATA
        return _plain(self.key.sign(data, ec.ECDSA(Prehashed(hashed)))), SUCCESS

    def _sign_rsa(self, key: rsa.RSAPrivateKey, data: bytes) -> Answer:
        if self._algorithm == 0x08 and len(data) == 32:
            return key.sign(data, padding.PKCS1v15(), Prehashed(hashes.SHA256())), SUCCESS
        if self._algorithm != 0x01:
            return b"", BAD_DATA
        # The caller's own DigestInfo, padded by the chip (RFC 8017 section 9.2); raw RSA is enough for made-up keys.
        size, numbers = key.key_size // 8, key.private_numbers()
        block = int.from_bytes(b"\x00\x01" + b"\xff" * (size - 3 - len(data)) + b"\x00" + data, "big")
        return pow(block, numbers.d, numbers.public_numbers.n).to_bytes(size, "big"), SUCCESS

    def _internal_authenticate(self, data: bytes) -> Answer:
        if self.chip_refuses or isinstance(self.key, rsa.RSAPrivateKey):
            return b"", NOT_NOW
        if data[:2] != b"\x94\x30" or len(data) != 50:
            return b"", BAD_DATA
        return _plain(self.chip_key.sign(data[2:], ec.ECDSA(Prehashed(hashes.SHA384())))), SUCCESS

    def _card_data(self) -> bytes:
        """GET CARD DATA (6.14): 28 bytes, of which the applet's version is what matters."""
        version = 0x18 if isinstance(self.key, ec.EllipticCurvePrivateKey) else 0x17
        return CHIP_SERIAL + bytes([0xF3, 0x36, 0x01, 0x02, 0x06, version, 0x00, 0x01, version, 0x21, 0x01, 0x0F])


def _identity(citizen: Citizen, chip_key: bytes | None) -> dict[int, bytes]:
    fields = {
        0x01: b"592999999901",
        0x02: CHIP_SERIAL,
        0x03: b"01.01.2024",
        0x04: citizen.valid_until.encode(),
        0x05: b"Brussel",
        0x06: citizen.number.encode(),
        0x07: citizen.surname.encode(),
        0x08: citizen.given.encode(),
        0x09: b"",
        0x0A: b"Belg",
        0x0B: b"Gent",
        0x0C: citizen.birth.encode(),
        0x0D: b"V",
        0x0E: b"",
        0x0F: b"1",
        0x10: b"0",
        0x11: hashlib.sha384(b"no photo").digest(),
    }
    if chip_key is not None:
        fields[0x1A] = hashlib.sha384(chip_key).digest()
    return fields


def _block(pin: str) -> bytes:
    return bytes([0x20 | len(pin)]) + bytes.fromhex(pin.ljust(14, "F"))


def _plain(signature: bytes) -> bytes:
    """Both numbers, side by side (TR-03111), 48 bytes each."""
    return b"".join(number.to_bytes(48, "big") for number in decode_dss_signature(signature))


def _p384() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP384R1())
