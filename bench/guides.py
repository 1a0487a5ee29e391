"""How many guides a second become bytes for the printer: composed (codes, payload, receipt) and encoded as ESC/POS.

Every guide is another one, so that no symbol comes from a cache. In turn for each printer, medians of the rounds.
"""

from __future__ import annotations

import base64
import itertools
import json
import statistics
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from kiosk.catalog import read
from kiosk.catalog.model import Catalogue, Language, SealingKey
from kiosk.issuing import compose
from offline_cache.contract.evidence import Evidence, Purpose, Statement
from offline_cache.contract.messages import Debt
from printer import escpos, profiles
from printer.receipt import Receipt

ROUNDS, GUIDES = 7, 40
PRINTERS = ("epson-tm-t20x", "generic-80mm")
NOW = datetime(2026, 11, 24, 14, 5, tzinfo=UTC)
WRITTEN = Path(__file__).parents[1] / "catalogs" / "vila-aurora" / "catalogue.yaml"
STATEMENT = Statement(
    purpose=Purpose.COMMIT, kiosk="va-017", session="s", service="iptu", nonce=base64.b64encode(bytes(32)).decode(),
    nonce_of_centre=True,
)  # fmt: skip
MARIA = compose.Applicant(
    "MARIA DAS DORES OLIVEIRA", "52998224725",
    Evidence(statement=STATEMENT, certificates=("AA==",), signature="AA=="),
)  # fmt: skip


def catalogue() -> Catalogue:
    key = SealingKey(key_id="bench", public_key=base64.b64encode(bytes(32)).decode())
    return read.from_yaml(
        WRITTEN.read_text(encoding="utf-8"), version=1, published=NOW.isoformat(), trust_anchors=(),
        sealing_keys=(key,), files=lambda name: (WRITTEN.parent / name).read_bytes(),
    )


def composed(known: Catalogue) -> Iterator[Receipt]:
    """Guides of a debt and of a fixed amount in turn, each with a number of its own."""
    for number in itertools.count(1):
        debt = number % 2 == 0
        request = compose.Request(
            catalogue=known, service=known.service("iptu" if debt else "taxa-alvara"), language=Language.PT_BR,
            kiosk="va-017", kiosk_label="Totem VA-017", clock_trusted=True, simulation=False,
            applicant=MARIA if debt else None,
            debt=Debt(
                id=f"d{number}", title="IPTU 2026 - cota única", detail="Rua das Magnólias, 210",
                property_id="01.04.015.0210.001", amount_cents=41280, due="2026-12-10",
                guide_number=f"2026.{number:07d}-3", free_field=f"20261210{number:017d}", txid=f"IPTU{number:013d}",
            ) if debt else None,
        )  # fmt: skip
        allocated = compose.Allocated("017f22e2-79b0-7cc3-98c4-dc0c0c07398f", "7K2M-0000-4QXA", number)
        yield compose.complete(request, allocated, now=NOW, pin="048271").receipt


def per_second(receipts: Iterator[Receipt], profile: profiles.Profile | None) -> float:
    """Guides composed, and encoded for the printer if one is given, in a second."""
    began_s = time.perf_counter()
    for receipt in itertools.islice(receipts, GUIDES):
        if profile is not None:
            escpos.encode(receipt, profile, None)
    return GUIDES / (time.perf_counter() - began_s)


def main() -> None:
    receipts = composed(catalogue())
    printers: dict[str, profiles.Profile | None] = {"composed_only": None}
    printers |= {name: profiles.load(name) for name in PRINTERS}
    for profile in printers.values():
        per_second(receipts, profile)
    measured: dict[str, list[float]] = {name: [] for name in printers}
    for _ in range(ROUNDS):
        for name, profile in printers.items():
            measured[name].append(per_second(receipts, profile))
    figures = {
        name: {"guides_per_s": round(statistics.median(each)), "slowest": round(min(each)), "best": round(max(each))}
        for name, each in measured.items()
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
