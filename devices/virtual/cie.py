"""The free part of a CIE 3.0 in software, signed by a document signer of our own."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace

# tsp adds names to cms, which remembers the ones it had when it was first used: whoever signs a PDF later needs them.
from asn1crypto import algos, cms, core, tsp  # noqa: F401
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from devices.virtual.authority import Authority, der, name
from devices.virtual.iso7816 import (
    BAD_DATA,
    BAD_P1_P2,
    NO_INS,
    NOT_FOUND,
    NOT_NOW,
    SUCCESS,
    Answer,
    Chip,
    FileSystem,
    tlv,
    with_check_byte,
)

IAS, CIE = bytes.fromhex("A0000000308000000009816001"), bytes.fromhex("A00000000039")
# What a contactless reader makes up for a card without historical bytes (PC/SC part 3)
ATR = with_check_byte(bytes.fromhex("3B808001"))
SECURITY_OBJECT = "2.23.136.1.1.1"
SAMPLE_NIS = "392746150283"


@dataclass(frozen=True)
class Ministry:
    """Country signer and document signer."""

    csca: Authority
    key: rsa.RSAPrivateKey
    certificate: x509.Certificate

    @classmethod
    def make(cls) -> Ministry:
        csca = Authority.root(name(country="IT", organization="Dimostrazione", common_name="Country Signer"), _key())
        key = _key()
        signer = name(country="IT", organization="Dimostrazione", common_name="Document Signer CIE")
        return cls(csca, key, csca.issue(signer, key.public_key()))


def security_object(ministry: Ministry, groups: dict[int, bytes], kind: str = SECURITY_OBJECT) -> bytes:
    """EF.SOD (ICAO Doc 9303 part 10, 4.6.2) over the files of these data groups."""
    hashed = [
        tlv(b"\x30", tlv(b"\x02", bytes([number])) + tlv(b"\x04", _sha256(file))) for number, file in groups.items()
    ]
    algorithm = algos.DigestAlgorithm({"algorithm": "sha256"})
    content = tlv(b"\x30", tlv(b"\x02", b"\x00") + algorithm.dump() + tlv(b"\x30", b"".join(hashed)))
    attributes = cms.CMSAttributes(
        [
            cms.CMSAttribute({"type": "content_type", "values": [kind]}),
            cms.CMSAttribute({"type": "message_digest", "values": [_sha256(content)]}),
        ]
    )
    certificate = asn1_x509.Certificate.load(der(ministry.certificate))
    signer = cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier(
                {
                    "issuer_and_serial_number": cms.IssuerAndSerialNumber(
                        {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
                    )
                }
            ),
            "digest_algorithm": algorithm,
            "signed_attrs": attributes,
            "signature_algorithm": {"algorithm": "sha256_rsa"},
            "signature": ministry.key.sign(attributes.dump(), padding.PKCS1v15(), hashes.SHA256()),
        }
    )
    signed = cms.SignedData(
        {
            "version": "v3",
            "digest_algorithms": [algorithm],
            "encap_content_info": {"content_type": kind, "content": core.ParsableOctetString(content)},
            "certificates": [certificate],
            "signer_infos": [signer],
        }
    )
    return tlv(b"\x77", cms.ContentInfo({"content_type": "signed_data", "content": signed}).dump())


def make_card(ministry: Ministry, nis: str = SAMPLE_NIS, *, bits: int = 2048) -> CieCard:
    key = _key(bits)
    public = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.PKCS1)
    signed = security_object(ministry, {0xA1: nis.encode(), 0xA5: public})
    files = {"1001": nis.encode(), "1005": public + bytes(40), "1006": signed}
    return CieCard(key, FileSystem({bytes.fromhex(f"3F00{file}"): content for file, content in files.items()}))


@dataclass
class CieCard(Chip):
    key: rsa.RSAPrivateKey
    files: FileSystem
    _application: bytes = field(default=b"", init=False)
    _key_set: bool = field(default=False, init=False)

    @property
    def atr(self) -> bytes:
        return ATR

    def with_file(self, file: str, content: bytes) -> CieCard:
        return replace(self, files=FileSystem({**self.files.files, bytes.fromhex(f"3F00{file}"): content}))

    def forget(self) -> None:
        self.files.reset()
        self._application, self._key_set = b"", False

    def answer(self, command: tuple[int, int, int, int], data: bytes) -> Answer:
        match command:
            case (0x00, 0xA4, 0x04, 0x0C):
                if data == IAS or (data == CIE and self._application):
                    self._application = data
                    return b"", SUCCESS
                return b"", NOT_FOUND
            case (0x00, 0xA4, 0x02, 0x04) if self._application == CIE:
                status = self.files.select(data)
                return (tlv(b"\x62", tlv(b"\x83", data)), SUCCESS) if status == SUCCESS else (b"", status)
            case (0x00, 0xB0, high, low):
                return self.files.read(high << 8 | low, self.expected)
            case (0x00, 0x22, 0x41, 0xA4):
                self._key_set = data == bytes.fromhex("800102840183")
                return b"", SUCCESS if self._key_set else BAD_DATA
            case (0x00, 0x88, 0x00, 0x00):
                return self._internal_authenticate(data)
            case (0x00, 0xA4, _, _):
                return b"", NOT_FOUND
            case (0x00, 0x22 | 0x88, _, _):
                return b"", BAD_P1_P2
        return b"", NO_INS

    def _internal_authenticate(self, challenge: bytes) -> Answer:
        """A block of type 1 with the challenge alone in it (RFC 8017 clause 9.2), by raw RSA: keys are made up."""
        if not self._key_set:
            return b"", NOT_NOW
        size, numbers = self.key.key_size // 8, self.key.private_numbers()
        block = b"\x00\x01" + b"\xff" * (size - 3 - len(challenge)) + b"\x00" + challenge
        return pow(int.from_bytes(block, "big"), numbers.d, numbers.public_numbers.n).to_bytes(size, "big"), SUCCESS


def _sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def _key(bits: int = 2048) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, bits)
