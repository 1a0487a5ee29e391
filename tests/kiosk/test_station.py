"""The station: what it does beside the reducer."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.catalog.model import Catalogue, Language
from kiosk.journey import events as ev
from kiosk.journey.state import EnterPin
from kiosk.station import Station
from offline_cache.folder import StateFolder
from tests.kiosk.conftest import working_devices
from tests.kiosk.screens.citizens import HOLDER, state_of


@pytest.fixture
def station(tmp_path: Path, catalogue: Catalogue) -> Station:
    """At the PIN, with three digits typed."""
    (tmp_path / "totem.toml").write_text('label = "VA-017"\n[centre]\nurl = "https://localhost:1"\nca = "ca.pem"\n')
    at = Station(StateFolder(tmp_path), post=lambda _event: None, show=lambda _state: None)
    state = state_of(catalogue, Language.EN, EnterPin(tries_left=3), "iptu", card=True, holder=HOLDER)
    at.state = replace(state, devices=replace(working_devices(catalogue), card_present=True))
    for digit in (1, 2, 3):
        at.pin.digit(digit)
        at.take(ev.PinTyped(at.pin.count))
    return at


def test_digits_left_on_the_pad_do_not_stand_before_those_of_the_next_time(station: Station) -> None:
    station.take(ev.HelpToggled())
    assert station.pin.count == 3
    station.take(ev.WentBack())
    assert station.pin.count == 0
