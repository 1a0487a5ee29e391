"""What of the system is the kiosk's: its user, units, rules, limits; no desktop, no console, no storage that mounts."""

from __future__ import annotations

import re
import time
from pathlib import Path

from kiosk.technician.provisioning.machine import Machine, ProvisioningError

UNITS = ("totem-store.service", "totem-kiosk.service", "totem-printer.service", "totem-sync.service",
         "totem-mend.service", "totem-mend.path", "totem-update.service", "totem-update.path",
         "totem-return.service")  # fmt: skip
# What is started at boot; the rest is started by these.
STARTED = ("totem-store.service", "totem-kiosk.service", "totem-printer.service", "totem-sync.service",
           "totem-mend.path", "totem-update.path", "totem-return.service")  # fmt: skip
# What citizens are served by.
SERVING = ("totem-store.service", "totem-kiosk.service", "totem-printer.service", "totem-sync.service")
# source in the project, place on the machine, mode, why
FILES = (
    *((f"systemd/{unit}", f"/etc/systemd/system/{unit}", 0o644, "a unit of the kiosk") for unit in UNITS),
    ("systemd/screen", "/usr/local/lib/totem/screen", 0o755, "starts the compositor with the kiosk in it"),
    ("systemd/command", "/usr/local/sbin/totem", 0o755, "the totem command for technicians"),
    ("systemd/sysusers.conf", "/etc/sysusers.d/totem.conf", 0o644, "who runs the kiosk"),
    ("systemd/polkit.rules", "/etc/polkit-1/rules.d/60-totem.rules", 0o644, "the card reader is the kiosk's"),
    ("systemd/udev.rules", "/etc/udev/rules.d/60-totem.rules", 0o644, "printers, readers, sticks that nobody mounts"),
    ("systemd/journald.conf", "/etc/systemd/journald.conf.d/60-totem.conf", 0o644, "the journal, bounded"),
    ("systemd/logind.conf", "/etc/systemd/logind.conf.d/60-totem.conf", 0o644, "no consoles"),
    ("systemd/watchdog.conf", "/etc/systemd/system.conf.d/60-totem.conf", 0o644, "a machine that hangs starts again"),
    ("systemd/sysctl.conf", "/etc/sysctl.d/60-totem.conf", 0o644, "no core files, no system keys"),
    ("devices/cards/opensc.conf", "/etc/opensc/opensc.conf", 0o644, "cards forget their PIN"),
)
_PLACES = frozenset(place for _, place, _, _ in FILES)
_UNIT = re.compile(r"/etc/systemd/system/totem-[a-z]+\.(service|path|timer|socket)")
# What root remembers of updates.
UPDATES = "/var/lib/totem-update"
WANTED = "/etc/systemd/system/multi-user.target.wants"
USER = "totem"
_MASKED = ("getty@.service", "getty@tty1.service", "autovt@.service", "console-getty.service", "serial-getty@.service",
           "ctrl-alt-del.target", "emergency.service", "rescue.service")  # fmt: skip
_DESKTOPS = ("display-manager.service", "gdm.service", "lightdm.service", "sddm.service", "udisks2.service",
             "cups-browsed.service", "bluetooth.service")  # fmt: skip
_TARGET = "/etc/systemd/system/default.target"


def install(machine: Machine, source: Path, *, consoles: bool = False) -> None:
    """Files, user, masks. ProvisioningError where a program of the system fails. `consoles`: they stay, for an image
    that is set up on them.
    """
    any_unit = lay(machine, source)
    if machine.ask(["getent", "passwd", USER]) is None:
        machine.do(f"user {USER} made", ["systemd-sysusers"], failed=f"the user {USER} could not be made")
    for folder, mode in (("/etc/totem", 0o755), ("/etc/credstore.encrypted", 0o700), (UPDATES, 0o755)):
        if not machine.at(folder).is_dir():
            machine.changed(f"{folder} made")
            if not machine.dry:
                machine.at(folder).mkdir(mode=mode, parents=True)
    if not consoles:
        _quiet_console(machine)
    if any_unit:
        reload(machine)
    complete(machine)


def lay(machine: Machine, source: Path) -> bool:
    """The files alone, of the version at `source`, and no unit of another version; True if anything was otherwise."""
    changed = False
    for name, place, mode, why in FILES:
        changed |= machine.file(place, (source / name).read_bytes(), mode=mode, why=why)
    for place in [place for place in machine.diary.files if _UNIT.fullmatch(place)]:
        if place not in _PLACES:
            changed |= machine.gone(place, why="a unit of another version")
    return changed


