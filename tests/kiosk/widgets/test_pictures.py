from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kiosk.widgets.tokens import Theme

ROOT = Path(__file__).parents[3]
HEAD, FOOT = 0, 160


def receipt(*, flipped: bool) -> Any:
    """A receipt ten times as long as wide: its upper half has the grey HEAD, its lower half the grey FOOT."""
    from kivy.graphics.texture import Texture

    width, height = 48, 480
    upper, lower = bytes([HEAD]) * (width * height // 2), bytes([FOOT]) * (width * height // 2)
    texture = Texture.create(size=(width, height), colorfmt="luminance")
    # Without flipping, the first row of the buffer is the lowest of the picture.
    texture.blit_buffer(upper + lower if flipped else lower + upper, colorfmt="luminance", bufferfmt="ubyte")
    if flipped:
        texture.flip_vertical()
    return texture


def grey_at(x: float, y: float) -> int:
    from kivy.graphics.opengl import GL_RGB, GL_UNSIGNED_BYTE, glReadPixels

    return int(bytes(glReadPixels(int(x), int(y), 1, 1, GL_RGB, GL_UNSIGNED_BYTE))[0])


@pytest.mark.parametrize("flipped", [False, True])
@pytest.mark.parametrize(("progress", "grey"), [(0.05, HEAD), (0.1, HEAD), (1.0, FOOT)])
def test_the_paper_is_uncovered_from_its_head_to_its_foot(
    flipped: bool, progress: float, grey: int, window: Any, frames: Callable[[], None],
) -> None:
    from kiosk.widgets.pictures import PaperPicture

    paper = PaperPicture(Theme(), "paper")
    window.add_widget(paper)
    paper.place(64, 1700, 952)
    paper.show(progress, receipt(flipped=flipped))
    frames()
    assert grey_at(64 + 476, 1700 - 130 - 40) == grey


def test_no_paper_has_come_out_before_the_printer_says_so(window: Any, frames: Callable[[], None]) -> None:
    from kiosk.widgets.pictures import PaperPicture
    from kiosk.widgets.tokens import rgba

    paper = PaperPicture(Theme(), "paper")
    window.add_widget(paper)
    paper.place(64, 1700, 952)
    paper.show(0.0, receipt(flipped=True))
    frames()
    assert grey_at(64 + 476, 1700 - 130 - 80) == round(rgba(Theme().palette.tint)[0] * 255)


def test_no_screen_loads_numpy_pillow_or_babel() -> None:
    code = (
        "import sys, importlib, pathlib\n"
        "from kiosk.widgets.setup import configure\n"
        "from kiosk.widgets.tokens import Panel\n"
        "configure(Panel())\n"
        "for file in pathlib.Path('kiosk/screens').glob('*.py'):\n"
        "    importlib.import_module(f'kiosk.screens.{file.stem}')\n"
        "sys.exit(', '.join({'numpy', 'PIL', 'babel'} & set(sys.modules)) or None)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
