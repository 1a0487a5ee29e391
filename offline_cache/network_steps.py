"""The way to the centre, a step at a time, so that a technician knows which one fails: cable, name, way, TLS, time.

What the last step asks, whether the centre accepts this kiosk, only the sync process can (`offline_cache.service`).
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from offline_cache import clock
from offline_cache.connection import Connection, reason
from offline_cache.contract.messages import NONCE_HEADER, Enrolment, TimeAnswer
from offline_cache.settings import CentreSettings

INTERFACES = Path("/sys/class/net")
LIMIT_S = 4.0
TOLERANCE_S = clock.TOLERANCE_S
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class Step(StrEnum):
    CABLE = "cable"
    NAME = "name"
    WAY = "way"
    TLS = "tls"
    TIME = "time"
    CENTRE = "centre"


@dataclass(frozen=True)
class Outcome:
    """`outcome` is a word of `kiosk.health.findings.What`; `values` fill in its sentence."""

    outcome: str
    values: dict[str, str | int]


@dataclass(frozen=True)
class Way:
    """From this machine to the centre. `enrolment` None: nobody's signature can be checked."""

    settings: CentreSettings
    enrolment: Enrolment | None
    check_dates: bool
    interfaces: Path = INTERFACES

    @property
    def host(self) -> str:
        return urlsplit(self.settings.url).hostname or ""

    @property
    def port(self) -> int:
        return urlsplit(self.settings.url).port or 443

    def take(self, step: Step) -> Outcome:
        """One step; never raises, and takes a few seconds at most."""
        match step:
            case Step.CABLE:
                return self._cable()
            case Step.NAME:
                return self._name()
            case Step.WAY:
                return self._open()
            case Step.TLS:
                return self._tls()
            case Step.TIME:
                return self._time()
            case Step.CENTRE:
                return Outcome("centre-not-asked", {"why": "totem-sync"})

    def _cable(self) -> Outcome:
        if self.host in LOOPBACK:
            return Outcome("cable-in", {"names": "lo"})
        up = sorted(
            entry.name for entry in self.interfaces.glob("*") if entry.name != "lo" and _says(entry / "carrier", "1")
        )
        return Outcome("cable-in", {"names": ", ".join(up)}) if up else Outcome("cable-out", {})

    def _name(self) -> Outcome:
        """In a thread: a look-up of a name cannot be ended."""
        found: list[Outcome] = [Outcome("name-unknown", {"host": self.host, "why": "no answer"})]

        def ask() -> None:
            try:
                socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)
            except OSError as error:
                found.append(Outcome("name-unknown", {"host": self.host, "why": error.strerror or "?"}))
            else:
                found.append(Outcome("name-found", {"host": self.host}))

        asking = threading.Thread(target=ask, name="name", daemon=True)
        asking.start()
        asking.join(LIMIT_S)
        return found[-1]

    def _open(self) -> Outcome:
        began_s = time.monotonic()
        try:
            socket.create_connection((self.host, self.port), LIMIT_S).close()
        except OSError as error:
            why = error.strerror or type(error).__name__
            return Outcome("way-closed", {"host": self.host, "port": self.port, "why": why})
        return Outcome("way-open", {"port": self.port, "ms": round(1000 * (time.monotonic() - began_s))})

    def _tls(self) -> Outcome:
        return self._asked(lambda _connection, _body: Outcome("tls-trusted", {}), refused="tls-refused", path="health")

    def _time(self) -> Outcome:
        if self.enrolment is None:
            return Outcome("time-unknown", {"why": "not enrolled"})
        return self._asked(self._compared, refused="time-unknown", path="time")

    def _compared(self, answered_at_s: float, body: bytes) -> Outcome:
        from offline_cache.client import moment

        theirs = moment(TimeAnswer.model_validate_json(body).time).timestamp()
        apart = round(abs(theirs - answered_at_s))
        return Outcome("time-differs", {"s": apart}) if apart > TOLERANCE_S else Outcome("time-agrees", {})

    def _asked(self, judged: Callable[[float, bytes], Outcome], *, refused: str, path: str) -> Outcome:
        """One exchange over TLS with the pinned authority; of the time the signature counts too."""
        from offline_cache.client import Unreachable
        from offline_cache.signing import UntrustedAnswerError, draw_nonce, verify_answer

        nonce = draw_nonce()
        connection = None
        try:
            connection = Connection(self.settings, check_dates=self.check_dates)
            response = connection.exchange(
                "GET", f"{connection.base}/{path}", limit_s=LIMIT_S, headers={NONCE_HEADER: nonce}
            )
            if refused == "time-unknown" and self.enrolment is not None:
                verify_answer(response, nonce, self.enrolment.answer_key)
            return judged(time.time(), response.content)
        except UntrustedAnswerError:
            return Outcome(refused, {"why": f"status {response.status_code}, not signed"})
        except (OSError, ValueError, Unreachable, ssl.SSLError) as error:
            return Outcome(refused, {"why": reason(error)})
        finally:
            if connection is not None:
                connection.close()


def _says(file: Path, text: str) -> bool:
    try:
        return file.read_text(encoding="ascii").strip() == text
    except OSError:  # an interface that is switched off refuses to say
        return False
