"""One process of the demonstration: started, ended, and never left behind."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from devices.virtual.lifeline import tied

END_LIMIT_S = 8.0


@dataclass
class Part:
    """A supervised process; `wanted` says whether it is started again when it ends."""

    name: str
    command: list[str]
    environment: Mapping[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    starts: int = 0
    wanted: bool = True

    def launch(self) -> None:
        """Starts it; it ends when the calling thread does. Ctrl-C in the terminal is the supervisor's alone."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                tied(self.command),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=dict(self.environment),
                start_new_session=True,
            )
        self.starts += 1

    @property
    def ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def end(self) -> None:
        """Asks it to end, and makes it."""
        process = self.process
        if process is None or process.poll() is not None:
            return
        process.terminate()
        try:
            process.wait(END_LIMIT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(END_LIMIT_S)

    def last_line(self) -> str | None:
        """The last thing it printed, which is its own plain line when it could not start."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        return lines[-1] if lines else None
