"""Publishing the catalogue: a new version signed, and listed in metadata that vouches for it and for those before.

A version that is published is not yet anybody's: rollouts lead kiosks to it (central/rollouts.py). The metadata keeps
vouching for the versions that kiosks may be led back to, and no further: `min_version` is signed with each.
"""

from __future__ import annotations

import base64
import functools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, ClassVar, Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from securesystemslib.signer import Signer
from tuf.api.metadata import Metadata, Root, TargetFile, Targets, Timestamp

from central import keys, private_files, repository, vouching
from central.repository import LIFETIMES, ROLES, RepositoryError, Vouched, locked, target_name, until
from central.state import CentralState
from central.vouching import Prepared
from kiosk.catalog.crest import MOST_BYTES
from kiosk.catalog.model import Catalogue
from kiosk.catalog.read import from_json, from_yaml, to_json
from kiosk.catalog.written import load

# Versions to which kiosks may be led back, the newest one among them.
KEPT = 8


@dataclass
class Signed(Prepared):
    """A new version, complete but for signatures: the catalogue's bytes, and the metadata that lists it."""

    body: bytes

    thing: ClassVar[str] = "catalogue"
    command: ClassVar[str] = "totem catalog"

    @property
    def catalogue(self) -> Catalogue:
        return from_json(self.body)

    @property
    def said(self) -> str:
        return f"version {self.catalogue.version}"

    def told(self) -> dict[str, Any]:
        return {"version": self.catalogue.version}

    def carried(self) -> dict[str, Any]:
        return {"catalogue": base64.b64encode(self.body).decode()}

    @classmethod
    def read(cls, value: dict[str, Any], role: str, metadata: Metadata[Targets]) -> Self:
        made = cls(role, metadata, base64.b64decode(value["catalogue"], validate=True))
        _ = made.catalogue
        return made


def initialise(state: CentralState, now: datetime) -> None:
    """Makes the four keys and 1.root.json; what exists stays. Targets come with the first catalogue.

    Root and targets keys lie here for the demonstration and for the first start; `totem catalog init` gives them to
    people and takes them from the centre.
    """
    state.tuf_metadata.mkdir(mode=0o700, parents=True, exist_ok=True)
    state.tuf_targets.mkdir(mode=0o700, parents=True, exist_ok=True)
    with locked(state):
        if (state.tuf_metadata / "1.root.json").exists():
            return
        made = Root(expires=until(Root.type, now), consistent_snapshot=True)
        for role in ROLES:
            if not repository.online_key(state, role).exists():
                repository.keep_online_key(state, role, Ed25519PrivateKey.generate())
            made.add_key(repository.online_signer(state, role).public_key, role)
        metadata = Metadata(made)
        metadata.sign(repository.online_signer(state, Root.type))
        repository.write(state, "1.root.json", metadata)


def files_of(folder: Path) -> Callable[[str], bytes]:
    """What gives the files that lie beside a catalogue; of one that is too large no more than shows that it is."""

    def read(name: str) -> bytes:
        with (folder / name).open("rb") as file:
            return file.read(MOST_BYTES + 1)

    return read


def prepare(
    state: CentralState, yaml_text: str, now: datetime, folder: Path | None = None, min_version: int | None = None
) -> Signed:
    """The next version of the catalogue, unsigned; CatalogueError of `kiosk.catalog.read` if it is wrong.

    `folder` is where the files lie that the catalogue names (the operator's emblem). Version, time, trust anchors and
    sealing keys are the centre's, never the author's.
    """
    # a version is used once, whether its publication was finished or not
    version = max((repository.leading(file.name) for file in state.catalogues.glob("*.json")), default=0) + 1
    catalogue = from_yaml(
        yaml_text,
        version=version,
        published=now.isoformat(timespec="seconds"),
        trust_anchors=state.anchors_pem(),
        sealing_keys=keys.load(state.keys).sealing_public(),
        files=files_of(folder) if folder is not None else None,
    )
    role = role_of(state, catalogue.operator.id)
    before = repository.published(state, role)
    body = to_json(catalogue)
    target = TargetFile.from_data(target_name(catalogue.operator.id, version), body, ["sha256"])
    kept = _kept(before, catalogue.operator.id, min_version)
    lowest = min([version, *(int(file.unrecognized_fields["custom"]["version"]) for file in kept.values())])
    kept[target.path] = target
    for file in kept.values():
        custom = file.unrecognized_fields.get("custom", {"version": version, "operator": catalogue.operator.id})
        file.unrecognized_fields["custom"] = {**custom, "min_version": lowest}
    number = repository.newest(state, role) + 1
    delegations = before.signed.delegations if before else None
    others = {} if before is None else {
        name: file for name, file in before.signed.targets.items()
        if file.unrecognized_fields["custom"]["operator"] != catalogue.operator.id
    }  # fmt: skip
    metadata = Metadata(
        Targets(version=number, expires=until(role, now), targets={**others, **kept}, delegations=delegations)
    )
    return Signed(role, metadata, body)


