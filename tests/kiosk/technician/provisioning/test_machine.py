"""What is so already is not done again; what was done can be undone; a dry run does nothing."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from kiosk.technician.provisioning.machine import Machine, ProvisioningError


def machine(root: Path, said: list[str], *, dry: bool = False) -> Machine:
    return Machine(root, dry=dry, say=said.append)


def test_a_file_is_written_and_said_once(tmp_path: Path) -> None:
    said: list[str] = []
    one = machine(tmp_path, said)
    assert one.file("/etc/totem/x", b"1", mode=0o600, why="for the test")
    assert not one.file("/etc/totem/x", b"1", mode=0o600, why="for the test")
    assert said == ["/etc/totem/x: for the test"]
    assert (tmp_path / "etc/totem/x").stat().st_mode & 0o777 == 0o600


def test_what_lay_there_before_comes_back(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/before").write_text("theirs")
    one = machine(tmp_path, [])
    one.file("/etc/before", b"ours", why="")
    one.file("/etc/before", b"ours again", why="")
    one.file("/etc/new", b"ours", why="")
    later = machine(tmp_path, [])
    for path in list(later.diary.files):
        later.put_back(path)
    assert (tmp_path / "etc/before").read_text() == "theirs"
    assert not (tmp_path / "etc/new").exists()


def test_a_dry_run_says_and_does_nothing(tmp_path: Path) -> None:
    said: list[str] = []
    one = machine(tmp_path, said, dry=True)
    one.file("/etc/x", b"1", why="a")
    one.link("/opt/x", "/opt/y", why="b")
    one.do("c", ["false"], failed="never tried")
    assert said == ["would: /etc/x: a", "would: /opt/x -> /opt/y: b", "would: c"]
    assert list(tmp_path.iterdir()) == []


def test_a_link_moves_at_once(tmp_path: Path) -> None:
    one = machine(tmp_path, [])
    assert one.link("/opt/x", "/opt/1", why="")
    assert one.link("/opt/x", "/opt/2", why="")
    assert not one.link("/opt/x", "/opt/2", why="")
    assert str((tmp_path / "opt/x").readlink()) == "/opt/2"


def test_what_a_program_said_last_is_told_with_what_failed(tmp_path: Path) -> None:
    def run(*_arguments: object, **_options: object) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess([], 1, "", "much\nNo space left on device\n")

    one = Machine(tmp_path, dry=False, say=lambda _line: None, run=run)
    with pytest.raises(ProvisioningError, match=r"^it failed \(No space left on device\)$"):
        one.do("x", ["x"], failed="it failed")
