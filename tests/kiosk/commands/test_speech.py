"""`totem speech`: what a technician tries."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kiosk.commands.speech import speech

SETTINGS = '[centre]\nurl = "https://centre.example"\nca = "ca.pem"\n[speech]\n'


def _totem(tmp_path: Path, lines: str, *arguments: str) -> Result:
    (tmp_path / "totem.toml").write_text(SETTINGS + lines)
    return CliRunner().invoke(speech, [*arguments, "--state", str(tmp_path)])


def test_a_sentence_is_said_and_the_first_sound_is_timed(tmp_path: Path) -> None:
    heard = tmp_path / "heard.raw"
    player = tmp_path / "player"
    player.write_text(f"#!/bin/sh\nexec cat > {heard}\n")
    player.chmod(0o755)
    done = _totem(tmp_path, f'player = "{player}"\n', "say", "Retire o papel.", "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["first_sound_ms"] >= 0
    assert any(heard.read_bytes())


@pytest.mark.parametrize("part", ["engine", "player"])
def test_what_is_not_installed_is_named(tmp_path: Path, part: str) -> None:
    done = _totem(tmp_path, f'{part} = "no-such-program"\n', "say", "Olá.")
    assert done.exit_code == 1
    assert "no-such-program is not installed" in done.stderr


def test_an_engine_that_says_nothing_is_told(tmp_path: Path) -> None:
    done = _totem(tmp_path, 'engine = "true"\nplayer = ""\n', "say", "Olá.")
    assert done.exit_code == 1
    assert "nothing was said" in done.stderr


def test_the_file_of_a_recorded_sentence_is_named(tmp_path: Path) -> None:
    done = _totem(tmp_path, 'clips = "/srv/clips"\n', "clip", "Take the paper.", "--language", "en")
    assert done.stdout.startswith("/srv/clips/en/")
    assert done.stdout.endswith(".wav\n")
