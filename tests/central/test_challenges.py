"""The centre answers a technician's challenge, tells who answers for the kiosks, and alerts about machines."""

from __future__ import annotations

import pytest

from central import challenges, enrolment, vigilance
from offline_cache.contract import challenge
from offline_cache.contract.machine import Machine, Throttle
from tests.central.test_wire import BEAT

SHOWN = challenge.nonce(48217730)


def kinds(kiosk) -> dict[str, int]:
    told = vigilance.alerts(kiosk.centre.centre)
    return {alert["kind"]: alert["times"] for alert in told if alert["kiosk"] == kiosk.id}


def test_the_code_is_the_one_that_the_kiosk_makes_itself_and_is_told_as_an_alert(kiosk) -> None:
    name = kiosk.id
    (code,) = challenges.answer(kiosk.centre.centre, name, challenge.grouped(SHOWN, 3))
    assert code == challenge.code(kiosk.key, kiosk.enrolled.answer_key, name, SHOWN)
    assert kinds(kiosk) == {vigilance.CHALLENGE_ANSWERED: 1}


def test_a_number_that_was_misheard_a_strange_and_a_revoked_kiosk_get_no_code(kiosk) -> None:
    centre, name = kiosk.centre.centre, kiosk.id
    with pytest.raises(ValueError, match="misheard"):
        challenges.answer(centre, name, SHOWN[:-1] + str((int(SHOWN[-1]) + 1) % 10))
    with pytest.raises(ValueError, match="there is no kiosk"):
        challenges.answer(centre, "XX-999", SHOWN)
    enrolment.revoke(centre, name)
    with pytest.raises(ValueError, match="revoked"):
        challenges.answer(centre, name, SHOWN)
    assert vigilance.CHALLENGE_ANSWERED not in kinds(kiosk)


def test_a_machine_that_needs_somebody_is_an_alert_when_it_begins_to(kiosk) -> None:
    hot, weak = Machine(temperature_c=84), Machine(throttled=(Throttle.UNDER_VOLTAGE,), memory_free_mb=100)
    for machine in (Machine(temperature_c=50), hot, hot, Machine(temperature_c=50), weak, None, weak):
        beat = BEAT.model_copy(update={"machine": machine, "disk_free_mb": 9000})
        assert kiosk.post("/v1/heartbeats", beat).status_code == 200
    assert kinds(kiosk) == {"machine-hot": 1, "machine-under-voltage": 2, "machine-memory-low": 2}
