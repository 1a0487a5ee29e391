from __future__ import annotations

from pathlib import Path

import pytest

from devices.virtual import pcscd as module
from devices.virtual.pcscd import PcscdError, PrivatePcscd


def test_two_private_daemons_live_side_by_side(short_folder: Path, pcscd: PrivatePcscd) -> None:
    folder = short_folder / "second"
    folder.mkdir()
    other = PrivatePcscd(folder)
    other.start()
    assert pcscd.alive()
    assert other.alive()
    assert other.port != pcscd.port
    other.stop()
    assert pcscd.alive()


def test_a_restarted_daemon_is_another_process_on_the_same_socket_and_port(pcscd: PrivatePcscd) -> None:
    pid, port = pcscd.pid, pcscd.port
    pcscd.restart()
    assert pcscd.alive()
    assert (pcscd.pid != pid, pcscd.port, pcscd.socket.is_socket()) == (True, port, True)


def test_a_stopped_daemon_leaves_no_process_and_no_socket(pcscd: PrivatePcscd) -> None:
    pid = pcscd.pid
    pcscd.stop()
    pcscd.stop()
    assert not Path(f"/proc/{pid}").exists()
    assert not pcscd.socket.exists()


def test_without_pcscd_one_line_says_what_to_install(short_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module.shutil, "which", lambda *_, **__: None)
    with pytest.raises(PcscdError, match="apt-get install pcscd"):
        PrivatePcscd(short_folder).start()


def test_without_the_driver_one_line_says_what_to_run(short_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "DRIVER", short_folder / "nothing.so")
    with pytest.raises(PcscdError, match="make setup"):
        PrivatePcscd(short_folder).start()


def test_a_port_that_is_taken_by_somebody_else_is_not_mistaken_for_ours(
    short_folder: Path, pcscd: PrivatePcscd
) -> None:
    folder = short_folder / "second"
    folder.mkdir()
    with pytest.raises(PcscdError, match=f"port {pcscd.port} is taken"):
        PrivatePcscd(folder, port=pcscd.port).start()
    assert pcscd.alive()
