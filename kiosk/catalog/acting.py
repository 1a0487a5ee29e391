"""Acting for somebody else: a child, a company, a person one looks after. Who it is for, and on what basis one acts."""

from __future__ import annotations

import functools

from pydantic import Field

from kiosk.catalog.form_fields import Choice, FormField, ShowIf
from kiosk.catalog.id_numbers import IdScheme
from kiosk.catalog.texts import Record, Slug, Texts

# Answers under these ids are the subject's, not the form's; no form may use them.
ACTING, SUBJECT_NAME, SUBJECT_ID = "acting", "subject-name", "subject-id"
RESERVED = frozenset({ACTING, SUBJECT_NAME, SUBJECT_ID})
MYSELF = "myself"


class Basis(Record):
    """A basis on which somebody may ask for another. `number`: which number names them; none: their name alone."""

    id: Slug
    label: Texts = Field(description="what the citizen chooses, and what the paper says: `As a parent`")
    number: tuple[IdScheme, ...] = ()


def _texts(pt_br: str, es: str, it: str, en: str) -> Texts:
    return Texts.model_validate({"pt-BR": pt_br, "es": es, "it": it, "en": en})


_WHO = _texts("Para quem é o pedido?", "¿Para quién es la solicitud?", "Per chi è la richiesta?", "Who is this for?")
_SHORT = _texts("Para quem", "Para quién", "Per chi", "For whom")
_MYSELF = _texts("Para mim", "Para mí", "Per me", "For myself")
_NAME = _texts(
    "Qual é o nome dessa pessoa ou empresa?", "¿Cómo se llama esa persona o empresa?",
    "Come si chiama questa persona o azienda?", "What is the name of that person or company?",
)  # fmt: skip
_NAME_SHORT = _texts("Em nome de", "En nombre de", "A nome di", "On behalf of")
_NUMBER = _texts(
    "Qual é o número do documento dela?", "¿Cuál es su número de documento?", "Qual è il suo numero di documento?",
    "What is their identity number?",
)  # fmt: skip
_NUMBER_SHORT = _texts("Documento", "Documento", "Documento", "Identity number")
_BASIS = _texts("Representação", "Representación", "Rappresentanza", "Basis")
# What papers call them.
LABELS = {"name": _NAME_SHORT, "number": _NUMBER_SHORT, "basis": _BASIS}


@functools.lru_cache(maxsize=64)
def questions(bases: tuple[Basis, ...]) -> tuple[FormField, ...]:
    """What is asked before the form: for whom; of somebody else the name, and the number where the basis has one."""
    if not bases:
        return ()
    others = tuple(basis.id for basis in bases)
    numbered = tuple(basis.id for basis in bases if basis.number)
    schemes = tuple(dict.fromkeys(scheme for basis in bases for scheme in basis.number))
    choices = (Choice(id=MYSELF, label=_MYSELF), *(Choice(id=basis.id, label=basis.label) for basis in bases))
    asked = [
        FormField(id=ACTING, type="choice", label=_WHO, short=_SHORT, about="applicant", choices=choices),
        FormField(
            id=SUBJECT_NAME, type="text", label=_NAME, short=_NAME_SHORT, about="subject", personal=True,
            show_if=ShowIf(field=ACTING, equals=others),
        ),
    ]  # fmt: skip
    if numbered:
        asked.append(
            FormField(
                id=SUBJECT_ID, type="national-id", label=_NUMBER, short=_NUMBER_SHORT, about="subject", schemes=schemes,
                show_if=ShowIf(field=ACTING, equals=numbered),
            )
        )  # fmt: skip
    return tuple(asked)
