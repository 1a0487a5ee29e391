"""Backups of a centre on PostgreSQL: one snapshot is dumped, and the same snapshot says what lies in it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from sqlalchemy import make_url, text
from sqlalchemy.orm import Session

from central.centre import Centre


class BackupError(Exception):
    """One line that says why no backup was made, or put back."""


def dump(centre: Centre, target: Path) -> tuple[dict[str, int], dict[str, int]]:
    """Writes an archive of `pg_restore`; gives what `backup.safe_in` says of it. BackupError if it cannot be made."""
    from central.backup import put_in_place, safe_in

    aside = target.with_name(f".{target.name}.new")
    aside.unlink(missing_ok=True)
    engine = centre.database.engine.execution_options(isolation_level="REPEATABLE READ")
    with Session(engine) as session, session.begin():
        snapshot = str(session.scalar(text("select pg_export_snapshot()")))
        held = safe_in(session)
        os.close(os.open(aside, os.O_WRONLY | os.O_CREAT, 0o600))
        run(centre.state.database_url, "pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--file={aside}")
    put_in_place(aside, target)
    return held


def restore(url: str, source: Path) -> None:
    """Puts an archive into an empty database, or over what is there, all of it or nothing."""
    run(url, "pg_restore", "--single-transaction", "--clean", "--if-exists", "--no-owner", str(source), into=True)


def run(url: str, program: str, *words: str, into: bool = False) -> None:
    """One of PostgreSQL's own programs. The password goes by the environment, where no list of processes shows it."""
    parsed = make_url(url)
    plain = parsed.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
    environment = {**os.environ, **({"PGPASSWORD": str(parsed.password)} if parsed.password else {})}
    named = f"--dbname={plain}"
    try:
        done = subprocess.run(
            [program, named, *words], env=environment, capture_output=True, text=True, check=False,
        )
    except FileNotFoundError as error:
        raise BackupError(f"{program} is not installed here: install PostgreSQL's client programs") from error
    if done.returncode:
        said = done.stderr.strip().splitlines() or [f"exit status {done.returncode}"]
        raise BackupError(f"{program} could not {'put it back' if into else 'make it'}: {said[-1]}")
