"""Certificates as hostile bytes: decoded whole or refused, and their text made fit for screen and printer."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from offline_cache.contract.checks import CheckName, EvidenceRefused, RefusalReason

OTHER_NAME_TAGS = frozenset({0x04, 0x0C, 0x13, 0x16})  # OCTET, UTF8, PRINTABLE and IA5 STRING were all seen
MAX_CERTIFICATE_BYTES = 65536
MAX_NAME_LENGTH = 120


def parse(der: bytes) -> Any:
    """An asn1crypto certificate whose fields were all decoded; NOT_TRUSTED if these bytes are not one."""
    from asn1crypto import x509

    if len(der) > MAX_CERTIFICATE_BYTES:
        raise EvidenceRefused(RefusalReason.NOT_TRUSTED, "the certificate is too long", CheckName.CHAIN)
    try:
        certificate = x509.Certificate.load(der, strict=True)
        _ = certificate.native  # decodes everything now: a malformed field must not surface later
    except Exception:  # noqa: BLE001  hostile bytes were seen to break the decoder in half a dozen ways
        raise EvidenceRefused(RefusalReason.NOT_TRUSTED, "the certificate cannot be decoded", CheckName.CHAIN) from None
    return certificate


def der_blocks(pem: str) -> Iterator[bytes]:
    from asn1crypto.pem import unarmor

    for _, _, der in unarmor(pem.encode(), multiple=True):
        yield der


def subject_of(certificate: Any) -> dict[str, Any]:
    return dict(certificate.subject.native)


def single(value: object) -> str:
    """An attribute that occurs more than once has no meaning here."""
    if isinstance(value, list):
        raise no_identity("the subject repeats an attribute")
    return value if isinstance(value, str) else ""


def clean(text: str) -> str:
    """Without control and formatting characters, which would reach the screen and the printer; bounded."""
    spaced = " ".join(unicodedata.normalize("NFC", text).split())
    return "".join(char for char in spaced if unicodedata.category(char)[0] != "C").strip()[:MAX_NAME_LENGTH]


def other_names(certificate: Any, wanted: str) -> Iterator[bytes]:
    """The content of every subjectAltName otherName of this type, whichever string it is written as."""
    from asn1crypto import parser

    for general_name in certificate.subject_alt_name_value or ():
        if general_name.name != "other_name" or general_name.chosen["type_id"].dotted != wanted:
            continue
        try:
            explicit = parser.parse(general_name.chosen["value"].dump(), strict=True)[4]  # the content of [0]
            class_, method, tag, _, value, _ = parser.parse(explicit, strict=True)
        except ValueError as error:
            raise no_identity("the otherName cannot be decoded") from error
        if class_ != 0 or method != 0 or tag not in OTHER_NAME_TAGS:
            raise no_identity("the otherName is not a string")
        yield value


def card_uuids(certificate: Any) -> frozenset[str]:
    """The card that a PIV certificate belongs to (SP 800-73-4 part 1, 3.4.1: a URI urn:uuid:… in subjectAltName)."""
    names = certificate.subject_alt_name_value or ()
    uris = (name.native for name in names if name.name == "uniform_resource_identifier")
    return frozenset(uri.lower() for uri in uris if uri.lower().startswith("urn:uuid:"))


def policies_of(certificate: Any) -> frozenset[str]:
    return frozenset(policy["policy_identifier"].dotted for policy in certificate.certificate_policies_value or ())


def without_number(common_name: str) -> str:
    """The name of a common name that ends in `:` and digits, as those of ICP-Brasil do."""
    return clean(re.sub(r":[0-9]+\s*$", "", common_name))


def no_identity(detail: str) -> EvidenceRefused:
    return EvidenceRefused(RefusalReason.NO_IDENTITY, detail, CheckName.FORMAT)
