"""The folder of revocation lists that this machine keeps: one file per distribution point, in DER, under its hash.

A list carries its own dates and signature, so nothing else is written down: whoever fetches replaces the whole file by
renaming (offline_cache/revocation_fetch.py).
"""

from __future__ import annotations

from pathlib import Path

from offline_cache.contract.revocation import MAX_LIST_BYTES


def read(folder: Path, name: str) -> bytes | None:
    """The list of that name (`revocation.list_name`), or None."""
    path = folder / name
    try:
        return path.read_bytes() if path.stat().st_size <= MAX_LIST_BYTES else None
    except OSError:
        return None
