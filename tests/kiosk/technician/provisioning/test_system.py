"""Units are started until they run, and what stands in the way of a mask gives way to it, and comes back."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.technician.provisioning import system
from kiosk.technician.provisioning.machine import Machine, ProvisioningError


class Systemd:
    """Answers as systemctl does: each state of the units in turn, then the last one for ever."""

    def __init__(self, *states: str) -> None:
        self._states: Iterator[str] = iter(states)
        self._state = ""
        self.asked: list[list[str]] = []

    def __call__(self, command: list[str], **_options: object) -> subprocess.CompletedProcess[str]:
        self.asked.append(command)
        if command[:2] == ["systemctl", "restart"]:
            return subprocess.CompletedProcess(command, 1, "", "the first one failed")
        if command[:2] == ["systemctl", "is-active"]:
            self._state = next(self._states, self._state)
            return subprocess.CompletedProcess(command, 0, f"active\n{self._state}\nactive\nactive\n", "")
        return subprocess.CompletedProcess(command, 0, "", "")


def test_a_first_start_that_fails_is_waited_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system.time, "sleep", lambda _s: None)
    systemd = Systemd("failed", "activating", "active")
    system.start(Machine(tmp_path, dry=False, say=lambda _line: None, run=systemd))
    assert [command[1] for command in systemd.asked] == ["restart", "is-active", "is-active", "is-active"]
    with pytest.raises(ProvisioningError, match="the units do not start"):
        system.start(Machine(tmp_path, dry=False, say=lambda _line: None, run=Systemd("failed")), limit_s=0)


def test_a_link_of_somebody_s_own_does_not_keep_a_console_open(tmp_path: Path) -> None:
    place = tmp_path / "etc/systemd/system/ctrl-alt-del.target"
    place.parent.mkdir(parents=True)
    place.symlink_to("/lib/systemd/system/reboot.target")
    systemd = Systemd()
    machine = Machine(tmp_path, dry=False, say=lambda _line: None, run=systemd)
    system._quiet_console(machine)
    assert str(place.readlink()) == "/dev/null"
    masked = next(command for command in systemd.asked if command[:2] == ["systemctl", "mask"])
    assert "serial-getty@.service" in masked
    assert "ctrl-alt-del.target" not in masked
    machine.put_back("/etc/systemd/system/ctrl-alt-del.target")
    assert str(place.readlink()) == "/lib/systemd/system/reboot.target"
