"""The folder of revocation lists that this machine keeps: one file per distribution point, in DER, under its hash.

`NAME.crl`, where NAME is the SHA-256 of the list's address in hexadecimal. A list carries its own dates and signature,
so nothing else is written down: whoever fetches replaces the whole file by renaming (`keep`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from offline_cache.contract.certificates import parse
from offline_cache.contract.checks import EvidenceRefused
from offline_cache.contract.revocation import GRACE, MAX_LIST_BYTES, RevocationLists, distribution_points


def file_name(address: str) -> str:
    return f"{hashlib.sha256(address.encode()).hexdigest()}.crl"


def keep(folder: Path, address: str, der: bytes) -> None:
    """Whole or not at all: a reader may come at any time."""
    folder.mkdir(parents=True, exist_ok=True)
    aside = folder / f"{file_name(address)}.new"
    aside.write_bytes(der)
    aside.replace(folder / file_name(address))


def lists_for(folder: Path, certificates: Sequence[bytes]) -> RevocationLists:
    """The lists at hand for these certificates (DER); what is missing or cannot be read is left out."""
    addresses: dict[str, None] = {}
    for der in certificates:
        try:
            addresses.update(dict.fromkeys(distribution_points(parse(der))))
        except EvidenceRefused:
            continue  # it is refused where it is judged
    return RevocationLists(tuple(list_ for address in addresses if (list_ := _read(folder, address))), GRACE)


def _read(folder: Path, address: str) -> bytes | None:
    path = folder / file_name(address)
    try:
        return path.read_bytes() if path.stat().st_size <= MAX_LIST_BYTES else None
    except OSError:
        return None
