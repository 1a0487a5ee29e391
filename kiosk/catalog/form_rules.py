"""What must hold between the questions of one form, so that whoever begins it can come to its end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Values = Mapping[str, Any]


def of_form(service: Values) -> list[str]:
    """What does not hold, a plain line each that says what to write."""
    broken = []
    before: dict[str, Values] = {}
    for field in service.get("form") or ():
        name = str(field.get("id"))
        broken += _condition(name, field.get("show_if"), before)
        if field.get("default") and service.get("identification") == "none":
            broken.append(
                f"question {name} takes a default of the identity, and nobody is asked who they are: take the default "
                "out, or ask for an identification"
            )
        if field.get("type") == "debt" and service.get("lookup") != "debts":
            broken.append(f"question {name} offers debts, and none are looked up: write lookup: debts")
        before[name] = field
    return broken


def _condition(name: str, condition: Any, before: Mapping[str, Values]) -> list[str]:
    if not condition:
        return []
    asked = before.get(str(condition.get("field")))
    if asked is None:
        return [
            f"question {name} can never be reached, for {condition.get('field')} is not asked before: correct it"
        ]
    given = _answers(asked)
    if given is None:
        return [f"question {name} depends on {condition.get('field')}, which is no choice: name a choice or a yes-no"]
    return [
        f"question {name} waits for the answer {answer} of {condition.get('field')}, which nobody can give: write one "
        f"of {', '.join(sorted(given))}"
        for answer in condition.get("equals") or ()
        if answer not in given
    ]


def _answers(field: Values) -> set[str] | None:
    match field.get("type"):
        case "choice" | "choices":
            return {str(choice.get("id")) for choice in field.get("choices") or ()}
        case "consent" if field.get("required", True):
            # whoever does not consent cannot go on
            return {"yes"}
        case "yes-no" | "consent":
            return {"yes", "no"}
        case _:
            return None
