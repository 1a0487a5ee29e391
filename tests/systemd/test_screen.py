"""The compositor is started as the panel hangs, and draws without GL where it died with it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

SCREEN = Path(__file__).parents[2] / "systemd/screen"


def started(folder: Path, **environment: str) -> str:
    """What the compositor was started with, as one of its own would see it."""
    programs = folder / "bin"
    programs.mkdir(exist_ok=True)
    cage = programs / "cage"
    cage.write_text('#!/bin/sh\n[ "$1" = -h ] && echo "-r" && exit\necho "$WLR_RENDERER" "$@"\n')
    cage.chmod(0o755)
    env = {"PATH": f"{programs}:{os.environ['PATH']}", "XDG_RUNTIME_DIR": str(folder), **environment}
    return subprocess.run([SCREEN, "kiosk"], env=env, capture_output=True, text=True, check=True).stdout.strip()


@pytest.mark.parametrize(("turns", "said"), [("0", "-- kiosk"), ("1", "-r -- kiosk"), ("3", "-r -r -r -- kiosk")])
def test_the_picture_is_turned_as_the_panel_hangs(tmp_path: Path, turns: str, said: str) -> None:
    assert started(tmp_path, TOTEM_TURNS=turns) == said


def test_after_a_start_that_never_was_ready_the_other_way_of_drawing_is_tried(tmp_path: Path) -> None:
    assert [started(tmp_path) for _ in range(4)] == ["-- kiosk", "pixman -- kiosk", "-- kiosk", "pixman -- kiosk"]


def test_what_was_ready_once_is_kept(tmp_path: Path) -> None:
    started(tmp_path)
    assert started(tmp_path) == "pixman -- kiosk"
    (tmp_path / "began").rename(tmp_path / "works")
    assert started(tmp_path) == "pixman -- kiosk"


def test_whoever_says_how_to_draw_is_followed(tmp_path: Path) -> None:
    assert started(tmp_path, WLR_RENDERER="gles2") == "gles2 -- kiosk"
    assert not (tmp_path / "began").exists()
