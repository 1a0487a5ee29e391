"""The option of a root that is only read: the state on a partition of its own, what is written elsewhere in memory."""

from __future__ import annotations

import os
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from kiosk.technician.provisioning import system
from kiosk.technician.provisioning.machine import Machine, ProvisioningError

FSTAB = "/etc/fstab"
STATE = "/var/lib/totem"
JOURNAL = "/etc/systemd/journald.conf.d/61-totem-memory.conf"
SEED = "/etc/systemd/system/systemd-random-seed.service.d/60-totem.conf"
RESOLVER = "/etc/resolv.conf"
_MARK = "# totem"
# With all rights, and among the mounts of the machine itself: "+" alone has mounts of its own, and what is mounted for
# writing there stays read-only here. Whoever keeps a file open for writing leaves / as it is until the next start.
_REMOUNT = "/usr/bin/nsenter -t 1 -m /usr/bin/mount -o remount"
_REMOUNTED = f"[Service]\nExecStartPre=+{_REMOUNT},rw /\nExecStopPost=+-{_REMOUNT},ro /\n".encode()
_ASIDE = "/run/totem-state"
# What Debian writes while it runs and need not remember. Not all of /var/lib/systemd: the key that the kiosk's own
# keys are sealed to lies there.
IN_MEMORY = ("/tmp", "/var/tmp", "/var/log", "/var/spool",  # noqa: S108  mount points
             "/var/lib/systemd/timesync", "/var/lib/systemd/rfkill", "/var/lib/dhcp", "/var/lib/dhcpcd",
             "/var/lib/NetworkManager", "/var/lib/alsa")  # fmt: skip
# Who finds the name servers, and the file in /run in which they are kept then.
_FINDERS = (("/usr/sbin/NetworkManager", "/run/NetworkManager/resolv.conf"),
            ("/usr/sbin/dhclient", "/run/totem-resolv.conf"))  # fmt: skip


def needs_writing(root: Path = Path("/")) -> None:
    """ProvisioningError where / is mounted for reading only already: nothing can be changed there."""
    if os.statvfs(root).f_flag & os.ST_RDONLY:
        raise ProvisioningError(
            f"{root} is mounted for reading only: mount -o remount,rw {root}, run this again, and restart the machine"
        )


def read_only(machine: Machine, label: str) -> None:
    """The state moves to its partition now; / is for reading only from the next start on.

    ProvisioningError if there is no such partition, or / does not stand in /etc/fstab.
    """
    file = machine.at(FSTAB)
    before = file.read_text(encoding="utf-8") if file.is_file() else ""
    places = [place for place in IN_MEMORY if machine.at(place).is_dir()]
    after = table(before, label, places)
    if machine.booted:
        _move_state(machine, label)
    why = f"/ only for reading, the state on {label}, from the next start on"
    machine.file(FSTAB, after.encode(), why=why)
    _for_updates(machine)
    machine.file(JOURNAL, b"[Journal]\nStorage=volatile\n", why="the journal in memory")
    machine.file(SEED, b"[Unit]\nConditionPathIsReadWrite=/var/lib/systemd\n", why="no seed is kept on it")
    _name_servers(machine)


def _for_updates(machine: Machine) -> None:
    """An update writes where the program lies: around it / is mounted for writing, before its sandbox is made."""
    for unit in ("totem-update", "totem-return"):
        machine.file(
            f"/etc/systemd/system/{unit}.service.d/10-read-only-root.conf", _REMOUNTED,
            why="/ for writing while the program is updated",
        )  # fmt: skip


def writable_again(machine: Machine) -> None:
    """The state is taken back from its partition. The file itself is put back by the diary."""
    if FSTAB not in machine.diary.files:
        return
    machine.note("/ is mounted for writing from the next start on")
    if not _mounted(machine):
        return
    machine.changed(f"{STATE} lies on / again")
    if machine.dry:
        return
    device = machine.quietly(["findmnt", "-n", "-o", "SOURCE", STATE], failed="nobody knows what is mounted").strip()
    back = f"{STATE}.back"
    machine.quietly(["rm", "-rf", back], failed=f"{back} is in the way")
    machine.quietly(["cp", "-a", STATE, back], failed=f"{STATE} could not be copied")
    machine.quietly(["rm", "-rf", f"{back}/lost+found"], failed=f"{back} could not be written")
    machine.quietly(["sync", "-f", back], failed=f"{back} could not be written")
    machine.quietly(["umount", STATE], failed=f"{STATE} is in use")
    machine.at(STATE).rmdir()
    machine.at(back).rename(machine.at(STATE))
    with _aside(machine, device) as partition:
        _clear(partition)


