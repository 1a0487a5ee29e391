"""The examination of a few screens with one fault put on each of them: what it prints must name the fault.

    python -m tests.kiosk.matrix.seeded FAULT --panel p800 ...

The options are those of tests/kiosk/matrix/examine.py.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from kiosk.journey.state import State
from tests.kiosk.matrix import examine
from tests.kiosk.matrix.glass import Glass
from tests.kiosk.matrix.variants import Variant


def _first(glass: Glass, found: Callable[[Any], bool]) -> Any:
    from tests.kiosk.screens.seen import Seen

    return next(each for each in Seen(glass.top).everything if found(each))


def _text(glass: Glass) -> Any:
    from kiosk.widgets.words import Words

    return _first(glass, lambda each: isinstance(each, Words) and len(each.text) > 4)


def _control(glass: Glass) -> Any:
    from kiosk.widgets.button import Pressable

    return _first(glass, lambda each: isinstance(each, Pressable) and each.enabled)


def overlap(glass: Glass) -> None:
    """A card over all that stands on the screen."""
    from kiosk.widgets.block import Space

    over = Space(10)
    glass.top.add_widget(over)
    over.place(0, glass.top.height, glass.top.width, glass.top.height)


def cut_text(glass: Glass) -> None:
    """A text in a place that is narrower than its longest word."""
    words = _text(glass)
    words.width = words.longest_word_px / 2


def bad_contrast(glass: Glass) -> None:
    """A text in nearly the colour of what it stands on."""
    _text(glass).paint("#808080")


def faint_border(glass: Glass) -> None:
    """A control in the colours of the page."""
    control = _control(glass)
    ground = control._theme.palette.page
    control._face.paint(ground, ground)
    if control._lip is not None:
        control._lip.paint(ground)


def missing_glyph(glass: Glass) -> None:
    """A letter that the font does not have."""
    _text(glass).say("日本語")


def small_target(glass: Glass) -> None:
    """A control of half the height that a finger needs."""
    control = _control(glass)
    control.height /= 4


def nameless(glass: Glass) -> None:
    """A control of which speech would have nothing to say."""
    _control(glass).name = ""


def out_of_order(glass: Glass) -> None:
    """What stands lowest is reached first."""
    from kiosk.widgets.button import Pressable

    pressed = [
        block for block in glass.top.children
        if any(isinstance(each, Pressable) for each in block.walk(restrict=True))
    ]
    min(pressed, key=lambda block: block.y).rank = -99


FAULTS = {
    fault.__name__: fault
    for fault in (
        overlap, cut_text, bad_contrast, faint_border, missing_glyph, small_target, nameless, out_of_order,
    )
}


def main() -> None:
    fault = FAULTS[sys.argv.pop(1)]
    usual = Glass.show

    def spoilt(glass: Glass, state: State, variant: Variant) -> None:
        usual(glass, replace(state), variant)
        fault(glass)

    Glass.show = spoilt  # type: ignore[method-assign]
    examine.main()


if __name__ == "__main__":
    main()
