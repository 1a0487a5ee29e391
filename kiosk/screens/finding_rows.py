"""Findings as a technician reads them: what it is, how it is, and what to do about it."""

from __future__ import annotations

from collections.abc import Sequence

from kiosk.health.findings import Finding, Level
from kiosk.health.words import PARTS, WORDS
from kiosk.screens.scene import Scene, Text
from kiosk.widgets.block import Block
from kiosk.widgets.card import Fact, facts, notice
from kiosk.widgets.words import plain

ICONS = {Level.OK: "check-circle-fill", Level.ATTENTION: "warning-fill", Level.BROKEN: "x-circle-fill"}


def rows(scene: Scene, findings: Sequence[Finding]) -> Block:
    """A white card, a row each."""
    return facts(scene.theme, [_row(scene, finding) for finding in findings], room=16)


def _row(scene: Scene, finding: Finding) -> Fact:
    text, colours = scene.text, scene.theme.palette
    colour = {Level.OK: colours.ok, Level.ATTENTION: colours.warn, Level.BROKEN: colours.error}[finding.level]
    words, values = WORDS[finding.what], {name: _plain(value) for name, value in finding.values}
    said = text(words.words, **values)
    if words.remedy:
        said = f"{said}\n[b]{text(words.remedy, **values)}[/b]"
    return Fact(text(PARTS[finding.part]), said, ICONS[finding.level], icon_colour=colour)


def _plain(value: str | int) -> str | int:
    return plain(value) if isinstance(value, str) else value


def summary(scene: Scene, findings: Sequence[Finding] | None) -> Block:
    """How many things need somebody, in one line."""
    text, theme = scene.text, scene.theme
    if findings is None:
        return notice(theme, "info", text("Looking at everything: one moment."), icon="hourglass")
    broken = sum(finding.level is Level.BROKEN for finding in findings)
    attention = sum(finding.level is Level.ATTENTION for finding in findings)
    if broken:
        return notice(theme, "error", f"[b]{_counted(text, broken, attention)}[/b]")
    if attention:
        return notice(theme, "warn", f"[b]{_counted(text, broken, attention)}[/b]")
    return notice(theme, "ok", text("[b]Everything works.[/b]"))


def _counted(text: Text, broken: int, attention: int) -> str:
    parts = []
    if broken:
        parts.append(text("1 fault") if broken == 1 else text("{n} faults", n=broken))
    if attention:
        parts.append(text("1 needs attention") if attention == 1 else text("{n} need attention", n=attention))
    return ", ".join(parts)
