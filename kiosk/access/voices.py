"""Where a sentence's sound comes from: a clip that was made before, or an engine's command; and who plays it.

Everything is a WAV stream of 16-bit samples. Engines write a false length into its header (they do not know it yet),
so it is read up to `data`, and everything after that is sound.
"""

from __future__ import annotations

import hashlib
import shlex
import struct
from array import array
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import offline_cache.settings
from kiosk.catalog.model import Language

# espeak-ng reads the sentence from its standard input: an argument could be read in the list of processes.
ENGINE = "espeak-ng --stdin --stdout -v {voice} -s {words_per_minute}"
PLAYER = "aplay -q -t raw -f S16_LE -r {rate} -c {channels} -"
VOICES = {"pt-BR": "pt-br", "es": "es", "it": "it", "en": "en-gb"}

WORDS_PER_MINUTE = {1: 110, 2: 140, 3: 170, 4: 230, 5: 300}
# From the softest 6, 12, 16 and 20 dB: EN 301 549 8.2.1.1 asks a range of 18 dB (what is cut at the loudest costs a
# little of it), 8.2.1.2 a step of 12 dB.
GAINS = {1: 0.2, 2: 0.4, 3: 0.8, 4: 1.26, 5: 2.0}
SAMPLE_BYTES = 2


class NotSound(Exception):
    """What should be a WAV of 16-bit samples is none."""


@dataclass(frozen=True)
class SpeechSettings:
    """`[speech]` in totem.toml. `engine` may use {voice}, {language}, {words_per_minute} and {speed} (1.0 is usual); it
    gets the sentence on its standard input and writes a WAV. `player` may use {rate} (samples a second) and {channels};
    an empty one plays nothing. `clips` is a folder of what was recorded before; `headset` the input device of the
    headset's switch, "auto" to look for one, "" where there is none.
    """

    engine: str = ENGINE
    player: str = PLAYER
    clips: str = ""
    headset: str = "auto"
    voices: dict[str, str] = field(default_factory=lambda: dict(VOICES))

    def engine_command(self, language: Language, rate: int) -> list[str]:
        words = WORDS_PER_MINUTE[rate]
        values = {
            "voice": self.voices.get(str(language), VOICES[str(language)]), "language": str(language),
            "words_per_minute": str(words), "speed": f"{words / WORDS_PER_MINUTE[3]:.2f}",
        }
        return [part.format(**values) for part in shlex.split(self.engine)]

    def player_command(self, form: Form) -> list[str]:
        values = {"rate": str(form.rate), "channels": str(form.channels)}
        return [part.format(**values) for part in shlex.split(self.player)]

    def clip(self, sentence: str, language: Language) -> Path | None:
        """The clip of that very sentence, if there is one."""
        if not self.clips:
            return None
        path = Path(self.clips) / clip_name(sentence, language)
        return path if path.is_file() else None


def speech_settings(given: offline_cache.settings.SpeechSettings) -> SpeechSettings:
    """What totem.toml says, with what is built in where it says nothing."""
    said = {name: value for name, value in given.model_dump().items() if value is not None}
    said["voices"] = {**VOICES, **given.voices}
    return SpeechSettings(**said)


def clip_name(sentence: str, language: Language) -> str:
    """`pt-BR/0f3c….wav`: the first 16 hexadecimal digits of the sentence's SHA-256."""
    return f"{language}/{hashlib.sha256(sentence.encode()).hexdigest()[:16]}.wav"


@dataclass(frozen=True)
class Form:
    """How samples follow each other: so many a second, in so many channels."""

    rate: int
    channels: int


def read_header(stream: IO[bytes]) -> Form:
    """Reads a WAV up to its first sample. NotSound if it is not one, or not of 16-bit samples."""
    riff = _exactly(stream, 12)
    if riff[:4] != b"RIFF" or riff[8:] != b"WAVE":
        raise NotSound("not a WAV")
    form: Form | None = None
    while True:
        name, length = struct.unpack("<4sI", _exactly(stream, 8))
        if name == b"data":
            if form is None:
                raise NotSound("a WAV without a format")
            return form
        body = _exactly(stream, length + length % 2)
        if name == b"fmt ":
            kind, channels, rate, _, _, bits = struct.unpack("<HHIIHH", body[:16])
            if kind not in {1, 0xFFFE} or bits != 8 * SAMPLE_BYTES:
                raise NotSound("only 16-bit PCM can be played")
            form = Form(rate, channels)


def _exactly(stream: IO[bytes], length: int) -> bytes:
    got = stream.read(length)
    if len(got) < length:
        raise NotSound("no sound came")
    return got


def louder(samples: bytes, gain: float) -> bytes:
    """The samples (little-endian, 16 bits) at another volume; what would be too loud is cut at the loudest."""
    if gain == 1.0:
        return samples
    values = array("h", samples[: len(samples) - len(samples) % SAMPLE_BYTES])
    return array("h", [max(-32768, min(32767, int(value * gain))) for value in values]).tobytes()
