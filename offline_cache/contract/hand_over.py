"""What the sync process leaves for whoever puts releases in place, as root, and what the signed metadata says of them.

In `update/` of the state folder: `metadata/` (every file that vouches, the chain of roots included), the archive, and
last of all `wish.json`. Nothing of it is believed by whoever takes it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

FOLDER = "update"
METADATA = "metadata"
WISH = "wish.json"
ARCHIVE = "archive.tar.gz"
# In the place of a target: what was wished for before is wished for no more.
NOTHING = ""
# The delegated role that vouches for programs, and for nothing else.
ROLE = "application"
# totem.RELEASE.any.tar.gz is the program alone; with a platform its wheels are in it.
TARGET = re.compile(r"totem\.(?P<release>[1-9][0-9]{0,9})\.(?P<platform>any|cp3[0-9]{1,2}-[0-9a-z_]{1,32})\.tar\.gz")
# A whole set of wheels is 150 MB; nobody signs more than this in earnest.
LONGEST_ARCHIVE_BYTES = 512 * 1024 * 1024


@dataclass(frozen=True)
class Offered:
    """A release as its signed target says. `schema`: of the store that it leaves behind, `oldest_reader`: the oldest
    whose program can still work with that.
    """

    target: str
    release: int
    version: str
    min_release: int
    lock: str
    schema: int
    oldest_reader: int
    length: int
    sha256: str

    @property
    def with_wheels(self) -> bool:
        return not self.target.endswith(".any.tar.gz")


def target_name(release: int, platform: str = "any") -> str:
    return f"totem.{release}.{platform}.tar.gz"


def offered(target: str, length: int, hashes: dict[str, str], custom: Any) -> Offered:
    """Of a target and its `custom`; ValueError if the one does not say what a release is."""
    named = TARGET.fullmatch(target)
    if named is None:
        raise ValueError(f"{target} is no release")
    try:
        found = Offered(
            target=target,
            release=_number(custom, "release"),
            version=str(custom["version"]),
            min_release=_number(custom, "min_release"),
            lock=str(custom["lock"]),
            schema=_number(custom, "schema"),
            oldest_reader=_number(custom, "oldest_reader"),
            length=length,
            sha256=hashes["sha256"],
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"the signed metadata does not say which release {target} is") from error
    if found.release != int(named["release"]):
        raise ValueError(f"{target} is signed as release {found.release}")
    if found.length > LONGEST_ARCHIVE_BYTES:
        raise ValueError(f"{target} is too large")
    return found


def _number(custom: Any, name: str) -> int:
    value = custom[name]
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise TypeError(name)
    return value
