"""Releases of the program, published beside the catalogues: listed by a role of their own that `targets` delegates to.

Their archives are large: they are never in memory as a whole, and lie beside the file that is signed until they are
pushed. What is listed may be led to; `min_release`, signed with each, is the lowest that a kiosk may run.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar, Self

from securesystemslib.signer import Signer
from tuf.api.exceptions import LengthOrHashMismatchError
from tuf.api.metadata import Metadata, TargetFile, Targets

from central import private_files, release_archive, repository, vouching
from central.release_archive import ANY, About
from central.repository import APPLICATION, RELEASES, RepositoryError, locked, until
from central.state import CentralState
from central.vouching import Prepared
from offline_cache.contract import hand_over
from offline_cache.contract.hand_over import TARGET, target_name

PATHS = (f"{RELEASES}.*",)
# Releases to which kiosks may be led back, the newest one among them; each may be a hundred megabytes.
KEPT = 4


@dataclass(frozen=True)
class Release:
    """A release that the signed metadata lists. `version` is its number, `name` what people call it (1.4.0).

    `platforms` are those for which its wheels are there; `schema` is the store's version that it migrates to,
    `oldest_reader` that of the oldest program which still reads that store.
    """

    version: int
    name: str
    min_version: int
    lock: str
    schema: int
    oldest_reader: int
    platforms: tuple[str, ...]
    # Releases are of all operators.
    operator: str = APPLICATION


@dataclass
class SignedRelease(Prepared):
    """What lists a release, complete but for signatures; 0: it lists nothing new."""

    release: int

    thing: ClassVar[str] = "release"
    command: ClassVar[str] = "totem release"

    @property
    def said(self) -> str:
        return f"release {self.release}" if self.release else "the releases that are listed already"

    def told(self) -> dict[str, Any]:
        return {"release": self.release}

    def carried(self) -> dict[str, Any]:
        return {"release": self.release}

    @classmethod
    def read(cls, value: dict[str, Any], role: str, metadata: Metadata[Targets]) -> Self:
        made = cls(role, metadata, int(value["release"]))
        if role != APPLICATION:
            raise ValueError(role)
        for name, file in metadata.signed.targets.items():
            hand_over.offered(name, file.length, file.hashes, _custom(file))
        return made

    @property
    def archives(self) -> list[TargetFile]:
        """What is new."""
        return [file for file in self.metadata.signed.targets.values() if _custom(file)["release"] == self.release]

    def compare(self, built: Sequence[Path]) -> None:
        """RepositoryError unless archives that were built elsewhere are those that are signed here."""
        listed = {file.path: file for file in self.archives}
        for path in built:
            if path.name not in listed:
                raise RepositoryError(f"{path.name} is not listed in what is to be signed: do not sign")
            if TargetFile.from_file(path.name, str(path), ["sha256"]).hashes != listed[path.name].hashes:
                raise RepositoryError(f"{path} is not the archive that is listed: do not sign, and ask who built it")


def _custom(file: TargetFile) -> dict[str, Any]:
    custom: dict[str, Any] = file.unrecognized_fields["custom"]
    return custom


def listed(state: CentralState) -> dict[int, Release]:
    """Every release that the published metadata vouches for, by its number."""
    file = state.tuf_metadata / "timestamp.json"
    return _listed(state, file.read_bytes()) if file.is_file() else {}


@functools.lru_cache(maxsize=8)
def _listed(state: CentralState, timestamp: bytes) -> dict[int, Release]:
    del timestamp  # what the answer depends on
    metadata = repository.published(state, APPLICATION)
    found: dict[int, Release] = {}
    for name, file in sorted(metadata.signed.targets.items()) if metadata else ():
        said = hand_over.offered(name, file.length, file.hashes, _custom(file))
        release = found.get(said.release) or Release(
            said.release, said.version, said.min_release, said.lock, said.schema, said.oldest_reader, ()
        )
        if said.with_wheels:
            platform = re.sub(TARGET, r"\g<platform>", name)
            release = replace(release, platforms=(*release.platforms, platform))
        found[release.version] = release
    return found


def prepare(
    state: CentralState, archives: Sequence[Path], now: datetime, min_release: int | None = None
) -> SignedRelease:
    """The metadata that lists these archives of one release besides those before, unsigned. Without archives it lists
    what is listed, for another year and perhaps with a higher floor. RepositoryError or ReleaseError: what is wrong.
    """
    vouching.delegator_of(state, APPLICATION)
    before = repository.published(state, APPLICATION)
    old = before.signed.targets if before else {}
    newest = max((_custom(file)["release"] for file in old.values()), default=0)
    abouts = [release_archive.inspect(path) for path in archives]
    release = _one(state, abouts, newest, old) if abouts else 0
    if not newest and not release:
        raise RepositoryError("no release is published yet: name the archives that `totem release build` wrote")
    if max(newest, release) < (min_release or 1):
        raise RepositoryError(f"no release would be left: {max(newest, release)} is the highest; name a lower floor")
    numbers = sorted({_custom(file)["release"] for file in old.values()} | ({release} if release else set()))
    kept = [number for number in numbers[-KEPT:] if min_release is None or number >= min_release]
    targets = {name: file for name, file in old.items() if _custom(file)["release"] in kept}
    for about in abouts:
        name = about.file.name
        file = TargetFile.from_file(name, str(about.file), ["sha256"])
        if name in old and old[name].hashes != file.hashes:
            raise RepositoryError(f"{name} was published with other content: build it with a higher --release")
        file.unrecognized_fields["custom"] = about.custom()
        targets[name] = file
    for file in targets.values():
        file.unrecognized_fields["custom"] = {**_custom(file), "min_release": kept[0]}
    number = repository.newest(state, APPLICATION) + 1
    metadata = Metadata(Targets(version=number, expires=until(APPLICATION, now), targets=targets))
    return SignedRelease(APPLICATION, metadata, release)


def _one(state: CentralState, abouts: list[About], newest: int, old: dict[str, TargetFile]) -> int:
    """The number of the one release that all archives are of; it is new, or the newest with more archives."""
    first = abouts[0]
    for about in abouts[1:]:
        if (about.custom(), about.program) != (first.custom(), first.program):
            raise RepositoryError(
                f"{about.file.name} and {first.file.name} are not of one program: build all from the same commit"
            )
    platforms = {about.platform for about in abouts}
    if first.release < newest:
        raise RepositoryError(f"release {newest} is published already: build with --release {newest + 1}")
    if first.release == newest:
        known = old.get(target_name(newest, ANY))
        if known is None or release_archive.program_of(_place(state, known)) != first.program:
            raise RepositoryError(f"release {newest} is published already: build with --release {newest + 1}")
    elif ANY not in platforms:
        raise RepositoryError(
            f"{target_name(first.release, ANY)} is missing: build it too, without wheels, and sign all"
        )
    return first.release


def publish_signed(state: CentralState, signed: SignedRelease, folders: Sequence[Path], now: datetime) -> None:
    """Publishes what people signed, with the archives that lie in `folders`. RepositoryError, and nothing changes,
    unless enough of the right keys signed and all is there. A push that was cut off may be repeated.
    """
    with locked(state):
        if _is_published(state, signed):
            return
        vouching.check(state, signed, now)
        for file in signed.archives:
            _lay(state, file, folders)
        made = signed.metadata.signed
        repository.write(state, f"{made.version}.{APPLICATION}.json", signed.metadata)
        repository.sign_online(state, now, {APPLICATION: made.version})
        _clear(state)


def publish(
    state: CentralState, archives: Sequence[Path], signers: list[Signer], now: datetime, min_release: int | None = None
) -> SignedRelease:
    """Signs and publishes in one step."""
    signed = prepare(state, archives, now, min_release)
    for signer in signers:
        signed.metadata.sign(signer, append=True)
    publish_signed(state, signed, [path.parent for path in archives], now)
    return signed


def _is_published(state: CentralState, signed: SignedRelease) -> bool:
    before = repository.published(state, APPLICATION)
    if before is None:
        return False
    if not signed.release:
        return before.signed_bytes == signed.metadata.signed_bytes
    there = before.signed.targets
    return all(file.path in there and there[file.path].hashes == file.hashes for file in signed.archives)


def _lay(state: CentralState, file: TargetFile, folders: Sequence[Path]) -> None:
    """The archive among the targets, as it was signed; what a push before this one laid there stays."""
    target = _place(state, file)
    if target.is_file() and target.stat().st_size == file.length:
        return
    for folder in folders:
        if (source := folder / file.path).is_file():
            private_files.copy(source, target, functools.partial(_verify, file, source))
            return
    raise RepositoryError(f"{file.path} is missing: put it beside the signed file; nothing was published")


def _place(state: CentralState, file: TargetFile) -> Path:
    """Where TUF's clients look for it (consistent snapshots)."""
    return state.tuf_targets / f"{file.hashes['sha256']}.{file.path}"


def _verify(file: TargetFile, source: Path, copied: Path) -> None:
    try:
        with copied.open("rb") as opened:
            file.verify_length_and_hashes(opened)
    except LengthOrHashMismatchError as error:
        raise RepositoryError(f"{source} is not the archive that was signed: nothing was published") from error


def _clear(state: CentralState) -> None:
    """Archives that nothing lists any more, and what a cut-off push left, are only in the way."""
    metadata = repository.published(state, APPLICATION)
    listed_now = metadata.signed.targets if metadata else {}
    wanted = {_place(state, file).name for file in listed_now.values()}
    for path in [*state.tuf_targets.glob(f"*.{RELEASES}.*.tar.gz"), *state.tuf_targets.glob(".*.tar.gz.new")]:
        if path.name not in wanted:
            path.unlink()
