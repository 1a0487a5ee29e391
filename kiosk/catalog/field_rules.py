"""What must hold between the parts of one question, told of plain values."""

from __future__ import annotations

import importlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

Values = Mapping[str, Any]
CHOSEN = frozenset({"choice", "choices"})
TYPED = frozenset({"text", "long-text"})
COUNTED = frozenset({"number", "money"})
# How many digits of a number are taken, and the largest that has so many.
LONGEST_NUMBER = 12
LARGEST_NUMBER = 10**LONGEST_NUMBER - 1
# A repeat of a repeat can take a kiosk an hour on one line of letters.
NESTED_REPEAT = re.compile(r"[*+}]\)*[*+{]|\([^()]*[*+}][^()]*\)\s*[*+{]")
# Which types a field of a question belongs to.
BELONGS = {
    "minimum": COUNTED, "maximum": COUNTED, "earliest": {"date"}, "latest": {"date"}, "pattern": {"text"},
    "pattern_message": {"text"}, "most": {"choices"}, "schemes": {"national-id"},
}  # fmt: skip


def of_field(field: Values) -> list[str]:
    """What does not hold, a plain line each that says what to write."""
    kind = field["type"]
    broken = []
    if (kind in CHOSEN) != bool(field.get("choices")):
        broken.append("choices belong to type choice and choices, and only there: give choices, or another type")
    if twice(choice["id"] for choice in field.get("choices") or ()):
        broken.append("two choices have the same id: rename one")
    broken += [
        f"{name} belongs to type {' and '.join(sorted(kinds))}: take it out, or change the type"
        for name, kinds in BELONGS.items()
        if field.get(name) and kind not in kinds
    ]
    broken += _limits(field)
    broken += _pattern(field)
    if field.get("default") == "name" and kind != "text":
        broken.append("a default of name belongs to type text: change the type, or take the default out")
    if field.get("default") == "national-id" and kind != "national-id":
        broken.append("a default of national-id belongs to type national-id: change the type, or take the default out")
    return broken


def _limits(field: Values) -> list[str]:
    broken = []
    least, most = field.get("minimum"), field.get("maximum")
    if least is not None and most is not None and least > most:
        broken.append("no number can be given, since minimum is above maximum: exchange them")
    elif (most is not None and most < 0) or (least is not None and least > LARGEST_NUMBER):
        broken.append(f"no number can be given, for 1 to {LONGEST_NUMBER} digits are typed: correct the limits")
    if field.get("min_length", 0) > field.get("max_length", 120):
        broken.append("no text can be given, since min_length is above max_length: exchange them")
    count = len(field.get("choices") or ())
    if field.get("most") is not None and field["most"] > count:
        broken.append(f"most is above the {count} choices there are: lower it, or take it out")
    days = [_day(field.get(name)) for name in ("earliest", "latest")]
    broken += [
        f"{name} {field[name]} is no day: write it as 2026-01-31, today, today-30 or today+90"
        for name, found in zip(("earliest", "latest"), days, strict=True)
        if field.get(name) and found is None
    ]
    first, last = days
    if first and last and first[0] == last[0] and first[1] > last[1]:
        broken.append("no date can be given, since earliest is after latest: exchange them")
    return broken


def _day(limit: str | None) -> tuple[str, int] | None:
    """A day as (counted from what, how many days)."""
    if not limit:
        return None
    if limit.startswith("today"):
        return "today", int(limit.removeprefix("today") or 0)
    try:
        return "calendar", date.fromisoformat(limit).toordinal()
    except ValueError:
        return None


def _pattern(field: Values) -> list[str]:
    pattern = field.get("pattern")
    if not pattern:
        return ["a pattern_message needs a pattern: add it, or take it out"] if field.get("pattern_message") else []
    broken = []
    if not field.get("pattern_message"):
        broken.append("a pattern needs a pattern_message: say in each language what to type")
    try:
        re.compile(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        return [*broken, f"pattern is no regular expression ({str(error).replace(': ', ' ')}): correct it"]
    if NESTED_REPEAT.search(pattern) or "\\1" in pattern:
        broken.append("pattern repeats what repeats, which can stop a kiosk: write it without a repeat in a repeat")
        return broken
    shortest, longest = _widths(pattern)
    if shortest > field.get("max_length", 120) or longest < field.get("min_length", 0):
        broken.append("no text can be given, since none of these lengths matches the pattern: correct one of them")
    return broken


def _widths(pattern: str) -> tuple[int, int]:
    """How many letters a text that matches has, at least and at most."""
    # the library's own reading of a pattern, which it names nowhere else
    shortest, longest = importlib.import_module("re._parser").parse(pattern).getwidth()
    return int(shortest), int(longest)


def twice(names: Iterable[str]) -> list[str]:
    """The names that occur more than once, in their order."""
    return [name for name, times in Counter(names).items() if times > 1]
