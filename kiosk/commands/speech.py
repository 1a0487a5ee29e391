"""`totem speech`: hear whether engine and player work, and where a recorded sentence belongs."""

from __future__ import annotations

import json
import shlex
import shutil
import time
from pathlib import Path

import click

from kiosk.catalog.model import Language
from kiosk.commands.options import state_option, stop
from offline_cache.folder import StateFolder

LIMIT_S = 60.0
LANGUAGES = click.Choice([str(language) for language in Language])


@click.group(help="Try the voice of the screen.")
def speech() -> None:
    pass


@speech.command(help="Say a sentence as the screen would, and tell how soon it was heard.")
@click.argument("text")
@click.option("--language", type=LANGUAGES, default=str(Language.PT_BR))
@click.option("--rate", type=click.IntRange(1, 5), default=3, help="Slow to fast.")
@click.option("--volume", type=click.IntRange(1, 5), default=3, help="Low to loud.")
@click.option("--json", "as_json", is_flag=True)
@state_option
def say(text: str, language: str, rate: int, volume: int, as_json: bool, folder: StateFolder) -> None:
    from kiosk.access.speaker import Speaker, Utterance
    from kiosk.access.voices import speech_settings

    settings = speech_settings(folder.settings().speech)
    for program in (settings.engine, settings.player):
        name = shlex.split(program)[0] if program else ""
        if name and shutil.which(name) is None:
            stop(f"{name} is not installed: install it, or name another in [speech] of totem.toml", 1)
    speaker = Speaker(settings, log=True)
    speaker.say([Utterance(text, Language(language))], rate=rate, volume=volume)
    until = time.monotonic() + LIMIT_S
    while speaker.speaking and time.monotonic() < until:
        time.sleep(0.02)
    speaker.finish(LIMIT_S)
    heard = speaker.heard()
    if not heard:
        stop("nothing was said: try the engine of [speech] in totem.toml by hand", 1)
    first_ms = round(heard[0].first_sound_s * 1000)
    click.echo(json.dumps({"first_sound_ms": first_ms}) if as_json else f"first sound after {first_ms} ms")


@speech.command(help="The file that is played instead of a sentence.")
@click.argument("text")
@click.option("--language", type=LANGUAGES, default=str(Language.PT_BR))
@state_option
def clip(text: str, language: str, folder: StateFolder) -> None:
    from kiosk.access.voices import clip_name

    clips = folder.settings().speech.clips
    click.echo(Path(clips or "") / clip_name(text, Language(language)))
