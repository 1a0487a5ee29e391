"""However a demonstration ends, nothing of it is left: no process, no mount; and the next one starts."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from kiosk.simulation.demonstration import Places
from kiosk.simulation.lines import ask

END_LIMIT_S = 20.0
# What a person in front of the machine takes for at once.
SECOND_START_S = 60.0


@dataclass
class Running:
    """`totem run` in a terminal's session of its own, and everything that it started."""

    supervisor: subprocess.Popen[str]
    children: list[int]
    first_word_s: float

    def send(self, number: int) -> tuple[int, str]:
        """Signals the supervisor alone; its status and what it said on standard error."""
        self.supervisor.send_signal(number)
        _, error = self.supervisor.communicate(timeout=END_LIMIT_S)
        return self.supervisor.returncode, error

    def left(self) -> list[str]:
        return [line for pid in self.children if (line := _command(pid))]


def _run(places: Places, out: Path, *, display: str | None = None) -> Running:
    """Returns when the first journey is being played, or, on a display, when its windows are open."""
    environment = {name: value for name, value in os.environ.items() if name != "DISPLAY"}
    if display is not None:
        environment["DISPLAY"] = display
    began_s = time.monotonic()
    supervisor = subprocess.Popen(
        [sys.executable, "-m", "kiosk.cli", "run", "--state", str(places.state), "--out", str(out)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, start_new_session=True,
    )  # fmt: skip
    assert supervisor.stdout is not None
    for line in supervisor.stdout:
        if line.startswith(("Playing: ", "Close the small window")):
            break
    else:
        pytest.fail(f"it never played: {supervisor.communicate()[1]}")
    return Running(supervisor, _descendants(supervisor.pid), time.monotonic() - began_s)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_who_is_told_to_end_takes_everything_along(
    enrolled: Callable[[str], Places], tmp_path: Path, number: signal.Signals
) -> None:
    mounts = _mounts()
    running = _run(enrolled(f"ended-by-{number}"), tmp_path)
    assert len(running.children) >= len(("Xvfb", "centre", "pcscd", "dock", "sync", "printer", "kiosk", "worker"))

    status, error = running.send(number)

    assert status == 130
    assert error == "totem: ended before its time; nothing is left running\n"
    assert running.left() == []
    assert _mounts() == mounts


def test_children_do_not_outlive_a_killed_supervisor_and_the_next_run_starts_at_once(
    enrolled: Callable[[str], Places], tmp_path: Path
) -> None:
    places, mounts = enrolled("killed"), _mounts()
    running = _run(places, tmp_path)

    status, _ = running.send(signal.SIGKILL)
    again = _run(places, tmp_path)

    assert status == -signal.SIGKILL
    assert again.first_word_s < SECOND_START_S
    until = time.monotonic() + END_LIMIT_S
    while running.left() and time.monotonic() < until:
        time.sleep(0.1)
    assert running.left() == []
    again.send(signal.SIGTERM)
    assert again.left() == []
    assert _mounts() == mounts


def test_on_a_display_kiosk_and_dock_are_open_until_ctrl_c_which_ends_with_an_account(
    enrolled: Callable[[str], Places], screen: str, tmp_path: Path
) -> None:
    places = enrolled("window")
    running = _run(places, tmp_path, display=screen)
    until = time.monotonic() + END_LIMIT_S
    # The kernel's list of children may lack one while others come and go (proc(5)): look again.
    while not _is_open(running, "dock panel") and time.monotonic() < until:
        time.sleep(0.1)
        running.children = _descendants(running.supervisor.pid)
    assert _is_open(running, "dock panel")
    control = places.folder.socket("control")
    assert ask(control, {"do": "screen"})["screen"] == "attract"
    ask(control, {"do": "touch", "id": "start:it"})
    until = time.monotonic() + END_LIMIT_S
    while not list(tmp_path.glob("visit-1/01-services.png")) and time.monotonic() < until:
        time.sleep(0.1)

    running.supervisor.send_signal(signal.SIGINT)
    said, error = running.supervisor.communicate(timeout=END_LIMIT_S)

    assert (running.supervisor.returncode, error) == (0, "")
    assert "Visit 1" in said
    assert f"1 screenshots, 0 papers and summary.json are in {tmp_path}/." in said
    assert running.left() == []


def _is_open(running: Running, words: str) -> bool:
    return any(words in (_command(pid) or "") for pid in running.children)


def _descendants(pid: int) -> list[int]:
    """All that lives below a process now; what ends while we look is not there."""
    found = []
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text(encoding="ascii").split():
                found += [int(child), *_descendants(int(child))]
    return found


def _command(pid: int) -> str | None:
    """How a process that lives was called; a dead one that nobody has asked for does not live."""
    try:
        if "\nState:\tZ" in Path(f"/proc/{pid}/status").read_text(encoding="utf-8"):
            return None
        return Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8").replace("\0", " ")
    except FileNotFoundError:
        return None


def _mounts() -> str:
    return Path("/proc/self/mounts").read_text(encoding="utf-8")
