"""Who signs: handing the keys of root and targets to people, delegating to operators, putting new keys in place.

What is signed travels as one file (`Bundle`) from whoever completes it to whoever adds the next signature, on a machine
that has never seen the centre, and back. No private key is in it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Generic, TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from securesystemslib.signer import CryptoSigner, Key, Signer
from tuf.api.exceptions import UnsignedMetadataError
from tuf.api.metadata import DelegatedRole, Delegations, Metadata, Root, Targets

from central import repository, vouching
from central.repository import ONLINE, RepositoryError, locked, until
from central.state import CentralState
from central.vouching import Prepared

# How the name of what is signed ends.
SIGNED = ".signed.json"


S = TypeVar("S", bound=Prepared)


@dataclass(frozen=True)
class Bundle(Generic[S]):
    """What is new with its metadata and the signatures so far, as a file.

    `keyids` are the keys that may sign, of which `needed` must, as the centre says; it asks itself when it publishes.
    """

    signed: S
    keyids: tuple[str, ...]
    needed: int

    @classmethod
    def of(cls, state: CentralState, signed: S) -> Bundle[S]:
        """What the centre prepared, for those to sign who must."""
        delegator = vouching.delegator_of(state, signed.role).get_delegated_role(signed.role)
        return cls(signed, tuple(delegator.keyids), delegator.threshold)

    def sign(self, signers: list[Signer]) -> None:
        """RepositoryError if one of these keys is none of those that may sign."""
        for signer in signers:
            if signer.public_key.keyid not in self.keyids:
                raise RepositoryError(
                    f"one of these keys is none that may sign for {self.signed.role}: nothing was signed; see --keys"
                )
        for signer in signers:
            self.signed.metadata.sign(signer, append=True)

    @property
    def signatures(self) -> int:
        """How many of the keys have signed."""
        return len(set(self.keyids) & set(self.signed.metadata.signatures))

    def to_bytes(self) -> bytes:
        value = {
            "role": self.signed.role,
            "keyids": list(self.keyids),
            "needed": self.needed,
            **self.signed.carried(),
            "metadata": self.signed.metadata.to_dict(),
        }
        return json.dumps(value, indent=1).encode() + b"\n"

    @classmethod
    def from_bytes(cls, data: bytes, kind: type[S]) -> Bundle[S]:
        """RepositoryError if it is none of that kind."""
        try:
            value = json.loads(data)
            metadata = Metadata[Targets].from_dict(value["metadata"])
            signed = kind.read(value, str(value["role"]), metadata)
            made = cls(signed, tuple(map(str, value["keyids"])), int(value["needed"]))
        except Exception as error:
            raise RepositoryError(f"this is no signed {kind.thing}: make one with `{kind.command} sign`") from error
        return made


def hand_over(
    state: CentralState,
    now: datetime,
    *,
    root: list[Signer],
    targets: list[Signer],
    threshold: int,
    root_signers: list[Signer],
) -> int:
    """A new root in which people's keys sign root and targets, so many of them; the centre's own are destroyed.

    `root_signers` are those of the root before: the centre's own the first time. Gives the root's version.
    """
    for keys in (root, targets):
        if not 1 <= threshold <= len(keys):
            raise RepositoryError(
                f"{threshold} signatures cannot come from {len(keys)} keys: make more keys, or ask less"
            )
    with locked(state):
        made = repository.root(state).signed
        for role, keys in ((Root.type, root), (Targets.type, targets)):
            _replace(made, role, [signer.public_key for signer in keys], threshold)
        version = _put_root(state, made, now, [*root_signers, *root])
        _resign_targets(state, now, targets)
        for role in (Root.type, Targets.type):
            repository.online_key(state, role).unlink(missing_ok=True)
    return version


def rotate(state: CentralState, now: datetime, role: str, *, new: list[Signer], root_signers: list[Signer]) -> int:
    """New keys in the place of all that sign a role, known to kiosks by the next root; gives its version.

    An online role's key is made here. `new` replace the keys of root or targets; the threshold stays.
    """
    with locked(state):
        made = repository.root(state).signed
        threshold = made.roles[role].threshold
        key = Ed25519PrivateKey.generate()
        if role in ONLINE:
            new = [CryptoSigner(key)]
        if len(new) < threshold:
            raise RepositoryError(f"{role} needs {threshold} signatures, and {len(new)} new keys are given: make more")
        _replace(made, role, [signer.public_key for signer in new], threshold)
        signers = [*root_signers, *new] if role == Root.type else root_signers
        version = _put_root(state, made, now, signers)
        if role in ONLINE:
            repository.keep_online_key(state, role, key)
        if role == Targets.type:
            _resign_targets(state, now, new)
        elif role in ONLINE and repository.snapshot(state) is not None:
            repository.sign_online(state, now)
    return version


def delegate(
    state: CentralState, now: datetime, role: str, *, keys: list[Signer], threshold: int, targets: list[Signer],
    paths: Sequence[str] = (),
) -> None:
    """From now on these keys sign what is delegated, and nobody else's: an operator's catalogues (`OPERATOR.*`), or the
    `paths` given. Done again, it puts other keys in the place of those before; what is published stays so.
    """  # fmt: skip
    if not 1 <= threshold <= len(keys):
        raise RepositoryError(f"{threshold} signatures cannot come from {len(keys)} keys: make more keys, or ask less")
    with locked(state):
        top = repository.published(state, Targets.type)
        before = top.signed if top else None
        delegations = (before.delegations if before else None) or Delegations(keys={}, roles={})
        assert delegations.roles is not None
        delegated = DelegatedRole(
            role, [signer.public_key.keyid for signer in keys], threshold, terminating=True,
            paths=list(paths) or [f"{role}.*"],
        )  # fmt: skip
        delegations.roles[role] = delegated
        delegations.keys |= {signer.public_key.keyid: signer.public_key for signer in keys}
        used = {keyid for each in delegations.roles.values() for keyid in each.keyids}
        delegations.keys = {keyid: key for keyid, key in delegations.keys.items() if keyid in used}
        listed = before.targets if before else {}
        moved = {name: file for name, file in listed.items() if delegated.is_delegated_path(name)}
        number = repository.newest(state, Targets.type) + 1
        rest = {name: file for name, file in listed.items() if name not in moved}
        made = Metadata(
            Targets(version=number, expires=until(Targets.type, now), targets=rest, delegations=delegations)
        )
        _sign_enough(repository.root(state).signed, Targets.type, made, targets)
        theirs = repository.published(state, role)
        own_number = repository.newest(state, role) + 1
        kept = theirs.signed.targets if theirs else {}
        own = Metadata(Targets(version=own_number, expires=until(role, now), targets={**kept, **moved}))
        _sign_enough(made.signed, role, own, keys)
        repository.write(state, f"{own_number}.{role}.json", own)
        repository.write(state, f"{number}.targets.json", made)
        repository.sign_online(state, now, {Targets.type: number, role: own_number})


def _replace(made: Root, role: str, keys: list[Key], threshold: int) -> None:
    for keyid in list(made.roles[role].keyids):
        made.revoke_key(keyid, role)
    for key in keys:
        made.add_key(key, role)
    made.roles[role].threshold = threshold


def _put_root(state: CentralState, made: Root, now: datetime, signers: list[Signer]) -> int:
    """Signed by enough keys of the root before and of itself (TUF 6.1), or nothing is written."""
    before = repository.root(state).signed
    made.version += 1
    made.expires = until(Root.type, now)
    metadata = Metadata(made)
    for signer in signers:
        metadata.sign(signer, append=True)
    for judge in (before, made):
        _enough(judge, Root.type, metadata)
    repository.write(state, f"{made.version}.root.json", metadata)
    return made.version


def _resign_targets(state: CentralState, now: datetime, signers: list[Signer]) -> None:
    """What is published stays published under the new keys."""
    top = repository.published(state, Targets.type)
    if top is None:
        return
    number = repository.newest(state, Targets.type) + 1
    top.signed.version, top.signed.expires = number, until(Targets.type, now)
    again = Metadata(top.signed)
    _sign_enough(repository.root(state).signed, Targets.type, again, signers)
    repository.write(state, f"{number}.targets.json", again)
    repository.sign_online(state, now, {Targets.type: number})


def _sign_enough(judge: Root | Targets, role: str, metadata: Metadata[Targets], signers: list[Signer]) -> None:
    for signer in signers:
        metadata.sign(signer, append=True)
    _enough(judge, role, metadata)


def _enough(judge: Root | Targets, role: str, metadata: Metadata[Root] | Metadata[Targets]) -> None:
    try:
        judge.verify_delegate(role, metadata.signed_bytes, metadata.signatures)
    except UnsignedMetadataError as error:
        raise RepositoryError(f"too few keys of {role} signed: nothing was changed; give the folders of all") from error


def own_root_signers(state: CentralState) -> list[Signer]:
    """The centre's own key of the root, where it still lies here."""
    if not repository.online_key(state, Root.type).exists():
        return []
    return [repository.online_signer(state, Root.type)]


def own_targets_signers(state: CentralState) -> list[Signer]:
    if not repository.online_key(state, Targets.type).exists():
        return []
    return [repository.online_signer(state, Targets.type)]


def read_bundle(file: Path, kind: type[S]) -> Bundle[S] | None:
    """What was signed, in a file; None if it is one to sign: a catalogue's YAML, of which JSON is one; an archive."""
    with file.open("rb") as opened:
        begins = opened.read(64).lstrip()
        if not file.name.endswith(SIGNED) and begins[:1] != b"{":
            return None
        data = begins + opened.read()
    signed = file.name.endswith(SIGNED) or b'"metadata"' in data
    return Bundle.from_bytes(data, kind) if signed else None
