"""A virtual A4 printer: it speaks IPP (RFC 8011), takes PDFs, and lays each sheet into a folder. It can fail.

CUPS prints on it as on any network printer; the demonstration talks to it directly, with the same questions.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self

from printer.a4 import ipp
from printer.a4.ipp import Attribute, JobStateCode, Operation, PrinterStateCode, Status

# How long a sheet takes.
SHEET_S = 1.5
OK = 0x0000
LONGEST_BYTES = 64 * 1024 * 1024


class A4Fault(StrEnum):
    """What can be wrong with it."""

    PAPER_OUT = "paper-out"
    COVER_OPEN = "cover-open"
    JAM = "jam"
    STOPPED = "stopped"


REASONS = {
    A4Fault.PAPER_OUT: "media-empty-error",
    A4Fault.COVER_OPEN: "cover-open-error",
    A4Fault.JAM: "media-jam-error",
    A4Fault.STOPPED: "paused",
}


@dataclass
class _Sheet:
    pdf: bytes
    left_s: float
    state: JobStateCode = JobStateCode.PENDING


@dataclass
class VirtualA4Printer:
    """Jobs one after the other; `work` moves time on. Safe to be used from several threads."""

    out_dir: Path
    sheet_s: float = SHEET_S
    fault: A4Fault | None = None
    papers: list[Path] = field(default_factory=list)
    _jobs: dict[int, _Sheet] = field(default_factory=dict)
    _guard: threading.RLock = field(default_factory=threading.RLock)

    def answer(self, data: bytes) -> bytes:
        """One request, one reply; ipp.IppError for what is no IPP."""
        asked, document, number = ipp.received(data)
        with self._guard:
            match asked.status:
                case Operation.PRINT_JOB:
                    job = len(self._jobs) + 1
                    self._jobs[job] = _Sheet(document, self.sheet_s)
                    return ipp.reply(OK, number, [(ipp.JOB, self._about(job))])
                case Operation.VALIDATE_JOB:
                    return ipp.reply(OK, number, [])
                case Operation.GET_PRINTER_ATTRIBUTES:
                    return ipp.reply(OK, number, [(ipp.PRINTER, self._myself())])
                case Operation.GET_JOB_ATTRIBUTES | Operation.CANCEL_JOB:
                    return self._of_job(asked, number)
                case _:
                    # RFC 8011, B.1.5.2
                    return ipp.reply(0x0501, number, [])

    def work(self, passed_s: float) -> None:
        """The mechanism: a sheet comes out whole, or waits for a hand."""
        with self._guard:
            sheet = next((each for each in self._jobs.values() if each.state < JobStateCode.CANCELED), None)
            if sheet is None:
                return
            if self.fault is not None:
                sheet.state = JobStateCode.STOPPED if self.fault is not A4Fault.STOPPED else sheet.state
                return
            sheet.state = JobStateCode.PROCESSING
            sheet.left_s -= passed_s
            if sheet.left_s <= 0:
                paper = self.out_dir / f"sheet-{self._free():04d}.pdf"
                paper.write_bytes(sheet.pdf)
                self.papers.append(paper)
                sheet.state, sheet.pdf = JobStateCode.COMPLETED, b""

    def _free(self) -> int:
        return next(n for n in range(1, 100_000) if not (self.out_dir / f"sheet-{n:04d}.pdf").exists())

    def _of_job(self, asked: ipp.Answer, number: int) -> bytes:
        wanted = asked.first(ipp.OPERATION, "job-id")
        job = wanted[0] if wanted else None
        if not isinstance(job, int) or job not in self._jobs:
            return ipp.reply(Status.NOT_FOUND, number, [])
        if asked.status == Operation.CANCEL_JOB:
            if self._jobs[job].state >= JobStateCode.CANCELED:
                return ipp.reply(Status.NOT_POSSIBLE, number, [])
            self._jobs[job].state, self._jobs[job].pdf = JobStateCode.CANCELED, b""
            return ipp.reply(OK, number, [])
        return ipp.reply(OK, number, [(ipp.JOB, self._about(job))])

    def _about(self, job: int) -> list[Attribute]:
        return [
            Attribute(ipp.URI, "job-uri", (f"ipp://localhost/jobs/{job}",)),
            Attribute(ipp.INTEGER, "job-id", (job,)),
            Attribute(ipp.ENUM, "job-state", (self._jobs[job].state,)),
            Attribute(ipp.KEYWORD, "job-state-reasons", ("none",)),
        ]

    def _myself(self) -> list[Attribute]:
        busy = any(sheet.state is JobStateCode.PROCESSING for sheet in self._jobs.values())
        state = PrinterStateCode.PROCESSING if busy else PrinterStateCode.IDLE
        operations = tuple(int(operation) for operation in Operation)
        return [
            Attribute(ipp.KEYWORD, "ipp-versions-supported", ("1.1", "2.0")),
            Attribute(ipp.ENUM, "operations-supported", operations),
            Attribute(ipp.KEYWORD, "printer-state-reasons", (REASONS[self.fault] if self.fault else "none",)),
            Attribute(ipp.ENUM, "printer-state", (PrinterStateCode.STOPPED if self.fault else state,)),
            Attribute(ipp.BOOLEAN, "printer-is-accepting-jobs", (True,)),
            Attribute(ipp.MIME, "document-format-supported", ("application/pdf", "application/octet-stream")),
            Attribute(ipp.MIME, "document-format-default", ("application/pdf",)),
            Attribute(ipp.KEYWORD, "media-supported", ("iso_a4_210x297mm",)),
            Attribute(ipp.KEYWORD, "media-default", ("iso_a4_210x297mm",)),
            Attribute(ipp.KEYWORD, "uri-security-supported", ("none",)),
            Attribute(ipp.KEYWORD, "uri-authentication-supported", ("none",)),
            Attribute(ipp.INTEGER, "copies-supported", (1,)),
        ]


class VirtualA4Server:
    """The printer behind a TCP port of this machine (0 takes a free one), with its mechanism in a thread."""

    def __init__(self, printer: VirtualA4Printer, port: int = 0, clock: Callable[[], float] = time.monotonic) -> None:
        self.printer = printer
        self._clock = clock
        self._stopping = threading.Event()
        handler = type("Handler", (_Handler,), {"printer": printer})
        self._server = _Server(("127.0.0.1", port), handler)
        self.port: int = self._server.server_address[1]

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.1,), name="a4-port", daemon=True).start()
        threading.Thread(target=self._mechanism, name="a4-mechanism", daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._server.shutdown()
        self._server.server_close()

    def _mechanism(self) -> None:
        before_s = self._clock()
        while not self._stopping.wait(0.05):
            now_s = self._clock()
            self.printer.work(now_s - before_s)
            before_s = now_s


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A host that hangs up is its own business."""


class _Handler(BaseHTTPRequestHandler):
    printer: VirtualA4Printer
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        try:
            body = self.printer.answer(self._body())
        except ipp.IppError:
            self.send_error(400)
            return
        self.send_response(200)
        self.send_header("Content-Type", "application/ipp")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the signature of http.server
        """Says nothing: what is printed is nobody's business."""

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(min(int(self.headers.get("Content-Length", "0")), LONGEST_BYTES))
        body = b""
        # RFC 9112, 7.1
        while (size := int(self.rfile.readline(16).split(b";")[0] or b"0", 16)) and len(body) < LONGEST_BYTES:
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body
