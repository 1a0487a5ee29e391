from __future__ import annotations

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.issuing.ids import uuid7


def test_the_example_of_rfc_9562_a_6_comes_out():
    # 017F22E2-79B0-7CC3-98C4-DC0C0C07398F: rand_a CC3, rand_b 18C4DC0C0C07398F
    drawn = (0xCC3 << 62 | 0x18C4DC0C0C07398F).to_bytes(10)
    assert uuid7(0x017F22E279B0, drawn) == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"


@given(st.integers(0, 2**48 - 1), st.binary(min_size=10, max_size=10))
def test_version_variant_and_time_are_where_the_rfc_puts_them(unix_ms, drawn):
    made = uuid.UUID(uuid7(unix_ms, drawn))
    assert (made.version, made.variant, made.int >> 80) == (7, uuid.RFC_4122, unix_ms)


@pytest.mark.parametrize(("unix_ms", "drawn"), [(-1, bytes(10)), (2**48, bytes(10)), (0, bytes(9))])
def test_what_does_not_fit_makes_no_id(unix_ms, drawn):
    with pytest.raises(ValueError):
        uuid7(unix_ms, drawn)
