"""Reading a catalogue: what administrators write (YAML), what kiosks get (JSON)."""

from __future__ import annotations

import gc
import json
from collections.abc import Callable, Sequence
from typing import Any

from pydantic import ValidationError

from kiosk.catalog import emblem, problems, written
from kiosk.catalog.model import Catalogue, SealingKey
from kiosk.catalog.problems import Problem
from kiosk.catalog.texts import PLAIN

# What publishing adds to what administrators wrote.
ADDED = ("version", "published", "trust_anchors", "sealing_keys")


class CatalogueError(ValueError):
    """A catalogue that cannot be used. `found` has each thing that is wrong, `problems` a plain line for each."""

    def __init__(self, found: Sequence[Problem | str]) -> None:
        self.found = tuple(problems.problem(None, (), entry) if isinstance(entry, str) else entry for entry in found)
        self.problems = tuple(map(str, self.found))
        super().__init__("\n".join(self.problems))


def from_json(data: bytes) -> Catalogue:
    """The catalogue that was signed and pushed; CatalogueError names every problem."""
    try:
        # json itself would let bytes through that are no UTF-8
        value = json.loads(data.decode())
        if b"\\u" in data:
            # Half a pair of surrogates can be escaped, and is no character: nothing could show or send it.
            json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise CatalogueError([f"not JSON: {type(error).__name__} {error}"]) from error
    return _validated(value)


def from_yaml(
    text: str,
    *,
    version: int,
    published: str,
    trust_anchors: Sequence[str],
    sealing_keys: Sequence[SealingKey],
    files: Callable[[str], bytes] | None = None,
) -> Catalogue:
    """What administrators wrote, completed with what publishing adds; CatalogueError names every problem.

    `files` gives the bytes of a file beside the catalogue that it names (the emblem's pictures), OSError if there is
    none.
    """
    try:
        value = written.load(text)
    except written.WrittenError as error:
        raise CatalogueError([str(error)]) from error
    return from_written(
        value, version=version, published=published, trust_anchors=trust_anchors, sealing_keys=sealing_keys, files=files
    )


def from_written(
    value: Any,
    *,
    version: int,
    published: str,
    trust_anchors: Sequence[str],
    sealing_keys: Sequence[SealingKey],
    files: Callable[[str], bytes] | None = None,
) -> Catalogue:
    """The same of what `written.load` gave. `value` is completed in place."""
    if not isinstance(value, dict):
        raise CatalogueError(["the file holds no fields: this is not a catalogue"])
    by_hand = [
        Problem((name,), name, "written by publishing, not by hand", "take it out") for name in ADDED if name in value
    ]
    if by_hand:
        raise CatalogueError(by_hand)
    faults = [problems.problem(value, place, words) for place, words in emblem.put_in(value, files)]
    try:
        catalogue = _completed(value, version, published, trust_anchors, sealing_keys)
    except CatalogueError as error:
        raise CatalogueError([*faults, *error.found]) from error
    if faults:
        raise CatalogueError(faults)
    return catalogue


def _completed(
    value: dict[str, Any], version: int, published: str, trust_anchors: Sequence[str],
    sealing_keys: Sequence[SealingKey],
) -> Catalogue:
    return _validated(
        value
        | {
            "version": version,
            "published": published,
            "trust_anchors": list(trust_anchors),
            "sealing_keys": [key.model_dump(mode="json") for key in sealing_keys],
        }
    )


def to_json(catalogue: Catalogue) -> bytes:
    """The one form in which a catalogue is signed: sorted keys, no spaces, UTF-8."""
    value = catalogue.model_dump(mode="json", by_alias=True)
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _validated(value: Any) -> Catalogue:
    # A large catalogue is a hundred thousand objects, none of which is garbage: looking through them again and again
    # takes longer than making them.
    collecting = gc.isenabled()
    gc.disable()
    try:
        return Catalogue.model_validate(value, context=PLAIN)
    except ValidationError as error:
        raise CatalogueError(problems.of_catalogue(error, value)) from error
    finally:
        if collecting:
            gc.enable()
