"""The real pcscd with a virtual reader, a worker that talks to it, and what the worker said."""

from __future__ import annotations

import contextlib
import queue
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from devices.virtual import wallet
from devices.virtual.pcscd import PrivatePcscd
from devices.virtual.vpcd import VirtualCard, VirtualReader
from devices.worker_client import CardWorker

DEADLINE_S = 15.0
Event = dict[str, Any]


@pytest.fixture(scope="session")
def cards(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cards")
    wallet.make_wallet(folder)
    return folder


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """pytest's own folders are too deep for the name of a Unix socket."""
    folder = Path(tempfile.mkdtemp(prefix="totem-"))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def pcscd(short_folder: Path) -> Iterator[PrivatePcscd]:
    daemon = PrivatePcscd(short_folder)
    daemon.start()
    yield daemon
    daemon.stop()


@pytest.fixture
def slot(pcscd: PrivatePcscd) -> Iterator[VirtualReader]:
    reader = VirtualReader(pcscd.port)
    yield reader
    reader.remove()


class Listener:
    """A worker and everything it has said so far."""

    def __init__(
        self,
        socket: Path,
        wall_clock_s: float,
        modules: Sequence[str | Path] = (),
        revocation_lists: Path | None = None,
    ) -> None:
        self.heard: list[Event] = []
        self._queue: queue.Queue[Event] = queue.Queue()
        self.worker = CardWorker(
            self._hear,
            pcscd_socket=socket,
            wall_clock_s=wall_clock_s,
            pkcs11_modules=modules,
            revocation_lists=revocation_lists,
        )

    def _hear(self, event: Event) -> None:
        self.heard.append(event)
        self._queue.put(event)

    def until(self, wanted: Callable[[Event], bool], limit_s: float = DEADLINE_S) -> Event:
        """The next event that is wanted; whatever comes before it is passed over."""
        deadline = time.monotonic() + limit_s
        while (left := deadline - time.monotonic()) > 0:
            try:
                event = self._queue.get(timeout=left)
            except queue.Empty:
                break
            if wanted(event):
                return event
        raise AssertionError(f"not heard in {limit_s} s; heard {self.heard}")

    def named(self, *names: str) -> Event:
        return self.until(lambda event: event["event"] in names)

    def read_whole(self) -> Event:
        """The identity with all its checks, or why there is none."""
        said = self.named("identity", "refused")
        if said["event"] == "refused" or said["final"]:
            return said
        checked = self.named("checked", "refused")
        return checked if checked["event"] == "refused" else {**said, **checked, "event": "identity"}

    def card_is(self, *, present: bool) -> None:
        self.until(lambda event: event == {"event": "card", "present": present})

    def reader_is(self, *, present: bool) -> None:
        self.until(lambda event: event == {"event": "reader", "present": present})


def put_in_again(slot: VirtualReader, listener: Listener, card: VirtualCard) -> None:
    """Until it is seen. After a failed command pcscd itself says that the card has gone, but its own look, every 0.4 s,
    does not notice a swap in between: then a card stays unseen until it is moved once more.
    """
    for _ in range(3):
        slot.insert(card)
        with contextlib.suppress(AssertionError):
            listener.until(lambda event: event == {"event": "card", "present": True}, 3.0)
            return
        slot.remove()
    raise AssertionError("the card is not seen")


@pytest.fixture
def listen(short_folder: Path) -> Iterator[Callable[..., Listener]]:
    """Makes and starts listeners on the private pcscd's socket, whether or not that daemon runs."""
    made: list[Listener] = []

    def make(wall_clock_s: float = DEADLINE_S) -> Listener:
        listener = Listener(short_folder / "pcscd.sock", wall_clock_s)
        listener.worker.start()
        made.append(listener)
        return listener

    yield make
    for listener in made:
        listener.worker.kill()
