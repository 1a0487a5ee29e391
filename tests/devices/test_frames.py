from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator

import pytest

from devices import frames


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    reading, writing = os.pipe()
    yield reading, writing
    for descriptor in (reading, writing):
        with contextlib.suppress(OSError):
            os.close(descriptor)


def test_a_frame_is_a_type_a_length_and_the_payload(pipe: tuple[int, int]) -> None:
    frames.write_json(pipe[1], {"do": "é"})
    assert os.read(pipe[0], 100) == b"J\x00\x00\x00\x0c" + '{"do": "é"}'.encode()


def test_frames_come_out_as_they_went_in(pipe: tuple[int, int]) -> None:
    frames.write_json(pipe[1], {"with_pin": True})
    frames.write(pipe[1], frames.PIN, bytearray(b"123456"))
    frames.write(pipe[1], frames.PIN, bytearray())
    os.close(pipe[1])
    assert frames.read_json(pipe[0]) == {"with_pin": True}
    assert frames.read(pipe[0]) == (frames.PIN, bytearray(b"123456"))
    assert frames.read(pipe[0]) == (frames.PIN, bytearray())
    assert frames.read(pipe[0]) is None


@pytest.mark.parametrize(
    "sent", [b"X\x00\x00\x00\x00", b"J\xff\xff\xff\xff", b"J\x00\x00", b"J\x00\x00\x00\x05{}"], ids=repr
)
def test_what_is_no_frame_is_refused(pipe: tuple[int, int], sent: bytes) -> None:
    os.write(pipe[1], sent)
    os.close(pipe[1])
    with pytest.raises(frames.FrameError):
        frames.read(pipe[0])


@pytest.mark.parametrize("payload", [b"{", b"[]", b"\xff"], ids=repr)
def test_json_must_be_an_object(pipe: tuple[int, int], payload: bytes) -> None:
    frames.write(pipe[1], frames.JSON, payload)
    with pytest.raises(frames.FrameError):
        frames.read_json(pipe[0])


def test_a_pin_where_none_belongs_is_refused(pipe: tuple[int, int]) -> None:
    frames.write(pipe[1], frames.PIN, bytearray(b"123456"))
    with pytest.raises(frames.FrameError):
        frames.read_json(pipe[0])


def test_a_zeroed_secret_keeps_its_length_only() -> None:
    secret = bytearray(b"123456")
    frames.zero(secret)
    assert secret == bytes(6)
