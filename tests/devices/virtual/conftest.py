"""Cards that pcscd has seen, and OpenSC's tools to look at them."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable

import pytest

from devices.virtual.pcscd import PrivatePcscd
from devices.virtual.vpcd import VirtualCard, VirtualReader
from tests.devices.conftest import Listener


@pytest.fixture
def seen(slot: VirtualReader, pcscd: PrivatePcscd) -> Callable[[VirtualCard], VirtualCard]:
    """Inserts a card and waits until pcscd has it."""

    def insert(card: VirtualCard) -> VirtualCard:
        listener = Listener(pcscd.socket, 15)
        listener.worker.start()
        slot.insert(card)
        listener.card_is(present=True)
        listener.worker.kill()
        return card

    return insert


@pytest.fixture
def witness(pcscd: PrivatePcscd):
    """Runs a tool to its end; gives what it said."""

    def run(*command: str, status: int = 0) -> str:
        environment = {**os.environ, "PCSCLITE_CSOCK_NAME": str(pcscd.socket)}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode == status, done.stderr
        return done.stdout

    return run