def reload(machine: Machine) -> None:
    """systemd, udev and the kernel read their files anew, where they run."""
    if not machine.booted or machine.dry:
        return
    machine.quietly(["systemctl", "daemon-reload"], failed="systemd does not answer")
    machine.ask(["udevadm", "control", "--reload"])
    machine.ask(["udevadm", "trigger"])
    # Whoever opens a device reads its properties once: they are there before anybody is started.
    machine.ask(["udevadm", "settle", "--timeout=60"])
    machine.ask(["sysctl", "-q", "--system"])
    machine.ask(["systemctl", "try-restart", "systemd-journald.service"])
    if machine.ask(["systemctl", "is-active", "polkit.service"]):
        machine.ask(["systemctl", "try-reload-or-restart", "polkit.service"])


def tell(machine: Machine) -> None:
    """The same over systemd alone, by who may touch neither the kernel nor a device: an update, in its sandbox. What
    concerns devices that are there already counts from the next start of the machine on.
    """
    machine.quietly(["systemctl", "daemon-reload"], failed="systemd does not answer")
    for unit in ("systemd-udevd.service", "systemd-sysctl.service", "systemd-journald.service", "polkit.service"):
        machine.ask(["systemctl", "try-restart", unit])


def enabled(machine: Machine) -> bool:
    """True once the kiosk starts with the machine."""
    return (machine.at(WANTED) / "totem-kiosk.service").is_symlink()


def complete(machine: Machine) -> None:
    """What another version begins with the machine, where the kiosk does already."""
    lacking = [unit for unit in STARTED if not (machine.at(WANTED) / unit).is_symlink()]
    if lacking and enabled(machine):
        machine.do(
            f"{' '.join(lacking)}: with the machine too", ["systemctl", "enable", "-q", *lacking],
            failed="the units were not enabled",
        )  # fmt: skip


def enable(machine: Machine) -> None:
    """The kiosk starts with the machine, and now."""
    if not enabled(machine):
        machine.do(
            "the kiosk starts with the machine", ["systemctl", "enable", *STARTED], failed="the units were not enabled"
        )
        if machine.booted and not machine.dry:
            start(machine)


def start(machine: Machine, limit_s: float = 120.0) -> None:
    """Everything begins anew; ProvisioningError unless all of it runs within that time.

    A first start may fail and the next one not: a screen that cannot draw by GL draws without it from then on.
    """
    machine.ask(["systemctl", "restart", *STARTED])
    until_s = time.monotonic() + limit_s
    while (machine.ask(["systemctl", "is-active", *SERVING]) or "").split() != ["active"] * len(SERVING):
        if time.monotonic() > until_s:
            raise ProvisioningError("the units do not start: systemctl status 'totem-*'")
        time.sleep(1)


def disable(machine: Machine) -> None:
    """Nothing of the kiosk runs any more, and consoles come back."""
    if any((machine.at("/etc/systemd/system") / unit).exists() for unit in UNITS):
        if machine.booted:
            machine.do("the kiosk is stopped", ["systemctl", "stop", *UNITS], failed="the units do not stop")
        machine.do("its units are disabled", ["systemctl", "disable", "-q", *STARTED], failed="the units stay enabled")
    if machine.diary.masked:
        machine.do("consoles are back", ["systemctl", "unmask", "-q", *machine.diary.masked], failed="unmask failed")
        machine.diary.masked = []
    if machine.diary.disabled:
        for unit in machine.diary.disabled:
            machine.changed(f"{unit} is back")
            if not machine.dry:
                machine.ask(["systemctl", "enable", "-q", unit])
        machine.diary.disabled = []
    if machine.diary.target:
        machine.do(
            f"starts into {machine.diary.target}",
            ["systemctl", "set-default", "-q", machine.diary.target],
            failed="the default target could not be set",
        )
        machine.diary.target = None
    if not machine.dry:
        machine.write_diary()


def _quiet_console(machine: Machine) -> None:
    units = machine.at("/etc/systemd/system")
    masked = []
    for unit in _MASKED:
        if not (units / unit).is_symlink():
            masked.append(unit)
        else:
            # Somebody's own, which would stand in the way of a mask.
            machine.link(f"/etc/systemd/system/{unit}", "/dev/null", why="no consoles")
    if masked:
        line = f"no consoles: {' '.join(masked)} masked"
        machine.do(line, ["systemctl", "mask", "-q", *masked], failed="consoles could not be masked")
        if not machine.dry:
            machine.diary.masked = sorted({*machine.diary.masked, *masked})
            machine.write_diary()
    for unit in _DESKTOPS:
        if (machine.ask(["systemctl", "is-enabled", unit]) or "").strip() in {"enabled", "alias", "indirect"}:
            machine.do(f"{unit} disabled: the kiosk is the only thing here", ["systemctl", "disable", "-q", unit],
                       failed=f"{unit} could not be disabled")  # fmt: skip
            if not machine.dry:
                machine.diary.disabled.append(unit)
                machine.write_diary()
    now = (machine.ask(["systemctl", "get-default"]) or "").strip()
    if now != "multi-user.target":
        machine.do("starts without a desktop", ["systemctl", "set-default", "-q", "multi-user.target"],
                   failed="the default target could not be set")  # fmt: skip
        if not machine.dry:
            machine.diary.target = now or None
            machine.write_diary()
