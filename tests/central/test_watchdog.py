"""The centre tells systemd that it answers, and goes on telling."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from pathlib import Path

import pytest

from central import watchdog


def test_ready_is_said_once_and_the_watchdog_fed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watchdog, "EVERY_S", 0.001)
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))

    async def a_moment() -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(watchdog.beat(), 0.05)

    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.settimeout(5)
        asyncio.run(a_moment())
        assert [systemd.recv(64) for _ in range(3)] == [b"READY=1", b"WATCHDOG=1", b"WATCHDOG=1"]
