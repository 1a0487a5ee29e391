"""What every subcommand shares: the state folder, and how failures leave."""

from __future__ import annotations

import errno
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


_REMEDIES = {
    errno.ENOSPC: "the disk is full: make room, then try again",
    errno.EROFS: "the disk can only be read: mount it for writing, or name another folder",
    errno.EACCES: "this user may not: use the account that the file or folder belongs to",
    errno.EPERM: "this user may not: use the account that the file or folder belongs to",
    errno.ENOTDIR: "a part of this path is a file, not a folder",
    errno.ENOENT: "there is no such file or folder",
}


def plain(error: Exception) -> str:
    """One line: our own errors as they are; what the system refused with the file and what to do."""
    if not isinstance(error, OSError) or error.errno is None:
        return str(error) or type(error).__name__
    words = _REMEDIES.get(error.errno, error.strerror or str(error))
    return f"{error.filename}: {words}" if error.filename else words


def stop(line: str, status: int = 2) -> NoReturn:
    """One plain line on standard error, then the exit status (1 a negative verdict, 2 wrong use)."""
    click.echo(f"totem: {' '.join(line.split())}", err=True)
    sys.exit(status)
