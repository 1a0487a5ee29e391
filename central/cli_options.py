"""What the commands of the centre share: --state, --json, errors as one plain line, lists for people and machines."""

from __future__ import annotations

import functools
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import click

from central.state import default_path

WRONG_USE = 2


def state_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """--state of every command of the centre."""
    return click.option(
        "--state",
        "folder",
        type=click.Path(file_okay=False, path_type=Path),
        default=default_path,
        help="The centre's folder (var-demo/central in a checkout).",
    )(command)


def plain_errors(command: Callable[..., Any]) -> Callable[..., Any]:
    """What went wrong as one line on standard error, exit 2. What the system refused is told by `totem` itself."""

    @functools.wraps(command)
    def wrapped(*arguments: Any, **options: Any) -> Any:
        try:
            return command(*arguments, **options)
        except Exception as error:
            line = _expected(error)
            if line is None:
                raise
            _stop(line)

    return wrapped


def _expected(error: Exception) -> str | None:
    """What to say of an error that says what to do; None for any other."""
    import sqlite3

    from sqlalchemy.exc import DBAPIError, NoSuchModuleError, SQLAlchemyError

    from central.backup_postgresql import BackupError
    from central.debts import DebtsError
    from central.serve import ServeError

    match error:
        case OSError(errno=None) | ValueError() | BackupError() | DebtsError() | ServeError():
            return str(error)
        case DBAPIError(orig=cause):
            return f"the centre's database cannot be used: {cause}"
        case ModuleNotFoundError(name=missing) | NoSuchModuleError(args=(missing, *_)):
            return f"database_url of central.toml needs what is not installed here: {missing}"
        case SQLAlchemyError() | sqlite3.Error():
            return f"the centre's database cannot be used: {error}"
        case _:
            return None


def _stop(line: str) -> NoReturn:
    click.echo(f"totem: {' '.join(line.split())}", err=True)
    sys.exit(WRONG_USE)


json_option = click.option("--json", "as_json", is_flag=True, help="One line of JSON, for machines.")


def print_rows(rows: list[dict[str, Any]], as_json: bool, *, none: str) -> None:
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        said = {name: _words(value) for name, value in row.items()}
        click.echo("  ".join(f"{name} {words}" for name, words in said.items() if words))
    if not rows:
        click.echo(none)


def _words(value: Any) -> str:
    """A value of a list, for people: of a guide or a document its number; nothing for what is not there."""
    match value:
        case None | False:
            return ""
        case True:
            return "yes"
        case dict():
            return str(value.get("number", ""))
        case list():
            return ", ".join(map(str, value))
        case _:
            return str(value)
