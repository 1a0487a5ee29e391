"""Asks the other processes how they are, by their mailboxes."""

from __future__ import annotations

import secrets
import socket
from pathlib import Path
from typing import Any

from offline_cache.folder import StateFolder
from offline_cache.wake import Mailbox, post

ANSWER_S = 2.0


def printer_told(folder: StateFolder) -> dict[str, Any] | None:
    """What the printer process says, which owns the printer; None when it does not run."""
    if not folder.socket("printer").exists():
        return None
    name = f"ask-{secrets.token_hex(4)}"
    with Mailbox(folder, name) as mailbox:
        post(folder, "printer", {"tell": name})
        return next((message for message in mailbox.receive(ANSWER_S) if message), None)


def listens(path: Path) -> bool:
    """Whether a process reads from this mailbox; one that was killed leaves its file behind."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(str(path))
        except OSError:
            return False
        return True
