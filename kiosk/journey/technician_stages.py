"""A technician before the kiosk: one stage per screen. The PIN's digits are never here, only how many."""

from __future__ import annotations

from dataclasses import dataclass

from offline_cache.contract.staff import Technician, TechnicianTrouble


@dataclass(frozen=True)
class TechnicianPin:
    who: Technician
    tries_left: int | None = None
    wrong: bool = False
    typed: int = 0


@dataclass(frozen=True)
class TechnicianChecking:
    who: Technician
    tries_left: int | None = None


@dataclass(frozen=True)
class TechnicianMode:
    """The card proved who is here, and lies in the reader."""

    who: Technician


@dataclass(frozen=True)
class TechnicianFailed:
    """Why it opens nothing; `trouble` None: too many wrong PINs, and nobody gets in until `locked_until_s`."""

    trouble: TechnicianTrouble | None
    locked_until_s: float = 0.0


TechnicianStage = TechnicianPin | TechnicianChecking | TechnicianMode | TechnicianFailed
TECHNICIAN_STAGES = (TechnicianPin, TechnicianChecking, TechnicianMode, TechnicianFailed)
