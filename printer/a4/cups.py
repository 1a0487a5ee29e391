"""The A4 printer by CUPS: a queue of this machine, asked over its socket or over TCP, each question with a time limit.

CUPS repeats what its printer said during the last job, however long ago: paper that ran out then is "out" until the
next job, and paper that runs out between two jobs is unknown to it. So a printer that speaks IPP is asked itself. One
that is switched off while it prints may be called "processing" for as long as one likes: nothing here takes that for
progress.
"""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from kiosk.journey.state import PRINTS, PrinterCondition
from printer.a4 import ipp
from printer.a4.ipp import Answer, Attribute, JobStateCode, Operation, PrinterStateCode, Status

LIMIT_S = 5.0
USER = "totem"
# Nothing that is shown in a queue or kept in a history tells whose paper it was.
JOB_NAME = "totem"
PAPER = "iso_a4_210x297mm"
# RFC 8011, 5.4.12; PWG 5100.9. The first that a reason begins with counts.
REASONS = (
    ("cover-open", PrinterCondition.COVER_OPEN),
    ("door-open", PrinterCondition.COVER_OPEN),
    ("interlock-open", PrinterCondition.COVER_OPEN),
    ("media-jam", PrinterCondition.JAM),
    ("media-empty", PrinterCondition.PAPER_OUT),
    ("media-needed", PrinterCondition.PAPER_OUT),
    ("input-tray-missing", PrinterCondition.PAPER_OUT),
    ("offline", PrinterCondition.ABSENT),
    ("shutdown", PrinterCondition.ABSENT),
    ("timed-out", PrinterCondition.ABSENT),
    ("connecting-to-device", PrinterCondition.ABSENT),
    ("paused", PrinterCondition.STOPPED),
    ("toner-empty", PrinterCondition.ERROR),
    ("marker-supply-empty", PrinterCondition.ERROR),
    ("output-area-full", PrinterCondition.ERROR),
)
LOW = ("media-low",)
STATE = ("printer-state", "printer-state-reasons", "printer-is-accepting-jobs")


class CupsError(Exception):
    """CUPS does not answer, or refuses; one line."""

    refused = False


class RefusedByCupsError(CupsError):
    """It answered, and took nothing."""

    refused = True


@dataclass(frozen=True)
class Queue:
    """`server`: the path of a socket, or host:port."""

    name: str
    server: str

    @property
    def uri(self) -> str:
        return f"ipp://localhost/printers/{self.name}"

    def condition(self) -> PrinterCondition:
        """How the queue and its printer stand; ABSENT when CUPS does not answer or has no such queue."""
        asked = Attribute(ipp.KEYWORD, "requested-attributes", (*STATE, "device-uri"))
        try:
            found = self._ask(Operation.GET_PRINTER_ATTRIBUTES, (self._printer, asked))
        except CupsError:
            return PrinterCondition.ABSENT
        if not found.ok:
            return PrinterCondition.ABSENT
        device = next((str(uri) for uri in found.first(ipp.PRINTER, "device-uri")), "")
        return of_both(found, _own_word(device) if device.startswith(("ipp://", "ipps://")) else None)

    def send(self, pdf: bytes) -> int:
        """Hands a document over, on A4, one copy; answers the number CUPS gave it. CupsError if it did not take it."""
        job = (
            Attribute(ipp.KEYWORD, "media", (PAPER,)),
            Attribute(ipp.INTEGER, "copies", (1,)),
            Attribute(ipp.KEYWORD, "print-scaling", ("none",)),
            Attribute(ipp.NAME, "job-sheets", ("none",)),
        )
        about = (
            self._printer, _USER, Attribute(ipp.NAME, "job-name", (JOB_NAME,)),
            Attribute(ipp.MIME, "document-format", ("application/pdf",)),
        )  # fmt: skip
        found = self._ask(Operation.PRINT_JOB, about, job, pdf)
        numbers = found.first(ipp.JOB, "job-id")
        if not found.ok or not numbers or not isinstance(numbers[0], int):
            raise RefusedByCupsError(f"CUPS did not take the document (status {found.status:#06x})")
        return numbers[0]

    def job_state(self, number: int) -> JobStateCode | None:
        """How far CUPS is with it; None when it knows it no more. CupsError when CUPS does not answer."""
        asked = Attribute(ipp.KEYWORD, "requested-attributes", ("job-state",))
        about = (self._printer, Attribute(ipp.INTEGER, "job-id", (number,)), _USER, asked)
        found = self._ask(Operation.GET_JOB_ATTRIBUTES, about)
        if found.status == Status.NOT_FOUND:
            return None
        states = found.first(ipp.JOB, "job-state")
        try:
            return JobStateCode(states[0])  # type: ignore[arg-type]
        except (IndexError, ValueError) as error:
            raise CupsError(f"CUPS does not say how the job stands (status {found.status:#06x})") from error

    def cancel(self, number: int) -> None:
        """Takes it back, as far as that is possible; nothing is said if it had ended."""
        self._ask(Operation.CANCEL_JOB, (self._printer, Attribute(ipp.INTEGER, "job-id", (number,)), _USER))

    @property
    def _printer(self) -> Attribute:
        return Attribute(ipp.URI, "printer-uri", (self.uri,))

    def _ask(
        self, operation: Operation, attributes: Sequence[Attribute], job: Sequence[Attribute] = (), data: bytes = b""
    ) -> Answer:
        # CUPS's own scheme: over a local socket the system itself says whose process this is
        trust = {"Authorization": f"PeerCred {_whoami()}"}
        body = ipp.request(operation, attributes, job) + data
        return _exchange(self._connection(), f"/printers/{self.name}", body, trust)

    def _connection(self) -> http.client.HTTPConnection:
        if self.server.startswith("/"):
            return _SocketConnection(self.server)
        host, _, port = self.server.rpartition(":")
        return http.client.HTTPConnection(host, int(port), timeout=LIMIT_S)


