"""Guide numbers leased from the centre in blocks: this kiosk's alone for ever, each given once, oldest block first."""

from __future__ import annotations

from offline_cache import clock, standing
from offline_cache.audit import AuditEvent, record
from offline_cache.clock import Reading
from offline_cache.contract.messages import HeldBlock, NumberBlock
from offline_cache.store import Store


class NoNumbersError(Exception):
    """Every number of the series was given: lease another block first."""


class BlockRefusedError(Exception):
    """The block contradicts one that was leased before; taking it could give a number twice."""


def add_block(store: Store, block: NumberBlock, reading: Reading | None = None) -> bool:
    """Takes a leased block; False if it was taken before, so an answer may be applied twice.

    BlockRefusedError if the same id comes with other numbers, or the numbers overlap a block of the same series (a
    centre restored from its backup may lease again what it has forgotten).
    """
    if block.first > block.last or block.first < 0:
        raise BlockRefusedError(f"block {block.block} is empty: {block.first} to {block.last}")
    with store.transaction():
        known = store.row("select series, first, last from number_blocks where block = ?", (block.block,))
        if known is not None:
            if known != {"series": block.series, "first": block.first, "last": block.last}:
                raise BlockRefusedError(f"block {block.block} came again with other numbers")
            return False
        if store.row(
            "select block from number_blocks where series = ? and first <= ? and last >= ?",
            (block.series, block.last, block.first),
        ):
            raise BlockRefusedError(f"block {block.block} overlaps numbers that were leased before")
        store.execute(
            "insert into number_blocks (block, series, first, last, next, state, leased_order)"
            " values (?, ?, ?, ?, ?, 'open', (select coalesce(max(leased_order), 0) + 1 from number_blocks))",
            (block.block, block.series, block.first, block.last, block.first),
        )
        ids = {"block": block.block, "series": block.series}
        record(store, AuditEvent.BLOCK_LEASED, reading or clock.read(), ids)
    return True


def take(store: Store, series: str) -> int:
    """The next number of a series, inside the transaction of what it is for; NoNumbersError when none is left."""
    with store.joined():
        block = store.row(
            "select rowid as place, next, last from number_blocks where series = ? and state = 'open'"
            " order by leased_order limit 1",
            (series,),
        )
        if block is None:
            raise NoNumbersError(f"no numbers of series {series} are left")
        number = int(block["next"])
        # Only the last one touches the index of the open blocks.
        spent = ", state = 'spent'" if number == block["last"] else ""
        store.execute(
            f"update number_blocks set next = next + 1{spent} where rowid = ?",  # noqa: S608  constants
            (block["place"],),
        )
    return number


def left(store: Store, series: str) -> int:
    """How many numbers of a series can still be given."""
    return summary(store).get(series, 0)


def blocks(store: Store, series: str) -> int:
    """The serial of the next lease of a series: how many there were, counted on after a lost store.

    A request that is named after it can be repeated until its block has come. Counting from 0 again after a loss
    would be answered with a block whose numbers the lost store may have given.
    """
    found = standing.current(store)
    base = 0 if found is None else found.generation * standing.GENERATION_STEP
    return base + int(store.rows("select count(*) as n from number_blocks where series = ?", (series,))[0]["n"])


def summary(store: Store) -> dict[str, int]:
    """What is left per series; a series that was leased and is used up counts 0."""
    rows = store.rows("select series, sum(last - next + 1) as room from number_blocks group by series order by series")
    return {row["series"]: int(row["room"]) for row in rows}


def held(store: Store) -> tuple[HeldBlock, ...]:
    """The blocks that still have numbers, for the centre: so it learns which numbers will never come."""
    rows = store.rows("select block, next from number_blocks where state = 'open' order by leased_order")
    return tuple(HeldBlock(block=row["block"], next=int(row["next"])) for row in rows)
