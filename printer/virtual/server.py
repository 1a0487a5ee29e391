"""The virtual printer behind a TCP port (9100 style): one host at a time, papers as pictures in a folder."""

from __future__ import annotations

import contextlib
import select
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

import structlog

from printer.virtual.condition import Condition, Fault
from printer.virtual.machine import VirtualPrinter

_TICK_S = 0.02
_CHUNK = 65536

log = structlog.get_logger()


class VirtualPrinterServer:
    """Prints what arrives at `port` (0 takes a free one). OSError when the port is taken.

    A cut paper is saved as receipt-0001.png and so on, one torn off unfinished as torn-0001.png; `papers`
    lists them in the order they came out, and `on_paper` is called with each from the server's thread.
    Faults and power may be changed from any thread. While it is off, connections are refused.
    """

    def __init__(
        self,
        host: str,
        port: int,
        out_dir: Path,
        *,
        machine: VirtualPrinter | None = None,
        on_paper: Callable[[Path], None] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._machine = machine or VirtualPrinter(speed_mm_s=150)
        self._out_dir = out_dir
        self._on_paper = on_paper
        self._clock = clock
        self._changed = threading.Condition()
        self._papers: list[Path] = []
        self._saved = 0
        self._stopping = False
        self._listener: socket.socket | None = _listen(host, port)
        self._address: tuple[str, int] = self._listener.getsockname()[:2]
        self._host: socket.socket | None = None
        out_dir.mkdir(parents=True, exist_ok=True)
        self._thread = threading.Thread(target=self._run, name="virtual-printer", daemon=True)

    @property
    def port(self) -> int:
        return self._address[1]

    @property
    def papers(self) -> list[Path]:
        """What came out so far, cut or torn."""
        with self._changed:
            return list(self._papers)

    @property
    def condition(self) -> Condition:
        with self._changed:
            return self._machine.condition

    @property
    def powered(self) -> bool:
        with self._changed:
            return self._machine.powered

    @property
    def idle(self) -> bool:
        with self._changed:
            return self._machine.idle and len(self._papers) == len(self._machine.papers)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Closes the port; what was being printed is lost, as when the plug is pulled."""
        self._stopping = True
        self._thread.join()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def set_fault(self, fault: Fault) -> None:
        with self._changed:
            self._machine.set_fault(fault)

    def clear_fault(self, fault: Fault) -> None:
        with self._changed:
            self._machine.clear_fault(fault)

    def clear_faults(self) -> None:
        """Everything remedied: paper in, cover closed, jam cleared."""
        for fault in Fault:
            self.clear_fault(fault)

    def power(self, on: bool) -> None:
        with self._changed:
            if on:
                self._machine.power_on()
            else:
                self._machine.power_off()
            self._changed.wait_for(lambda: self._stopping or (self._listener is not None) == on, timeout=5)

    def wait_papers(self, count: int, timeout_s: float) -> list[Path]:
        """Waits until at least `count` papers are out. TimeoutError when they are not in time."""
        with self._changed:
            if not self._changed.wait_for(lambda: len(self._papers) >= count, timeout=timeout_s):
                raise TimeoutError(f"{len(self._papers)} of {count} papers came out in {timeout_s} s")
            return list(self._papers)

    def _run(self) -> None:
        before = self._clock()
        while not self._stopping:
            self._follow_power()
            waiting = self._host or self._listener
            if waiting is None:
                time.sleep(_TICK_S)
                received = b""
            else:
                received = self._receive(waiting)
            now = self._clock()
            with self._changed:
                answers = self._machine.advance(now - before) + self._machine.feed(received)
            before = now
            self._send(answers)
            self._collect()
        for open_socket in (self._host, self._listener):
            if open_socket is not None:
                open_socket.close()

    def _follow_power(self) -> None:
        with self._changed:
            if self._machine.powered and self._listener is None:
                self._listener = _listen(*self._address)
                self._changed.notify_all()
            elif not self._machine.powered and self._listener is not None:
                self._hang_up()
                self._listener.close()
                self._listener = None
                self._changed.notify_all()

    def _receive(self, waiting: socket.socket) -> bytes:
        readable, _, _ = select.select([waiting], [], [], _TICK_S)
        if not readable:
            return b""
        if waiting is self._listener:
            with contextlib.suppress(OSError):
                self._host = waiting.accept()[0]
                self._host.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return b""
        try:
            received = waiting.recv(_CHUNK)
        except OSError:
            received = b""
        if not received:
            self._hang_up()
        return received

    def _send(self, answers: bytes) -> None:
        if answers and self._host is not None:
            try:
                self._host.sendall(answers)
            except OSError:
                self._hang_up()

    def _hang_up(self) -> None:
        if self._host is not None:
            self._host.close()
            self._host = None

    def _collect(self) -> None:
        """Saves what came out. A picture appears under its name only when it is whole."""
        with self._changed:
            fresh = self._machine.papers[self._saved :]
            self._saved += len(fresh)
        for paper in fresh:
            path = self._free_name("torn" if paper.torn else "receipt")
            part = path.with_suffix(".part")
            paper.image.save(part, format="PNG")
            part.rename(path)
            with self._changed:
                self._papers.append(path)
                self._changed.notify_all()
            log.info("virtual_printer.paper", name=path.name, torn=paper.torn)
            if self._on_paper is not None:
                self._on_paper(path)

    def _free_name(self, kind: str) -> Path:
        number = 1
        while (path := self._out_dir / f"{kind}-{number:04d}.png").exists():
            number += 1
        return path


def _listen(host: str, port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(4)
    except OSError:
        listener.close()
        raise
    return listener
