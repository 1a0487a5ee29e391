"""Identities made by the kiosk: UUID version 7. They identify, they do not order (kiosk clocks lie)."""

from __future__ import annotations

import uuid

RANDOM_BYTES = 10


def uuid7(unix_ms: int, random: bytes) -> str:
    """A UUIDv7 (RFC 9562, 5.7): 48 bits of milliseconds, 74 random bits of the 10 bytes given."""
    if not 0 <= unix_ms < 1 << 48:
        raise ValueError("the time does not fit in 48 bits of milliseconds")
    if len(random) != RANDOM_BYTES:
        raise ValueError("a UUIDv7 takes 10 random bytes")
    bits = int.from_bytes(random)
    rand_a, rand_b = bits >> 62 & 0xFFF, bits & (1 << 62) - 1
    return str(uuid.UUID(int=unix_ms << 80 | 0x7 << 76 | rand_a << 64 | 0b10 << 62 | rand_b))
