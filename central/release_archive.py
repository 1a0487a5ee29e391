"""What a release's archive says of itself, and that it holds nothing but plain files. Nothing of it is run here."""

from __future__ import annotations

import tarfile
import tomllib
import zlib
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath

from offline_cache.contract.hand_over import LONGEST_ARCHIVE_BYTES, TARGET, target_name

ANY = "any"
LOCK = "systemd/appliance.lock"
PROJECT = "pyproject.toml"
WHEELS = "wheels"
# A program and its wheels are some 150 MB unpacked.
MOST_BYTES, MOST_FILES = 1 << 30, 20_000
_READ_BYTES = 1 << 20


class ReleaseError(ValueError):
    """No release can be made of this; one plain line that says what to do."""


@dataclass(frozen=True)
class About:
    """What an archive says. `program` is the digest of all in it but wheels."""

    file: Path
    release: int
    platform: str
    version: str
    lock: str
    schema: int
    oldest_reader: int
    program: str

    def custom(self) -> dict[str, object]:
        """What is signed of it beside name, length and hash; `min_release` comes with the others that are listed."""
        return {
            "release": self.release, "version": self.version, "lock": self.lock, "schema": self.schema,
            "oldest_reader": self.oldest_reader,
        }  # fmt: skip


def stem_of(release: int) -> str:
    """How what is signed of it is called."""
    return f"totem.{release}" if release else "totem.renewed"


def is_platform(platform: str) -> bool:
    found = TARGET.fullmatch(target_name(1, platform))
    return found is not None and platform != ANY


def is_plain(name: str) -> bool:
    """Whether a name stays below the folder that an archive is unpacked in."""
    parts = PurePosixPath(name).parts
    return bool(parts) and "/".join(parts) == name and ".." not in parts and name.isprintable() and "\\" not in name


def inspect(file: Path) -> About:
    """Reads an archive to its end. ReleaseError if it is none that `build` makes."""
    named = TARGET.fullmatch(file.name)
    if named is None:
        raise ReleaseError(f"{file.name} is no release's name: make it with `totem release build`")
    try:
        program, kept, wheels = _read(file)
        marks = tomllib.loads(kept[PROJECT].decode())
        said = marks["tool"]["totem"]
        found = About(
            file, int(said["release"]), named["platform"], str(marks["project"]["version"]),
            sha256(kept[LOCK]).hexdigest(), int(said["schema"]), int(said["oldest_reader"]), program,
        )  # fmt: skip
    except (OSError, EOFError, zlib.error, tarfile.TarError, KeyError, TypeError, UnicodeError, ValueError) as error:
        if isinstance(error, ReleaseError):
            raise
        raise ReleaseError(f"{file} is no release: make it with `totem release build`") from error
    if file.stat().st_size > LONGEST_ARCHIVE_BYTES:
        raise ReleaseError(f"{file.name} is larger than kiosks take ({LONGEST_ARCHIVE_BYTES >> 20} MB): build it anew")
    if found.release != int(named["release"]) or (wheels > 0) != (found.platform != ANY):
        raise ReleaseError(f"{file.name} is not what its name says: make it again with `totem release build`")
    return found


def program_of(file: Path) -> str:
    """The digest of an archive's program, whatever the file is called."""
    return _read(file)[0]


def _read(file: Path) -> tuple[str, dict[str, bytes], int]:
    """The digest of the program, the two files that tell of it, and the number of wheels."""
    digest, kept, wheels, total, count = sha256(), {}, 0, 0, 0
    with tarfile.open(file, "r|gz") as tar:
        for entry in tar:
            total, count = total + entry.size, count + 1
            if not entry.isreg() or not is_plain(entry.name) or total > MOST_BYTES or count > MOST_FILES:
                raise ReleaseError(f"{file.name} holds {entry.name!r}, which no release holds: do not use this file")
            if entry.name.startswith(f"{WHEELS}/"):
                wheels += 1
                continue
            body = tar.extractfile(entry)
            assert body is not None
            digest.update(f"{entry.name} {entry.mode:o} {entry.size}\n".encode())
            whole = bytearray()
            while piece := body.read(_READ_BYTES):
                digest.update(piece)
                if entry.name in {PROJECT, LOCK}:
                    whole += piece
            if entry.name in {PROJECT, LOCK}:
                kept[entry.name] = bytes(whole)
    return digest.hexdigest(), kept, wheels
