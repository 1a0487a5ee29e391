"""A process ends once a night, and never because somebody would not start it again."""

from __future__ import annotations

import pytest

from offline_cache.nightly import HOUR, LEAST_UPTIME_S, MOST_UPTIME_S, Night, due


@pytest.mark.parametrize(
    ("uptime_s", "hour", "ends"),
    [
        (LEAST_UPTIME_S, HOUR, True),
        (LEAST_UPTIME_S - 1, HOUR, False),
        (LEAST_UPTIME_S, HOUR + 1, False),
        (MOST_UPTIME_S, 12, True),
    ],
)
def test_it_ends_at_night_once_it_has_run_long_enough(uptime_s: float, hour: int, ends: bool) -> None:
    assert due(uptime_s, hour) is ends


def test_who_was_not_started_by_systemd_never_ends_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    monkeypatch.setenv("INVOCATION_ID", "of the session that runs the tests")
    assert not Night.of_this_process().supervised
    assert not Night(started_s=-10 * MOST_UPTIME_S, supervised=False).has_come()


def test_systemd_s_own_process_ends_when_the_night_has_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", "/run/systemd/notify")
    monkeypatch.setenv("INVOCATION_ID", "1")
    night = Night.of_this_process()
    assert night.supervised
    assert not night.has_come()
    assert Night(night.started_s - MOST_UPTIME_S, supervised=True).has_come()
