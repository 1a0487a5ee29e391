"""The tables of rollouts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from central.models import Base


class Rollout(Base):
    """One version on its way to the kiosks of a group, or of all. `kind`: of the catalogue or of the program;
    `failures`: how many are allowed.
    """

    __tablename__ = "rollouts"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    kind: Mapped[str] = mapped_column(String(16), default="catalogue", server_default="catalogue")
    version: Mapped[int]
    group: Mapped[str | None] = mapped_column("kiosk_group", String(48))
    steps: Mapped[list[str]] = mapped_column(JSON)
    step: Mapped[int]
    failures: Mapped[int]
    wait_s: Mapped[int]
    state: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str | None] = mapped_column(String(200))
    started: Mapped[datetime]
    stepped: Mapped[datetime]


class RolloutMember(Base):
    """A kiosk of a rollout: in which step it is, and how it fares. `faults`: what it had counted before."""

    __tablename__ = "rollout_members"
    __table_args__ = (Index("rollout_members_by_kiosk", "kiosk"),)

    rollout: Mapped[int] = mapped_column(ForeignKey("rollouts.number"), primary_key=True)
    kiosk: Mapped[str] = mapped_column(ForeignKey("kiosks.id"), primary_key=True)
    step: Mapped[int]
    state: Mapped[str] = mapped_column(String(16))
    faults: Mapped[int | None]
    heard: Mapped[datetime | None]
