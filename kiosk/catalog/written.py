"""What administrators wrote, as plain values: YAML in which a slip is an error and nothing grows beyond its size.

Plain words mean what YAML 1.2 says (its core schema, 10.3): yes and no are words, 0971 is a text and not a number.
libyaml's parser gives events; whatever it is fed, nothing here recurses.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from kiosk.catalog.places import Place

# A catalogue of five hundred services has some eighty thousand.
MOST_NODES = 500_000
DEEPEST = 40
_NUMBER = re.compile(r"[-+]?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_WORDS: dict[str, Any] = {"": None, "~": None, "null": None, "true": True, "false": False}
_TEXT = "tag:yaml.org,2002:str"


class WrittenError(ValueError):
    """The text cannot be read; one plain line, and the line of the text where it is known."""

    def __init__(self, words: str, line: int | None = None) -> None:
        super().__init__(words)
        self.line = line


@dataclass(eq=False)
class Lines:
    """Where the parts of a value stand: the line on which each begins, counted from 1."""

    line: int
    parts: dict[int | str, Lines] = field(default_factory=dict)

    def of(self, place: Place) -> int:
        """The line of a place; of what is missing, that of what it is missing from."""
        at = self
        for step in place:
            if step not in at.parts:
                break
            at = at.parts[step]
        return at.line


def load(text: str) -> Any:
    """The value of a YAML text. WrittenError for broken YAML, a name given twice, and anchors that multiply."""
    return read(text)[0]


def read(text: str) -> tuple[Any, Lines]:
    """The same, with the lines on which everything stands."""
    builder = _Builder()
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            builder.take(event)
    except WrittenError:
        raise
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"line {mark.line + 1}, column {mark.column + 1}: " if mark is not None else ""
        why = ", ".join(words for words in (error.context, error.problem) if words).replace(": ", ", ")
        line = mark.line + 1 if mark is not None else None
        raise WrittenError(f"{where}not YAML, {' '.join(why.split())}: correct it there", line) from error
    except (yaml.YAMLError, ValueError) as error:
        why = " ".join(str(error).split()).replace(": ", ", ")
        raise WrittenError(f"not YAML, {why}: correct it") from error
    return builder.value, builder.lines


@dataclass(eq=False)
class _Open:
    """A mapping or a list that is being read; `size` counts its nodes as if every alias were written out."""

    value: dict[Any, Any] | list[Any]
    lines: Lines
    anchor: str | None
    name: str | None = None
    size: int = 1
    merged: list[tuple[Any, Lines]] = field(default_factory=list)


_Known = tuple[Any, Lines, int]


class _Builder:
    """Makes values of events, with a stack of its own."""

    def __init__(self) -> None:
        self.value: Any = None
        self.lines = Lines(1)
        self._open: list[_Open] = []
        # None while what it names is still being read.
        self._anchors: dict[str, _Known | None] = {}
        self._documents = 0

    def take(self, event: Any) -> None:
        match event:
            case yaml.ScalarEvent():
                self._put(_scalar(event), Lines(_line(event)), 1, event, event.anchor)
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                self._begin(event)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self._end(event)
            case yaml.AliasEvent():
                known = self._anchors.get(str(event.anchor))
                if event.anchor not in self._anchors:
                    raise _refused(event, f"{event.anchor} was not named before: name it with &{event.anchor}")
                if known is None:
                    raise _refused(event, "anchors that multiply: write the values out")
                self._put(*known, event, None)
            case yaml.DocumentStartEvent():
                self._documents += 1
                if self._documents > 1:
                    raise _refused(event, "a second document begins: a catalogue is one")
            case _:
                pass

    def _begin(self, event: Any) -> None:
        if len(self._open) >= DEEPEST:
            raise _refused(event, "nested too deeply: a catalogue is not that deep")
        if event.tag not in {None, "!"}:
            raise _refused(event, f"not YAML, nobody knows {event.tag}: take it out")
        if event.anchor:
            self._anchors[event.anchor] = None
        value: dict[Any, Any] | list[Any] = {} if isinstance(event, yaml.MappingStartEvent) else []
        self._open.append(_Open(value, Lines(_line(event)), event.anchor))

    def _end(self, event: Any) -> None:
        done = self._open.pop()
        if isinstance(done.value, dict):
            for value, lines in done.merged:
                for name, entry in value.items():
                    if name not in done.value:
                        done.value[name] = entry
                        done.lines.parts[name] = lines.parts.get(name, lines)
        self._put(done.value, done.lines, done.size, event, done.anchor)

    def _put(self, value: Any, lines: Lines, size: int, event: Any, anchor: str | None) -> None:
        if anchor:
            self._anchors[anchor] = value, lines, size
        if not self._open:
            self.value, self.lines = value, lines
            return
        into = self._open[-1]
        into.size += size
        if into.size > MOST_NODES:
            raise _refused(event, "anchors that multiply: write the values out")
        if isinstance(into.value, list):
            into.lines.parts[len(into.value)] = lines
            into.value.append(value)
        elif into.name is None:
            into.name = _name(into, value, event)
        else:
            self._put_named(into, into.name, value, lines, event)

    @staticmethod
    def _put_named(into: _Open, name: str, value: Any, lines: Lines, event: Any) -> None:
        into.name = None
        if name == "<<":
            values = value if isinstance(value, list) else [value]
            if not all(isinstance(entry, dict) for entry in values):
                raise _refused(event, "<< takes fields that were named before: name them with &")
            listed = isinstance(value, list)
            into.merged += [(entry, lines.parts[at] if listed else lines) for at, entry in enumerate(values)]
            return
        assert isinstance(into.value, dict)
        into.value[name] = value
        # A field stands where its name does.
        into.lines.parts[name] = lines


def _name(into: _Open, value: Any, event: Any) -> str:
    if isinstance(value, dict | list):
        raise _refused(event, "not YAML, a list or fields stand where a name should: correct it there")
    name = value if isinstance(value, str) else str(getattr(event, "value", value))
    assert isinstance(into.value, dict)
    if name in into.value:
        raise _refused(event, f"not YAML, {name} is given twice: take one out")
    return name


def _scalar(event: Any) -> Any:
    text: str = event.value
    if event.tag not in {None, "!", _TEXT}:
        raise _refused(event, f"not YAML, nobody knows {event.tag}: take it out")
    if event.tag is not None or not event.implicit[0]:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if len(text) < 20 and _NUMBER.fullmatch(text):
        return float(text) if any(sign in text for sign in ".eE") else int(text)
    return text


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _refused(event: Any, words: str) -> WrittenError:
    mark = event.start_mark
    return WrittenError(f"line {mark.line + 1}, column {mark.column + 1}: {words}", mark.line + 1)
