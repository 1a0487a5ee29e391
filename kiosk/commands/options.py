"""What every subcommand shares: the state folder, and how failures leave."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click

from offline_cache.folder import INSTALLED, StateFolder

F = TypeVar("F", bound=Callable[..., Any])

# As a shell says it of a program that was interrupted.
INTERRUPTED = 130
CHECKOUT = Path(__file__).resolve().parents[2]


def default_state() -> Path:
    """$TOTEM_STATE, var/ in a checkout, /var/lib/totem on an appliance."""
    named = os.environ.get("TOTEM_STATE")
    if named:
        return Path(named)
    return CHECKOUT / "var" if (CHECKOUT / "pyproject.toml").is_file() else INSTALLED


def _folder(_context: click.Context, _parameter: click.Parameter, value: Path | None) -> StateFolder:
    return StateFolder(value or default_state())


def state_option(command: F) -> F:
    """Adds `--state DIR`; the command receives `folder: StateFolder`."""
    return click.option(
        "--state",
        "folder",
        type=click.Path(file_okay=False, path_type=Path),
        callback=_folder,
        help="The state folder (var/ in a checkout, /var/lib/totem installed).",
    )(command)


def stop(line: str, status: int = 2) -> NoReturn:
    """One plain line on standard error, then the exit status (1 a negative verdict, 2 wrong use)."""
    click.echo(f"totem: {line}", err=True)
    sys.exit(status)
