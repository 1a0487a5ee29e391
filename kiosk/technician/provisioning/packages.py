"""Debian packages: from the network, or from a stick's folder of .deb files that serves as a repository."""

from __future__ import annotations

from pathlib import Path

from kiosk.technician.provisioning.machine import Machine, ProvisioningError

# A virtual reader listens on the network: it has no place on a machine that serves citizens.
NEVER = ("vsmartcard-vpcd", "vsmartcard-vpicc")
_QUERY = ("dpkg-query", "-W", "-f", "${db:Status-Status}\t${Package}\t${Provides}\n")
_APT = ("apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300", "-o", "APT::Sandbox::User=root")
_QUIET = {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
_LINK = "/run/totem-stick-debs"
_LIST = "/run/totem-stick.list"


def wanted(text: str) -> list[tuple[str, ...]]:
    """One line a package, `a | b` where either will do: the first is installed if none is there."""
    lines = (line.split("#")[0].strip() for line in text.splitlines())
    return [tuple(name.strip() for name in line.split("|")) for line in lines if line]


def present(machine: Machine) -> set[str]:
    """The packages that are there, and what they provide."""
    return _present(machine, provided=True)


def installed(machine: Machine) -> set[str]:
    """The packages that are there."""
    return _present(machine, provided=False)


def install(machine: Machine, packages: list[tuple[str, ...]], stick: Path | None) -> None:
    """What is missing of them; what never may be there is taken away."""
    present = _present(machine, provided=True)
    for name in NEVER:
        if name in present:
            machine.do(
                f"package {name} removed: a virtual card reader has no place on a kiosk",
                [*_APT, "purge", "-y", name],
                failed=f"{name} could not be removed: as root, apt-get purge {name}",
                env=_QUIET,
            )
    missing = [names[0] for names in packages if not present.intersection(names)]
    if not missing:
        return
    machine.changed(f"packages installed: {' '.join(missing)}")
    if machine.dry:
        return
    before = installed(machine)
    source = _repository(machine, stick) if stick is not None else []
    remedy = (
        "the stick's debs folder does not hold what this system lacks: make it on the same Debian and processor"
        if stick is not None
        else "check the network and /etc/apt, or provision from a stick (--from)"
    )
    try:
        machine.quietly([*_APT, *source, "update"], failed=f"apt-get update failed: {remedy}", env=_QUIET)
        machine.quietly(
            [*_APT, *source, "install", "-y", "--no-install-recommends", *missing],
            failed=f"the packages could not be installed: {remedy}",
            env=_QUIET,
        )
    finally:
        machine.diary.packages = sorted({*machine.diary.packages, *(installed(machine) - before)})
        machine.write_diary()
        machine.at(_LINK).unlink(missing_ok=True)
        machine.at(_LIST).unlink(missing_ok=True)


def remove(machine: Machine) -> None:
    """The packages that came with provisioning, unless something that came since needs them."""
    ours = [name for name in machine.diary.packages if name in installed(machine)]
    if not ours:
        return
    if machine.dry:
        machine.changed(f"up to {len(ours)} packages removed")
        return
    # Marked as wanted by nobody: what something else needs by now is not among those that apt would take away.
    machine.quietly(["apt-mark", "auto", *ours], failed="apt-mark failed")
    foreseen = machine.ask([*_APT, "-s", "autoremove", "--purge"]) or ""
    going = {line.split()[1] for line in foreseen.splitlines() if line.startswith(("Remv ", "Purg "))}
    unneeded = sorted(going & set(ours))
    if unneeded:
        machine.do(
            f"{len(unneeded)} packages removed",
            [*_APT, "purge", "-y", *unneeded],
            failed="apt-get could not remove the packages",
            env=_QUIET,
        )
    if left := sorted(set(ours) - going):
        machine.note(f"{len(left)} packages stay, for something else needs them")


def _present(machine: Machine, *, provided: bool) -> set[str]:
    listing = machine.ask(_QUERY)
    if listing is None:
        raise ProvisioningError("this needs Debian 12 or 13, or Raspberry Pi OS 64 bit (dpkg-query is missing)")
    present: set[str] = set()
    for line in listing.splitlines():
        status, name, provides = line.split("\t")
        if status == "installed":
            present.add(name)
            if provided:
                present.update(part.split("(")[0].strip() for part in provides.split(",") if part.strip())
    return present


def _repository(machine: Machine, stick: Path) -> list[str]:
    """The stick's folder as apt's only source. Its name may hold blanks, a link's does not."""
    folder = stick / "debs"
    if not (folder / "Packages").is_file():
        raise ProvisioningError(f"{folder} holds no packages: make the stick with ./provision stick FOLDER")
    link = machine.at(_LINK)
    link.unlink(missing_ok=True)
    link.symlink_to(folder.resolve())
    machine.at(_LIST).write_text(f"deb [trusted=yes] file:{_LINK} ./\n", encoding="utf-8")
    return ["-o", f"Dir::Etc::SourceList={_LIST}", "-o", "Dir::Etc::SourceParts=/dev/null"]
