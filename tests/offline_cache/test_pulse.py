"""A loop that goes on is alive to systemd; one that hangs, or a process that stopped, is not."""

from __future__ import annotations

import queue

from offline_cache.pulse import Pulse


class Clock:
    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def test_systemd_is_told_while_the_loop_turns() -> None:
    told: queue.Queue[str] = queue.Queue()
    with Pulse(10, tell=told.put, every_s=0.01) as pulse:
        assert told.get(timeout=5) == "WATCHDOG=1"
        pulse.turn()
        assert told.get(timeout=5) == "WATCHDOG=1"


def test_a_turn_may_take_its_time_and_no_longer() -> None:
    clock = Clock()
    pulse = Pulse(10, tell=lambda _state: None, clock=clock)
    clock.now_s += 10
    assert pulse.alive()
    clock.now_s += 0.1
    assert not pulse.alive()
    pulse.turn()
    assert pulse.alive()


def test_of_a_loop_that_hangs_nothing_is_told() -> None:
    clock, told = Clock(), []
    pulse = Pulse(10, tell=told.append, clock=clock, every_s=0.001)
    clock.now_s += 11
    with pulse:
        pass
    assert told == []
