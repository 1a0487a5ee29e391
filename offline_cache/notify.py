"""What a service tells systemd (sd_notify(3)): READY=1 once, WATCHDOG=1 while it lives. Elsewhere it does nothing."""

from __future__ import annotations

import contextlib
import os
import socket


def notify(state: str) -> None:
    """Sends one state line to $NOTIFY_SOCKET, if there is one; a leading @ means the abstract namespace."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender, contextlib.suppress(OSError):
        sender.sendto(state.encode(), "\0" + address[1:] if address.startswith("@") else address)
