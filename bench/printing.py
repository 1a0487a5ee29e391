"""One guide as bytes: composed and encoded by us, beside python-escpos doing the same; and how soon it begins.

Every guide is another one, so that no symbol comes from a cache. python-escpos prints it in two ways: its image path
(the whole paper as one picture) and its own text, QR code and barcode commands. In turn in one process, medians of the
rounds. Then the printer process: from the commit of a job to its first byte at the printer, and what waiting costs.
"""

from __future__ import annotations

import argparse
import itertools
import json
import multiprocessing
import socket
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import structlog

from bench.guides import catalogue, composed
from printer import escpos, picture, profiles
from printer.receipt import Band, Field_, Header, Payment, Receipt, Rule, Text
from printer.virtual.machine import VirtualPrinter

ROUNDS, GUIDES = 5, 20
OURS = ("epson-tm-t20x", "generic-80mm")


def by_image(receipt: Receipt) -> bytes:
    """python-escpos's image path: our picture of the paper, which it turns into a raster."""
    from escpos.printer import Dummy

    printer = Dummy(profile="TM-T20II")
    drawn = picture.draw(receipt, profiles.load("epson-tm-t20x"))
    printer.image(drawn, impl="bitImageRaster", fragment_height=960)
    printer.cut()
    return bytes(printer.output)


def by_commands(receipt: Receipt) -> bytes:
    """python-escpos's own words for the same blocks; an ITF-44 is wider than the paper, so it is an image, turned."""
    from escpos.printer import Dummy

    printer = Dummy(profile="TM-T20II")
    for block in receipt.blocks:
        match block:
            case Header():
                printer.set(bold=True, double_width=True, double_height=True)
                printer.text(f"{block.name_line1}\n{block.name_line2}\n")
                printer.set_with_default()
                printer.text(f"{block.department:<34}{block.kiosk:>14}\n")
            case Text() | Band():
                big = isinstance(block, Band) or block.size > 1
                printer.set(align="center" if big else "left", bold=big, double_width=big, double_height=big)
                printer.text(f"{block.text}\n")
                printer.set_with_default()
            case Field_():
                printer.text(f"{block.label:<24}{block.value:>24}\n")
            case Rule():
                printer.text("-" * 48 + "\n")
            case Payment():
                if block.pix_payload is not None:
                    printer.qr(block.pix_payload, native=True, size=5)
                printer.text("\n".join(block.line_blocks) + "\n")
                printer.image(_bars(block.barcode), impl="bitImageRaster")
            case _:
                pass
    printer.cut()
    return bytes(printer.output)


def _bars(digits: str) -> Any:
    return picture.image(picture.bars_dots(_strip(digits)))


def _strip(digits: str) -> Any:
    from printer.strips import Bars

    return Bars(0, digits, 6)


def encoders() -> dict[str, Callable[[Receipt], bytes]]:
    ours: dict[str, Callable[[Receipt], bytes]] = {
        name: (lambda receipt, name=name: escpos.encode(receipt, profiles.load(name), b"A001")) for name in OURS
    }
    return ours | {"python-escpos, image path": by_image, "python-escpos, commands": by_commands}


def encoding() -> dict[str, Any]:
    """Milliseconds and bytes a guide, composing included, and how many times faster than the image path."""
    receipts = composed(catalogue())
    measured: dict[str, list[float]] = {name: [] for name in encoders()}
    length: dict[str, int] = {}
    for each in (1, *[GUIDES] * ROUNDS):
        for name, encode in encoders().items():
            began_s = time.perf_counter()
            for receipt in itertools.islice(receipts, each):
                length[name] = len(encode(receipt))
            if each > 1:
                measured[name].append((time.perf_counter() - began_s) / each * 1000)
    medians = {name: statistics.median(times) for name, times in measured.items()}
    slow = medians["python-escpos, image path"]
    return {
        name: {
            "ms": round(median, 2), "best_ms": round(min(measured[name]), 2), "worst_ms": round(max(measured[name]), 2),
            "bytes": length[name], "times_faster_than_image_path": round(slow / median, 1),
        }
        for name, median in medians.items()
    }  # fmt: skip


