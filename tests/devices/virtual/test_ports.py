"""Ports that are told to a server before it starts."""

import socket
from pathlib import Path

from devices.virtual.ports import free_port


def test_nobody_who_asks_for_any_port_is_given_one_of_these():
    lowest = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text(encoding="ascii").split()[0])
    assert all(free_port(following=1) + 1 < lowest for _ in range(50))


def test_a_port_that_is_taken_is_not_given_nor_one_whose_follower_is(monkeypatch):
    taken = free_port()
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", taken))
        listener.listen()
        offered = iter([taken, taken - 1, free_port(following=1)])
        monkeypatch.setattr("devices.virtual.ports.random.randint", lambda *_limits: next(offered))
        assert free_port(following=1) not in {taken, taken - 1}
