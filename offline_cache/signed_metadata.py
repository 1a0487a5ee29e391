"""What TUF's client does not hold by itself: the highest versions ever seen, whatever became of its cache.

With emptied metadata the client would accept a rollback, so the highest versions are kept elsewhere too (`Floors`), and
compared after each refresh. They count for the keys that signed them: who stole a key may have signed the highest
number there is, and new keys of a new root begin again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import Root, Snapshot, TargetFile, Targets, Timestamp
from tuf.ngclient import Updater
from tuf.ngclient._internal.trusted_metadata_set import TrustedMetadataSet

from offline_cache.contract import hand_over
from offline_cache.contract.hand_over import Offered

FLOOR_PREFIX = "tuf."
# Nobody signs so often, and the store counts no further.
HIGHEST = 2**53
# With the keys of each there is a floor of its own; of the root, which names them, there is one.
KEYED = (Timestamp.type, Snapshot.type, Targets.type)


class NotVouchedFor(Exception):
    """The metadata does not vouch for what is offered; what the kiosk has stays."""


class Floors(Protocol):
    """Numbers that may only rise, kept where a deleted cache of metadata does not take them along."""

    def value(self, name: str) -> int: ...

    def lift(self, to: Mapping[str, int]) -> None: ...


def refreshed(floors: Floors, updater_now: Callable[[], Updater], metadata: Path) -> Updater:
    """Fetches and verifies the four roles, and lifts the floors. TUF 5.3.11: what was cached under keys that a new root
    has replaced goes, so that a number that a thief signed with them holds nobody up.

    Raises NotVouchedFor, or what the client raises.
    """
    updater = updater_now()
    try:
        updater.refresh()
    except RepositoryError:
        names = _floor_names(updater._trusted_set.root)
        cached = [metadata / f"{role}.json" for role in (Timestamp.type, Snapshot.type)]
        known = all(floors.value(names[role]) for role in (Timestamp.type, Snapshot.type))
        if known or not any(file.exists() for file in cached):
            raise
        for file in cached:
            file.unlink(missing_ok=True)
        updater = updater_now()
        updater.refresh()
    _lift(floors, updater._trusted_set)
    return updater


def vouched(updater: Updater, target: TargetFile) -> Offered:
    """What the role for programs says of this target; NotVouchedFor if another role does, or if it says nothing."""
    trusted = updater._trusted_set
    role = trusted[hand_over.ROLE] if trusted.contains(hand_over.ROLE, Targets.type) else None
    if not isinstance(role, Targets) or role.targets.get(target.path) is not target:
        raise NotVouchedFor(f"{target.path} is signed by others than those who sign programs")
    try:
        return hand_over.offered(
            target.path, target.length, target.hashes, target.unrecognized_fields.get("custom")
        )
    except ValueError as error:
        raise NotVouchedFor(str(error)) from error


def _floor_names(root: Root) -> dict[str, str]:
    """By role; with the keys that the root names for it, of which nobody else can make the same."""
    keyed = {role: sha256(" ".join(sorted(root.roles[role].keyids)).encode()).hexdigest()[:16] for role in KEYED}
    return {Root.type: FLOOR_PREFIX + Root.type} | {
        role: f"{FLOOR_PREFIX}{role}.{digest}" for role, digest in keyed.items()
    }


def _lift(floors: Floors, trusted: TrustedMetadataSet) -> None:
    versions = {
        name: (role, int(trusted[role].version)) for role, name in _floor_names(trusted.root).items()
    }
    for name, (role, version) in versions.items():
        floor = floors.value(name)
        if version < floor:
            raise NotVouchedFor(f"{role} {version} is older than {floor}, which was seen before")
        if version > HIGHEST:
            raise NotVouchedFor(f"{role} has a number that no centre gives: rotate its key at the centre")
    floors.lift({name: version for name, (_, version) in versions.items()})
