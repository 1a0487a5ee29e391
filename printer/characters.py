"""Text as a printer can set it: no control bytes, plain punctuation, no character lost or turned into "?"."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_PLAIN = {
    "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2015": "-", "\u2212": "-",
    "\u2018": "'", "\u2019": "'", "\u201a": ",", "\u201b": "'", "\u2032": "'",
    "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u201f": '"', "\u2033": '"',
    "\u2026": "...", "\u2022": "·", "\u2039": "<", "\u203a": ">", "\u2044": "/", "\u20ac": "EUR",
    "\u2190": "<-", "\u2192": "->", "\u2713": "x", "\u2714": "x", "\u2122": "(TM)",
    "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ħ": "h", "Ħ": "H", "œ": "oe", "Œ": "OE", "ı": "i", "ŧ": "t",
    "Ŧ": "T", "ø": "o", "Ø": "O", "æ": "ae", "Æ": "AE", "ß": "ss", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th",
    "ŋ": "n", "Ŋ": "N", "─": "-", "═": "=", "·": ".", "¿": "", "¡": "", "ª": "a", "º": "o", "§": "par.", "°":
    "o",
}  # fmt: skip
_UNKNOWN = "¤"  # the sign of an unknown character: seen, and not taken for a question


def printable(text: str, encoding: str) -> str:
    """`text` in characters that `encoding` has: one line, no control or format characters.

    Accents are kept where the code page holds them, else dropped with their letter kept; other alphabets are
    written by the names of their letters; what has no letter becomes a currency sign.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_set(char, encoding) for char in unicodedata.normalize("NFC", text))


# Single characters: they tell nothing of who was printed.
@lru_cache(maxsize=4096)
def _set(char: str, encoding: str) -> str:
    if char in "\t\n\r" or unicodedata.category(char) in {"Zs", "Zl", "Zp"}:
        return " "
    if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Cn"}:
        return ""
    return _char(char, encoding)


def _char(char: str, encoding: str) -> str:
    if _has(char, encoding):
        return char
    if char in _PLAIN:
        return "".join(c if _has(c, encoding) else "" for c in _PLAIN[char])
    if unicodedata.combining(char):
        return ""
    base = unicodedata.normalize("NFKD", char)
    if base != char:
        return "".join(_char(c, encoding) for c in base)
    words = unicodedata.name(char, "").split(" LETTER ")
    if len(words) == 2:  # "CYRILLIC SMALL LETTER ZHE": an alphabet says its letters
        letter = words[1].split()[0]
        return letter.lower() if " SMALL" in words[0] else letter.capitalize()
    return _UNKNOWN if _has(_UNKNOWN, encoding) else "*"


def _has(char: str, encoding: str) -> bool:
    try:
        return char.encode(encoding)[0] >= 0x20
    except UnicodeEncodeError:
        return False
