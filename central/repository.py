"""The TUF repository on the centre's disk: what is in it, and how it changes, whole or not at all.

Everything is written beside and renamed, the timestamp last: a client sees the old version or the new one. Root and
targets come signed by people; snapshot and timestamp are signed here, by keys that a stolen server gives away, and that
therefore vouch for freshness alone.
"""

from __future__ import annotations

import errno
import fcntl
import functools
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import Metadata, MetaFile, Root, Snapshot, Targets, Timestamp

from central import private_files
from central.state import CentralState
from offline_cache.contract import hand_over

ROLES = (Root.type, Targets.type, Snapshot.type, Timestamp.type)
ONLINE = (Snapshot.type, Timestamp.type)
# Who signs the program's releases, delegated by targets, and how their names begin.
APPLICATION = hand_over.ROLE
RELEASES = "totem"
# Root and targets are signed by people at a desk, snapshot and timestamp by the server as it runs.
LIFETIMES = {
    Root.type: timedelta(days=5 * 365),
    Targets.type: timedelta(days=365),
    Snapshot.type: timedelta(days=30),
    Timestamp.type: timedelta(days=7),
}


class RepositoryError(ValueError):
    """What was to be published is not; one plain line that says why and what to do."""


@dataclass(frozen=True)
class Vouched:
    """A version that the signed metadata lists. `target` is the name of its file."""

    version: int
    operator: str
    target: str
    digest: str
    min_version: int


def target_name(operator: str, version: int) -> str:
    """Operators' ids have no dots, so that a delegation to `vila-aurora.*` covers one operator alone."""
    return f"{operator}.{version}.json"


def check_operator(operator: str) -> None:
    """RepositoryError for a name that no operator can have: what is a role or a release, and ids have no dots."""
    taken = {*ROLES, APPLICATION, RELEASES}
    if operator in taken or not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,47}", operator):
        raise RepositoryError(f"{operator} is no operator's id: write the id that stands in its catalogue")


@contextmanager
def locked(state: CentralState) -> Iterator[None]:
    """One publisher at a time: the server renews while an administrator pushes, and two may push at once."""
    try:
        with (state.path / "tuf" / "lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            line = "the disk is full: nothing was published; make room, and repeat the command"
            raise RepositoryError(line) from error
        raise


def root(state: CentralState) -> Metadata[Root]:
    """The newest root."""
    number = newest(state, Root.type)
    if not number:
        raise RepositoryError(f"{state.path} has no root: run `totem central init` first")
    return Metadata[Root].from_file(str(state.tuf_metadata / f"{number}.root.json"))


def snapshot(state: CentralState) -> Snapshot | None:
    """What the timestamp leads to; None before the first publication."""
    file = state.tuf_metadata / "timestamp.json"
    if not file.is_file():
        return None
    number = Metadata[Timestamp].from_bytes(file.read_bytes()).signed.snapshot_meta.version
    return Metadata[Snapshot].from_file(str(state.tuf_metadata / f"{number}.snapshot.json")).signed


def published(state: CentralState, role: str) -> Metadata[Targets] | None:
    """The metadata of targets, or of an operator's own role, that kiosks are led to; None if there is none."""
    known = snapshot(state)
    meta = known.meta.get(f"{role}.json") if known else None
    if meta is None:
        return None
    return Metadata[Targets].from_file(str(state.tuf_metadata / f"{meta.version}.{role}.json"))


def vouched(state: CentralState) -> dict[int, Vouched]:
    """Every version of a catalogue that the published metadata vouches for, by its number."""
    file = state.tuf_metadata / "timestamp.json"
    return _vouched(state, file.read_bytes()) if file.is_file() else {}


@functools.lru_cache(maxsize=8)
def _vouched(state: CentralState, timestamp: bytes) -> dict[int, Vouched]:
    del timestamp  # what the answer depends on
    known = snapshot(state)
    found: dict[int, Vouched] = {}
    for name in known.meta if known else ():
        metadata = published(state, name.removesuffix(".json"))
        for target, file in metadata.signed.targets.items() if metadata else ():
            custom: dict[str, Any] = file.unrecognized_fields.get("custom", {})
            if "operator" not in custom:
                continue
            found[custom["version"]] = Vouched(
                version=custom["version"],
                operator=custom["operator"],
                target=target,
                digest=file.hashes["sha256"],
                min_version=custom["min_version"],
            )
    return found


def write(state: CentralState, name: str, metadata: Metadata[Any]) -> None:
    private_files.write(state.tuf_metadata / name, metadata.to_bytes())


def sign_online(state: CentralState, now: datetime, changed: dict[str, int] | None = None) -> None:
    """A new snapshot with what changed, and the timestamp that leads to it."""
    known = snapshot(state)
    meta = dict(known.meta) if known else {}
    meta |= {f"{role}.json": MetaFile(version=version) for role, version in (changed or {}).items()}
    number = newest(state, Snapshot.type) + 1
    made = Snapshot(version=number, expires=until(Snapshot.type, now), meta=meta)
    _signed(state, f"{number}.snapshot.json", Metadata(made), Snapshot.type)
    file = state.tuf_metadata / "timestamp.json"
    before = Metadata[Timestamp].from_file(str(file)).signed.version if file.exists() else 0
    led = Timestamp(version=before + 1, expires=until(Timestamp.type, now), snapshot_meta=MetaFile(version=number))
    _signed(state, "timestamp.json", Metadata(led), Timestamp.type)


def _signed(state: CentralState, name: str, metadata: Metadata[Any], role: str) -> None:
    metadata.sign(online_signer(state, role))
    write(state, name, metadata)


def online_signer(state: CentralState, role: str) -> CryptoSigner:
    """The centre's own key of a role; FileNotFoundError says which is missing."""
    return CryptoSigner(Ed25519PrivateKey.from_private_bytes(online_key(state, role).read_bytes()))


def online_key(state: CentralState, role: str) -> Path:
    return state.keys / f"tuf-{role}.key"


def keep_online_key(state: CentralState, role: str, key: Ed25519PrivateKey) -> None:
    private_files.write(online_key(state, role), key.private_bytes_raw())


def until(role: str, now: datetime) -> datetime:
    """When what is signed now expires; an operator's own role lives as long as targets do."""
    return (now + LIFETIMES.get(role, LIFETIMES[Targets.type])).replace(microsecond=0)


def newest(state: CentralState, role: str) -> int:
    """The highest version of a role ever written, whether its publication was finished or not."""
    return max((leading(file.name) for file in state.tuf_metadata.glob(f"*.{role}.json")), default=0)


def leading(name: str) -> int:
    found = re.match(r"(\d+)\.", name)
    return int(found[1]) if found else 0
