"""Which life of the centre this is: a centre that was put back from a backup has forgotten what came after it."""

from __future__ import annotations

import secrets

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from central.models import Mark, Series

# Between two backups no more numbers of a series are leased than this: so many a restored centre passes over.
RESERVE = 500_000
# Kiosks that were enrolled after the backup have numbers that must not be given again.
KIOSKS_PASSED_OVER = 100
_COPY = "copy"


# As a column of other questions.
EPOCH = select(Mark.value).where(Mark.name == "epoch").scalar_subquery()


def epoch(session: Session) -> str:
    """Changes with every restore: a kiosk that meets another one offers again what it still keeps."""
    return session.get_one(Mark, "epoch").value


def restores(session: Session) -> int:
    """How often this centre was put back from a backup."""
    return int(session.get_one(Mark, "restores").value)


def mark_copy(session: Session) -> None:
    """Marks a database as the backup that it is: whoever puts it in place, however they do it, is found by `wake`."""
    session.merge(Mark(name=_COPY, value="1"))


def wake(session: Session) -> bool:
    """Before anybody is served: a copy that was put in place begins another epoch, and passes over whatever may have
    been given after it was made. True if it was one.
    """
    copy = session.get(Mark, _COPY)
    if copy is None:
        return False
    session.delete(copy)
    session.get_one(Mark, "epoch").value = secrets.token_hex(8)
    session.get_one(Mark, "restores").value = str(restores(session) + 1)
    session.execute(update(Series).values(next=Series.next + RESERVE, ceiling=Series.next + RESERVE))
    return True


def first_number(session: Session) -> int:
    """Where a series begins that this database does not know: one that was begun after the backup was longer."""
    return 1 + restores(session) * RESERVE


def passed_over(session: Session) -> int:
    """How many numbers of kiosks may have been given after backups that were put back."""
    return restores(session) * KIOSKS_PASSED_OVER

