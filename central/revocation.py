"""The authorities' revocation lists: the centre fetches them, judges by them, and hands them to the kiosks.

A list carries its own signature and dates, so whoever hands it over cannot change what it says. What is fetched takes
the place of what is there only if it is a list, newer, and not forged in the name of an authority pinned here.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from central import private_files
from central.centre import Centre
from kiosk.catalog.model import Catalogue
from offline_cache.contract.evidence import Evidence
from offline_cache.contract.profiles import profiles_of
from offline_cache.contract.revocation import MAX_LIST_BYTES, list_name, lists_for, signed_by, this_update
from offline_cache.contract.verification import Verified, verify

NAME = re.compile(r"^[0-9a-f]{64}\.crl$")
FETCH_LIMIT_S = 60.0
log = structlog.get_logger("central.revocation")


def judged(centre: Centre, evidence: Evidence, catalogue: Catalogue, at: datetime) -> Verified:
    """The proof of a card, by the families of that catalogue and the lists at hand now; EvidenceRefused says why not.

    `at` is when the card signed. What was revoked since is refused too.
    """
    grace = timedelta(hours=catalogue.revocation_grace_h)
    lists = lists_for(
        _certificates(evidence), centre.anchors, lambda name: read(centre.state.revocation, name), grace, centre.now()
    )
    return verify(evidence, centre.anchors, at, profiles=profiles_of(catalogue.card_families), lists=lists)


def refresh(centre: Centre, get: Callable[[str], bytes] | None = None) -> int:
    """Fetches every list that the newest catalogue names; how many were newer. What fails is logged and tried again."""
    kept = 0
    for address in centre.catalogue().revocation_lists:
        try:
            der = (get or _get)(address)
            newer = keep(centre.state.revocation, address, der, centre.anchors)
        except (OSError, ValueError) as error:
            log.warning("list-not-fetched", address=address, why=str(error))
            continue
        kept += newer
    return kept


def keep(folder: Path, address: str, der: bytes, anchors: Sequence[str]) -> bool:
    """Puts a list in the place of an older one; False if the one that is there is as new. ValueError if it is none."""
    made = this_update(der)
    if made is None:
        raise ValueError("what came is no revocation list")
    if not signed_by(der, anchors):
        raise ValueError("the list is not signed by the authority that it names")
    name = list_name(address)
    before = read(folder, name)
    known = this_update(before) if before is not None else None
    if known is not None and known >= made:
        return False
    folder.mkdir(mode=0o700, exist_ok=True)
    private_files.write(folder / name, der)
    return True


def read(folder: Path, name: str) -> bytes | None:
    """The list of that name (`contract.revocation.list_name`), or None."""
    if not NAME.fullmatch(name):
        return None
    try:
        return (folder / name).read_bytes()
    except OSError:
        return None


def _certificates(evidence: Evidence) -> list[bytes]:
    try:
        return [base64.b64decode(text, validate=True) for text in evidence.certificates]
    except binascii.Error:
        return []  # refused where it is verified


def _get(address: str) -> bytes:
    import requests

    with requests.get(address, timeout=FETCH_LIMIT_S / 2, stream=True, allow_redirects=False) as response:
        if response.status_code != requests.codes.ok:
            raise OSError(f"status {response.status_code}")
        body = response.raw.read(MAX_LIST_BYTES + 1, decode_content=True)
    if len(body) > MAX_LIST_BYTES:
        raise OSError("the list is too long")
    return bytes(body)
