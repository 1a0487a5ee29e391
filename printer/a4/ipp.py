"""The Internet Printing Protocol as bytes (RFC 8010): what is asked of CUPS, what it answers. No input or output."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum

# RFC 8010, 3.5.1: delimiters
OPERATION, JOB, END, PRINTER = 0x01, 0x02, 0x03, 0x04
# 3.5.2: kinds of values
INTEGER, BOOLEAN, ENUM = 0x21, 0x22, 0x23
TEXT, NAME, KEYWORD, URI, CHARSET, LANGUAGE, MIME = 0x41, 0x42, 0x44, 0x45, 0x47, 0x48, 0x49
FIRST_VALUE = 0x10
REQUEST_ID = 1


class Operation(IntEnum):
    """RFC 8011, 5.4.15."""

    PRINT_JOB = 0x0002
    VALIDATE_JOB = 0x0004
    CANCEL_JOB = 0x0008
    GET_JOB_ATTRIBUTES = 0x0009
    GET_PRINTER_ATTRIBUTES = 0x000B


class Status(IntEnum):
    """RFC 8011, 4.1.8 and B.1: those that are told apart here; below 0x0100 all is well."""

    FORBIDDEN = 0x0401
    NOT_AUTHENTICATED = 0x0402
    NOT_AUTHORISED = 0x0403
    NOT_POSSIBLE = 0x0404
    NOT_FOUND = 0x0406


class JobStateCode(IntEnum):
    """RFC 8011, 5.3.7."""

    PENDING = 3
    HELD = 4
    PROCESSING = 5
    STOPPED = 6
    CANCELED = 7
    ABORTED = 8
    COMPLETED = 9


class PrinterStateCode(IntEnum):
    """RFC 8011, 5.4.11."""

    IDLE = 3
    PROCESSING = 4
    STOPPED = 5


class IppError(ValueError):
    """These bytes are no answer of IPP."""


@dataclass(frozen=True)
class Attribute:
    """A name and its value or values, all of one kind."""

    tag: int
    name: str
    values: tuple[str | int | bool, ...]


@dataclass(frozen=True)
class Answer:
    """`groups`: delimiter and attributes by name, in the order in which they came."""

    status: int
    groups: tuple[tuple[int, dict[str, tuple[object, ...]]], ...] = field(default=())

    @property
    def ok(self) -> bool:
        return self.status < 0x0100

    def first(self, group: int, name: str) -> tuple[object, ...]:
        """The values of an attribute in the first group of that kind; nothing if there are none."""
        return next((found.get(name, ()) for delimiter, found in self.groups if delimiter == group), ())


def request(operation: Operation, attributes: Sequence[Attribute], job: Sequence[Attribute] = ()) -> bytes:
    """IPP 1.1, with the two attributes that come first in every request (RFC 8011, 4.1.4)."""
    head = struct.pack(">BBHI", 1, 1, operation, REQUEST_ID)
    first = (Attribute(CHARSET, "attributes-charset", ("utf-8",)),
             Attribute(LANGUAGE, "attributes-natural-language", ("en",)))
    body = bytes([OPERATION]) + b"".join(map(_encoded, (*first, *attributes)))
    if job:
        body += bytes([JOB]) + b"".join(map(_encoded, job))
    return head + body + bytes([END])


def _encoded(attribute: Attribute) -> bytes:
    out = b""
    for place, value in enumerate(attribute.values):
        name = attribute.name.encode() if place == 0 else b""
        raw = _value(attribute.tag, value)
        out += struct.pack(">BH", attribute.tag, len(name)) + name + struct.pack(">H", len(raw)) + raw
    return out


def _value(tag: int, value: str | int | bool) -> bytes:
    if tag in (INTEGER, ENUM):
        return struct.pack(">i", value)
    if tag == BOOLEAN:
        return bytes([bool(value)])
    return str(value).encode()


def answer(data: bytes) -> Answer:
    """Reads an answer; IppError for what is none. Values of kinds that are not needed stay bytes."""
    return received(data)[0]


def received(data: bytes) -> tuple[Answer, bytes, int]:
    """A message from either side: an answer, or a request whose operation stands in `status`; the document behind it,
    and the number of the request. IppError for what is none.
    """
    try:
        _, _, code, number = struct.unpack_from(">BBHI", data)
        groups, end = _groups(data, 8)
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise IppError("no message of IPP") from error
    return Answer(code, tuple(groups)), data[end:], number


def reply(status: int, number: int, groups: Sequence[tuple[int, Sequence[Attribute]]]) -> bytes:
    """What a printer answers to the request of that number."""
    first = (Attribute(CHARSET, "attributes-charset", ("utf-8",)),
             Attribute(LANGUAGE, "attributes-natural-language", ("en",)))
    body = bytes([OPERATION]) + b"".join(map(_encoded, first))
    for delimiter, attributes in groups:
        body += bytes([delimiter]) + b"".join(map(_encoded, attributes))
    return struct.pack(">BBHI", 1, 1, status, number) + body + bytes([END])


def _groups(data: bytes, at: int) -> tuple[list[tuple[int, dict[str, tuple[object, ...]]]], int]:
    groups: list[tuple[int, dict[str, tuple[object, ...]]]] = []
    name = ""
    while data[at] != END:
        tag = data[at]
        at += 1
        if tag < FIRST_VALUE:
            groups.append((tag, {}))
            continue
        (length,) = struct.unpack_from(">H", data, at)
        given, at = data[at + 2 : at + 2 + length].decode(), at + 2 + length
        (length,) = struct.unpack_from(">H", data, at)
        raw, at = data[at + 2 : at + 2 + length], at + 2 + length
        if not groups or len(raw) != length:
            raise IppError("a value is cut off or stands in no group")
        name = given or name
        found = groups[-1][1]
        found[name] = (*found.get(name, ()), _read(tag, raw))
    return groups, at + 1


def _read(tag: int, raw: bytes) -> object:
    if tag in (INTEGER, ENUM):
        return int.from_bytes(raw, signed=True)
    if tag == BOOLEAN:
        return bool(raw[0])
    if TEXT <= tag <= MIME:
        return raw.decode()
    return raw
