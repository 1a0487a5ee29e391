"""The demonstration's catalogue, for the journey's tests."""

from __future__ import annotations

import pytest

from kiosk.catalog.model import Catalogue
from tests.kiosk import vila_aurora


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return vila_aurora.catalogue()
