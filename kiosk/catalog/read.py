"""Reading a catalogue: what administrators write (YAML), what kiosks get (JSON)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import yaml
from pydantic import ValidationError

from kiosk.catalog.model import Catalogue, SealingKey

# What publishing adds to what administrators wrote.
ADDED = ("version", "published", "trust_anchors", "sealing_keys")


class CatalogueError(ValueError):
    """A catalogue that cannot be used. `problems` has one plain line for each thing that is wrong."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


def from_json(data: bytes) -> Catalogue:
    """The catalogue that was signed and pushed; CatalogueError names every problem."""
    try:
        value = json.loads(data)
    except ValueError as error:
        raise CatalogueError([f"not JSON: {error}"]) from error
    return _validated(value)


def from_yaml(
    text: str,
    *,
    version: int,
    published: str,
    trust_anchors: Sequence[str],
    sealing_keys: Sequence[SealingKey],
) -> Catalogue:
    """What administrators wrote, completed with what publishing adds; CatalogueError names every problem."""
    try:
        value = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise CatalogueError([f"not YAML: {' '.join(str(error).split())}"]) from error
    if not isinstance(value, dict):
        raise CatalogueError(["not a catalogue: the file holds no fields"])
    written = [f"{name}: written by publishing, not by hand" for name in ADDED if name in value]
    if written:
        raise CatalogueError(written)
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
    try:
        return Catalogue.model_validate(value)
    except ValidationError as error:
        raise CatalogueError([_line(value, problem["loc"], problem["msg"]) for problem in error.errors()]) from error


def _line(value: Any, place: tuple[int | str, ...], message: str) -> str:
    """services[iptu].title.it: Field required. A service or field is named by its id, where it has one."""
    path = ""
    for step in place:
        value = _step(value, step)
        if isinstance(step, int):
            name = value.get("id", step) if isinstance(value, dict) else step
            path += f"[{name}]"
        else:
            path += f".{step}" if path else step
    return f"{path}: {message}" if path else message


def _step(value: Any, step: int | str) -> Any:
    try:
        return value[step]
    except (KeyError, IndexError, TypeError):
        return None
