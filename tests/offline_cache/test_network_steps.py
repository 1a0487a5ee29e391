"""Each step to the centre fails for its own reason, and says so within seconds."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from offline_cache.network_steps import Step, Way
from offline_cache.settings import CentreSettings


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


def way_to(port: int, host: str = "127.0.0.1", **changes: object) -> Way:
    settings = CentreSettings(url=f"https://{host}:{port}", ca="/nowhere/ca.pem")
    return replace(Way(settings, None, check_dates=True), **changes)


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def interfaces(folder: Path, **carriers: str) -> Path:
    for name, carrier in carriers.items():
        (folder / name).mkdir()
        (folder / name / "carrier").write_text(f"{carrier}\n", encoding="ascii")
    return folder


def test_a_cable_is_in_where_an_interface_has_a_carrier(tmp_path: Path) -> None:
    seen = interfaces(tmp_path, lo="1", eth0="1", wlan0="0")
    assert way_to(443, "centre.example", interfaces=seen).take(Step.CABLE).values == {"names": "eth0"}


def test_without_a_carrier_no_network_is_connected(tmp_path: Path) -> None:
    seen = interfaces(tmp_path, lo="1", eth0="0")
    (seen / "off").mkdir()
    assert way_to(443, "centre.example", interfaces=seen).take(Step.CABLE).outcome == "cable-out"


def test_a_name_that_nobody_knows_is_told_with_the_name() -> None:
    told = way_to(443, "centre.invalid").take(Step.NAME)  # RFC 2606: never to be found
    assert (told.outcome, told.values["host"]) == ("name-unknown", "centre.invalid")
    assert way_to(443, "localhost").take(Step.NAME).outcome == "name-found"


def test_a_port_where_somebody_listens_is_open_and_another_is_not(listener: socket.socket) -> None:
    assert way_to(listener.getsockname()[1]).take(Step.WAY).outcome == "way-open"
    told = way_to(closed_port()).take(Step.WAY)
    assert (told.outcome, told.values["why"]) == ("way-closed", "Connection refused")


def test_who_shows_no_certificate_of_ours_is_not_the_centre(listener: socket.socket) -> None:
    assert way_to(listener.getsockname()[1]).take(Step.TLS).outcome == "tls-refused"


def test_without_an_enrolment_no_time_can_be_believed(listener: socket.socket) -> None:
    told = way_to(listener.getsockname()[1]).take(Step.TIME)
    assert (told.outcome, told.values) == ("time-unknown", {"why": "not enrolled"})


def test_what_only_the_sync_process_can_ask_is_said_to_be_not_asked() -> None:
    assert way_to(closed_port()).take(Step.CENTRE).outcome == "centre-not-asked"


def test_every_outcome_of_a_step_is_a_finding() -> None:
    from kiosk.health.examination import of_step
    from kiosk.health.findings import Level

    failed = [of_step(step, way_to(closed_port(), "centre.invalid").take(step)) for step in (Step.NAME, Step.WAY)]
    assert [finding.level for finding in failed] == [Level.BROKEN, Level.BROKEN]
