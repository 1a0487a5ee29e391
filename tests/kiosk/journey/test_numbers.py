"""Without a number of its own block a kiosk begins no fee: that is told before the form, with a link or without one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.journey import availability
from kiosk.journey import events as ev
from kiosk.journey import state as st
from tests.kiosk.journey.test_reducer import START, play, ready

__all__ = ["ready"]


@pytest.mark.parametrize("link", [True, False])
@pytest.mark.parametrize("numbers", [(), (("taxas", 0),), (("others", 40),)])
def test_an_empty_block_refuses_the_service_before_its_form(ready, link, numbers):
    empty = replace(ready, devices=replace(ready.devices, link=link, numbers=numbers))
    fee = ready.catalogue.service("taxa-alvara")
    assert availability.of(fee, empty) is st.Availability.NO_NUMBERS
    state, asked = play(empty, START, ev.ServiceChosen("taxa-alvara"), ev.Continued())
    assert isinstance(state.stage, st.Details)
    assert asked == []


def test_the_last_number_is_still_given(ready):
    last = replace(ready, devices=replace(ready.devices, link=False, numbers=(("taxas", 1),)))
    state, _ = play(last, START, ev.ServiceChosen("taxa-alvara"), ev.Continued())
    assert isinstance(state.stage, st.Question)


def test_what_a_registrar_or_the_tax_system_numbers_needs_no_block(ready):
    empty = replace(ready, devices=replace(ready.devices, numbers=()))
    for name in ("iptu", "zona-azul"):
        assert availability.of(ready.catalogue.service(name), empty) is st.Availability.NOW
