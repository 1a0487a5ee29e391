"""How what is written is read out: amounts and dates in words, codes and long numbers sign by sign, in groups.

A voice would say "R$ 1.234,56" as a letter and a sign, and 44 digits as one number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from kiosk.catalog.model import Language


@dataclass(frozen=True)
class _Voice:
    """The words of one language. `day` and `time` have the places {day} {month} {year}, {hour} {minute}."""

    months: tuple[str, ...]
    day: str
    time: str
    whole: tuple[str, str]
    cents: tuple[str, str]
    euro: tuple[str, str]
    euro_cents: tuple[str, str]
    joined: str
    hidden: str
    dot: str
    slash: str
    at: str


VOICES = {
    Language.PT_BR: _Voice(
        months=("janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro", "outubro",
                "novembro", "dezembro"),
        day="{day} de {month} de {year}", time="{hour} horas e {minute} minutos", whole=("real", "reais"),
        cents=("centavo", "centavos"), euro=("euro", "euros"), euro_cents=("centavo", "centavos"),
        joined="e", hidden="oculto", dot="ponto", slash="barra", at="arroba",
    ),
    Language.ES: _Voice(
        months=("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre",
                "noviembre", "diciembre"),
        day="{day} de {month} de {year}", time="{hour} horas y {minute} minutos", whole=("real", "reales"),
        cents=("centavo", "centavos"), euro=("euro", "euros"), euro_cents=("céntimo", "céntimos"),
        joined="con", hidden="oculto", dot="punto", slash="barra", at="arroba",
    ),
    Language.IT: _Voice(
        months=("gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre",
                "ottobre", "novembre", "dicembre"),
        day="{day} {month} {year}", time="ore {hour} e {minute}", whole=("real", "reais"),
        cents=("centesimo", "centesimi"), euro=("euro", "euro"), euro_cents=("centesimo", "centesimi"),
        joined="e", hidden="nascosto", dot="punto", slash="barra", at="chiocciola",
    ),
    Language.EN: _Voice(
        months=("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
                "November", "December"),
        day="{day} {month} {year}", time="{hour} {minute}", whole=("real", "reais"), cents=("cent", "cents"),
        euro=("euro", "euros"), euro_cents=("cent", "cents"),
        joined="and", hidden="hidden", dot="dot", slash="slash", at="at",
    ),
}
ENGLISH_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# Digits in a row that nobody takes for a quantity.
LONG = 5

# What is read otherwise than written; the first that fits at a place, from left to right.
_WRITTEN = re.compile(
    r"R\$\s?(?P<whole>[\d.]+),(?P<cents>\d\d)"
    r"|\b(?P<euro>\d[\d.]*),(?P<eurocents>\d\d)\s?€"
    rf"|\b(?P<english>(?P<d1>\d{{1,2}}) (?P<m1>{'|'.join(ENGLISH_MONTHS)}) (?P<y1>\d{{4}}))\b"
    r"|\b(?P<day>(?P<d2>\d{1,2})/(?P<m2>0?[1-9]|1[0-2])/(?P<y2>\d{4}))\b"
    r"|\b(?P<time>(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d))\b"
    r"|\b(?P<site>[a-z0-9-]*[a-z][a-z0-9-]*(?:\.[a-z0-9-]+)+(?:/[A-Za-z0-9_-]*)*)"
    r"|(?<![\w-])(?P<number>\d+(?:[ -]\d+)+)(?![\w-])"
    r"|(?<![\w*•])(?P<code>[A-Z0-9*•]+(?:[-./][A-Z0-9*•]+)*)(?![\w*•])"
)
_HIDDEN = re.compile(r"[*•]{2,}")


def aloud(text: str, language: Language) -> str:
    """The text as a voice should get it."""
    voice = VOICES[language]
    said = _WRITTEN.sub(lambda found: _read(voice, found), text)
    return said.replace(" · ", ", ").replace("@", f" {voice.at} ")


def _read(voice: _Voice, found: re.Match[str]) -> str:
    part = found.groupdict()
    if part["cents"]:
        return _amount(voice, int(part["whole"].replace(".", "")), int(part["cents"]), voice.whole, voice.cents)
    if part["eurocents"]:
        euro, cents = int(part["euro"].replace(".", "")), int(part["eurocents"])
        return _amount(voice, euro, cents, voice.euro, voice.euro_cents)
    if part["english"]:
        return _day(voice, part["d1"], ENGLISH_MONTHS.index(part["m1"]), part["y1"])
    if part["day"]:
        return _day(voice, part["d2"], int(part["m2"]) - 1, part["y2"])
    if part["time"]:
        return voice.time.format(hour=int(part["hour"]), minute=int(part["minute"]))
    if part["site"]:
        return part["site"].rstrip("/").replace(".", f" {voice.dot} ").replace("/", f" {voice.slash} ")
    if part["number"]:
        return _number(part["number"])
    return _code(voice, part["code"])


def spelled(text: str) -> str:
    """Sign by sign; what joins groups becomes a pause."""
    return ", ".join(" ".join(group) for group in re.split(r"[\s./-]+", text) if group)


def _amount(voice: _Voice, whole: int, cents: int, names: tuple[str, str], cent_names: tuple[str, str]) -> str:
    parts = []
    if whole or not cents:
        parts.append(f"{whole} {names[whole != 1]}")
    if cents:
        parts.append(f"{cents} {cent_names[cents != 1]}")
    return f" {voice.joined} ".join(parts)


def _day(voice: _Voice, day: str, month: int, year: str) -> str:
    return voice.day.format(day=int(day), month=voice.months[month], year=year)


def _code(voice: _Voice, written: str) -> str:
    """Spelled when letters and digits stand together, or when the number is long; a word or a quantity stays."""
    digits = sum(character.isdigit() for character in written)
    letters = any(character.isalpha() for character in written)
    hidden = _HIDDEN.search(written) is not None
    if not hidden and (digits < LONG if not letters else not digits and "-" not in written):
        return written
    groups = [group for group in re.split(r"[./-]+", written) if group]
    return ", ".join(voice.hidden if _HIDDEN.fullmatch(group) else " ".join(group) for group in groups)


def _number(written: str) -> str:
    """Groups of digits with spaces between them are one number, as a phone's or a payment line's."""
    groups = re.split(r"[ -]", written)
    if sum(map(len, groups)) <= LONG:
        return written
    return ", ".join(" ".join(group) for group in groups)