def _kept(before: Metadata[Targets] | None, operator: str, min_version: int | None) -> dict[str, TargetFile]:
    """What stays listed of an operator's versions: the newest few, and nothing below the lowest that is wanted."""
    if before is None:
        return {}
    own = sorted(
        (int(custom["version"]), name)
        for name, file in before.signed.targets.items()
        if (custom := file.unrecognized_fields["custom"])["operator"] == operator
    )
    wanted = [name for version, name in own if min_version is None or version >= min_version][-(KEPT - 1) :]
    return {name: before.signed.targets[name] for name in wanted}


def role_of(state: CentralState, operator: str) -> str:
    """Who signs an operator's catalogues: their own role where targets are delegated, else targets. RepositoryError for
    a name that no operator can have.
    """
    repository.check_operator(operator)
    top = repository.published(state, Targets.type)
    roles = top.signed.delegations.roles if top and top.signed.delegations and top.signed.delegations.roles else {}
    return operator if operator in roles else Targets.type


def publish_signed(state: CentralState, signed: Signed, now: datetime) -> Catalogue:
    """Publishes what people signed. RepositoryError, and nothing changes, unless enough of the right keys did. What is
    published already stays as it is, so that a push whose end nobody saw may be repeated.
    """
    with locked(state):
        if not _is_published(state, signed):
            _check(state, signed, now)
            _put(state, signed, now)
    return signed.catalogue


def _is_published(state: CentralState, signed: Signed) -> bool:
    listed = repository.vouched(state).get(signed.catalogue.version)
    return listed is not None and listed.digest == sha256(signed.body).hexdigest()


def _check(state: CentralState, signed: Signed, now: datetime) -> None:
    vouching.check(state, signed, now)
    catalogue = signed.catalogue
    listed = signed.metadata.signed.targets.get(target_name(catalogue.operator.id, catalogue.version))
    if listed is None or listed.hashes != TargetFile.from_data("", signed.body, ["sha256"]).hashes:
        raise RepositoryError("the catalogue is not the one that was signed: sign it again")
    file = state.catalogues / f"{catalogue.version}.json"
    if file.exists() and file.read_bytes() != signed.body:
        raise RepositoryError(f"version {catalogue.version} exists already: sign the catalogue again")


def _put(state: CentralState, signed: Signed, now: datetime) -> None:
    catalogue, made = signed.catalogue, signed.metadata.signed
    listed = made.targets[target_name(catalogue.operator.id, catalogue.version)]
    private_files.write(state.tuf_targets / f"{listed.hashes['sha256']}.{listed.path}", signed.body)
    private_files.write(state.catalogues / f"{catalogue.version}.json", signed.body)
    repository.write(state, f"{made.version}.{signed.role}.json", signed.metadata)
    repository.sign_online(state, now, {signed.role: made.version})


def publish(
    state: CentralState, yaml_text: str, now: datetime, folder: Path | None = None, signers: list[Signer] | None = None
) -> Catalogue:
    """Signs and publishes the next version in one step: with the keys given, or with the centre's own if it has them.

    CatalogueError if the catalogue is wrong, RepositoryError if the keys are not those that must sign.
    """
    with locked(state):
        signed = prepare(state, yaml_text, now, folder)
        for signer in signers or _own(state, signed.role):
            signed.metadata.sign(signer, append=True)
        _check(state, signed, now)
        _put(state, signed, now)
    return signed.catalogue


def _own(state: CentralState, role: str) -> list[Signer]:
    """The centre's own key of targets, where it still lies here."""
    if role != Targets.type or not repository.online_key(state, role).exists():
        raise RepositoryError(f"the key of {role} is with people, not at the centre: sign first, with --keys")
    return [repository.online_signer(state, role)]


def renew(state: CentralState, now: datetime) -> bool:
    """Signs snapshot and timestamp anew when less than half of a lifetime is left; True if it did.

    Without it a quiet month would end with kiosks that cannot tell a current catalogue from a frozen one.
    """
    with locked(state):
        known = repository.snapshot(state)
        if known is None:
            return False
        timestamp = Metadata[Timestamp].from_file(str(state.tuf_metadata / "timestamp.json")).signed
        if all(role.expires - now > LIFETIMES[role.type] / 2 for role in (timestamp, known)):
            return False
        repository.sign_online(state, now)
        return True


def published(state: CentralState, version: int | None = None) -> Catalogue:
    """A catalogue that was published, the newest by default; KeyError if there is none of that version."""
    return _published(state, newest_version(state) if version is None else version)


@functools.lru_cache(maxsize=16)
def _published(state: CentralState, version: int) -> Catalogue:
    """A published version never changes."""
    file = state.catalogues / f"{version}.json"
    if not file.is_file():
        raise KeyError(version)
    return from_json(file.read_bytes())


def newest_version(state: CentralState) -> int:
    """The newest version that the published metadata vouches for; 0 before the first publication."""
    return max(repository.vouched(state), default=0)


def vouched(state: CentralState, version: int) -> Vouched | None:
    """What the published metadata says of a version; None if it does not vouch for it."""
    return repository.vouched(state).get(version)


def operator_of(yaml_text: str) -> str:
    """Whose catalogue a text is, as far as it says."""
    value = load(yaml_text)
    operator = value.get("operator") if isinstance(value, dict) else None
    return str(operator.get("id")) if isinstance(operator, dict) else ""
