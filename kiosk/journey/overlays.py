"""What may lie over any screen."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Help:
    pass


@dataclass(frozen=True)
class LanguageChoice:
    pass


@dataclass(frozen=True)
class AccessSheet:
    """The settings, to be changed."""


@dataclass(frozen=True)
class IdleWarning:
    """`last`: the session's absolute limit is near, and no touch puts it off."""

    seconds_left: int
    last: bool = False


Overlay = Help | LanguageChoice | AccessSheet | IdleWarning
