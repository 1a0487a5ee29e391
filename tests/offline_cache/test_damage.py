"""Damage that is found while the kiosk runs is told, and the custodian takes the mark away."""

from __future__ import annotations

from pathlib import Path

from offline_cache import custodian, damage
from offline_cache.folder import StateFolder
from offline_cache.store import create_keys


def test_who_finds_damage_leaves_a_mark_and_the_custodian_takes_it_away(tmp_path: Path) -> None:
    folder = StateFolder(tmp_path)
    create_keys(folder)
    mark = folder.make_run() / damage.MARK
    damage.report(folder)
    assert mark.exists()
    custodian.prepare(folder)
    assert not mark.exists()


def test_to_report_damage_never_fails(tmp_path: Path) -> None:
    damage.report(StateFolder(tmp_path / "of-nobody"))
