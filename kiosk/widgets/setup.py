"""Kivy's settings, made before Kivy is imported: a kiosk reads no arguments, writes no log files, has no way out.

`configure` only touches the environment and Kivy's own configuration; the window opens when `kivy.core.window` is
imported afterwards.
"""

from __future__ import annotations

import os

from kiosk.widgets.tokens import Panel

# "left,top" in pixels: a developer's windows stand beside each other.
WINDOW_AT = "TOTEM_WINDOW_AT"

ENVIRONMENT = {
    "KIVY_NO_ARGS": "1",
    "KIVY_NO_FILELOG": "1",
    # Kivy's own log mode takes over standard error, and a crash would leave no trace in the journal.
    "KIVY_LOG_MODE": "PYTHON",
    "KIVY_NO_ENV_CONFIG": "1",
    "KIVY_NO_CONFIG": "1",
    # One provider each: without these Kivy tries several and imports Pillow.
    "KIVY_WINDOW": "sdl2",
    "KIVY_TEXT": "sdl2",
    "KIVY_IMAGE": "sdl2",
    "KIVY_CLIPBOARD": "dummy",
    "KIVY_METRICS_DENSITY": "1",
    "KIVY_METRICS_FONTSCALE": "1",
    "KIVY_DPI": "96",
}


def configure(panel: Panel, *, fullscreen: bool = False, cursor: bool = False) -> None:
    """Set up Kivy for a panel of that size; call once, before any other import of Kivy.

    `cursor` shows the mouse pointer (a developer's window, never a kiosk).
    """
    os.environ.update(ENVIRONMENT)
    from kivy.config import Config

    settings: dict[str, dict[str, str | int]] = {
        "graphics": {
            "width": panel.width_px,
            "height": panel.height_px,
            "multisamples": 0,  # 15 frames/s with them under software GL, 46 without
            "fullscreen": "auto" if fullscreen else 0,
            "borderless": int(fullscreen),
            "resizable": 0,
            "show_cursor": int(cursor),
            "maxfps": 60,
            "allow_screensaver": 0,
        },
        "kivy": {"exit_on_escape": 0, "keyboard_mode": "", "log_enable": 0, "log_level": "warning"},
    }
    if place := os.environ.get(WINDOW_AT):
        left, _, top = place.partition(",")
        settings["graphics"] |= {"position": "custom", "left": left, "top": top}
    for section, values in settings.items():
        for key, value in values.items():
            Config.set(section, key, str(value))
    # One provider per device: Kivy's defaults see every touch twice, and its mouse emulates a second finger.
    Config.remove_section("input")
    Config.add_section("input")
    Config.set("input", "mouse", "mouse,disable_multitouch")
