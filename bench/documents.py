"""How many documents a second are made and checked: sealed, drawn as A4, signed (PAdES), and verified again.

Made as the centre makes them, checked as `totem document verify` does, by one process; medians of the rounds.
"""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.guides import catalogue
from central import a4, document_keys, pades, sealing
from kiosk.catalog.model import Language
from kiosk.issuing import tracking
from kiosk.issuing.document_pdf import verify_pdf
from kiosk.issuing.document_seal import SealedClaims, published_keys, verify
from kiosk.issuing.words import negative_certificate, words

ROUNDS, DOCUMENTS = 5, 20
NOW = datetime.now(UTC).replace(microsecond=0)
URL = "https://vilaaurora.example/v/"


def claims(number: int) -> SealedClaims:
    return SealedClaims(
        number=f"2026/{number:06d}", code=tracking.document_code(number.to_bytes(10)), service="certidao-negativa",
        holder_masked="***.982.247-**", issued=NOW, expires=NOW + timedelta(days=90), without_value=True,
    )  # fmt: skip


def sheet(said: SealedClaims, address: str, operator: object) -> a4.Sheet:
    say, paper = negative_certificate(Language.PT_BR), words(Language.PT_BR)
    return a4.Sheet(
        operator=operator, department="Secretaria da Fazenda", language=Language.PT_BR,  # type: ignore[arg-type]
        title=say.title[0], subtitle=say.title[1], rows=((paper.document_number, said.number),),
        statement=say.statement.format(operator="Prefeitura de Vila Aurora"), holder="MARIA DAS DORES OLIVEIRA",
        national_id=f"CPF {said.holder_masked}", closing=say.closing, identity=paper.identity_proven, code=said.code,
        address=address, copy=1, without_value=True, issued=NOW,
    )  # fmt: skip


def per_second(work: Callable[[int], object]) -> float:
    """The median rate over the rounds, after one that warms up."""
    rates = []
    for round_ in range(ROUNDS + 1):
        began_s = time.perf_counter()
        for number in range(DOCUMENTS):
            work(round_ * DOCUMENTS + number + 1)
        rates.append(DOCUMENTS / (time.perf_counter() - began_s))
    return statistics.median(rates[1:])


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        document_keys.make(Path(folder), NOW, "Bench")
        key = document_keys.current(Path(folder))
        keys = published_keys(json.dumps(document_keys.published(Path(folder))))
    operator = catalogue().operator

    def sealed(number: int) -> str:
        said = claims(number)
        return sealing.address(URL, said.code, sealing.seal(key.seal, said))

    def drawn(number: int) -> bytes:
        return a4.compose(sheet(claims(number), sealed(number), operator))

    def signed(number: int) -> bytes:
        return pades.sign(drawn(number), key, address=sealed(number), place="Vila Aurora")

    address, pdf = sealed(1), signed(1)
    assert verify(address, keys, NOW).refusal is None
    assert verify_pdf(pdf, keys, NOW).refusal is None
    print("documents a second, one process")
    for name, work in (
        ("sealed (COSE_Sign1, Ed25519)", sealed),
        ("sealed and drawn (A4, PDF/A-2a)", drawn),
        ("sealed, drawn and signed (PAdES B-B, P-256)", signed),
        ("seal verified", lambda _number: verify(address, keys, NOW)),
        ("PDF verified, with its seal", lambda _number: verify_pdf(pdf, keys, NOW)),
    ):
        print(f"  {name:<46} {per_second(work):9.0f}")
    print(f"the signed PDF has {len(pdf)} bytes")


if __name__ == "__main__":
    main()
