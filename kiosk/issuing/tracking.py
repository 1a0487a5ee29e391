"""Codes that people type: the tracking code of a ticket, the code of a document, the PIN of a tracking code.

Crockford base 32 with a Damm check character over GF(32), which finds every single wrong character, every swap of
neighbours and of characters two apart, and every twin error.
"""

from __future__ import annotations

from collections.abc import Callable

from kiosk.issuing.errors import CodeError

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
# Crockford: letters that are read as digits.
LOOK_ALIKES = str.maketrans("ILO", "110")
VALUES = {character: value for value, character in enumerate(ALPHABET)}
# x^5 + x^2 + 1, primitive over GF(2).
POLYNOMIAL = 0b100101
GROUP = 4
ALLOCATION_CHARACTERS, COUNTER_CHARACTERS, RANDOM_CHARACTERS = 4, 5, 2
TRACKING_CHARACTERS, DOCUMENT_CHARACTERS = 12, 16
COUNTER_END = 32**COUNTER_CHARACTERS
RANDOM_END = 32**RANDOM_CHARACTERS
PIN_END = 10**6
HAND_OFF_CHARACTERS, HAND_OFF_BYTES = 26, 17


def code(allocation: str, counter: int, random: int) -> str:
    """The tracking code XXXX-XXXX-XXXX: 4 characters of allocation, 5 of counter, 2 random, 1 check.

    `counter` is below COUNTER_END, `random` below RANDOM_END. The allocation and the counter alone make it unique;
    the random part keeps neighbours from being guessed. ValueError if a part does not fit.
    """
    if len(allocation) != ALLOCATION_CHARACTERS or not set(allocation) <= set(ALPHABET):
        raise ValueError("an allocation has four characters of Crockford base 32")
    if not 0 <= counter < COUNTER_END:
        raise ValueError("the allocation's counter is used up")
    if not 0 <= random < RANDOM_END:
        raise ValueError(f"the random part is below {RANDOM_END}")
    body = allocation + _digits(counter, COUNTER_CHARACTERS) + _digits(random, RANDOM_CHARACTERS)
    return _grouped(body + check_character(body))


def document_code(random: bytes) -> str:
    """The code of a document, XXXX-XXXX-XXXX-XXXX: 75 random bits and a check; needs at least 10 random bytes."""
    if len(random) < 10:
        raise ValueError("a document code is made of 10 random bytes")
    body = _digits(int.from_bytes(random) % 32 ** (DOCUMENT_CHARACTERS - 1), DOCUMENT_CHARACTERS - 1)
    return _grouped(body + check_character(body))


def pin(random_below: Callable[[int], int]) -> str:
    """The six digits printed beside a tracking code; `random_below` draws evenly below its argument."""
    return f"{random_below(PIN_END):06d}"


def hand_off_token(random: bytes) -> str:
    """What nobody guesses in the address from which a phone takes a document: 130 random bits in 26 characters."""
    if len(random) < HAND_OFF_BYTES:
        raise ValueError(f"an address is made of {HAND_OFF_BYTES} random bytes")
    return _digits(int.from_bytes(random) % 32**HAND_OFF_CHARACTERS, HAND_OFF_CHARACTERS)


def check_character(body: str) -> str:
    """The Damm check character of a body in the alphabet."""
    return ALPHABET[_damm(body)]


def normalise(text: str) -> str:
    """The code as it is printed, from what somebody typed: small letters, no dashes, I L O for 1 1 0.

    CodeError says which character is none, whether the length is wrong, or that the check character does not fit. More
    than `suspects` names cannot be proven then: at every place one other character would make the code right.
    """
    characters, places = _typed(text)
    if len(characters) not in (TRACKING_CHARACTERS, DOCUMENT_CHARACTERS):
        raise CodeError(f"{len(characters)} characters; a tracking code has 12, a document code 16", max(1, len(text)))
    if _damm(characters) != 0:
        pairs = ", or ".join(f"{first} and {second}" for first, second in suspects(text))
        swapped = f", or {pairs} are swapped" if pairs else "; no swap of two neighbours alone explains it"
        reason = f"the check character does not fit: a character is wrong (any of the {len(characters)} may be)"
        raise CodeError(reason + swapped, places[-1])
    return _grouped(characters)


def suspects(text: str) -> list[tuple[int, int]]:
    """The places (from 1, in the text as typed) of neighbours which, swapped, make the code right.

    Of all single swaps these alone are possible; of single wrong characters every place is. Empty for a right code.
    """
    body, places = _typed(text)
    if _damm(body) == 0:
        return []
    return [
        (places[at], places[at + 1])
        for at in range(len(body) - 1)
        if _damm(body[:at] + body[at + 1] + body[at] + body[at + 2 :]) == 0
    ]


def is_valid(text: str) -> bool:
    """True for a tracking code or a document code whose check character fits, however it was typed."""
    try:
        normalise(text)
    except CodeError:
        return False
    return True


def _typed(text: str) -> tuple[str, list[int]]:
    """The characters as the alphabet has them, and the place of each in the text."""
    characters, places = [], []
    for place, character in enumerate(text, start=1):
        if character in " -":
            continue
        plain = character.upper().translate(LOOK_ALIKES)
        if plain not in VALUES or not character.isascii():
            raise CodeError(f"{character!r} does not occur in a code", place)
        characters.append(plain)
        places.append(place)
    return "".join(characters), places


def _damm(body: str) -> int:
    """Damm's algorithm with the operation 2 * (a + b) over GF(32); 0 for a body with its check character."""
    interim = 0
    for character in body:
        interim = (interim ^ VALUES[character]) << 1
        if interim >= 32:
            interim ^= POLYNOMIAL
    return interim


def _digits(number: int, length: int) -> str:
    return "".join(ALPHABET[number >> (5 * place) & 31] for place in reversed(range(length)))


def _grouped(body: str) -> str:
    return "-".join(body[at : at + GROUP] for at in range(0, len(body), GROUP))
