from collections.abc import Iterator

import pytest

from tests.centre import ANCHOR, Centre, serving
from tests.offline_cache.looping import publish


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    with serving(tmp_path_factory.mktemp("centre") / "central", ANCHOR) as running:
        publish(running)
        yield running
