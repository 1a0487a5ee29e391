"""What a voice calls the signs on a keyboard: alone they would be a pause, or silence."""

from __future__ import annotations

from collections.abc import Callable

from kiosk.locale.translate import mark

SIGNS: dict[str, str] = {
    " ": mark("space"),
    ",": mark("comma"),
    ".": mark("full stop"),
    "-": mark("hyphen"),
    "!": mark("exclamation mark"),
    "?": mark("question mark"),
    "@": mark("at sign"),
    "#": mark("hash"),
    "%": mark("per cent"),
    "&": mark("ampersand"),
    "/": mark("slash"),
    "(": mark("left bracket"),
    ")": mark("right bracket"),
    '"': mark("quotation mark"),
    ":": mark("colon"),
    ";": mark("semicolon"),
    "'": mark("apostrophe"),
    "+": mark("plus"),
    "*": mark("asterisk"),
    "=": mark("equals"),
    "_": mark("underscore"),
    "$": mark("dollar sign"),
    "º": mark("masculine ordinal"),
    "ª": mark("feminine ordinal"),
    "¿": mark("opening question mark"),
    "¡": mark("opening exclamation mark"),
    "€": mark("euro sign"),
    "«": mark("opening guillemet"),
    "»": mark("closing guillemet"),
    "°": mark("degree sign"),
    "§": mark("section sign"),
}


def sign(character: str, text: Callable[..., str]) -> str:
    """One character as it is said."""
    if character in SIGNS:
        return text(SIGNS[character])
    if character.isalpha() and character.isupper():
        return text("capital {letter}", letter=character.lower())
    return character
