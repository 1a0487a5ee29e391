"""A PostgreSQL of one's own in a folder, on a socket in it, gone afterwards: for benches and tests."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# It refuses to run as root; Debian's package makes this account.
ACCOUNT = "postgres"


def programs() -> Path:
    """Where initdb and pg_ctl lie (Debian keeps them apart by version); FileNotFoundError says what to install."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
    if found:
        return found[-1]
    named = shutil.which("pg_ctl")
    if named is None:
        raise FileNotFoundError("PostgreSQL is missing: install the Debian package postgresql")
    return Path(named).parent


@contextmanager
def running() -> Iterator[str]:
    """The SQLAlchemy URL of an empty database, as durable as it comes."""
    bin_ = programs()
    folder = Path(tempfile.mkdtemp(prefix="totem-pg-"))
    account: list[str] = []
    if os.geteuid() == 0:
        shutil.chown(folder, ACCOUNT)
        account = ["runuser", "-u", ACCOUNT, "--"]
    data = folder / "data"

    def run(*words: str) -> None:
        subprocess.run([*account, *words], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder)

    options = f"-k {folder} -c listen_addresses='' -c max_connections=200 -c shared_buffers=256MB"
    try:
        run(str(bin_ / "initdb"), "--auth=trust", "--username=totem", "--encoding=UTF8", "--pgdata", str(data))
        run(str(bin_ / "pg_ctl"), "-D", str(data), "-w", "-o", options, "-l", str(folder / "log"), "start")
        try:
            run(str(bin_ / "createdb"), "-h", str(folder), "-U", "totem", "totem")
            yield f"postgresql+psycopg://totem@/totem?host={folder}"
        finally:
            run(str(bin_ / "pg_ctl"), "-D", str(data), "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
