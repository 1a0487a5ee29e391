"""What the free files of a CIE 3.0 mean: the NIS, the chip's key, and the document signer's signature over both. Pure.

Sources: Ministero dell'Interno, "Manuale operativo per servizi di accesso pinless"; ICAO Doc 9303 part 10 (LDS security
object) and part 12 (document signers).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from devices.cards.base import CardFault
from kiosk.journey.state import CardTrouble
from offline_cache.contract.certificates import no_identity, parse
from offline_cache.contract.checks import Check, CheckName, CheckOutcome, EvidenceRefused, RefusalReason, passed
from offline_cache.contract.national_ids import NationalId, Scheme, is_valid
from offline_cache.contract.verification import chain_of

SECURITY_OBJECT = "2.23.136.1.1.1"
ICAO_ARC = "2.23.136."
NIS_GROUP, KEY_GROUP = b"\xa1", b"\xa5"
HASHES = {"sha256": hashlib.sha256, "sha384": hashlib.sha384, "sha512": hashlib.sha512}
SOD_TAG = 0x77
MAX_DEPTH = 8
SMALLEST_RSA_BITS, RSA_BITS = 1024, 2048


def nis_of(file: bytes) -> NationalId:
    """Twelve digits and nothing else. EvidenceRefused NO_IDENTITY if they are not."""
    try:
        number = NationalId(Scheme.CIE_NIS, file.decode("ascii"))
    except UnicodeDecodeError:
        raise no_identity("the NIS is no number") from None
    if not is_valid(number):
        raise no_identity("the NIS is no number")
    return number


def check_security_object(
    file: bytes, nis: bytes, chip_key: bytes, anchors_pem: Sequence[str], at: datetime | None
) -> list[Check]:
    """That a document signer under a pinned CSCA signed the hashes of these two files.

    NOT_GENUINE if a hash or the signature does not fit, NOT_TRUSTED if the signer is none, UNREADABLE if the object
    cannot be taken apart.
    """
    signed, signer, content = _opened(file)
    _check_hashes(content, {NIS_GROUP: nis, KEY_GROUP: chip_key})
    certificate = _signer_certificate(signed, signer)
    _check_signature(signer, content, certificate)
    checks = chain_of(certificate, [], anchors_pem, at, country="IT", direct=True)
    return [passed(CheckName.DATA), *checks]


def check_key(chip_key: bytes) -> Check:
    """Big enough, and with the usual exponent: WEAK_KEY otherwise."""
    modulus, exponent = _numbers(chip_key)
    bits = modulus.bit_length()
    if bits < SMALLEST_RSA_BITS or exponent != 65537:
        raise EvidenceRefused(RefusalReason.WEAK_KEY, "the chip's key is too weak", CheckName.KEY)
    if bits < RSA_BITS:
        return Check(CheckName.KEY, CheckOutcome.LOW, f"RSA of {bits} bits")
    return passed(CheckName.KEY)


def check_chip(chip_key: bytes, challenge: bytes, answer: bytes) -> Check:
    """The challenge alone in a block of type 1 (RFC 8017 clause 9.2), compared whole. Its detail is the key's SHA-256.

    NIS and key are enrolled as a pair: the NIS alone names nobody, and is written into no other chip.
    """
    modulus, exponent = _numbers(chip_key)
    size = (modulus.bit_length() + 7) // 8
    value = int.from_bytes(answer, "big")
    wanted = b"\x00\x01" + b"\xff" * (size - 3 - len(challenge)) + b"\x00" + challenge
    if len(answer) != size or value >= modulus or pow(value, exponent, modulus).to_bytes(size, "big") != wanted:
        raise EvidenceRefused(RefusalReason.NOT_GENUINE, "the chip cannot prove itself", CheckName.CHIP)
    return passed(CheckName.CHIP, f"key sha-256 {hashlib.sha256(chip_key).hexdigest()}")


def _numbers(chip_key: bytes) -> tuple[int, int]:
    from asn1crypto import keys

    try:
        numbers = keys.RSAPublicKey.load(chip_key, strict=True).native
        modulus, exponent = int(numbers["modulus"]), int(numbers["public_exponent"])
    except Exception:  # noqa: BLE001  hostile bytes break the decoder in many ways
        raise _unreadable("the chip's key cannot be decoded") from None
    if modulus < 3 or exponent < 3:
        raise _unreadable("the chip's key is none")
    return modulus, exponent


def _opened(file: bytes) -> tuple[Any, Any, Any]:
    """Signed data, its one signer, and the security object's bytes as they were signed."""
    from asn1crypto import cms

    if nesting(file) > MAX_DEPTH + 4:
        raise _unreadable("the security object is nested too deep")
    try:
        whole = cms.ContentInfo.load(_unwrapped(file), strict=True)
        kind, signed = whole["content_type"].native, whole["content"]
        _ = whole.native
        content = signed["encap_content_info"]
        contained, signers = content["content_type"].dotted, list(signed["signer_infos"])
        octets = bytes(content["content"].contents)
    except CardFault:
        raise
    except Exception:  # noqa: BLE001  the same
        raise _unreadable("the security object cannot be decoded") from None
    if kind != "signed_data" or contained != SECURITY_OBJECT or len(signers) != 1:
        raise _unreadable("this is not a security object with one signature")
    return signed, signers[0], octets


