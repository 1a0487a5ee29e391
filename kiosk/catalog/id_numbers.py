"""National numbers that a citizen may be asked for: their form, their check digits, how they are typed and shown.

Check digits by python-stdnum where the number has them. A passport number has none (ICAO 9303-4, 4.2.2: up to nine
letters and digits), nor has the number of the Carteira de Registro Nacional Migratório (RNM: a letter, six digits, and
a digit or a letter).
"""

from __future__ import annotations

import re
from enum import StrEnum


class IdScheme(StrEnum):
    """Which number it is."""

    CPF = "cpf"
    CNPJ = "cnpj"
    CODICE_FISCALE = "codice-fiscale"
    DNI = "dni"
    NIE = "nie"
    PASSPORT = "passport"
    CRNM = "crnm"


_FORMS = {
    IdScheme.CPF: r"[0-9]{11}",
    # letters since July 2026 (IN RFB 2.229/2024)
    IdScheme.CNPJ: r"[0-9A-Z]{12}[0-9]{2}",
    # letters stand for digits where two people would have the same (DM 23/12/1976, art. 6)
    IdScheme.CODICE_FISCALE: r"[A-Z]{6}[0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{3}[A-Z]",
    IdScheme.DNI: r"[0-9]{8}[A-Z]",
    IdScheme.NIE: r"[XYZ][0-9]{7}[A-Z]",
    IdScheme.PASSPORT: r"[A-Z0-9]{6,9}",
    IdScheme.CRNM: r"[A-Z][0-9]{6}[0-9A-Z]",
}
LONGEST = {
    IdScheme.CPF: 11, IdScheme.CNPJ: 14, IdScheme.CODICE_FISCALE: 16, IdScheme.DNI: 9, IdScheme.NIE: 9,
    IdScheme.PASSPORT: 9, IdScheme.CRNM: 8,
}  # fmt: skip
# Of digits alone: typed on number keys.
DIGITS_ONLY = frozenset({IdScheme.CPF})


def compact(typed: str) -> str:
    """Without spaces and punctuation, in capitals."""
    return "".join(letter for letter in typed.upper() if letter.isascii() and letter.isalnum())


def is_valid(scheme: IdScheme, number: str) -> bool:
    """Whether form and check digits of a compact number hold; one repeated digit is nobody's number."""
    if not re.fullmatch(_FORMS[scheme], number) or len(set(number)) < 2:
        return False
    match scheme:
        case IdScheme.CPF:
            from stdnum.br import cpf

            return bool(cpf.is_valid(number))
        case IdScheme.CNPJ:
            from stdnum.br import cnpj

            return bool(cnpj.is_valid(number))
        case IdScheme.CODICE_FISCALE:
            from stdnum.it import codicefiscale

            return bool(codicefiscale.is_valid(number))
        case IdScheme.DNI:
            from stdnum.es import dni

            return bool(dni.is_valid(number))
        case IdScheme.NIE:
            from stdnum.es import nie

            return bool(nie.is_valid(number))
        case IdScheme.PASSPORT | IdScheme.CRNM:
            return True


def scheme_of(schemes: tuple[IdScheme, ...], number: str) -> IdScheme | None:
    """The first of the schemes by which the compact number is valid."""
    return next((scheme for scheme in schemes if is_valid(scheme, number)), None)


def shown(scheme: IdScheme, typed: str) -> str:
    """While it is typed, with the punctuation that it is known by: 529.982.2 for 5299822."""
    number = compact(typed)
    match scheme:
        case IdScheme.CPF:
            return _spaced(number, ((3, "."), (6, "."), (9, "-")))
        case IdScheme.CNPJ:
            return _spaced(number, ((2, "."), (5, "."), (8, "/"), (12, "-")))
        case IdScheme.CRNM:
            return _spaced(number, ((7, "-"),))
        case _:
            return number


def _spaced(number: str, marks: tuple[tuple[int, str], ...]) -> str:
    text, before = "", 0
    for at, mark in marks:
        if len(number) <= at:
            break
        text += number[before:at] + mark
        before = at
    return text + number[before:]
