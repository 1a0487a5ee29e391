"""What each type of question is typed with: which keys, how much, how it is shown, what is said when it will not do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from kiosk.catalog.answers import LONGEST_EMAIL, Wrong, limit_day
from kiosk.catalog.field_rules import LONGEST_NUMBER
from kiosk.catalog.form_fields import FormField
from kiosk.catalog.id_numbers import DIGITS_ONLY, LONGEST, compact, shown
from kiosk.issuing.dates import day
from kiosk.issuing.id_names import names_of
from kiosk.issuing.masks import digits
from kiosk.issuing.money import euro, reais
from kiosk.screens.scene import Scene

DAY_DIGITS = 8
PHONE_DIGITS = 15


@dataclass(frozen=True)
class Kind:
    """`pad`: on number keys. `put` gives the answer after one more character, `taken` after the last was taken back.

    `lines` of the field where there is room; `money` shows an amount before anything is typed.
    """

    pad: bool
    most: int
    shown: Callable[[str], str]
    put: Callable[[str, str], str]
    taken: Callable[[str], str]
    lines: int = 1
    capitals: bool = False
    counts: str = "digits"
    money: bool = False

    def room(self, value: str) -> bool:
        """Whether one more character may be typed."""
        return len(digits(value) if self.pad else value) < self.most


def kind_of(scene: Scene, page: FormField) -> Kind | None:
    """How that page is typed; None where one chooses."""
    country = scene.state.catalogue.operator.country if scene.state.catalogue else "BR"
    kind: str = page.type
    match kind:
        case "text" | "long-text":
            return Kind(
                pad=False, most=page.max_length, shown=_same, put=_add, taken=_drop,
                lines=2 if kind == "text" else 4, capitals=True, counts="letters",
            )
        case "email":
            return Kind(pad=False, most=LONGEST_EMAIL, shown=_same, put=_add, taken=_drop, counts="letters")
        case "number":
            return Kind(pad=True, most=LONGEST_NUMBER, shown=_same, put=_add_number, taken=_drop)
        case "money":
            say = reais if country == "BR" else euro
            return Kind(
                pad=True, most=LONGEST_NUMBER, shown=lambda value: say(int(value or "0")), put=_add_number, taken=_drop,
                money=True,
            )
        case "date":
            return Kind(
                pad=True, most=DAY_DIGITS, shown=_date_shown, put=_add_date, taken=_drop_date
            )
        case "phone":
            return Kind(
                pad=True, most=PHONE_DIGITS, shown=lambda value: phone_shown(value, country), put=_add, taken=_drop
            )
        case "postcode":
            long = country == "BR"
            return Kind(
                pad=True, most=8 if long else 5, put=_add, taken=_drop,
                shown=lambda value: f"{value[:5]}-{value[5:]}" if len(value) > 5 else value,
            )
        case "national-id":
            return _national_id(page)
        case _:
            return None


def _national_id(page: FormField) -> Kind:
    schemes = page.numbers
    alone = schemes[0] if len(schemes) == 1 else None
    return Kind(
        pad=set(schemes) <= DIGITS_ONLY,
        most=max(LONGEST[scheme] for scheme in schemes),
        shown=lambda value: shown(alone, value) if alone else compact(value),
        put=lambda value, letter: value + compact(letter),
        taken=_drop,
        capitals=True,
        counts="digits" if set(schemes) <= DIGITS_ONLY else "characters",
    )


def counted(scene: Scene, kind: Kind, value: str) -> str:
    """How much is written, of how much there may be; nothing where that tells nobody anything."""
    count = len(digits(value)) if kind.pad else len(value)
    match kind.counts:
        case "letters":
            return scene.text("{n} of {of} letters", n=count, of=kind.most)
        case "characters":
            return scene.text("{n} of {of} characters", n=count, of=kind.most)
        case _ if kind.most in {DAY_DIGITS, 5, 11}:
            return scene.text("{n} of {of} digits", n=count, of=kind.most)
        case _:
            return ""


def wrong_words(scene: Scene, page: FormField, why: Wrong | None) -> str:
    """What is wrong with an answer, and what to do."""
    text, language = scene.text, scene.language
    local = scene.state.devices.local
    today = local.date() if local else None
    match why:
        case Wrong.TOO_SHORT:
            return text("Write at least {n} letters.", n=page.min_length)
        case Wrong.TOO_LONG:
            return text("Write {n} letters at most.", n=page.max_length)
        case Wrong.TOO_SMALL:
            return text("The least is {n}.", n=_amount(scene, page, page.minimum or 0))
        case Wrong.TOO_LARGE:
            return text("The most is {n}.", n=_amount(scene, page, page.maximum or 0))
        case Wrong.TOO_EARLY if page.earliest:
            first = limit_day(page.earliest, today) or date.min
            return text("The date cannot be before {date}.", date=day(first, language))
        case Wrong.TOO_LATE if page.latest:
            last = limit_day(page.latest, today) or date.max
            return text("The date cannot be after {date}.", date=day(last, language))
        case Wrong.TOO_MANY:
            return text("Choose {n} at most.", n=page.most or 0)
        case Wrong.PATTERN if page.pattern_message:
            return page.pattern_message.in_language(language)
        case Wrong.NOT_VALID:
            return _not_valid(scene, page)
        case Wrong.MISSING if page.type == "consent":
            return text("To go on, you have to agree.")
        case Wrong.UNKNOWN:
            return text("Choose one of the answers.")
        case _:
            return text("The answer is missing.")


def _not_valid(scene: Scene, page: FormField) -> str:
    text = scene.text
    kind: str = page.type
    match kind:
        case "national-id" if page.numbers == ("cpf",):
            return text("This CPF is not valid. Check the digits.")
        case "national-id":
            names = names_of(page.numbers, scene.language)
            return text("This number is not valid. Check it: {names}.", names=names)
        case "date":
            return text("This date does not exist. Type day, month and year.")
        case "phone":
            return text("This phone number is too short. Begin with the area code.")
        case "email":
            return text("This is no e-mail address. It has an @ in the middle, as in ana@example.org.")
        case "postcode":
            return text("This postcode is too short.")
        case _:
            return text("The answer is missing.")


def _amount(scene: Scene, page: FormField, value: int) -> str:
    if page.type != "money":
        return str(value)
    kind = kind_of(scene, page)
    return kind.shown(str(value)) if kind else str(value)


def answer_shown(scene: Scene, page: FormField, value: str) -> str:
    """A typed answer as it is read again on the review."""
    if page.type == "date":
        try:
            return day(date.fromisoformat(value), scene.language)
        except ValueError:
            return value
    kind = kind_of(scene, page)
    return kind.shown(value) if kind else value


def phone_shown(value: str, country: str) -> str:
    """(11) 91234-5678 in Brazil, groups of three elsewhere."""
    number = digits(value)
    if country == "BR" and len(number) in {10, 11}:
        return f"({number[:2]}) {number[2:-4]}-{number[-4:]}"
    return " ".join(number[at : at + 3] for at in range(0, len(number), 3))


def _same(value: str) -> str:
    return value


def _add(value: str, letter: str) -> str:
    return value + letter


def _drop(value: str) -> str:
    return value[:-1]


def _add_number(value: str, digit: str) -> str:
    return str(int(value + digit))


def _typed_day(value: str) -> str:
    """The digits as they were typed, day first."""
    if "-" in value:
        year, month, number = value.split("-")
        return number + month + year
    return value


def _add_date(value: str, digit: str) -> str:
    """ISO 8601 once the day is whole and exists; the digits as typed before."""
    typed = (_typed_day(value) + digit)[:DAY_DIGITS]
    if len(typed) < DAY_DIGITS:
        return typed
    try:
        return date(int(typed[4:]), int(typed[2:4]), int(typed[:2])).isoformat()
    except ValueError:
        return typed


def _drop_date(value: str) -> str:
    return _typed_day(value)[:-1]


def _date_shown(value: str) -> str:
    typed = _typed_day(value)
    return "/".join(part for part in (typed[:2], typed[2:4], typed[4:]) if part)
