"""The questions of a form: of which type, with which limits, asked when."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, ModelWrapValidatorHandler, StringConstraints, ValidationInfo, model_validator

from kiosk.catalog import field_rules
from kiosk.catalog.id_numbers import IdScheme
from kiosk.catalog.texts import Record, Slug, Texts, plain_values

FieldType = Literal[
    "text", "long-text", "number", "money", "date", "choice", "choices", "yes-no", "national-id", "address", "phone",
    "email", "consent", "debt",
]
# Of the operator's taxonomy: the ids from the top down.
TopicPath = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,48}(/[a-z0-9-]{1,48}){0,5}$")]
# A day, or today with so many days before or after it.
DayLimit = Annotated[str, StringConstraints(pattern=r"^(today([+-]\d{1,5})?|\d{4}-\d{2}-\d{2})$")]


class Choice(Record):
    id: Slug
    label: Texts
    classification: TopicPath | None = Field(default=None, description="what a request is about that chose this")


class SimpleField(Record):
    """A question in easy language: short sentences, everyday words."""

    label: Texts | None = None
    hint: Texts | None = None


class ShowIf(Record):
    """Asked only where an earlier question was answered with one of these."""

    field: Slug
    equals: tuple[str, ...] = Field(min_length=1, description="ids of choices, or yes and no")


class FormField(Record):
    """One question, one page of the form (an address is three)."""

    id: Slug
    type: FieldType
    label: Texts
    short: Texts | None = Field(
        default=None,
        description="what the answer is called on the review; a choice with one is printed too, free words never are",
    )
    hint: Texts | None = None
    simple: SimpleField | None = Field(default=None, description="for who asks for simplified texts")
    required: bool = True
    about: Literal["applicant", "subject", "matter"] = Field(
        default="matter", description="whom the answer is about: who asks, for whom it is asked, or neither"
    )
    personal: bool = Field(
        default=False, description="the answer tells who somebody is; numbers, addresses, phones and e-mails always do"
    )
    max_length: int = Field(default=120, ge=1, le=1000)
    min_length: int = Field(default=0, ge=0, le=1000)
    minimum: int | None = Field(default=None, description="of a number; of money in cents")
    maximum: int | None = Field(default=None, description="of a number; of money in cents")
    earliest: DayLimit | None = Field(default=None, description="of a date: 2026-01-31, today, today-30, today+90")
    latest: DayLimit | None = Field(default=None, description="as earliest")
    pattern: str | None = Field(default=None, max_length=120, description="a regular expression for the whole text")
    pattern_message: Texts | None = Field(default=None, description="what to tell who typed something else")
    choices: tuple[Choice, ...] = ()
    most: int | None = Field(default=None, ge=1, description="of several choices: how many at most")
    schemes: tuple[IdScheme, ...] = Field(default=(), description="of a national id: which are taken; CPF if none")
    default: Literal["name", "national-id"] | None = Field(
        default=None, description="of the identity, where the citizen has shown one"
    )
    show_if: ShowIf | None = None

    @model_validator(mode="wrap")
    @classmethod
    def _consistent(
        cls, value: Any, handler: ModelWrapValidatorHandler[FormField], info: ValidationInfo
    ) -> FormField:
        made = handler(value)
        if broken := field_rules.of_field(plain_values(made, value, info.context)):
            raise ValueError("\n".join(broken))
        return made

    @property
    def numbers(self) -> tuple[IdScheme, ...]:
        """The schemes of a national id."""
        return self.schemes or (IdScheme.CPF,)
