"""Ports for servers that are told their port before they start, as pcscd's driver and CUPS are."""

from __future__ import annotations

import random
import socket
from pathlib import Path

# The kernel gives no port below to anybody who asks for any (ip_local_port_range, ip(7)); most services end at 10,000.
_LOWEST, _HIGHEST = 20_000, 60_000
_KERNEL_RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")


def free_port(following: int = 0) -> int:
    """A port that nobody listens at, on any address, and so many after it.

    Not one that the kernel would give, unless it gives them all: until its server has started somebody else might be
    given the same.
    """
    highest = int(_KERNEL_RANGE.read_text(encoding="ascii").split()[0]) - 1 - following
    if highest < _LOWEST:
        highest = _HIGHEST
    while True:
        port = random.randint(_LOWEST, highest)  # noqa: S311  not a secret
        if all(map(_is_free, range(port, port + following + 1))):
            return port


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("0.0.0.0", port))  # noqa: S104  asks, and listens to nobody
        except OSError:
            return False
    return True