def _unwrapped(file: bytes) -> bytes:
    """Doc 9303 part 10, 4.6.2: the file is the object inside tag 77; zeros may follow."""
    if file[:1] != bytes([SOD_TAG]):
        raise _unreadable("the security object has another tag")
    length, header = _length(file, 1)
    if header + length > len(file):
        raise _unreadable("the security object is cut off")
    return file[header : header + length]


def _length(data: bytes, at: int) -> tuple[int, int]:
    """BER length (X.690 clause 8.1.3) and where the content begins."""
    if at >= len(data):
        raise _unreadable("a length is cut off")
    first = data[at]
    if first < 0x80:
        return first, at + 1
    octets = first & 0x7F
    if not 1 <= octets <= 3 or at + 1 + octets > len(data):
        raise _unreadable("a length is cut off")
    return int.from_bytes(data[at + 1 : at + 1 + octets], "big"), at + 1 + octets


def nesting(data: bytes, depth: int = 0) -> int:
    """How deep constructed values lie in one another; whoever nests deeper than anybody needs is found early."""
    deepest, at = depth, 0
    while at + 1 < len(data) and depth <= MAX_DEPTH * 2:
        constructed = data[at] & 0x20
        try:
            length, begin = _length(data, at + 1)
        except CardFault:
            break
        if constructed:
            deepest = max(deepest, nesting(data[begin : begin + length], depth + 1))
        at = begin + length
    return deepest


def _check_hashes(content: bytes, files: dict[bytes, bytes]) -> None:
    """LDSSecurityObject: version, algorithm, then per data group its number and the hash of its file."""
    from asn1crypto import algos, core

    try:
        parts = core.Sequence.load(content, strict=True)
        algorithm = algos.DigestAlgorithm.load(parts[1].dump())["algorithm"].native
        groups = core.SequenceOf.load(parts[2].dump(), spec=core.Sequence)
        told = {bytes(group[0].contents).lstrip(b"\0"): bytes(group[1].contents) for group in groups}
    except Exception:  # noqa: BLE001  the same
        raise _unreadable("the list of hashes cannot be decoded") from None
    if algorithm not in HASHES:
        raise EvidenceRefused(RefusalReason.WEAK_KEY, "the files are hashed too weakly", CheckName.DATA)
    for number, file in files.items():
        if told.get(number) != HASHES[algorithm](file).digest():
            raise _not_genuine("a file is not the one that was signed")


def _signer_certificate(signed: Any, signer: Any) -> Any:
    """The certificate that the signature names, fit to sign documents: CNS citizens' are not, whoever issued them."""
    try:
        wanted = signer["sid"].chosen
        found = [parse(held.chosen.dump()) for held in signed["certificates"]]
        fitting = [
            held
            for held in found
            if signer["sid"].name == "issuer_and_serial_number"
            and held.issuer == wanted["issuer"]
            and held.serial_number == wanted["serial_number"].native
        ]
    except EvidenceRefused:
        raise
    except Exception:  # noqa: BLE001  the same
        raise _unreadable("the security object's signer cannot be decoded") from None
    if len(fitting) != 1:
        raise _unreadable("the security object does not hold its signer's certificate")
    usage, extended = fitting[0].key_usage_value, fitting[0].extended_key_usage_value
    signs = usage is not None and "digital_signature" in usage.native and not fitting[0].ca
    for_documents = extended is None or all(purpose.dotted.startswith(ICAO_ARC) for purpose in extended)
    if not signs or not for_documents:
        raise EvidenceRefused(RefusalReason.NOT_TRUSTED, "the signer is not a document signer", CheckName.DATA)
    return fitting[0]


def _check_signature(signer: Any, content: bytes, certificate: Any) -> None:
    """RFC 5652 clause 5.4: the signed attributes name the content's type and hash, and are what is signed."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    kinds = {"sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512()}
    try:
        digest = signer["digest_algorithm"]["algorithm"].native
        attributes = {held["type"].dotted: held["values"] for held in signer["signed_attrs"]}
        kind = attributes["1.2.840.113549.1.9.3"][0].dotted
        message_digest = attributes["1.2.840.113549.1.9.4"][0].native
        message, signature = signer["signed_attrs"].untag().dump(), signer["signature"].native
        scheme = signer["signature_algorithm"].signature_algo
        key = load_der_public_key(certificate.public_key.dump())
    except Exception:  # noqa: BLE001  the same
        raise _unreadable("the security object's signature cannot be decoded") from None
    if digest not in kinds:
        raise EvidenceRefused(RefusalReason.WEAK_KEY, "the signature's hash is too weak", CheckName.DATA)
    if kind != SECURITY_OBJECT or message_digest != HASHES[digest](content).digest():
        raise _not_genuine("the signature is over something else")
    try:
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, message, ec.ECDSA(kinds[digest]))
        elif isinstance(key, rsa.RSAPublicKey) and key.key_size >= RSA_BITS:
            pss = padding.PSS(padding.MGF1(kinds[digest]), padding.PSS.AUTO)
            key.verify(signature, message, pss if scheme == "rsassa_pss" else padding.PKCS1v15(), kinds[digest])
        else:
            raise EvidenceRefused(RefusalReason.WEAK_KEY, "the signer's key is too weak", CheckName.DATA)
    except InvalidSignature:
        raise _not_genuine("the signer did not sign this") from None


def _unreadable(detail: str) -> CardFault:
    return CardFault(CardTrouble.UNREADABLE, detail)


def _not_genuine(detail: str) -> EvidenceRefused:
    return EvidenceRefused(RefusalReason.NOT_GENUINE, detail, CheckName.DATA)
