"""Print jobs in the store: what waits for the printer, and the destruction of what it said.

A job's content is a receipt, or a PDF for the A4 printer (its `outlet` says which), encrypted under a key of its own
that lies in the run folder, in memory. Destroying the key destroys the content for ever, wherever copies of the row
survive (WAL, worn flash cells); a reboot destroys every key. States are those of printer/job.py. Deadlines are
CLOCK_BOOTTIME seconds (`offline_cache.clock.boottime_s`): they pass while the machine sleeps and do not move when
somebody sets the clock; they mean nothing in another boot, so each job carries its boot id.

A job is committed with the ticket, but held until the citizen has taken their card: `release` lets it go.
"""

from __future__ import annotations

import contextlib
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kiosk.journey.state import JobState
from offline_cache.clock import boot_id
from offline_cache.contract.messages import EventKind
from offline_cache.contract.payloads import PaperOutcome, PaperPayload
from offline_cache.folder import StateFolder
from offline_cache.outbox import NothingToSealWithError, enqueue
from printer.receipt import Receipt

if TYPE_CHECKING:
    from offline_cache.store import Store

NONCE_BYTES = 12
Outlet = Literal["receipt", "pages"]
# A key this young may belong to a transaction that is not committed yet.
YOUNG_KEY_S = 60.0
# Marks in `detail` that the kiosk sets and the printer process obeys.
HELD = "held"
DROPPED = "dropped"
# The citizen's word on a job that ended in doubt.
DENIED = "denied"

ENDS = frozenset({JobState.CONFIRMED, JobState.UNKNOWN, JobState.FAILED, JobState.ABANDONED})
_OPEN = "state in ('queued', 'sending', 'sent')"


class ContentDestroyedError(Exception):
    """The job's key or content is gone, or they do not belong together: nobody can read it again."""


@dataclass(frozen=True)
class PrintJob:
    """One row. `process_id`: four bytes, each 32..126, that the printer answers when the paper is done.

    `ticket_id` is empty for a technician's test print, of which the centre is told nothing.
    """

    id: str
    ticket_id: str
    state: JobState
    content: bytes | None
    boot_id: str
    deadline_s: float
    created_seq: int
    process_id: bytes
    copies: int
    detail: str

    @property
    def held(self) -> bool:
        return self.detail == HELD

    @property
    def dropped(self) -> bool:
        return self.detail == DROPPED


def new_process_id() -> bytes:
    """Four random bytes of 32..126 (GS ( H fn 48)."""
    return bytes(32 + byte % 95 for byte in os.urandom(4))


