"""The national numbers that cards carry: which one it is, and whether its form and check digits hold."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never


class Scheme(StrEnum):
    """Whose number it is. The same digits under two schemes are two people."""

    CPF = "br-cpf"
    CNPJ = "br-cnpj"
    CODICE_FISCALE = "it-codice-fiscale"
    CIE_NIS = "it-cie-nis"
    BELGIAN_REGISTER = "be-national-register"
    DNI = "es-dni"
    NIE = "es-nie"
    PORTUGUESE_CIVIL = "pt-civil"
    ISIKUKOOD = "ee-isikukood"
    # Typed alone: no card here carries them.
    PASSPORT = "passport"
    CRNM = "br-crnm"


# By these an operator's tax system knows people and companies: of others it cannot say that nothing is owed.
OF_THE_TAX_SYSTEM = {
    "BR": (Scheme.CPF, Scheme.CNPJ),
    "IT": (Scheme.CODICE_FISCALE,),
    "ES": (Scheme.DNI, Scheme.NIE),
}


@dataclass(frozen=True)
class NationalId:
    """`value` without punctuation, in capitals."""

    scheme: Scheme
    value: str


# What stdnum does not ask: exactly this many characters, without punctuation.
FORMS = {
    Scheme.CPF: r"[0-9]{11}",
    Scheme.CNPJ: r"[0-9A-Z]{12}[0-9]{2}",
    Scheme.CODICE_FISCALE: r"[A-Z]{6}[0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{3}[A-Z]",
    Scheme.CIE_NIS: r"[0-9]{12}",
    Scheme.BELGIAN_REGISTER: r"[0-9]{11}",
    Scheme.DNI: r"[0-9]{8}[A-Z]",
    Scheme.NIE: r"[XYZ][0-9]{7}[A-Z]",
    Scheme.PORTUGUESE_CIVIL: r"[0-9]{8,9}",
    Scheme.ISIKUKOOD: r"[0-9]{11}",
    Scheme.PASSPORT: r"[A-Z0-9]{6,9}",
    Scheme.CRNM: r"[A-Z][0-9]{6}[0-9A-Z]",
}


def is_valid(number: NationalId) -> bool:
    """Whether form and check digits hold; one repeated digit is nobody's number, even where the arithmetic allows it.

    The CIE's NIS has no check digit, and the Portuguese civil number's is not on the card in a form that we know.
    """
    value = number.value
    digits = [char for char in value if char.isdigit()]
    if not re.fullmatch(FORMS[number.scheme], value) or len(set(digits)) < 2:
        return False
    return _check_digits_hold(number.scheme, value)


def _check_digits_hold(scheme: Scheme, value: str) -> bool:
    match scheme:
        case Scheme.CPF:
            from stdnum.br import cpf

            return bool(cpf.is_valid(value))
        case Scheme.CNPJ:
            from stdnum.br import cnpj

            return bool(cnpj.is_valid(value))
        case Scheme.CODICE_FISCALE:
            from stdnum.it import codicefiscale

            return bool(codicefiscale.is_valid(value))
        case Scheme.BELGIAN_REGISTER:
            from stdnum.be import bis, nn

            return bool(nn.is_valid(value) or bis.is_valid(value))
        case Scheme.DNI:
            from stdnum.es import dni

            return bool(dni.is_valid(value))
        case Scheme.NIE:
            from stdnum.es import nie

            return bool(nie.is_valid(value))
        case Scheme.ISIKUKOOD:
            from stdnum.ee import ik

            return bool(ik.is_valid(value))
        case Scheme.CIE_NIS | Scheme.PORTUGUESE_CIVIL | Scheme.PASSPORT | Scheme.CRNM:
            return True
        case _:
            assert_never(scheme)
