"""How long until a card has said who it is (no PIN), beside OpenSC's tools on the same virtual card, in one run.

Every command of the card takes what a contact card takes for it, or the tools' many more commands would cost nothing.
The card worker's own session does the reading, in this process and warm, as it is when a citizen inserts a card: the
issuers' certificates of an earlier card are known, and their first card is told apart (`first_s`). `complete_s` is when
the heavier checks (the chip's answer, the citizen's own certificate) are done too.

At the end: how much processor time the loop takes that waits for cards.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from devices.virtual import belgium, cns, icp_brasil
from devices.virtual.authority import pem
from devices.virtual.iso7816 import Answer, Chip
from devices.virtual.pcscd import PrivatePcscd
from devices.virtual.vpcd import VirtualReader

ROUNDS = 7
COMMAND_S = 0.015  # some 250 bytes at 115 kbit/s
SEEN_S = 1.5
IDLE_S = 20.0
NOW = datetime(2026, 6, 1, tzinfo=UTC)


class Slow(Chip):
    """A card whose every command takes its time."""

    def __init__(self, card: Chip) -> None:
        self.card = card

    @property
    def atr(self) -> bytes:
        return self.card.atr

    def forget(self) -> None:
        self.card.power_on()

    def answer(self, command: tuple[int, int, int, int], data: bytes) -> Answer:
        raise NotImplementedError

    def process(self, command: bytes) -> bytes:
        time.sleep(COMMAND_S)
        return self.card.process(command)


def ours(roots: str, family: str, issuers: Path) -> tuple[float, float, float]:
    """Seconds from a present card to a known identity; its commands' round trips in them; until all is done."""
    from devices import transport
    from devices.cards.base import Trust
    from devices.issuer_cache import IssuerCache
    from devices.session import CardSession

    spent: list[float] = []
    transmit = transport.Connection.transmit

    def timed(connection: transport.Connection, command: list[int]) -> bytes:
        began_s = time.perf_counter()
        try:
            return transmit(connection, command)
        finally:
            spent.append(time.perf_counter() - began_s)

    transport.Connection.transmit = timed  # type: ignore[method-assign]
    session = CardSession()
    try:
        began_s = time.perf_counter()
        said = session.read(Trust((roots,), NOW, issuers=IssuerCache(issuers)), [family])
        took_s, trips_s = time.perf_counter() - began_s, sum(spent)
        session.complete()
        complete_s = time.perf_counter() - began_s
    finally:
        session.close()
        transport.Connection.transmit = transmit  # type: ignore[method-assign]
    assert said["event"] == "identity", said
    return took_s, trips_s, complete_s


def tool(*command: str) -> float:
    began_s = time.perf_counter()
    subprocess.run(command, capture_output=True, check=True)
    return time.perf_counter() - began_s


def measured(
    card: Chip, roots: str, family: str, certificate: str, port: int, issuers: Path
) -> dict[str, object]:
    reader = VirtualReader(port)
    reader.insert(Slow(card))
    time.sleep(SEEN_S)
    try:
        ours(roots, family, issuers / "elsewhere")  # whatever Python loads at first
        first_s = ours(roots, family, issuers)[0]
        theirs = (("pkcs15-tool", "--read-certificate", certificate), ("pkcs11-tool", "-O"))
        rounds = [(*ours(roots, family, issuers), *(tool(*one) for one in theirs)) for _ in range(ROUNDS)]
    finally:
        reader.remove()
        time.sleep(SEEN_S)
    middle: Callable[[int], float] = lambda part: statistics.median(one[part] for one in rounds)  # noqa: E731
    return {
        "family": family,
        "identity_s": round(middle(0), 3),
        "first_s": round(first_s, 3),
        "complete_s": round(middle(2), 3),
        "of_round_trips": round(statistics.median(one[0] / one[1] for one in rounds), 2),
        "pkcs15_tool_s": round(middle(3), 3),
        "pkcs11_tool_s": round(middle(4), 3),
        "faster_than_both": round(min(middle(3), middle(4)) / middle(0), 1),
    }


def idle() -> dict[str, object]:
    """Processor time of a thread that watches readers where nothing happens, as a share of the time that passes."""
    from devices.reader import watch

    stop = threading.Event()
    thread = threading.Thread(target=watch, args=(lambda _presence: None, stop), daemon=True)
    thread.start()
    time.sleep(SEEN_S)
    began_s, busy_s = time.perf_counter(), time.process_time()
    time.sleep(IDLE_S)
    share = (time.process_time() - busy_s) / (time.perf_counter() - began_s)
    stop.set()
    return {"reader_loop_idle_percent": round(100 * share, 3), "goal": "under 0.5"}


def main() -> None:
    register, issuer, icp = belgium.Register.make(), cns.Issuer.make(), icp_brasil.Icp.make()
    cards: list[tuple[Chip, str, str, str]] = [
        (
            icp_brasil.make_card(icp, legacy=False),
            pem(icp.root.certificate) + pem(icp.issuing.certificate),
            "piv-icp-brasil",
            "01",
        ),
        (belgium.make_card(register), pem(register.root.certificate), "belgian-eid", "02"),
        (cns.make_card(issuer), pem(issuer.root.certificate) + pem(issuer.citizens.certificate), "cns", "01"),
    ]
    with tempfile.TemporaryDirectory(prefix="totem-") as folder:
        pcscd = PrivatePcscd(Path(folder))
        pcscd.start()
        os.environ["PCSCLITE_CSOCK_NAME"] = str(pcscd.socket)
        try:
            for card, roots, family, certificate in cards:
                print(
                    json.dumps(measured(card, roots, family, certificate, pcscd.port, Path(folder) / "issuers")),
                    flush=True,
                )
            print(json.dumps(idle()), flush=True)
        finally:
            pcscd.stop()
    print(json.dumps({"goal": "at most 1.5 of the round trips, at least 3 times as fast as both tools"}))


if __name__ == "__main__":
    main()
