"""The tables of the store, as ordered migrations. The version of a file is its `user_version`.

Only the custodian migrates. A migration that has been released is never edited: the next change is appended, with the
oldest version whose program can still work with what it leaves behind (`READERS`). The file carries that number: a
program that a kiosk went back to opens a newer store that it can work with, and refuses any other untouched.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

_FIRST = (
    # What a person wants to know of a store file in ten years: when it was made, and by which program.
    "create table meta (key text primary key, value text not null) strict",
    # Who this kiosk is. `in_use` is the tracking-code allocation that codes are made of, null when none is left.
    """create table standing (
        id integer primary key check (id = 1),
        enrolment text not null,
        in_use text
    ) strict""",
    # How many tracking codes an allocation has given.
    "create table counters (allocation text primary key, next integer not null) strict",
    # Leased guide numbers: first..last are this kiosk's alone; `next` is the first that was not given yet.
    """create table number_blocks (
        block text primary key,
        series text not null,
        first integer not null,
        last integer not null,
        next integer not null,
        state text not null check (state in ('open', 'spent')),
        leased_order integer not null unique,
        check (first <= last and next between first and last + 1)
    ) strict""",
    "create index number_blocks_open on number_blocks (series, leased_order) where state = 'open'",
    # state: 0 waiting, 1 acknowledged (the centre has custody), 2 purged (`sealed` is gone).
    """create table outbox (
        seq integer primary key autoincrement,
        id text not null unique,
        kind text not null,
        code text unique,
        catalogue_version integer not null,
        key_id text not null,
        sealed blob,
        fingerprint text not null,
        state integer not null default 0 check (state in (0, 1, 2)),
        created_boot_id text not null,
        created_monotonic real not null,
        created_wall text not null,
        clock_trusted integer not null,
        outcome text,
        attempts integer not null default 0,
        check ((sealed is null) = (state = 2))
    ) strict""",
    # Partial, so that finding what waits stays fast beside half a million rows that do not.
    "create index outbox_waiting on outbox (seq) where state = 0",
    "create index outbox_purgeable on outbox (seq) where state = 1",
    """create table print_jobs (
        id text primary key,
        ticket_id text not null,
        state text not null,
        content blob,
        boot_id text not null,
        deadline_s real not null,
        created_seq integer not null,
        process_id blob,
        copies integer not null default 0,
        detail text
    ) strict""",
    """create table catalogue (
        version integer primary key,
        content blob not null,
        state text not null check (state in ('current', 'previous', 'bad')),
        kept_at text not null
    ) strict""",
    "create unique index catalogue_current on catalogue (state) where state = 'current'",
    # Highest values seen, which may only rise: versions of TUF metadata, of the catalogue, the time.
    "create table floors (name text primary key, value integer not null) strict",
    """create table audit (
        seq integer primary key,
        boot_id text not null,
        monotonic_s real not null,
        wall text not null,
        event text not null,
        ids text not null,
        previous text not null,
        hash text not null unique
    ) strict""",
    # The counter that every signed request covers; rises by one with each, whatever the clock says.
    "create table request_counter (id integer primary key check (id = 1), value integer not null) strict",
    "insert into request_counter (id, value) values (1, 0)",
)

# Which printer a job is for: `receipt` or `pages` (A4).
_OUTLETS = (
    """alter table print_jobs add column outlet text not null default 'receipt'
        check (outlet in ('receipt', 'pages'))""",
)

# The catalogue that is being tried: rehearsed off the screen, then shown, then through its first session. `content` is
# there until it is shown; `boot_id` tells a crash from a power cut.
_TRIAL = (
    """create table catalogue_trial (
        id integer primary key check (id = 1),
        version integer not null,
        content blob,
        stage text not null check (stage in ('candidate', 'shown', 'session')),
        boot_id text
    ) strict""",
)

# Fewer pages a commit, and each costs a cipher, a seal and a frame of the log. No index says once more what something
# else already holds: the audit log's hashes are held by their chain, an item's id by its 74 random bits and by the
# centre, `seq` by the rows themselves, since none is ever deleted (an item that is purged keeps its row). Ratings and
# papers have no code, so they stand in no index of codes. A print job's place in the queue is its row's own number,
# found without reading the others, and its content comes last: what stands before it is read without it.
_FEWER_PAGES = (
    """create table outbox_new (
        seq integer primary key,
        id text not null,
        kind text not null,
        code text,
        catalogue_version integer not null,
        key_id text not null,
        sealed blob,
        fingerprint text not null,
        state integer not null default 0 check (state in (0, 1, 2)),
        created_boot_id text not null,
        created_monotonic real not null,
        created_wall text not null,
        clock_trusted integer not null,
        outcome text,
        attempts integer not null default 0,
        check ((sealed is null) = (state = 2))
    ) strict""",
    "insert into outbox_new select * from outbox",
    "drop table outbox",
    "alter table outbox_new rename to outbox",
    "create unique index outbox_codes on outbox (code) where code is not null",
    "create index outbox_waiting on outbox (seq) where state = 0",
    "create index outbox_purgeable on outbox (seq) where state = 1",
    # Rare ones, which every heartbeat counts: found without reading the others, and no part of other commits.
    "create index outbox_quarantined on outbox (seq) where outcome = 'quarantined'",
    """create table print_jobs_new (
        created_seq integer primary key,
        id text not null unique,
        ticket_id text not null,
        state text not null,
        boot_id text not null,
        deadline_s real not null,
        process_id blob,
        copies integer not null default 0,
        detail text,
        outlet text not null default 'receipt' check (outlet in ('receipt', 'pages')),
        content blob
    ) strict""",
    """insert into print_jobs_new
        select created_seq, id, ticket_id, state, boot_id, deadline_s, process_id, copies, detail, outlet, content
        from print_jobs""",
    "drop table print_jobs",
    "alter table print_jobs_new rename to print_jobs",
    """create table audit_new (
        seq integer primary key,
        boot_id text not null,
        monotonic_s real not null,
        wall text not null,
        event text not null,
        ids text not null,
        previous text not null,
        hash text not null
    ) strict""",
    "insert into audit_new select * from audit",
    "drop table audit",
    "alter table audit_new rename to audit",
    "create index audit_failures on audit (seq) where event = 'screen-failed'",
)

MIGRATIONS: tuple[tuple[str, ...], ...] = (_FIRST, _OUTLETS, _TRIAL, _FEWER_PAGES)
# Of each version, the oldest whose program reads and writes it unharmed: what was added is not missed by who does not
# know of it, has a default, and is no condition of what they write. What is not so has its own number here.
READERS: tuple[int, ...] = (1, 2, 3, 4)
LATEST = len(MIGRATIONS)
OLDEST_READER = READERS[-1]
# Where a file says it of itself; one that does not is for its own version alone.
OLDEST_READER_KEY = "oldest_reader"


def migrate(execute: Callable[[str], Any], version: int) -> None:
    """Brings a file of `version` to LATEST; the caller holds the transaction, so a half migration never stays."""
    for number, statements in enumerate(MIGRATIONS[version:], start=version + 1):
        for statement in statements:
            execute(statement)
        execute(
            f"insert or replace into meta (key, value) values ('{OLDEST_READER_KEY}', '{READERS[number - 1]}')"  # noqa: S608  our own number
        )
        execute(f"pragma user_version = {number}")


def refusal(version: int, oldest_reader: int) -> str | None:
    """Why this program may not open a store of that version, in one plain line; None if it may.

    An older store is not refused: the custodian brings it forward.
    """
    if version <= LATEST or oldest_reader <= LATEST:
        return None
    return (
        f"the store is newer than this program ({version}, not {LATEST}): nothing in it was touched; "
        "update the program"
    )
