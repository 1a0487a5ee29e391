"""Whether metadata that people signed may take the place of what is published: of catalogues and releases alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Self

from tuf.api.exceptions import UnsignedMetadataError
from tuf.api.metadata import Metadata, Root, Targets

from central import repository
from central.repository import APPLICATION, ROLES, RepositoryError
from central.state import CentralState


@dataclass
class Prepared:
    """The metadata of a role that lists something new, complete but for signatures."""

    role: str
    metadata: Metadata[Targets]

    # What it is of, and the command that makes it, for what people are told.
    thing: ClassVar[str]
    command: ClassVar[str]

    @property
    def said(self) -> str:
        """What is new in it, for people."""
        raise NotImplementedError

    def told(self) -> dict[str, Any]:
        """The same for machines."""
        raise NotImplementedError

    def carried(self) -> dict[str, Any]:
        """What travels with the metadata from one who signs to the next."""
        raise NotImplementedError

    @classmethod
    def read(cls, value: dict[str, Any], role: str, metadata: Metadata[Targets]) -> Self:
        """Made again of what was carried; any exception if that is not whole."""
        raise NotImplementedError


def delegator_of(state: CentralState, role: str) -> Root | Targets:
    """Whose metadata says which keys sign a role."""
    if role in ROLES:
        return repository.root(state).signed
    top = repository.published(state, Targets.type)
    if top is None or top.signed.delegations is None or role not in (top.signed.delegations.roles or {}):
        command = "totem release init" if role == APPLICATION else f"totem catalog init --operator {role}"
        raise RepositoryError(f"nothing is delegated to {role}: run `{command}` first")
    return top.signed


def signatures(state: CentralState, signed: Prepared) -> tuple[int, int]:
    """How many of the right keys have signed, and how many must."""
    result = delegator_of(state, signed.role).get_verification_result(
        signed.role, signed.metadata.signed_bytes, signed.metadata.signatures
    )
    return len(result.signed), result.threshold


def check(state: CentralState, signed: Prepared, now: datetime) -> None:
    """RepositoryError unless enough of the right keys signed it, and it goes on from what is published now."""
    made, before = signed.metadata.signed, repository.published(state, signed.role)
    last = before.signed.version if before else 0
    meanwhile = RepositoryError(
        f"this was signed as version {made.version} of {signed.role}, and another one was published meanwhile: "
        f"nothing was published; sign the {signed.thing} again"
    )
    if made.version <= last:
        raise meanwhile
    # What was written and never led to, by a push that was cut off, may be written over.
    if made.version > repository.newest(state, signed.role) + 1 or made.expires <= now:
        raise RepositoryError(f"this was signed for another centre, or too long ago: sign the {signed.thing} again")
    try:
        delegator_of(state, signed.role).verify_delegate(
            signed.role, signed.metadata.signed_bytes, signed.metadata.signatures
        )
    except UnsignedMetadataError as error:
        count, wanted = signatures(state, signed)
        raise RepositoryError(
            f"signed by {count} of the {wanted} keys that {signed.role} needs: nothing was published; add signatures "
            f"with `{signed.command} sign`"
        ) from error
    if not _goes_on_from(made, before):
        raise meanwhile


def _goes_on_from(made: Targets, before: Metadata[Targets] | None) -> bool:
    """Whether it lists what is published, or withdraws it, and delegates as that does."""
    if before is None:
        return True
    lowest = {family: low for family, _, low in map(_place, made.targets.values())}
    newest: dict[str, int] = {}
    for family, number, _ in map(_place, before.signed.targets.values()):
        newest[family] = max(newest.get(family, 0), number)
    kept = all(
        name in made.targets or number < lowest.get(family, 0)
        for name, (family, number, _) in ((name, _place(file)) for name, file in before.signed.targets.items())
        if number == newest[family]
    )
    return kept and made.delegations == before.signed.delegations


def _place(file: Any) -> tuple[str, int, int]:
    """To which line of versions a target belongs, its number there, and the lowest that may run."""
    custom = file.unrecognized_fields["custom"]
    if "release" in custom:
        return "", custom["release"], custom["min_release"]
    return custom["operator"], custom["version"], custom["min_version"]
