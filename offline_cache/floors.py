"""Values that may only rise: versions of signed metadata, of the catalogue, and the time."""

from __future__ import annotations

from offline_cache.store import Store


def value(store: Store, name: str) -> int:
    """The highest value seen, 0 if none was."""
    row = store.row("select value from floors where name = ?", (name,))
    return 0 if row is None else int(row["value"])


def lift(store: Store, name: str, to: int) -> None:
    """Raises a floor; a lower value changes nothing."""
    with store.joined():
        store.execute(
            "insert into floors (name, value) values (?, ?)"
            " on conflict (name) do update set value = max(value, excluded.value)",
            (name, to),
        )
