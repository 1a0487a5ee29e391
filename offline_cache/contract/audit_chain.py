"""How the records of an audit log hang together: the kiosk counts with it, and so does the centre that witnesses it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

GENESIS = "0" * 64


def chained(previous: str, link: str) -> str:
    """The hash of a record: over the hash of the one before and the digest of what the record says, 64 hex digits."""
    return hashlib.sha256(f"{previous}{link}".encode()).hexdigest()


def continued(head: str, links: Iterable[str]) -> str:
    """The head that these links lead to from that one."""
    for link in links:
        head = chained(head, link)
    return head
