"""The parsers of the Belgian files against honest and hostile bytes."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.cards import belgium_files
from devices.cards.base import CardFault
from devices.virtual.belgium import simple_tlv
from offline_cache.contract.checks import EvidenceRefused


@given(st.dictionaries(st.integers(1, 0x3F), st.binary(max_size=900), min_size=1), st.integers(0, 20))
def test_what_is_written_is_read_whatever_its_length_and_filling(found: dict[int, bytes], zeros: int) -> None:
    assert belgium_files.fields(simple_tlv(found) + bytes(zeros)) == found


@given(st.binary(max_size=300))
def test_hostile_bytes_are_fields_or_a_fault(data: bytes) -> None:
    for parse in (belgium_files.fields, belgium_files.identity_of, belgium_files.address_of):
        with contextlib.suppress(CardFault, EvidenceRefused):
            parse(data)


@pytest.mark.parametrize(
    "data",
    [b"\x06\x05abc", b"\x06\xff", b"\x06\xff\xff\xff", b"\x06\x01a\x06\x01b", b"\x41\x00", b"\x06\x01a\x00\x01"],
    ids=["cut-off", "no-length", "endless-length", "twice", "unknown-tag", "after-the-end"],
)
def test_broken_fields_are_unreadable(data: bytes) -> None:
    with pytest.raises(CardFault):
        belgium_files.fields(data)


def test_control_characters_never_reach_screen_or_printer() -> None:
    data = simple_tlv({0x06: b"85073003328", 0x07: "Pee\x1bters\u202e".encode(), 0x08: b"Lot\x00te\n"})
    assert belgium_files.identity_of(data).holder.name == "Lotte Peeters"


@pytest.mark.parametrize("answer", [b"", b"\x01", bytes(63), bytes(95), bytes(200)])
def test_a_signature_that_is_not_two_halves_is_unreadable(answer: bytes) -> None:
    with pytest.raises(CardFault):
        belgium_files.signature_in_der(answer)
