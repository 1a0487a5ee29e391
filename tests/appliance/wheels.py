"""Which wheel of each dependency a kiosk with an ARM processor (aarch64) takes, asked of the registry and written down.

`make wheels` records it anew after `make lock`; the test holds lock and record together without a network.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from packaging.markers import Marker

PROJECT = Path(__file__).resolve().parents[2]
LOCK = PROJECT / "systemd/appliance.lock"
RECORD = Path(__file__).with_name("aarch64-wheels.json")
# Debian 12's and Raspberry Pi OS's; Debian 13's. What their C library takes (PEP 600).
PYTHONS = ("3.11", "3.13")
PLATFORMS = ("manylinux_2_36_aarch64", "manylinux_2_28_aarch64", "manylinux_2_17_aarch64", "manylinux2014_aarch64")
# Has no wheel at all: Debian's package is linked into the environment.
DEBIAN = {"pyscard": "python3-pyscard"}


@dataclass(frozen=True)
class Locked:
    name: str
    version: str
    marker: str
    hashes: frozenset[str]

    def wanted(self, python: str) -> bool:
        """Whether a kiosk with that Python needs it."""
        if not self.marker:
            return True
        where = {
            "sys_platform": "linux", "platform_system": "Linux", "os_name": "posix", "platform_machine": "aarch64",
            "python_version": python, "python_full_version": f"{python}.0", "implementation_name": "cpython",
            "platform_python_implementation": "CPython",
        }  # fmt: skip
        return Marker(self.marker).evaluate(where)


def locked() -> list[Locked]:
    """Every entry of the appliance's lock."""
    entries = re.split(r"\n(?=[A-Za-z0-9])", LOCK.read_text(encoding="utf-8"))
    found = []
    for entry in entries:
        head = re.match(r"([A-Za-z0-9._-]+)==([^ ;]+)(?: ; ([^\\]+?))? \\", entry)
        if head:
            hashes = frozenset(re.findall(r"sha256:([0-9a-f]{64})", entry))
            found.append(Locked(head[1], head[2], (head[3] or "").strip(), hashes))
    return found


def record() -> None:
    """Fetches them all by pip, and keeps their names and hashes."""
    kept: dict[str, dict[str, str]] = {}
    for python in PYTHONS:
        with tempfile.TemporaryDirectory() as folder:
            wanted = Path(folder) / "wanted.txt"
            wanted.write_text(
                "\n".join(
                    f"{one.name}=={one.version} " + " ".join(f"--hash=sha256:{each}" for each in sorted(one.hashes))
                    for one in locked()
                    if one.wanted(python)
                )
            )
            platforms = [word for platform in PLATFORMS for word in ("--platform", platform)]
            subprocess.run(
                [sys.executable, "-m", "pip", "download", "-q", "--require-hashes", "--no-deps",
                 "--only-binary", ":all:", "--python-version", python, "--implementation", "cp", *platforms,
                 "-r", str(wanted), "-d", folder],
                check=True,
            )  # fmt: skip
            wheels = sorted(Path(folder).glob("*.whl"))
            kept[python] = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in wheels}
    RECORD.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    record()
