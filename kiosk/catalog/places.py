"""Where something stands in a catalogue: the way to it, by names and by numbers in lists."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Place = tuple[int | str, ...]


def named(value: Any, place: Place) -> str:
    """services[iptu].title.it: an entry of a list is named by its id, where it has one."""
    path = ""
    for step in place:
        value = _step(value, step)
        if isinstance(step, int):
            name = value.get("id", step) if isinstance(value, Mapping) else step
            path += f"[{name}]"
        else:
            path += f".{step}" if path else step
    return path


def _step(value: Any, step: int | str) -> Any:
    try:
        return value[step]
    except (KeyError, IndexError, TypeError):
        return None
