"""Checking what an administrator wrote: everything that is wrong in one run, each with its line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from kiosk.authoring import checks
from kiosk.catalog import read, written
from kiosk.catalog.model import Catalogue, SealingKey
from kiosk.catalog.problems import Problem

# Five hundred services in four languages have two.
LONGEST_BYTES = 8 * 2**20


@dataclass(frozen=True)
class Located:
    """A problem and the line of the file on which to mend it; None for the file as a whole."""

    line: int | None
    problem: Problem

    def __str__(self) -> str:
        return f"{self.line}: {self.problem}" if self.line else f" {self.problem}"


@dataclass(frozen=True)
class Verdict:
    """`catalogue` is there as soon as a kiosk could read it, `value` as soon as it is YAML."""

    problems: tuple[Located, ...]
    catalogue: Catalogue | None = None

    def told(self, file: str) -> dict[str, Any]:
        """For machines."""
        found = [
            {"line": entry.line, "field": entry.problem.path, "wrong": entry.problem.what, "mend": entry.problem.mend}
            for entry in self.problems
        ]
        return {"valid": not found, "file": file, "problems": found}


def text_of(data: bytes) -> str:
    """The text of a file; CatalogueError if it is none."""
    if len(data) > LONGEST_BYTES:
        raise read.CatalogueError([f"longer than {LONGEST_BYTES // 2**20} MB, so this is no catalogue: check the name"])
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise read.CatalogueError([f"line {line} is not UTF-8: save the file as UTF-8"]) from error


def validate(
    data: bytes,
    today: date,
    files: Callable[[str], bytes] | None = None,
    *,
    version: int = 1,
    published: str = "",
    trust_anchors: Sequence[str] = (),
    sealing_keys: Sequence[SealingKey] = (SealingKey(key_id="check", public_key=""),),
) -> Verdict:
    """Never raises, whatever the bytes are. What publishing adds is not the author's; stand-ins complete the check."""
    try:
        value, lines = written.read(text_of(data))
    except written.WrittenError as error:
        return Verdict((Located(error.line, _of_text(error)),))
    except read.CatalogueError as error:
        return Verdict(tuple(Located(None, found) for found in error.found))
    try:
        catalogue = read.from_written(
            value, version=version, published=published, trust_anchors=trust_anchors, sealing_keys=sealing_keys,
            files=files,
        )
    except read.CatalogueError as error:
        told = {entry.place for entry in error.found}
        beside = checks.of_parts(value, today) if isinstance(value, Mapping) else []
        found = [*error.found, *(entry for entry in beside if entry.place not in told)]
        return Verdict(_in_order(Located(lines.of(wrong.place) if wrong.place else None, wrong) for wrong in found))
    found = checks.of(catalogue, value, today)
    return Verdict(_in_order(Located(lines.of(entry.place), entry) for entry in found), catalogue)


def _in_order(found: Iterable[Located]) -> tuple[Located, ...]:
    return tuple(sorted(found, key=lambda entry: entry.line or 0))


def _of_text(error: written.WrittenError) -> Problem:
    """The line stands before the problem already."""
    words = str(error)
    if error.line is not None:
        words = words.split(": ", 1)[1]
    what, _, mend = words.partition(": ")
    return Problem((), "", what, mend or "correct it")
