"""Mutated answers at the parsers, seeded, a hundred thousand within a minute: each is a value or a typed refusal."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime

import pytest

from devices.cards import belgium_files, cie_files, cns_files
from devices.cards.base import CardFault
from devices.cards.cns import historical_bytes
from devices.cards.files import der_length, read_der, read_selected
from devices.cards.piv import certificate_of
from devices.pin_pad import features
from devices.transport import exchange
from devices.virtual import cie, cns, icp_brasil, technician
from devices.virtual.authority import pem
from devices.virtual.belgium import ATR_18, make_card
from devices.virtual.iso7816 import tlv
from offline_cache.contract.certificates import parse
from offline_cache.contract.checks import EvidenceRefused
from offline_cache.contract.profiles import OF_FAMILY
from offline_cache.contract.revocation import this_update
from offline_cache.contract.staff import OperatorTrust
from offline_cache.contract.technicians import NotATechnician, TechnicianRefused, judge
from tests.devices import samples

NOW = datetime(2026, 6, 1, tzinfo=UTC)
ROUNDS = 110_000
LIMIT_S = 60.0
SLOWEST_S = 2.0


class Replay:
    """A card that says these answers, then nothing but the end."""

    def __init__(self, answers: list[bytes]) -> None:
        self._answers = answers

    def transmit(self, command: list[int]) -> bytes:
        return self._answers.pop() if self._answers else b"\x6b\x00"


def mutated(good: bytes, chance: random.Random) -> bytes:
    """One to four changes of the kinds that break parsers: bits, lengths, cuts, repetitions, foreign parts."""
    data = bytearray(good)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(data) + 1)
        kind = chance.randrange(6)
        if kind == 0 and at < len(data):
            data[at] ^= 1 << chance.randrange(8)
        elif kind == 1 and at < len(data):
            data[at] = chance.choice((0x00, 0x7F, 0x80, 0x81, 0x82, 0x84, 0xFF))
        elif kind == 2:
            del data[at:]
        elif kind == 3:
            data[at:at] = chance.randbytes(chance.randint(1, 8))
        elif kind == 4:
            data[at:at] = data[at : at + chance.randint(1, 40)]
        else:
            del data[at : at + chance.randint(1, 20)]
    return bytes(data)


def targets() -> list[tuple[Callable[[bytes], object], bytes]]:
    """Each parser with a good input. The dear ones (CMS, certificates) stand once, the cheap ones more often."""
    belgian = make_card(samples.belgian_register()).files.files
    data, key = belgian[bytes.fromhex("3F00DF014031")], belgian[bytes.fromhex("3F00DF014040")]
    piv = icp_brasil.make_card(samples.icp_brasil(), legacy=True).certificate
    personal = cns.personal_data(cns.GIULIA, 20)
    sod = cie.make_card(samples.italian_ministry()).files.files[bytes.fromhex("3F001006")]
    answer = tlv(b"\x53", tlv(b"\x70", piv) + tlv(b"\x71", b"\x00"))

    def everybody(der: bytes) -> None:
        certificate = parse(der)
        for profile in OF_FAMILY.values():
            try:
                profile.identify(certificate)
            except EvidenceRefused:
                continue

    def security_object(file: bytes) -> None:
        cie_files.check_security_object(file, b"392746150283", b"key", (), NOW)

    technician_card = technician.make_card(technician.make_operator()).certificate
    technicians = OperatorTrust((pem(samples.icp_brasil().root.certificate),), None)

    def somebody(der: bytes) -> None:
        with suppress(NotATechnician, TechnicianRefused):
            judge([der], technicians, NOW, "VA-017")

    def list_(der: bytes) -> None:
        this_update(der)

    cheap: list[tuple[Callable[[bytes], object], bytes]] = [
        (belgium_files.fields, data),
        (belgium_files.identity_of, data),
        (belgium_files.address_of, data),
        (belgium_files.signature_in_der, bytes(96)),
        (cns_files.personal_data_of, personal),
        (cns_files.personal_data_of, personal),
        (cie_files.nis_of, b"392746150283"),
        (cie_files.nesting, sod),
        (historical_bytes, ATR_18),
        (der_length, piv[:8]),
        (certificate_of, answer),
        (lambda said: exchange(Replay([said + b"\x90\x00"]), [0, 0xCB, 0, 0, 0]), answer[:200]),
        (lambda said: read_selected(Replay([said + b"\x90\x00"])), data[:200]),
        (lambda said: read_der(Replay([said[248:] + b"\x90\x00", said[:248] + b"\x90\x00"])), piv[:400]),
        (features, bytes.fromhex("0604423303000704423303010A0442330002")),
        (lambda said: exchange(Replay([said, said]), [0, 0xB0, 0, 0, 0]), b"\x01\x02\x61\x05"),
    ]
    dear: list[tuple[Callable[[bytes], object], bytes]] = [
        (everybody, piv),
        (security_object, sod),
        (cie_files.check_key, key),
        (somebody, technician_card),
        (list_, samples.icp_brasil().issuing.revocation_list(NOW)),
    ]
    return cheap * 2 + dear


def play(rounds: int) -> float:
    """How long it took, in seconds."""
    seed = random.SystemRandom().randrange(1 << 32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    wanted = targets()
    begin, slowest = time.monotonic(), 0.0
    for number in range(rounds):
        judge, good = wanted[number % len(wanted)]
        spoilt = mutated(good, chance)
        start = time.monotonic()
        try:
            judge(spoilt)
        except (CardFault, EvidenceRefused):
            pass
        except Exception as error:
            raise AssertionError(f"seed {seed}, round {number}: {type(error).__name__} on {spoilt.hex()}") from error
        slowest = max(slowest, time.monotonic() - start)
    took = time.monotonic() - begin
    print(f"{rounds} answers in {took:.1f} s, the slowest {slowest * 1000:.0f} ms")
    assert slowest < SLOWEST_S
    return took


@pytest.mark.timeout(180)
def test_a_hundred_thousand_mutated_answers_are_values_or_typed_refusals() -> None:
    assert play(ROUNDS) < LIMIT_S


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_a_million_mutated_answers_are_values_or_typed_refusals() -> None:
    play(10 * ROUNDS)
