"""What a national number is called on screens and papers. A number's own name stays as its country writes it."""

from __future__ import annotations

from collections.abc import Iterable

from kiosk.catalog.id_numbers import IdScheme
from kiosk.catalog.model import Language
from offline_cache.contract.national_ids import Scheme

# Under what a card carries the number that people type.
SCHEME_OF = {
    IdScheme.CPF: Scheme.CPF,
    IdScheme.CNPJ: Scheme.CNPJ,
    IdScheme.CODICE_FISCALE: Scheme.CODICE_FISCALE,
    IdScheme.DNI: Scheme.DNI,
    IdScheme.NIE: Scheme.NIE,
    IdScheme.PASSPORT: Scheme.PASSPORT,
    IdScheme.CRNM: Scheme.CRNM,
}
_OWN = {
    Scheme.CPF: "CPF",
    Scheme.CNPJ: "CNPJ",
    Scheme.CODICE_FISCALE: "Codice fiscale",
    Scheme.CIE_NIS: "NIS (CIE)",
    Scheme.DNI: "DNI",
    Scheme.NIE: "NIE",
    Scheme.ISIKUKOOD: "Isikukood",
    Scheme.CRNM: "CRNM",
}
_PASSPORT = {
    Language.PT_BR: "Passaporte",
    Language.ES: "Pasaporte",
    Language.IT: "Passaporto",
    Language.EN: "Passport",
}
_BELGIAN = {
    Language.PT_BR: "N.º nacional (Bélgica)",
    Language.ES: "N.º nacional (Bélgica)",
    Language.IT: "N. nazionale (Belgio)",
    Language.EN: "National no. (Belgium)",
}
_PORTUGUESE = {
    Language.PT_BR: "N.º civil (Portugal)",
    Language.ES: "N.º civil (Portugal)",
    Language.IT: "N. civile (Portogallo)",
    Language.EN: "Civil no. (Portugal)",
}


def id_name(scheme: Scheme, language: Language) -> str:
    """Short enough to stand before the masked number on a line of paper."""
    match scheme:
        case Scheme.BELGIAN_REGISTER:
            return _BELGIAN[language]
        case Scheme.PORTUGUESE_CIVIL:
            return _PORTUGUESE[language]
        case Scheme.PASSPORT:
            return _PASSPORT[language]
        case _:
            return _OWN[scheme]


def names_of(schemes: Iterable[IdScheme], language: Language) -> str:
    """Those of which one may be typed: `DNI / NIE`."""
    return " / ".join(id_name(SCHEME_OF[scheme], language) for scheme in schemes)


def name_of_masked(masked: str, language: Language) -> str:
    """The same for a taxpayer whose number is known masked alone: only a CPF is masked with its dots."""
    return id_name(Scheme.CPF if "." in masked else Scheme.CNPJ, language)
