"""The program of another release: one that knows fewer migrations of the store, or more."""

import pytest

from offline_cache import custodian, schema, store


def another_program(
    monkeypatch: pytest.MonkeyPatch, more: list[tuple[str, ...]], readers: list[int], *, of: int | None = None
) -> None:
    """From here on the program knows the first `of` migrations (all, if none is said) and `more` after them."""
    kept = len(schema.MIGRATIONS) if of is None else of
    migrations, oldest = (*schema.MIGRATIONS[:kept], *more), (*schema.READERS[:kept], *readers)
    monkeypatch.setattr(schema, "MIGRATIONS", migrations)
    monkeypatch.setattr(schema, "READERS", oldest)
    for module in (schema, store, custodian):
        monkeypatch.setattr(module, "LATEST", len(migrations))
