"""Sound as it comes from engines and clips."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import pytest

from kiosk.access.voices import Form, NotSound, SpeechSettings, clip_name, louder, read_header
from kiosk.catalog.model import Language


def wav(samples: bytes, *, length: int | None = None, bits: int = 16, rate: int = 22050) -> bytes:
    claimed = len(samples) if length is None else length
    form = struct.pack("<HHIIHH", 1, 1, rate, rate * bits // 8, bits // 8, bits)
    return (
        b"RIFF" + struct.pack("<I", claimed + 36) + b"WAVE" + b"fmt " + struct.pack("<I", 16) + form
        + b"LIST" + struct.pack("<I", 3) + b"abc\0" + b"data" + struct.pack("<I", claimed) + samples
    )


def test_a_header_is_read_up_to_its_first_sample_whatever_length_it_claims() -> None:
    stream = io.BytesIO(wav(b"\1\2\3\4", length=0x7FFFF000))
    assert read_header(stream) == Form(22050, 1)
    assert stream.read() == b"\1\2\3\4"


@pytest.mark.parametrize("broken", [b"", b"espeak: error", wav(b"", bits=8), wav(b"")[:20]])
def test_what_is_no_sound_is_said_to_be_none(broken: bytes) -> None:
    with pytest.raises(NotSound):
        read_header(io.BytesIO(broken))


def test_volume_multiplies_and_cuts_at_the_loudest() -> None:
    samples = struct.pack("<3h", 100, -20000, 20000)
    assert struct.unpack("<3h", louder(samples, 2.0)) == (200, -32768, 32767)
    assert louder(samples, 1.0) is samples


def test_engine_and_player_are_commands_with_places() -> None:
    settings = SpeechSettings(engine="piper --model '{voice} x' --speed {speed}", player="play -r {rate} {channels}",
                              voices={"it": "paola"})
    assert settings.engine_command(Language.IT, 3) == ["piper", "--model", "paola x", "--speed", "1.00"]
    assert settings.player_command(Form(22050, 1)) == ["play", "-r", "22050", "1"]
    assert "pt-br" in SpeechSettings().engine_command(Language.PT_BR, 5)


def test_a_clip_is_found_by_language_and_sentence(tmp_path: Path) -> None:
    path = tmp_path / clip_name("Olá.", Language.PT_BR)
    path.parent.mkdir()
    path.write_bytes(wav(b""))
    settings = SpeechSettings(clips=str(tmp_path))
    assert settings.clip("Olá.", Language.PT_BR) == path
    assert settings.clip("Olá.", Language.IT) is None
    assert SpeechSettings().clip("Olá.", Language.PT_BR) is None
