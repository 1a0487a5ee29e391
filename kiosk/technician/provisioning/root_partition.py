"""The option of a root that is only read: the state on a partition of its own, what is written elsewhere in memory."""

from __future__ import annotations

from kiosk.technician.provisioning.machine import Machine, ProvisioningError

FSTAB = "/etc/fstab"
JOURNAL = "/etc/systemd/journald.conf.d/61-totem-memory.conf"
_MARK = "# totem"
# With all rights and outside the sandbox; whoever keeps a file open for writing leaves / as it is until the next start.
_REMOUNTED = (
    b"[Service]\nExecStartPre=+/usr/bin/mount -o remount,rw /\nExecStopPost=+-/usr/bin/mount -o remount,ro /\n"
)
# What Debian writes while it runs and need not remember.
_IN_MEMORY = ("/tmp", "/var/tmp", "/var/log", "/var/lib/systemd", "/var/lib/dhcp", "/var/spool")  # noqa: S108  mount points


def read_only(machine: Machine, label: str) -> None:
    """/etc/fstab for it; it counts from the next start on. ProvisioningError if / does not stand there."""
    file = machine.at(FSTAB)
    before = file.read_text(encoding="utf-8") if file.is_file() else ""
    why = f"/ only for reading, the state on {label}, from the next start on"
    machine.file(FSTAB, table(before, label).encode(), why=why)
    _for_updates(machine)
    machine.file(JOURNAL, b"[Journal]\nStorage=volatile\n", why="the journal in memory")


def _for_updates(machine: Machine) -> None:
    """An update writes where the program lies: around it / is mounted for writing, before its sandbox is made."""
    for unit in ("totem-update", "totem-return"):
        machine.file(
            f"/etc/systemd/system/{unit}.service.d/10-read-only-root.conf", _REMOUNTED,
            why="/ for writing while the program is updated",
        )  # fmt: skip


def writable_again(machine: Machine) -> None:
    """The lines of provisioning go; the file itself is put back by the diary."""
    if FSTAB in machine.diary.files:
        machine.note("/ is mounted for writing from the next start on")


def table(before: str, label: str) -> str:
    """An fstab with / for reading only, the state's partition, and memory for the rest. Repeatable."""
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
    lines.append(f"LABEL={label} /var/lib/totem ext4 rw,nosuid,nodev,noexec,errors=remount-ro 0 2 {_MARK}")
    lines += [f"tmpfs {place} tmpfs rw,nosuid,nodev,mode={_mode(place)} 0 0 {_MARK}" for place in _IN_MEMORY]
    return "\n".join(lines) + "\n"


def _mode(place: str) -> str:
    return "1777" if place.endswith("tmp") else "0755"
