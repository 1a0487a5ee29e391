"""Only what is missing is installed; a virtual reader never stays; a stick is a repository that apt can read."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from kiosk.technician.provisioning import packages, stick
from kiosk.technician.provisioning.machine import Machine, ProvisioningError


class Debian:
    """dpkg and apt, as far as provisioning asks them."""

    def __init__(self, *installed: str) -> None:
        self.installed = set(installed)
        self.ran: list[list[str]] = []

    def __call__(self, command: list[str], **_options: object) -> subprocess.CompletedProcess[str]:
        self.ran.append(command)
        out = ""
        if command[0] == "dpkg-query":
            out = "".join(f"installed\t{name}\ttime-daemon\n" for name in sorted(self.installed))
        elif "install" in command:
            self.installed |= set(command[command.index("--no-install-recommends") + 1 :]) | {"a-library"}
        elif "autoremove" in command:
            out = "".join(f"Purg {name} [1]\n" for name in sorted(self.installed - {"theirs", "shared"}))
        elif "purge" in command:
            self.installed -= set(command[command.index("-y") + 1 :])
        return subprocess.CompletedProcess(command, 0, out, "")


def machine(root: Path, debian: Debian, said: list[str]) -> Machine:
    return Machine(root, dry=False, say=said.append, run=debian)


def test_the_list_says_what_will_do_as_well() -> None:
    listed = packages.wanted("# a\ncage\nsystemd-timesyncd | chrony # b\n\n")
    assert listed == [("cage",), ("systemd-timesyncd", "chrony")]


def test_what_is_there_is_not_installed_again(tmp_path: Path) -> None:
    debian, said = Debian("chrony", "theirs"), []
    packages.install(machine(tmp_path, debian, said), [("cage",), ("systemd-timesyncd", "chrony")], None)
    assert said == ["packages installed: cage"]
    said.clear()
    again = machine(tmp_path, debian, said)
    packages.install(again, [("cage",), ("systemd-timesyncd", "chrony")], None)
    assert said == []
    assert again.diary.packages == ["a-library", "cage"]


def test_a_virtual_reader_is_taken_away(tmp_path: Path) -> None:
    debian, said = Debian("vsmartcard-vpcd"), []
    packages.install(machine(tmp_path, debian, said), [], None)
    assert "vsmartcard-vpcd" not in debian.installed
    assert "has no place" in said[0]


def test_only_what_nothing_else_needs_is_removed(tmp_path: Path) -> None:
    debian, said = Debian("theirs"), []
    one = machine(tmp_path, debian, said)
    packages.install(one, [("cage",), ("shared",)], None)
    packages.remove(one)
    assert debian.installed == {"theirs", "shared"}
    assert any("something else needs" in line for line in said)


def test_a_stick_without_packages_is_said(tmp_path: Path) -> None:
    with pytest.raises(ProvisioningError, match="holds no packages"):
        packages.install(machine(tmp_path, Debian(), []), [("cage",)], tmp_path / "stick")


def test_a_folder_of_packages_is_indexed(tmp_path: Path) -> None:
    tree = tmp_path / "tree/DEBIAN"
    tree.mkdir(parents=True)
    (tree / "control").write_text("Package: x\nVersion: 1\nArchitecture: all\nMaintainer: x\nDescription: x\n")
    subprocess.run(["dpkg-deb", "-b", str(tree.parent), str(tmp_path / "x.deb")], check=True, capture_output=True)
    said = stick.index(tmp_path)
    assert "Package: x\n" in said
    assert "Filename: ./x.deb\n" in said
    assert f"Size: {(tmp_path / 'x.deb').stat().st_size}\n" in said
