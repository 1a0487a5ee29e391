"""What every part of a catalogue is made of: a record, a name, a text in the languages of the citizens."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,47}$")]


class Language(StrEnum):
    """The languages a citizen may choose; every text of the catalogue exists in all of them."""

    PT_BR = "pt-BR"
    ES = "es"
    IT = "it"
    EN = "en"


class Record(BaseModel):
    """Frozen, and strict about fields nobody knows."""

    model_config = ConfigDict(frozen=True, extra="forbid")


# Given as context of a validation whose input is what JSON or YAML holds: rules then read it as it is, which is faster.
PLAIN = "plain"


def plain_values(made: BaseModel, value: Any, context: Any) -> Mapping[str, Any]:
    """A record as plain values under the names of its written form."""
    return value if context == PLAIN and isinstance(value, Mapping) else made.model_dump(mode="json", by_alias=True)


class Texts(Record):
    """One text in the four languages."""

    pt_br: str = Field(alias="pt-BR", min_length=1)
    es: str = Field(min_length=1)
    it: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def in_language(self, language: Language) -> str:
        """The text in one language."""
        match language:
            case Language.PT_BR:
                return self.pt_br
            case Language.ES:
                return self.es
            case Language.IT:
                return self.it
            case Language.EN:
                return self.en
