"""The machine that is set up: every change goes through here, is said in one line, and is written down to be undone.

What is already so is not done again and not said. In a dry run the lines are said and nothing is changed.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SETUP = Path("/var/lib/totem-setup")


class ProvisioningError(Exception):
    """Why it cannot go on; one line that says what to do."""


@dataclass
class Diary:
    """What was done here and how it was before: `files` were made (None) or replaced (where the former one lies)."""

    files: dict[str, str | None] = field(default_factory=dict)
    packages: list[str] = field(default_factory=list)
    masked: list[str] = field(default_factory=list)
    disabled: list[str] = field(default_factory=list)
    target: str | None = None


class Machine:
    """The tree at `root`: / itself, or one in which this runs for a test. `run` starts programs."""

    def __init__(
        self,
        root: Path,
        *,
        dry: bool,
        say: Callable[[str], None],
        run: Callable[..., subprocess.CompletedProcess[str]] = subprocess.run,
    ) -> None:
        self.root = root
        self.dry = dry
        self._say = say
        self._run = run
        self.changes = 0
        self.diary = self._read_diary()

    def at(self, path: Path | str) -> Path:
        """Where an absolute path of the machine lies."""
        return self.root / str(path).lstrip("/")

    @property
    def booted(self) -> bool:
        """True if systemd runs here: in a tree that is only being built it does not."""
        return self.at("/run/systemd/system").is_dir()

    # ---- what is said ------------------------------------------------------------------------------------

    def changed(self, line: str) -> None:
        """One change, done or, in a dry run, to be done."""
        self.changes += 1
        self._say(f"would: {line}" if self.dry else line)

    def note(self, line: str) -> None:
        """Something to know that is no change."""
        self._say(f"note: {line}")

    # ---- files -------------------------------------------------------------------------------------------

    def file(self, path: str, content: bytes, *, mode: int = 0o644, why: str) -> bool:
        """A file of the system with this content; True if it was not so. What lay there before is kept."""
        target = self.at(path)
        plain = target.is_file() and not target.is_symlink()
        if plain and target.read_bytes() == content and target.stat().st_mode & 0o777 == mode:
            return False
        self.changed(f"{path}: {why}")
        if not self.dry:
            self._remember(path)
            target.parent.mkdir(parents=True, exist_ok=True)
            write(target, content, mode)
        return True

    def link(self, path: str, points_to: str, *, why: str) -> bool:
        """A symbolic link, put in its place at once; True if it was not so."""
        target = self.at(path)
        if target.is_symlink() and str(target.readlink()) == points_to:
            return False
        self.changed(f"{path} -> {points_to}: {why}")
        if not self.dry:
            self._remember(path)
            target.parent.mkdir(parents=True, exist_ok=True)
            beside = target.with_name(f".{target.name}.new")
            beside.unlink(missing_ok=True)
            beside.symlink_to(points_to)
            beside.replace(target)
        return True

    def gone(self, path: str, *, why: str) -> bool:
        """No such file of ours; True if there was one. What is not ours stays."""
        target = self.at(path)
        if path not in self.diary.files or not (target.exists() or target.is_symlink()):
            return False
        self.changed(f"{path} removed: {why}")
        if not self.dry:
            self.put_back(path)
        return True

    def put_back(self, path: str) -> None:
        """As it was before the first change."""
        target, kept = self.at(path), self.diary.files.pop(path)
        if kept is None:
            target.unlink(missing_ok=True)
        else:
            shutil.move(self.at(kept), target)
        self.write_diary()

    def _remember(self, path: str) -> None:
        if path in self.diary.files:
            return
        kept: str | None = None
        target = self.at(path)
        if target.is_symlink() or target.exists():
            kept = f"{SETUP}/before/{path.strip('/').replace('/', '%')}"
            self.at(kept).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(target, self.at(kept), follow_symlinks=False)
        self.diary.files[path] = kept
        self.write_diary()

    # ---- programs ----------------------------------------------------------------------------------------

    def do(self, line: str, command: Sequence[str], *, failed: str, **options: Any) -> None:
        """A program that changes something. ProvisioningError with `failed` and what it said last."""
        self.changed(line)
        if not self.dry:
            self.quietly(command, failed=failed, **options)

    def quietly(self, command: Sequence[str], *, failed: str, env: Mapping[str, str] | None = None,
                text: str | None = None) -> str:  # fmt: skip
        """A program whose work was said already, or is no change; what it said on standard output."""
        done = self._run(
            list(command), capture_output=True, text=True, check=False, input=text, env={**os.environ, **(env or {})},
            errors="replace",
        )  # fmt: skip
        if done.returncode:
            said = (done.stderr.strip() or done.stdout.strip()).splitlines()
            raise ProvisioningError(f"{failed} ({said[-1].strip()})" if said else failed)
        return done.stdout

    def ask(self, command: Sequence[str]) -> str | None:
        """What a program says that changes nothing; None if it failed or is not there."""
        try:
            done = self.run(command)
        except OSError:
            return None
        return None if done.returncode else done.stdout

    def run(self, command: Sequence[str]) -> subprocess.CompletedProcess[str]:
        """The same with its status, where that is part of what it says. OSError if it is not there."""
        return self._run(list(command), capture_output=True, text=True, check=False, errors="replace")

    # ---- the diary ---------------------------------------------------------------------------------------

    def _read_diary(self) -> Diary:
        file = self.at(SETUP / "diary.json")
        return Diary(**json.loads(file.read_text(encoding="utf-8"))) if file.is_file() else Diary()

    def write_diary(self) -> None:
        """Durably: what was done is known after a power cut too."""
        file = self.at(SETUP / "diary.json")
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write(file, json.dumps(vars(self.diary), indent=1).encode(), 0o600)


def write(target: Path, content: bytes, mode: int) -> None:
    """Beside the target, synced, then renamed over it."""
    beside = target.with_name(f".{target.name}.new")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "wb") as file:
        os.fchmod(file.fileno(), mode)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(target)
