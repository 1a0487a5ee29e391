"""Certificates of authorities that cards brought along and that chained to an anchor: the next card need not be asked.

Authorities' certificates only, never a person's: they are the same for thousands of people. Each is judged anew
whenever it is used; the folder saves round trips, not checks.
"""

from __future__ import annotations

import contextlib
import hashlib
from functools import cached_property
from pathlib import Path
from typing import Any

from offline_cache.contract.certificates import parse
from offline_cache.contract.checks import EvidenceRefused

MAX_BYTES = 8192
MAX_FILES = 64


class IssuerCache:
    """`folder` None: nothing is known and nothing is kept."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    @cached_property
    def known(self) -> list[bytes]:
        """Every certificate that was kept, as DER; files that are none are passed over."""
        if self._folder is None:
            return []
        found: list[bytes] = []
        with contextlib.suppress(OSError):
            files = sorted(self._folder.glob("*.der"))[:MAX_FILES]
            found += [path.read_bytes() for path in files if path.stat().st_size <= MAX_BYTES]
        return [der for der in found if _parsed(der) is not None]

    def issuer_of(self, certificate: bytes) -> bytes | None:
        """The certificate that is named as the issuer of this one, key identifier included; None if none is known."""
        leaf = _parsed(certificate)
        if leaf is None or not leaf.authority_key_identifier:
            return None
        for der in self.known:
            issuer = parse(der)
            if issuer.subject == leaf.issuer and issuer.key_identifier == leaf.authority_key_identifier:
                return der
        return None

    def keep(self, der: bytes) -> None:
        """Call it only with what chained to an anchor. A folder that cannot be written keeps nothing."""
        if self._folder is None or der in self.known or len(self.known) >= MAX_FILES or len(der) > MAX_BYTES:
            return
        self.known.append(der)
        path = self._folder / f"{hashlib.sha256(der).hexdigest()}.der"
        with contextlib.suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            aside = path.with_suffix(".new")
            aside.write_bytes(der)
            aside.replace(path)


NOTHING_KNOWN = IssuerCache(None)


def _parsed(der: bytes) -> Any:
    try:
        return parse(der)
    except EvidenceRefused:
        return None
