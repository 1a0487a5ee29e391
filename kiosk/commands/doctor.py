"""`totem doctor`: everything that this kiosk needs, and what to do where something is missing."""

from __future__ import annotations

import json

import click

from kiosk.catalog.model import Language
from kiosk.commands.options import state_option
from kiosk.health.findings import Finding, Level, needing_a_hand
from offline_cache.folder import StateFolder

_MARKS = {Level.OK: "ok       ", Level.ATTENTION: "attention", Level.BROKEN: "broken   "}


@click.command(help="Look at everything. Exit status 1 when something needs a hand.")
@click.option(
    "--language", type=click.Choice([str(language) for language in Language]), default="en", show_default=True,
    help="Of what is said.",
)
@click.option("--json", "as_json", is_flag=True, help="For machines.")
@state_option
def doctor(folder: StateFolder, as_json: bool, language: str) -> None:
    from kiosk.health.examination import examine

    findings = examine(folder)
    hand = needing_a_hand(findings)
    told = [_told(finding, Language(language)) for finding in findings]
    if as_json:
        click.echo(json.dumps({"needs_a_hand": bool(hand), "findings": told}, ensure_ascii=False))
    else:
        for finding, words in zip(findings, told, strict=True):
            click.echo(f"{_MARKS[finding.level]}  {words['name']}: {words['words']}")
            if words["remedy"]:
                click.echo(f"           -> {words['remedy']}")
    raise SystemExit(1 if hand else 0)


def _told(finding: Finding, language: Language) -> dict[str, object]:
    from kiosk.health.words import PARTS, WORDS
    from kiosk.locale.translate import translator

    text, values = translator(language), dict(finding.values)
    words = WORDS[finding.what]
    return {
        "part": finding.part.value,
        "state": finding.level.value,
        "what": finding.what.value,
        "values": values,
        "name": text(PARTS[finding.part]),
        "words": text(words.words, **values),
        "remedy": text(words.remedy, **values) if words.remedy else "",
    }
