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
from offline_cache.durable_files import write_durably
from offline_cache.folder import StateFolder
from offline_cache.store import Store

# A fresh store after a lost one counts from here on, so that `seq` and the request counter only ever rise.
GENERATION_STEP = 1 << 32
_GENERATION = "standing.generation"
_SEALING = "standing.sealing"
# Of SQL: below the first `seq` of this generation, also while nothing of it was queued yet.
SEQ_BASE = (
    f"coalesce((select cast(value as integer) from meta where key = '{_GENERATION}'), 0)"  # noqa: S608  constants
    f" * {GENERATION_STEP}"
)


class Standing(BaseModel):
    """The enrolment and the allocation that codes are made of; None when both allocations are used up.

    `generation` rises with every store that this enrolment loses. `opened` is False from the moment an allocation was
    chosen for a new store until that store exists. `sealing_sha256` is the key that the token named, in hex, until a
    catalogue that seals to it was kept: from then on the centre may publish another.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    enrolment: Enrolment
    in_use: str | None
    generation: int = 0
    opened: bool = True
    sealing_sha256: str | None = None

    @property
    def renewable(self) -> bool:
        """True if the spare, or nothing at all, is in use: the centre gives two allocations again."""
        return self.in_use != self.enrolment.allocation

    def after_loss(self) -> Standing:
        """The standing of the store that replaces a lost one."""
        if not self.opened:
            return self
        spare = self.enrolment.spare_allocation if not self.renewable else None
        return self.model_copy(update={"in_use": spare, "generation": self.generation + 1, "opened": False})


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
    store.execute(
        "insert or replace into meta (key, value) values (?, ?)", (_GENERATION, str(standing.generation))
    )
    store.execute("delete from meta where key = ?", (_SEALING,))
    if standing.sealing_sha256 is not None:
        store.execute("insert into meta (key, value) values (?, ?)", (_SEALING, standing.sealing_sha256))


def save(store: Store, enrolment: Enrolment, reading: Reading, sealing_sha256: str | None = None) -> None:
    """Keeps an enrolment that the centre has just given; its first allocation is the one in use. `sealing_sha256`: of
    the key to which its first catalogue must seal.
    """
    _replace(store, enrolment, reading, AuditEvent.ENROLLED, sealing_sha256)


def renew(store: Store, enrolment: Enrolment, reading: Reading) -> None:
    """Keeps the fresh allocations that the centre gave to a kiosk which had lost its own."""
    _replace(store, enrolment, reading, AuditEvent.ALLOCATIONS_RENEWED, told_sealing(store))


def told_sealing(store: Store) -> str | None:
    """The SHA-256 of the key to which the next catalogue must seal, as the token said; None once one did."""
    row = store.row("select value from meta where key = ?", (_SEALING,))
    return None if row is None else str(row["value"])


def sealed_as_told(store: Store) -> None:
    """A catalogue that seals to the token's key was kept: the ones after it are believed by their signatures alone."""
    store.execute("delete from meta where key = ?", (_SEALING,))
    known = current(store)
    if known is not None:
        write_copy(store.folder, known)


def rely_on(store: Store, answer_key: str, reading: Reading) -> bool:
    """From now on only this key's signature makes an answer the centre's, which has said so over the key of before.
    False if it is that key already.
    """
    known = current(store)
    if known is None or known.enrolment.answer_key == answer_key:
        return False
    changed = known.model_copy(update={"enrolment": known.enrolment.model_copy(update={"answer_key": answer_key})})
    with store.transaction():
        put(store, changed)
        record(store, AuditEvent.ANSWER_KEY_CHANGED, reading)
    write_copy(store.folder, changed)
    return True


def _replace(store: Store, enrolment: Enrolment, reading: Reading, event: AuditEvent, sealing: str | None) -> None:
    known = current(store)
    before = 0 if known is None else known.generation
    standing = Standing(
        enrolment=enrolment, in_use=enrolment.allocation, generation=max(before, enrolment.generation),
        sealing_sha256=sealing,
    )  # fmt: skip
    with store.transaction():
        put(store, standing)
        if standing.generation > before:
            begin_generation(store, standing.generation)
        record(store, event, reading, {"kiosk": enrolment.kiosk, "allocation": enrolment.allocation})
    write_copy(store.folder, standing)


def begin_generation(store: Store, generation: int) -> None:
    """Counts on above everything that an earlier disk of this kiosk can have used. What is still kept here is numbered
    anew, in its order: the centre holds other items under the old numbers, or none, and says up to which number
    everything is safe.
    """
    base = generation * GENERATION_STEP
    store.execute("update request_counter set value = max(value, ?)", (base,))
    highest = store.rows("select coalesce(max(seq), 0) as seq from outbox")[0]["seq"]
    # Once out of the way and once into place: no number is taken while another item still has it.
    aside = max(int(highest), base) + GENERATION_STEP
    kept = [row["seq"] for row in store.rows("select seq from outbox where state != 2 order by seq")]
    for shift, seq in enumerate(kept, start=1):
        store.execute("update outbox set seq = ?, state = 0 where seq = ?", (aside + shift, seq))
    for shift in range(1, len(kept) + 1):
        store.execute("update outbox set seq = ? where seq = ?", (base + shift, aside + shift))


def load(store: Store) -> Enrolment | None:
    """The enrolment, or None before there is one."""
    standing = current(store)
    return None if standing is None else standing.enrolment


def current(store: Store) -> Standing | None:
    """The enrolment with the allocation in use."""
    row = store.row(
        "select enrolment, in_use, (select value from meta where key = ?) as generation from standing", (_GENERATION,)
    )
    if row is None:
        return None
    return Standing(
        enrolment=Enrolment.model_validate_json(row["enrolment"]),
        in_use=row["in_use"],
        generation=int(row["generation"] or 0),
        sealing_sha256=told_sealing(store),
    )


def next_request_counter(store: Store) -> int:
    """The counter of the next signed request: higher than all before, also when that request is never sent."""
    with store.transaction():
        store.execute("update request_counter set value = value + 1")
        rows = store.rows("select value from request_counter")
    return int(rows[0]["value"])


def raise_request_counter(store: Store, seen: int) -> bool:
    """The centre has seen a higher counter of this key: goes on above it. False if ours is higher anyway."""
    with store.transaction():
        return store.execute("update request_counter set value = ? where value < ?", (seen, seen)) == 1