class _SocketConnection(http.client.HTTPConnection):
    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=LIMIT_S)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(LIMIT_S)
        self.sock.connect(self._path)


def _own_word(device: str) -> PrinterCondition:
    """What the printer itself says; ABSENT when it says nothing."""
    address = urlsplit(device)
    port = address.port or 631
    connection: http.client.HTTPConnection
    if address.scheme == "ipps":
        # its certificate is its own; only its state is asked for, and a liar gains nothing but a job that fails
        context = ssl._create_unverified_context()  # noqa: S323
        connection = http.client.HTTPSConnection(str(address.hostname), port, timeout=LIMIT_S, context=context)
    else:
        connection = http.client.HTTPConnection(str(address.hostname), port, timeout=LIMIT_S)
    asked = (
        Attribute(ipp.URI, "printer-uri", (device,)), _USER, Attribute(ipp.KEYWORD, "requested-attributes", STATE),
    )  # fmt: skip
    try:
        found = _exchange(connection, address.path or "/", ipp.request(Operation.GET_PRINTER_ATTRIBUTES, asked), {})
    except CupsError:
        return PrinterCondition.ABSENT
    return condition_of(found) if found.ok else PrinterCondition.ABSENT


def _exchange(connection: http.client.HTTPConnection, path: str, body: bytes, headers: dict[str, str]) -> Answer:
    """One question and its answer; CupsError when there is none."""
    try:
        connection.request("POST", path, body, {"Content-Type": "application/ipp", **headers})
        response = connection.getresponse()
        said = response.read()
    except (OSError, http.client.HTTPException) as error:
        raise CupsError("nobody answers") from error
    finally:
        connection.close()
    if response.status != http.client.OK:
        raise RefusedByCupsError(f"HTTP {response.status}")
    try:
        return ipp.answer(said)
    except ipp.IppError as error:
        raise CupsError(str(error)) from error


_USER = Attribute(ipp.NAME, "requesting-user-name", (USER,))


def of_both(queue: Answer, printer: PrinterCondition | None) -> PrinterCondition:
    """What the queue says and what its printer says itself (None: it cannot be asked), put together."""
    states = queue.first(ipp.PRINTER, "printer-state")
    closed = PrinterStateCode.STOPPED in states or False in queue.first(ipp.PRINTER, "printer-is-accepting-jobs")
    if printer is not None:
        return PrinterCondition.STOPPED if closed and printer in PRINTS else printer
    if PrinterStateCode.IDLE in states and not closed:
        return PrinterCondition.READY
    return condition_of(queue)


def condition_of(found: Answer) -> PrinterCondition:
    """The condition that CUPS's word about a queue amounts to."""
    states = found.first(ipp.PRINTER, "printer-state")
    reasons = [str(reason) for reason in found.first(ipp.PRINTER, "printer-state-reasons")]
    for begins, condition in REASONS:
        # PWG 5100.9: a warning does not stop the printer, such as one empty tray of two
        if any(reason.startswith(begins) and not reason.endswith("-warning") for reason in reasons):
            return condition
    if PrinterStateCode.STOPPED in states or False in found.first(ipp.PRINTER, "printer-is-accepting-jobs"):
        return PrinterCondition.STOPPED
    if not states:
        return PrinterCondition.UNKNOWN
    low = any(reason.startswith(LOW) for reason in reasons)
    return PrinterCondition.PAPER_LOW if low else PrinterCondition.READY


def _whoami() -> str:
    import os
    import pwd

    return pwd.getpwuid(os.getuid()).pw_name
