"""A catalogue is rehearsed in a process of its own: what breaks there breaks nothing here."""

import threading
import time
from types import SimpleNamespace

from kiosk.catalog.model import Language
from kiosk.catalog.read import to_json
from kiosk.performers.rehearsal import Rehearsal
from offline_cache.settings import PanelSettings
from tests.kiosk import vila_aurora

DEADLINE_S = 120


def verdict(content):
    rehearsal = Rehearsal(SimpleNamespace(settings=lambda: SimpleNamespace(panel=PanelSettings())))
    until_s = time.monotonic() + DEADLINE_S
    try:
        while (found := rehearsal.verdict(1, content)) is None:
            assert time.monotonic() < until_s
            threading.Event().wait(0.05)
    finally:
        rehearsal.forget()
    return found


def small():
    whole = vila_aurora.catalogue()
    one = tuple(service for service in whole.services if service.id == "taxa-alvara")
    return whole.model_copy(update={"services": one, "languages": (Language.IT,)})


def test_one_whose_screens_can_all_be_built_may_be_shown():
    assert verdict(to_json(small())) is True


def test_one_that_cannot_be_read_may_not():
    assert verdict(b"{}") is False
