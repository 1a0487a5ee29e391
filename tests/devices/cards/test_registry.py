from __future__ import annotations

from typing import get_args

import pytest

from devices.cards.base import CardFault, Slot
from devices.cards.registry import NAMES, open_card
from devices.virtual.iso7816 import NOT_FOUND
from kiosk.catalog.model import CardFamily
from kiosk.journey.state import CardTrouble
from offline_cache.contract.profiles import OF_FAMILY
from tests.devices.direct import Direct
from tests.devices.samples import SAMPLES


class Stranger:
    """A card of no family that notes what it is asked."""

    atr = bytes.fromhex("3B00")

    def power_on(self) -> None: ...

    power_off = power_on

    def process(self, command: bytes) -> bytes:
        return NOT_FOUND


def test_a_catalogue_can_accept_every_family_there_is_and_no_other() -> None:
    assert set(get_args(CardFamily)) == set(NAMES)


def test_every_family_with_certificates_has_its_profile() -> None:
    assert set(OF_FAMILY) <= set(NAMES)


def test_a_foreign_card_is_only_asked_for_applications_by_their_names() -> None:
    link = Direct(Stranger())
    with pytest.raises(CardFault) as fault:
        open_card(Slot(link), NAMES)
    assert fault.value.trouble is CardTrouble.UNKNOWN_FAMILY
    assert {(command[1], command[2]) for command in link.sent} <= {(0xA4, 0x04)}
    assert link.pins_sent() == 0


@pytest.mark.parametrize("family", ["belgian-eid", "cns"])
def test_a_card_whose_atr_is_its_family_s_alone_never_hears_from_the_others(family: str) -> None:
    link = Direct(SAMPLES[family].make())
    assert open_card(Slot(link), NAMES).family == family
    assert len(link.sent) <= 2
