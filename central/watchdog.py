"""What a centre tells systemd (sd_notify(3)): that it answers, and that it still does. Elsewhere it tells nobody."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket

EVERY_S = 5.0


async def beat() -> None:
    """READY=1, then WATCHDOG=1 for as long as the loop that answers kiosks turns."""
    _tell("READY=1")
    while True:
        _tell("WATCHDOG=1")
        await asyncio.sleep(EVERY_S)


def _tell(state: str) -> None:
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender, contextlib.suppress(OSError):
        # A systemd that is busy must not hold up who asks.
        sender.setblocking(False)
        sender.sendto(state.encode(), "\0" + address[1:] if address.startswith("@") else address)
