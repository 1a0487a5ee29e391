"""The state folder, and the run folder that belongs to it."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from offline_cache.settings import Settings

INSTALLED = Path("/var/lib/totem")


@dataclass(frozen=True)
class StateFolder:
    """Where one kiosk keeps what it must not lose (`path`), and where its processes meet (`run`, gone at reboot)."""

    path: Path

    @property
    def run(self) -> Path:
        """/run/totem on an appliance; in a checkout a folder in memory, short because socket paths are."""
        if self.path == INSTALLED:
            return Path("/run/totem")
        name = hashlib.sha256(str(self.path.resolve()).encode()).hexdigest()[:10]
        memory = Path("/dev/shm")  # noqa: S108  world-writable, so the folder itself is made 0700 and checked
        parent = memory if memory.is_dir() and os.access(memory, os.W_OK) else Path("/tmp")  # noqa: S108
        return parent / f"totem-{os.getuid()}-{name}"

    def make_run(self) -> Path:
        """Makes the run folder, private to this user; PermissionError if somebody else owns that name."""
        run = self.run
        run.mkdir(mode=0o700, exist_ok=True)
        if run.stat().st_uid != os.getuid() or run.is_symlink():
            raise PermissionError(f"{run} belongs to somebody else")
        return run

    @property
    def database(self) -> Path:
        return self.path / "store.db"

    @property
    def lock(self) -> Path:
        return self.path / "store.lock"

    @property
    def keys(self) -> Path:
        """store.key and device.key; on an appliance the systemd credentials folder."""
        return Path(os.environ.get("CREDENTIALS_DIRECTORY", self.path / "keys"))

    @property
    def tuf(self) -> Path:
        """root.json (the trust that was handed over at enrolment) and the client's cache of metadata."""
        return self.path / "tuf"

    @property
    def revocation_lists(self) -> Path:
        """One file per distribution point (devices/revocation_cache.py); the sync process keeps them fresh."""
        return self.path / "revocation"

    @property
    def operator(self) -> Path:
        """What makes a technician here: anchors.pem and revocation.crl of the operator's own authority."""
        return self.path / "operator"

    @property
    def issuers(self) -> Path:
        """Authorities' certificates that cards brought along (devices/issuer_cache.py); the card worker's."""
        return self.path / "issuers"

    @property
    def print_keys(self) -> Path:
        """The keys of print jobs: in memory only, so that a reboot destroys what was waiting."""
        return self.run / "print-keys"

    @property
    def simulation(self) -> bool:
        """True only in a folder initialised for the demonstration; virtual devices load nowhere else."""
        return (self.path / "simulation").is_file()

    def socket(self, name: str) -> Path:
        """The path of a socket of the run folder."""
        return self.run / f"{name}.sock"

    def settings_file(self) -> Path:
        """totem.toml of the folder, or of /etc/totem; FileNotFoundError names what is missing."""
        for candidate in (self.path / "totem.toml", Path("/etc/totem/totem.toml")):
            if candidate.is_file():
                return candidate
        missing = self.path / "totem.toml"
        raise FileNotFoundError(f"{missing} is missing: in a checkout, `make run` makes it")

    def settings(self) -> Settings:
        """What totem.toml says. FileNotFoundError and ValueError name the file."""
        from offline_cache.settings import read

        return read(self.settings_file())
