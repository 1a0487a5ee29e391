"""Frames between the kiosk and its card worker: one byte of type, four of length (big-endian), then the payload.

A payload is read straight into the bytearray that is handed out, and written from the one that was given: whoever owns
a PIN can zero the only copy.
"""

from __future__ import annotations

import json
import os
from typing import Any

JSON, PIN = b"J", b"P"
MAX_BYTES = 1 << 20


class FrameError(Exception):
    """The other side does not keep to the protocol."""


def write(descriptor: int, kind: bytes, payload: bytes | bytearray) -> None:
    """OSError if nobody reads any more."""
    _write_all(descriptor, kind + len(payload).to_bytes(4, "big"))
    _write_all(descriptor, payload)


def write_json(descriptor: int, message: dict[str, Any]) -> None:
    write(descriptor, JSON, json.dumps(message, ensure_ascii=False).encode())


def read(descriptor: int) -> tuple[bytes, bytearray] | None:
    """The next frame; None at the end of the stream. FrameError if it is of an unknown type, too long or cut off."""
    header = bytearray(5)
    if not _read_all(descriptor, header):
        return None
    kind, length = bytes(header[:1]), int.from_bytes(header[1:], "big")
    if kind not in {JSON, PIN} or length > MAX_BYTES:
        raise FrameError("an unknown type, or too long")
    payload = bytearray(length)
    if length and not _read_all(descriptor, payload):
        raise FrameError("cut off")
    return kind, payload


def read_json(descriptor: int) -> dict[str, Any] | None:
    """The next frame, which must be JSON; None at the end of the stream."""
    frame = read(descriptor)
    if frame is None:
        return None
    kind, payload = frame
    if kind != JSON:
        raise FrameError("a PIN where none belongs")
    try:
        message = json.loads(payload)
    except ValueError:
        raise FrameError("not JSON") from None
    if not isinstance(message, dict):
        raise FrameError("not an object")
    return message


def zero(secret: bytearray) -> None:
    secret[:] = bytes(len(secret))


def _write_all(descriptor: int, payload: bytes | bytearray) -> None:
    with memoryview(payload) as view:
        done = 0
        while done < len(view):
            done += os.write(descriptor, view[done:])


def _read_all(descriptor: int, into: bytearray) -> bool:
    """Fills `into`; False if the stream ends before the first byte, FrameError if it ends in the middle."""
    with memoryview(into) as view:
        done = 0
        while done < len(view):
            count = os.readv(descriptor, [view[done:]])
            if count == 0:
                if done:
                    raise FrameError("cut off")
                return False
            done += count
    return True
