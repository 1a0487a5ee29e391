from central import vigilance
from tests.central.test_wire import BEAT


def test_a_roll_near_its_end_is_an_alert_before_it_ends_and_told_once(kiosk) -> None:
    for printer in ("ready", "paper-low", "paper-low", "ready", "cover-open"):
        assert kiosk.post("/v1/heartbeats", BEAT.model_copy(update={"printer": printer})).status_code == 200
    told = vigilance.alerts(kiosk.centre.centre)
    assert {(alert["kind"], alert["times"]) for alert in told} == {("printer-paper-low", 1), ("printer-cover-open", 1)}
