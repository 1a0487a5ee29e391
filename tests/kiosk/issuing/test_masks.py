from __future__ import annotations

import pytest

from kiosk.issuing import masks
from offline_cache.contract.national_ids import NationalId, Scheme


def test_a_cpf_is_masked_as_everybody_knows_it() -> None:
    assert masks.mask(NationalId(Scheme.CPF, "52998224725")) == "***.982.247-**"


@pytest.mark.parametrize(
    ("scheme", "number", "masked"),
    [
        (Scheme.BELGIAN_REGISTER, "85073003328", "********328"),
        (Scheme.CODICE_FISCALE, "BNCGLI80A41F205F", "*************05F"),
        (Scheme.CNPJ, "11222333000181", "***********181"),
    ],
)
def test_of_any_other_number_three_characters_are_shown(scheme: Scheme, number: str, masked: str) -> None:
    """Birth dates stand in the middle of many."""
    assert masks.mask(NationalId(scheme, number)) == masked