def new_key(folder: StateFolder, job_id: str) -> bytes:
    """A random AES-256 key, kept in the run folder (0600) before the job is committed."""
    folder.make_run()
    folder.print_keys.mkdir(mode=0o700, exist_ok=True)
    key = AESGCM.generate_key(256)
    file = os.open(_key_file(folder, job_id), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(file, key)
    finally:
        os.close(file)
    return key


def encrypt(key: bytes, receipt: Receipt) -> bytes:
    """Nonce and AES-256-GCM ciphertext of the receipt's JSON. A key encrypts one receipt only."""
    return encrypt_pages(key, receipt.model_dump_json().encode())


def encrypt_pages(key: bytes, content: bytes) -> bytes:
    """The same of a PDF."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, content, None)


def decrypt(folder: StateFolder, job: PrintJob) -> Receipt:
    """The receipt of a job that has not ended; ContentDestroyedError when its key or its content is gone."""
    return Receipt.model_validate_json(decrypt_pages(folder, job))


def decrypt_pages(folder: StateFolder, job: PrintJob) -> bytes:
    """The same of a PDF."""
    if job.content is None:
        raise ContentDestroyedError(job.id)
    try:
        key = _key_file(folder, job.id).read_bytes()
        return AESGCM(key).decrypt(job.content[:NONCE_BYTES], job.content[NONCE_BYTES:], None)
    except (FileNotFoundError, InvalidTag, ValueError) as error:
        raise ContentDestroyedError(job.id) from error


def insert(
    store: Store,
    *,
    job_id: str,
    ticket_id: str,
    content: bytes,
    deadline_s: float,
    process_id: bytes | None = None,
    held: bool = True,
    outlet: Outlet = "receipt",
) -> None:
    """Writes a job, inside the caller's transaction. `deadline_s` is on the scale of `clock.boottime_s()`.

    A held job waits for `release`; its deadline passes all the same.
    """
    store.execute(
        "insert into print_jobs"
        " (id, ticket_id, state, boot_id, deadline_s, process_id, copies, detail, outlet, content)"
        " values (?, ?, 'queued', ?, ?, ?, 0, ?, ?, ?)",
        (
            job_id, ticket_id, boot_id(), deadline_s, process_id or new_process_id(), HELD if held else "", outlet,
            content,
        ),
    )


def release(store: Store, job_id: str, deadline_s: float | None = None) -> None:
    """The citizen's card is out: the job may be printed. The deadline may be counted anew from that act."""
    with store.transaction():
        store.execute(
            "update print_jobs set detail = '', deadline_s = coalesce(?, deadline_s)"
            " where id = ? and state = 'queued' and detail = ?",
            (deadline_s, job_id, HELD),
        )


def waiting(store: Store, outlet: Outlet | None = None) -> list[PrintJob]:
    """Every job that has not ended, oldest first; of one printer, or of all."""
    rows = store.rows(f"select * from print_jobs where {_OPEN} order by created_seq")  # noqa: S608  constant
    return [_job(row) for row in rows if outlet in (None, row["outlet"])]


def find(store: Store, job_id: str) -> PrintJob | None:
    row = store.row("select * from print_jobs where id = ?", (job_id,))
    return None if row is None else _job(row)


def advance(store: Store, job_id: str, state: JobState, detail: str = "", copies: int | None = None) -> bool:
    """Writes the job's new state, durably, before anybody acts on it. False if the job has ended meanwhile.

    A `dropped` mark stays: it is the kiosk's word, not the printer's.
    """
    if state in ENDS:
        raise ValueError(f"a job ends by finish(), not by advance({state})")
    with store.transaction():
        changed = store.execute(
            "update print_jobs set state = ?, copies = coalesce(?, copies),"  # noqa: S608  constant
            f" detail = case when detail = '{DROPPED}' then detail else ? end where id = ? and {_OPEN}",
            (state.value, copies, detail, job_id),
        )
        return changed == 1


def finish(folder: StateFolder, store: Store, job_id: str, outcome: JobState, detail: str = "") -> bool:
    """The job's end: final state, blank content, and the news for the centre in one transaction; then the key goes.

    False if it had ended before: then nothing is written, and the news is not sent twice.
    """
    if outcome not in ENDS:
        raise ValueError(f"{outcome} is not an end")
    with store.transaction():
        ended = _finish(store, job_id, outcome, detail)
    destroy_key(folder, job_id)
    return ended


def drop(folder: StateFolder, store: Store, job_id: str) -> None:
    """The citizen has gone: a job that has not begun is abandoned, one that has begun is not begun again.

    A paper that is coming out now is left alone; one that waits for a hand (paper out, cover open) is given up by the
    printer process as soon as it reads the mark.
    """
    with store.transaction():
        job = find(store, job_id)
        if job is None or job.state in ENDS:
            return
        queued = job.state is JobState.QUEUED
        if queued:
            _finish(store, job_id, JobState.ABANDONED, DROPPED)
        elif not job.dropped:
            store.execute("update print_jobs set detail = ? where id = ?", (DROPPED, job_id))
    if queued:
        destroy_key(folder, job_id)


def deny(store: Store, job_id: str) -> bool:
    """The printer could not tell, and the citizen saw no paper: the centre hears it, once. False where nobody is told:
    a job that did not end in doubt, a technician's, or one that was denied before.
    """
    with store.transaction():
        job = find(store, job_id)
        if job is None or job.state is not JobState.UNKNOWN or not job.ticket_id or job.detail == DENIED:
            return False
        store.execute("update print_jobs set detail = ? where id = ?", (DENIED, job_id))
        _tell(store, PaperPayload(ticket_id=job.ticket_id, outcome="denied"))
    return True


def destroy_key(folder: StateFolder, job_id: str) -> None:
    _key_file(folder, job_id).unlink(missing_ok=True)


def forget_ended(store: Store, keep: int = 500) -> None:
    """Deletes the rows of jobs that ended long ago; their outcome is in the outbox."""
    with store.transaction():
        store.execute(
            f"delete from print_jobs where not ({_OPEN})"  # noqa: S608  constant
            " and created_seq <= (select max(created_seq) from print_jobs) - ?",
            (keep,),
        )


def remove_orphan_keys(folder: StateFolder, store: Store, now_s: float | None = None) -> int:
    """Removes keys without an open job: left by a process that died between key and commit. Answers how many.

    `now_s` is Unix time. Keys younger than a minute are left: their job may be about to be committed.
    """
    if not folder.print_keys.is_dir():
        return 0
    now = time.time() if now_s is None else now_s
    candidates = [file for file in folder.print_keys.iterdir() if now - file.stat().st_mtime > YOUNG_KEY_S]
    open_jobs = {job.id for job in waiting(store)}
    orphans = [file for file in candidates if file.name not in open_jobs]
    for file in orphans:
        file.unlink(missing_ok=True)
    return len(orphans)


def _finish(store: Store, job_id: str, outcome: JobState, detail: str) -> bool:
    job = find(store, job_id)
    if job is None or job.state in ENDS:
        return False
    store.execute(
        "update print_jobs set state = ?, detail = ?, content = null where id = ?",
        (outcome.value, detail, job_id),
    )
    if job.ticket_id:
        _tell(store, PaperPayload(ticket_id=job.ticket_id, outcome=cast("PaperOutcome", outcome.value)))
    return True


def _tell(store: Store, paper: PaperPayload) -> None:
    """A kiosk that was taken out of service while it printed has nobody to tell; the job ends all the same."""
    with contextlib.suppress(NothingToSealWithError):
        enqueue(store, EventKind.PAPER, paper.model_dump_json().encode())


def _key_file(folder: StateFolder, job_id: str) -> Path:
    return folder.print_keys / job_id


def _job(row: dict[str, object]) -> PrintJob:
    return PrintJob(
        id=str(row["id"]),
        ticket_id=str(row["ticket_id"]),
        state=JobState(str(row["state"])),
        content=cast("bytes | None", row["content"]),
        boot_id=str(row["boot_id"]),
        deadline_s=cast("float", row["deadline_s"]),
        created_seq=cast("int", row["created_seq"]),
        process_id=cast("bytes", row["process_id"]),
        copies=cast("int", row["copies"]),
        detail=str(row["detail"] or ""),
    )
