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


def check_character(body: str) -> str:
    """The Damm check character of a body in the alphabet."""
    return ALPHABET[_damm(body)]


def normalise(text: str) -> str:
    """The code as it is printed, from what somebody typed: small letters, no dashes, I L O for 1 1 0.

    CodeError says which character is none, whether the length is wrong, or that the check character is.
    """
    characters = []
    for place, character in enumerate(text, start=1):
        if character in " -":
            continue
        plain = character.upper().translate(LOOK_ALIKES)
        if plain not in VALUES:
            raise CodeError(f"{character!r} does not occur in a code", place)
        characters.append(plain)
    body = "".join(characters)
    if len(body) not in (TRACKING_CHARACTERS, DOCUMENT_CHARACTERS):
        raise CodeError(f"{len(body)} characters; a tracking code has 12, a document code 16", len(text) or None)
    if _damm(body) != 0:
        raise CodeError("a character is wrong or two are swapped: the check character does not fit", len(text))
    return _grouped(body)


def is_valid(text: str) -> bool:
    """True for a tracking code or a document code whose check character fits, however it was typed."""
    try:
        normalise(text)
    except CodeError:
        return False
    return True


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