class Ear:
    """A printer that notes when the first byte of a job comes, and counts how often it is asked how it is."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.first_s: float | None = None
        self.asked = 0
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        machine = VirtualPrinter(speed_mm_s=None)
        host, _ = self._listener.accept()
        host.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while data := host.recv(65536):
            now_s = time.monotonic()
            if b"\x1b@" in data and self.first_s is None:
                self.first_s = now_s
            self.asked += data.count(b"\x10\x04\x01")
            host.sendall(machine.feed(data))


def _quiet() -> None:
    """The JSON stands alone on standard output: programs at work write what they do there."""
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))


def _serve(path: str) -> None:
    _quiet()
    from offline_cache.folder import StateFolder
    from printer.process import main as serve

    serve(StateFolder(Path(path)))


def _folder(path: Path, port: int) -> Any:
    from offline_cache import custodian
    from offline_cache.folder import StateFolder
    from offline_cache.store import create_keys

    folder = StateFolder(path)
    create_keys(folder)
    custodian.prepare(folder)
    (path / "totem.toml").write_text(
        f'[centre]\nurl = "https://127.0.0.1:1"\nca = "ca.pem"\n[printer]\nport = {port}\n', encoding="utf-8"
    )
    return folder


def first_byte(jobs: int, rest_s: float) -> dict[str, Any]:
    """From the commit of a job, and the wake-up behind it, to its first byte at the printer; then what rest costs."""
    from offline_cache import clock, print_jobs
    from offline_cache.store import open_store
    from offline_cache.wake import post

    ear = Ear()
    with tempfile.TemporaryDirectory() as made:
        folder = _folder(Path(made), ear.port)
        process = multiprocessing.get_context("spawn").Process(target=_serve, args=(made,))
        process.start()
        waits_ms: list[float] = []
        receipts = composed(catalogue())
        with open_store(folder) as store:
            for number, receipt in zip(range(jobs + 1), receipts, strict=False):
                name = f"job-{number}"
                content = print_jobs.encrypt(print_jobs.new_key(folder, name), receipt)
                due_s = clock.boottime_s() + 120
                ear.first_s = None
                with store.transaction():
                    print_jobs.insert(
                        store, job_id=name, ticket_id="", content=content, deadline_s=due_s, held=False
                    )
                committed_s = time.monotonic()
                post(folder, "printer")
                while True:
                    row = print_jobs.find(store, name)
                    if row is not None and row.state in print_jobs.ENDS:
                        break
                    time.sleep(0.005)
                if number and ear.first_s is not None:
                    waits_ms.append((ear.first_s - committed_s) * 1000)
                time.sleep(0.02 + number % 50 / 50)
        before, used_s = ear.asked, _used_s(process.pid)
        time.sleep(rest_s)
        asked, spent_s = ear.asked - before, _used_s(process.pid) - used_s
        process.terminate()
        process.join()
    waits_ms.sort()
    return {
        "jobs": len(waits_ms), "median_ms": round(statistics.median(waits_ms), 1),
        "p99_ms": round(waits_ms[min(len(waits_ms) - 1, int(len(waits_ms) * 0.99))], 1),
        "asked_a_second_at_rest": round(asked / rest_s, 2), "processor_at_rest": round(spent_s / rest_s, 4),
    }  # fmt: skip


def _used_s(pid: int | None) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / 100



def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--jobs", type=int, default=100)
    options.add_argument("--rest", type=float, default=10.0, help="seconds at rest")
    chosen = options.parse_args()
    _quiet()
    print(json.dumps({"encoding": encoding(), "first_byte": first_byte(chosen.jobs, chosen.rest)}))


if __name__ == "__main__":
    main()
