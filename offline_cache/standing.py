"""Who this kiosk is at the centre, and the two counters that rest on it.

The enrolment lies in the store. A copy beside the store (nothing in it is secret or personal) tells the custodian,
after a damaged store was put aside, which allocation is the spare: codes given by the lost store are never known
again, so its allocation is never used again.
"""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict

from offline_cache.audit import AuditEvent, record
from offline_cache.clock import Reading
from offline_cache.contract.messages import Enrolment
from offline_cache.folder import StateFolder
from offline_cache.store import Store, write_durably

# A fresh store after a lost one counts from here on, so that `seq` and the request counter only ever rise.
GENERATION_STEP = 1 << 32


class Standing(BaseModel):
    """The enrolment and the allocation that codes are made of; None when both allocations are used up.

    `opened` is False from the moment an allocation was chosen for a new store until that store exists.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    enrolment: Enrolment
    in_use: str | None
    opened: bool = True

    @property
    def generation(self) -> int:
        """How many stores of this enrolment were lost: 0, 1 (on the spare) or 2 (nothing left)."""
        if self.in_use is None:
            return 2
        return 0 if self.in_use == self.enrolment.allocation else 1

    def after_loss(self) -> Standing:
        """The standing of the store that replaces a lost one."""
        if not self.opened:
            return self
        spare = self.enrolment.spare_allocation if self.generation == 0 else None
        return Standing(enrolment=self.enrolment, in_use=spare, opened=False)


def copy_path(folder: StateFolder) -> Path:
    return folder.path / "enrolment.json"


def read_copy(folder: StateFolder) -> Standing | None:
    """The copy beside the store; None if this folder was never enrolled."""
    path = copy_path(folder)
    return Standing.model_validate_json(path.read_bytes()) if path.exists() else None


def write_copy(folder: StateFolder, standing: Standing) -> None:
    write_durably(copy_path(folder), standing.model_dump_json())


def put(store: Store, standing: Standing) -> None:
    """Writes the standing into the store alone."""
    store.execute(
        "insert or replace into standing (id, enrolment, in_use) values (1, ?, ?)",
        (standing.enrolment.model_dump_json(), standing.in_use),
    )


def save(store: Store, enrolment: Enrolment, reading: Reading) -> None:
    """Keeps an enrolment that the centre has just given; its first allocation is the one in use."""
    standing = Standing(enrolment=enrolment, in_use=enrolment.allocation)
    with store.transaction():
        put(store, standing)
        record(store, AuditEvent.ENROLLED, reading, {"kiosk": enrolment.kiosk, "allocation": enrolment.allocation})
    write_copy(store.folder, standing)


def load(store: Store) -> Enrolment | None:
    """The enrolment, or None before there is one."""
    standing = current(store)
    return None if standing is None else standing.enrolment


def current(store: Store) -> Standing | None:
    """The enrolment with the allocation in use."""
    row = store.row("select enrolment, in_use from standing")
    if row is None:
        return None
    return Standing(enrolment=Enrolment.model_validate_json(row["enrolment"]), in_use=row["in_use"])


def next_request_counter(store: Store) -> int:
    """The counter of the next signed request: higher than all before, also when that request is never sent."""
    with store.transaction():
        store.execute("update request_counter set value = value + 1")
        rows = store.rows("select value from request_counter")
    return int(rows[0]["value"])
