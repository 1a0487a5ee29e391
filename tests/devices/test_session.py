"""A session with each family, without a reader: pulled out at every step, and lengths that do not fit."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from devices import session as module
from devices.cards.base import CardFault, Trust
from devices.session import CardSession
from kiosk.journey.state import CardTrouble
from tests.devices.direct import Direct
from tests.devices.samples import SAMPLES, Sample

NOW = datetime(2026, 6, 1, tzinfo=UTC)
every_family = pytest.mark.parametrize("sample", SAMPLES.values(), ids=SAMPLES)


class Link(Direct):
    """Stands where the connection to the reader would; the card is pulled out before command number `pulled`."""

    def __init__(self, sample: Sample, pulled: int | None = None, chance: Random | None = None) -> None:
        super().__init__(sample.make())
        self.pulled = pulled
        self.chance = chance
        self.closed = False

    def transmit(self, command: list[int]) -> bytes:
        if self.closed or len(self.sent) == self.pulled:
            raise CardFault(CardTrouble.REMOVED, "pulled out")
        answer = super().transmit(command)
        return self._spoilt(answer) if self.chance is not None else answer

    def close(self) -> None:
        self.closed = True
        super().close()

    def _spoilt(self, answer: bytes) -> bytes:
        """A length that does not fit: shorter, longer, or none at all."""
        assert self.chance is not None
        data, status = answer[:-2], answer[-2:]
        match self.chance.randrange(8):
            case 0:
                data = data[: self.chance.randrange(len(data) + 1)]
            case 1:
                data += self.chance.randbytes(self.chance.randrange(1, 300))
            case 2 if data:
                at = self.chance.randrange(len(data))
                data = data[:at] + bytes([self.chance.choice((0, 0x7F, 0x80, 0x82, 0xFF))]) + data[at + 1 :]
        return data + status


def read(monkeypatch: pytest.MonkeyPatch, link: Link, sample: Sample) -> dict[str, object]:
    monkeypatch.setattr(module, "Connection", lambda: link)
    session = CardSession()
    said = session.read(Trust((sample.roots(),), NOW), [sample.family])
    more = session.complete()
    return said if more is None or more["event"] == "checked" else more


@every_family
def test_a_card_pulled_out_at_any_step_of_a_read_is_said_to_be_gone(
    monkeypatch: pytest.MonkeyPatch, sample: Sample
) -> None:
    whole = Link(sample)
    assert read(monkeypatch, whole, sample)["event"] == "identity"
    for step in range(len(whole.sent)):
        link = Link(sample, step)
        assert read(monkeypatch, link, sample)["trouble"] == "removed"
        assert link.closed


@every_family
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 1 << 32))
def test_answers_of_wrong_lengths_end_in_an_identity_or_a_typed_refusal(
    monkeypatch: pytest.MonkeyPatch, sample: Sample, seed: int
) -> None:
    said = read(monkeypatch, Link(sample, chance=Random(seed)), sample)
    assert said["event"] in {"identity", "refused"}
    if said["event"] == "identity":
        assert said["national_id"] == sample.number


@every_family
def test_a_read_takes_few_commands(monkeypatch: pytest.MonkeyPatch, sample: Sample) -> None:
    link = Link(sample)
    read(monkeypatch, link, sample)
    assert len(link.sent) <= 45