def table(before: str, label: str, places: list[str]) -> str:
    """An fstab with / for reading only, the state's partition, and memory for `places`. Repeatable."""
    lines, found = [], False
    for line in before.splitlines():
        if line.endswith(_MARK):
            continue
        parts = line.split()
        if len(parts) >= 4 and parts[1] == "/" and not line.startswith("#"):
            options = [option for option in parts[3].split(",") if option not in {"rw", "ro", "defaults"}]
            parts[3] = ",".join(["ro", *options])
            line, found = " ".join(parts), True  # noqa: PLW2901  the line itself, changed
        lines.append(line)
    if not found:
        raise ProvisioningError(f"{FSTAB} has no line for /: write one first")
    lines.append(f"LABEL={label} {STATE} ext4 rw,nosuid,nodev,noexec,errors=remount-ro 0 2 {_MARK}")
    lines += [f"tmpfs {place} tmpfs rw,nosuid,nodev,mode={_mode(place)} 0 0 {_MARK}" for place in places]
    return "\n".join(lines) + "\n"


def _move_state(machine: Machine, label: str) -> None:
    """What is there already goes along, and does not stay behind on /."""
    if _mounted(machine):
        return
    device = (machine.ask(["blkid", "-L", label]) or "").strip()
    if not device:
        raise ProvisioningError(f"no partition has the label {label}: make one with mkfs.ext4 -L {label} DEVICE")
    machine.changed(f"{STATE} lies on {device} ({label})")
    if machine.dry:
        return
    if system.enabled(machine):
        machine.quietly(["systemctl", "stop", *system.UNITS], failed="the units do not stop")
    machine.at(STATE).mkdir(mode=0o700, exist_ok=True)
    with _aside(machine, device) as partition:
        if any(machine.at(STATE).iterdir()):
            if (partition / "store.db").exists():
                raise ProvisioningError(f"there is a store on {label} already, and one on /: keep one of them")
            machine.quietly(["cp", "-a", f"{STATE}/.", _ASIDE], failed="the state could not be copied")
            machine.quietly(["sync", "-f", _ASIDE], failed="the state could not be written")
            _clear(machine.at(STATE))
        machine.quietly(["chown", f"{system.USER}:{system.USER}", _ASIDE], failed="the partition is not the kiosk's")
        machine.quietly(["chmod", "0700", _ASIDE], failed="the partition is not the kiosk's")
    machine.quietly(["mount", "-o", "nosuid,nodev,noexec", device, STATE], failed=f"{device} could not be mounted")


@contextmanager
def _aside(machine: Machine, device: str) -> Generator[Path]:
    """The partition, mounted where nobody else looks."""
    place = machine.at(_ASIDE)
    place.mkdir(exist_ok=True)
    machine.quietly(["mount", device, _ASIDE], failed=f"{device} could not be mounted: is it ext4?")
    try:
        yield place
    finally:
        machine.quietly(["umount", _ASIDE], failed=f"{_ASIDE} is in use")
        place.rmdir()


def _clear(folder: Path) -> None:
    for entry in folder.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            if entry.name != "lost+found":
                shutil.rmtree(entry)
        else:
            entry.unlink()


def _name_servers(machine: Machine) -> None:
    """They are found anew at each start, and kept in /run; what stands in the file now is where it begins."""
    target = next((file for finder, file in _FINDERS if machine.at(finder).exists()), None)
    now = machine.at(RESOLVER)
    if target is None or now.is_symlink():
        return
    content = now.read_bytes() if now.is_file() else b""
    first = "/usr/local/lib/totem/resolv.conf"
    machine.file(first, content, why="the name servers to begin with")
    rule = f"C {target} 0644 root root - {first}\n"
    machine.file("/etc/tmpfiles.d/60-totem-resolver.conf", rule.encode(), why="name servers in memory")
    if machine.booted and not machine.dry and not machine.at(target).exists():
        machine.at(target).parent.mkdir(exist_ok=True)
        machine.at(target).write_bytes(content)
    machine.link(RESOLVER, target, why="name servers in memory")


def _mounted(machine: Machine) -> bool:
    return machine.at(STATE).is_mount()


def _mode(place: str) -> str:
    return "1777" if place.endswith("tmp") else "0755"
