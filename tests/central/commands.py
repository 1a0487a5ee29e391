"""`totem catalog …` and `totem release …` as an administrator types them, over one centre."""

import os
import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner

from central.release_cli import release
from kiosk.commands.catalog import catalog

GROUPS = {"catalog": catalog, "release": release}


class Typed:
    """Runs commands of a group over a centre's folder; `passphrase` opens every key. `apart`: each in a process of its
    own.
    """

    def __init__(
        self, state: Path, passphrase: str = "correct horse", *, apart: bool = False, group: str = "catalog"
    ) -> None:
        self.state, self.passphrase, self.apart, self.group = state, passphrase, apart, group

    def __call__(self, *words, code=0, state=None, typed=None):
        """What was said, and that the command ended so; an error is one plain line."""
        environment = {"TOTEM_PASSPHRASE": None if typed is not None else self.passphrase}
        arguments = [*map(str, words), "--state", str(state or self.state)]
        if self.apart:
            command = [sys.executable, "-m", "kiosk.cli", self.group, *arguments]
            environment = {**os.environ, "TOTEM_PASSPHRASE": self.passphrase}
            done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
            status, said, told = done.returncode, done.stdout, done.stderr
        else:
            result = CliRunner().invoke(GROUPS[self.group], arguments, env=environment, input=typed)
            status, said, told = result.exit_code, result.stdout, result.stderr
        assert status == code, (said, told)
        if code == 2:
            assert told.splitlines()[-1].startswith("totem: ")
            assert "Traceback" not in told
        return told if code else said
