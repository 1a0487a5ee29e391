"""The centre as witness of each kiosk's audit log, and what a log that does not go on from there means.

A log goes on from the head that was witnessed, link by link. One that is shorter, or leads elsewhere, lies on a disk
that was restored from an image: codes it would give may have been given. If then the log that was left goes on as well,
two machines use one key, and neither may go on.
"""

from __future__ import annotations

from enum import StrEnum

import structlog

from central.models import Kiosk
from offline_cache.contract.audit_chain import GENESIS, continued
from offline_cache.contract.messages import ALLOCATIONS_DIRECTIVE, AUDIT_DIRECTIVE, Heartbeat

log = structlog.get_logger("central.witness")


class Alarm(StrEnum):
    """What an administrator must look at."""

    STORE_LOST = "store-lost"
    RESTORED = "disk-restored"
    COPIED = "disk-copied"


def witness(kiosk: Kiosk, beat: Heartbeat) -> tuple[str, ...]:
    """Takes note of a heartbeat's audit log; the directives that follow from it."""
    if beat.generation < kiosk.generation:
        return _other_timeline(kiosk, beat)
    if kiosk.audit_seq is None or kiosk.audit_head is None:
        _believe(kiosk, beat)
    elif beat.generation > kiosk.generation:
        log.warning("store-lost", kiosk=kiosk.id, generation=beat.generation)
        kiosk.alarm = kiosk.alarm or Alarm.STORE_LOST
        _believe(kiosk, beat)
    elif beat.audit_last < kiosk.audit_seq:
        return _other_timeline(kiosk, beat)
    elif beat.audit_since != kiosk.audit_seq:
        return (AUDIT_DIRECTIVE,)
    else:
        reached = kiosk.audit_seq + len(beat.audit_links)
        if continued(kiosk.audit_head, beat.audit_links) != beat.audit_head or reached != beat.audit_seq:
            return _other_timeline(kiosk, beat)
        kiosk.audit_seq, kiosk.audit_head = reached, beat.audit_head
    return _wishes(kiosk)


def _believe(kiosk: Kiosk, beat: Heartbeat) -> None:
    """The first that is seen of a log; what it says of before, nobody can check."""
    kiosk.generation = beat.generation
    kiosk.audit_seq, kiosk.audit_head = beat.audit_seq, beat.audit_head or GENESIS


def _other_timeline(kiosk: Kiosk, beat: Heartbeat) -> tuple[str, ...]:
    goes_on = (
        kiosk.left_seq is not None
        and beat.generation == kiosk.left_generation
        and beat.audit_last >= kiosk.left_seq
    )
    if goes_on:
        log.error("disk-copied", kiosk=kiosk.id)
        kiosk.alarm, kiosk.state = Alarm.COPIED, "revoked"
        return ()
    if ALLOCATIONS_DIRECTIVE not in _wishes(kiosk):
        log.error("disk-restored", kiosk=kiosk.id, witnessed=kiosk.audit_seq, shown=beat.audit_last)
        kiosk.alarm = Alarm.RESTORED
        kiosk.left_generation, kiosk.left_seq = kiosk.generation, kiosk.audit_seq
        wish(kiosk, ALLOCATIONS_DIRECTIVE)
    return _wishes(kiosk)


def _wishes(kiosk: Kiosk) -> tuple[str, ...]:
    return tuple(kiosk.wishes.split())


def wish(kiosk: Kiosk, directive: str) -> None:
    """Asks it of the kiosk with every answer until it is fulfilled."""
    kiosk.wishes = " ".join(sorted({*kiosk.wishes.split(), directive}))


def fulfilled(kiosk: Kiosk, directive: str) -> bool:
    """Takes a wish back; False if there was none."""
    left = [other for other in kiosk.wishes.split() if other != directive]
    had = len(left) != len(kiosk.wishes.split())
    kiosk.wishes = " ".join(left)
    return had
