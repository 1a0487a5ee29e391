"""A journey file: what one citizen does, step by step. The demonstration, the tests and the pictures play the same."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from kiosk.catalog.model import Language


class JourneyError(Exception):
    """The file cannot be played; one line says why."""


class Step(BaseModel):
    """Exactly one of these a step.

    touch: the id of a control, or a pattern (`debt:*` is the first debt). type: text, on the on-screen keyboard.
    pin: digits, on the PIN pad. screen: wait until this screen is shown. link, printer, reader: wait until the kiosk
    knows this of them. progress: wait until this share of the paper (0 to 1) is out. dock: a command of the dock, as
    on the command line. arrives: wait until the centre holds the ticket. note: the id of what the citizen writes down
    from the screen; enter: what was noted under that id, on the screen's keys (six digits on the PIN pad). phone: the
    phone's camera reads the QR, and takes the document with the noted PIN. rest_s: nobody touches anything for so long.
    kill: SIGKILL to one process, which the supervisor starts again (tests).

    named, beside touch and note: how it is called aloud, from its beginning (`*` stands for anything), for who listens.
    within_s, beside one of them: how long the citizen has patience, where it must be more than usual.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    touch: str | None = None
    type: str | None = None
    pin: str | None = Field(default=None, pattern=r"^\d{4,8}$")
    screen: str | None = None
    dock: str | None = None
    arrives: bool | None = None
    link: bool | None = None
    printer: str | None = None
    a4: str | None = None
    reader: str | None = None
    progress: float | None = Field(default=None, ge=0, le=1)
    named: str | None = None
    within_s: float | None = Field(default=None, gt=0)
    note: Literal["code", "code-pin"] | None = None
    enter: Literal["code", "code-pin"] | None = None
    phone: bool | None = None
    rest_s: float | None = Field(default=None, gt=0)
    kill: Literal["kiosk", "printer", "sync", "centre", "pcscd", "worker"] | None = None

    @model_validator(mode="after")
    def _one_verb(self) -> Step:
        if len(self._verbs) != 1:
            raise ValueError(
                "a step says exactly one thing: touch, type, pin, screen, link, printer, a4, reader, progress, dock, "
                "arrives, note, enter, phone, rest_s or kill"
            )
        return self

    @property
    def _verbs(self) -> set[str]:
        return self.model_fields_set - {"within_s", "named"}

    @property
    def words(self) -> str:
        """The step in a few words; a PIN is counted, not told."""
        verb = next(iter(self._verbs))
        return f"pin ({len(self.pin)} digits)" if self.pin else f"{verb} {getattr(self, verb)}"


class Expectation(BaseModel):
    """How it must end: the print job's end or `registered` (no paper) or `none`, and how many papers came out."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    outcome: Literal["confirmed", "abandoned", "unknown", "failed", "none"]
    papers: int = Field(ge=0)


class Journey(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    language: Language
    steps: tuple[Step, ...] = Field(min_length=1)
    expect: Expectation


def load(path: Path) -> Journey:
    """Reads a journey file. JourneyError with one line that names the place."""
    try:
        return Journey.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise JourneyError(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise JourneyError(f"{path}: not a text in UTF-8") from error
    except yaml.YAMLError as error:
        raise JourneyError(f"{path}: not YAML: {' '.join(str(error).split())}") from error
    except ValidationError as error:
        raise JourneyError(f"{path}: {_words(error)}") from error


def _words(error: ValidationError) -> str:
    """The first thing that is wrong, as who wrote the file counts."""
    first = error.errors()[0]
    match first["loc"]:
        case ():
            return "a journey file has a title, a language, steps and what to expect"
        case ("steps", int(index), *rest):
            place = f"step {index + 1}"
        case rest:
            place = "the file"
    name = ".".join(str(part) for part in rest)
    said = first["msg"].removeprefix("Value error, ")
    if first["type"] == "extra_forbidden":
        return f"{place}: `{name}` is not known; known are {', '.join(_known(place))}"
    return f"{place}: {name}: {said}" if name else f"{place}: {said}"


def _known(place: str) -> list[str]:
    return list((Step if place.startswith("step") else Journey).model_fields)
