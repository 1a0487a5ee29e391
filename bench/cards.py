"""How long until a card has said who it is (no PIN), beside OpenSC's tools on the same virtual card, in one run.

Every command of the card takes what a contact card takes for it, or the tools' many more commands would cost nothing.
The card worker's own session does the reading, in this process and warm, as it is when a citizen inserts a card.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import tempfile
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


def ours(roots: str, family: str) -> tuple[float, float]:
    """Seconds from a present card to a known identity, and the sum of its commands' round trips in them."""
    from devices import transport
    from devices.cards.base import Trust
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
        said = session.read(Trust((roots,), NOW), [family])
        took_s = time.perf_counter() - began_s
    finally:
        session.close()
        transport.Connection.transmit = transmit  # type: ignore[method-assign]
    assert said["event"] == "identity", said
    return took_s, sum(spent)


def tool(*command: str) -> float:
    began_s = time.perf_counter()
    subprocess.run(command, capture_output=True, check=True)
    return time.perf_counter() - began_s


def measured(card: Chip, roots: str, family: str, certificate: str, port: int) -> dict[str, object]:
    reader = VirtualReader(port)
    reader.insert(Slow(card))
    time.sleep(SEEN_S)
    try:
        ours(roots, family)
        rounds = [
            (*ours(roots, family), tool("pkcs15-tool", "--read-certificate", certificate), tool("pkcs11-tool", "-O"))
            for _ in range(ROUNDS)
        ]
    finally:
        reader.remove()
        time.sleep(SEEN_S)
    middle: Callable[[int], float] = lambda part: statistics.median(one[part] for one in rounds)  # noqa: E731
    return {
        "family": family,
        "identity_s": round(middle(0), 3),
        "of_round_trips": round(statistics.median(one[0] / one[1] for one in rounds), 2),
        "pkcs15_tool_s": round(middle(2), 3),
        "pkcs11_tool_s": round(middle(3), 3),
        "faster_than_both": round(min(middle(2), middle(3)) / middle(0), 1),
    }


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
                print(json.dumps(measured(card, roots, family, certificate, pcscd.port)), flush=True)
        finally:
            pcscd.stop()
    print(json.dumps({"goal": "at most 1.5 of the round trips, at least 3 times as fast as both tools"}))


if __name__ == "__main__":
    main()
