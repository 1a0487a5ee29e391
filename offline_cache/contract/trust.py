"""What a kiosk is told of its centre before it knows it, and six words by which two people compare what both ends saw.

The token is a file that an administrator hands to a technician: it names the centre, pins what the centre must prove
to be, and holds a secret that is good once. Written with the standard library alone: a bare machine reads it too.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from dataclasses import asdict, dataclass, fields

# GET /v1/trust gives a Trust; everybody may ask.
TRUST_PATH = "/v1/trust"
# Refusal of an enrolment that an administrator has not approved yet.
AWAITING_APPROVAL = "approval"
_VERSION = "1"
WORDS = 6
_BITS = 12
# Can be read aloud, and spelt, in Portuguese, Spanish, Italian and English; no letter looks like another.
_CONSONANTS = "bcdfglmnprstv"
_VOWELS = "aeiou"
# What nobody should have to read aloud in one of the four languages.
_NOT_SAID = (
    "boba bobo bufa caca caga cago coco cona cono cula culo feda foda fode fodo fofa gana lupa mama mona nana "
    "papa pata peda pene peni peta peto pica pipa pipi pipo pola pota puta puto rata rola sapa seba sene tola "
    "tona tota tula"
)
_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Token:
    """`centre` is its address; the hashes are SHA-256 in hex: of the authority's certificate (DER), of the first TUF
    root as published, of the raw HPKE public key to which kiosks seal. `expires` is ISO 8601.
    """

    centre: str
    ca_sha256: str
    root_sha256: str
    sealing_sha256: str
    secret: str
    expires: str

    def text(self) -> str:
        """As it is written into the file."""
        return json.dumps({"totem_token": _VERSION, **asdict(self)}, indent=1) + "\n"


@dataclass(frozen=True)
class Trust:
    """What a centre says of itself: `ca` PEM, `root` the text of the first TUF root, keys in base64."""

    ca: str
    root: str
    answer_key: str
    sealing_key: str


def read_token(text: str) -> Token:
    """The token in a file's text; ValueError in one line if it is none."""
    found = _strings(text, "this is not a token file: ask for another (`totem central token --file`)")
    if found.pop("totem_token", None) != _VERSION or set(found) != {field.name for field in fields(Token)}:
        raise ValueError("the token file is of another version of Totem: ask for another")
    token = Token(**found)
    if not token.centre.startswith("https://"):
        raise ValueError("the token file names no centre: its address must begin with https://")
    if not all(_HASH.fullmatch(part) for part in (token.ca_sha256, token.root_sha256, token.sealing_sha256)):
        raise ValueError("the token file is damaged: copy it again")
    return token


def read_trust(text: str) -> Trust:
    """A centre's answer; ValueError if it is none."""
    found = _strings(text, "what answered is not a centre of Totem")
    if set(found) != {field.name for field in fields(Trust)}:
        raise ValueError("what answered is not a centre of Totem")
    return Trust(**found)


def ca_sha256(pem: str) -> str:
    """Of the first certificate of a PEM text; ValueError if there is none."""
    found = re.search(r"-----BEGIN CERTIFICATE-----([^-]+)-----END CERTIFICATE-----", pem)
    if found is None:
        raise ValueError("this is no certificate in PEM")
    return hashlib.sha256(_decoded(found[1])).hexdigest()


def root_sha256(root: str) -> str:
    return hashlib.sha256(root.encode()).hexdigest()


def sealing_sha256(sealing_key: str) -> str:
    """Of the raw public key, given in base64; ValueError if it is none."""
    return hashlib.sha256(_decoded(sealing_key)).hexdigest()


def words(*, public_key: str, answer_key: str, root: str) -> tuple[str, ...]:
    """The six words of an enrolment: 72 bits over the device's key, the key of the centre's answers (both base64) and
    the hash of the catalogue's root, which are what each end believes of the other.
    """
    said = b"totem-enrolment-v1\0" + _decoded(public_key) + _decoded(answer_key) + bytes.fromhex(root)
    number = int.from_bytes(hashlib.sha256(said).digest(), "big") >> (256 - WORDS * _BITS)
    listed = _all_words()
    return tuple(listed[(number >> _BITS * place) & ((1 << _BITS) - 1)] for place in reversed(range(WORDS)))


def as_typed(text: str) -> tuple[str, ...]:
    """Words as somebody typed them."""
    return tuple(re.findall(r"[a-z]+", text.lower()))


def _all_words() -> list[str]:
    """4096 words of consonant, vowel, consonant, vowel."""
    not_said = frozenset(_NOT_SAID.split())
    made = (a + b + c + d for a in _CONSONANTS for b in _VOWELS for c in _CONSONANTS for d in _VOWELS)
    return [word for word in made if word not in not_said][: 1 << _BITS]


def _strings(text: str, wrong: str) -> dict[str, str]:
    """A JSON object of strings; ValueError with the line `wrong` for anything else."""
    try:
        found = json.loads(text)
    except ValueError as error:
        raise ValueError(wrong) from error
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        raise ValueError(wrong)
    return found


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError("this is not base64") from error
