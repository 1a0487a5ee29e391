"""A root that is only read: the line of / changes, the state has a partition, the rest is memory."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.technician.provisioning.machine import Machine, ProvisioningError
from kiosk.technician.provisioning.root_partition import read_only, table

BEFORE = "# fstab\nUUID=1 / ext4 defaults,noatime 0 1\nUUID=2 /boot vfat defaults 0 2\n"


def test_the_root_is_only_read_and_everything_else_stays() -> None:
    lines = table(BEFORE, "totem-state", ["/tmp", "/var/log"]).splitlines()
    assert "UUID=1 / ext4 ro,noatime 0 1" in lines
    assert "UUID=2 /boot vfat defaults 0 2" in lines
    assert any(line.startswith("LABEL=totem-state /var/lib/totem ext4 rw,") for line in lines)
    assert any(line.startswith("tmpfs /var/log tmpfs ") for line in lines)


def test_a_second_time_it_is_the_same() -> None:
    once = table(BEFORE, "totem-state", ["/tmp", "/var/log"])
    assert table(once, "totem-state", ["/tmp", "/var/log"]) == once


def test_without_a_line_for_the_root_nothing_is_guessed() -> None:
    with pytest.raises(ProvisioningError, match="no line for /"):
        table("", "totem-state", [])


def test_only_folders_that_are_there_become_memory_and_the_host_s_key_stays_in_sight(tmp_path: Path) -> None:
    """A mount point cannot be made on a root that is only read, and a machine that cannot mount does not start."""
    for place in ("etc", "tmp", "var/log", "var/lib/systemd/timesync"):
        (tmp_path / place).mkdir(parents=True)
    (tmp_path / "etc/fstab").write_text(BEFORE)
    read_only(Machine(tmp_path, dry=False, say=lambda _line: None), "totem-state")
    memory = [line.split()[1] for line in (tmp_path / "etc/fstab").read_text().splitlines() if line.startswith("tmpfs")]
    assert memory == ["/tmp", "/var/log", "/var/lib/systemd/timesync"]


@pytest.mark.parametrize(
    ("finder", "target"),
    [("dhclient", "/run/totem-resolv.conf"), ("NetworkManager", "/run/NetworkManager/resolv.conf")],
)
def test_name_servers_are_kept_in_memory_and_those_of_before_are_the_first(
    tmp_path: Path, finder: str, target: str
) -> None:
    for place in ("etc", "usr/sbin"):
        (tmp_path / place).mkdir(parents=True)
    (tmp_path / "etc/fstab").write_text(BEFORE)
    (tmp_path / "usr/sbin" / finder).touch()
    (tmp_path / "etc/resolv.conf").write_text("nameserver 192.0.2.1\n")
    for changes in (True, False):
        machine = Machine(tmp_path, dry=False, say=lambda _line: None)
        read_only(machine, "totem-state")
        assert (machine.changes > 0) is changes
    assert str((tmp_path / "etc/resolv.conf").readlink()) == target
    assert (tmp_path / "usr/local/lib/totem/resolv.conf").read_text() == "nameserver 192.0.2.1\n"


def test_around_an_update_the_root_is_mounted_for_writing(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/fstab").write_text(BEFORE)
    read_only(Machine(tmp_path, dry=False, say=lambda _line: None), "totem-state")
    for unit in ("totem-update", "totem-return"):
        lines = (tmp_path / f"etc/systemd/system/{unit}.service.d/10-read-only-root.conf").read_text().splitlines()
        # Before its sandbox is made, and with all rights.
        assert lines == [
            "[Service]",
            "ExecStartPre=+/usr/bin/nsenter -t 1 -m /usr/bin/mount -o remount,rw /",
            "ExecStopPost=+-/usr/bin/nsenter -t 1 -m /usr/bin/mount -o remount,ro /",
        ]
