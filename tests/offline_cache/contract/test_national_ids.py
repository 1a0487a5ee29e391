from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.issuing.masks import mask
from offline_cache.contract.national_ids import NationalId, Scheme, is_valid

# Made up, or printed as examples by those who issue them.
GOOD = {
    Scheme.CPF: "52998224725",
    Scheme.CNPJ: "11222333000181",
    Scheme.CODICE_FISCALE: "BNCGLI80A41F205F",
    Scheme.CIE_NIS: "123456789012",
    Scheme.BELGIAN_REGISTER: "85073003328",
    Scheme.DNI: "54362315K",
    Scheme.NIE: "X2482300W",
    Scheme.PORTUGUESE_CIVIL: "123456789",
    Scheme.ISIKUKOOD: "36805280109",
    Scheme.PASSPORT: "YA1234567",
    Scheme.CRNM: "V1234567",
}
WITHOUT_CHECK_DIGIT = {Scheme.CIE_NIS, Scheme.PORTUGUESE_CIVIL, Scheme.PASSPORT, Scheme.CRNM}


@pytest.mark.parametrize("scheme", Scheme)
def test_every_scheme_takes_a_good_number_and_hides_most_of_it(scheme: Scheme) -> None:
    number = NationalId(scheme, GOOD[scheme])
    assert is_valid(number)
    assert sum(char == "*" for char in mask(number)) >= 5
    assert number.value not in mask(number)


@pytest.mark.parametrize("scheme", sorted(set(Scheme) - WITHOUT_CHECK_DIGIT))
def test_a_wrong_check_digit_is_found(scheme: Scheme) -> None:
    good = GOOD[scheme]
    others = "ABCDEFGHIJ" if good[-1].isalpha() else "0123456789"
    wrong = [good[:-1] + other for other in others if other != good[-1]]
    assert not any(is_valid(NationalId(scheme, value)) for value in wrong)


@pytest.mark.parametrize("scheme", Scheme)
@pytest.mark.parametrize("digit", "0123456789")
def test_one_repeated_digit_is_nobody_s_number(scheme: Scheme, digit: str) -> None:
    repeated = "".join(digit if char.isdigit() else char for char in GOOD[scheme])
    assert not is_valid(NationalId(scheme, repeated))


@given(st.sampled_from(Scheme), st.text(max_size=20))
def test_only_the_exact_form_is_a_number(scheme: Scheme, text: str) -> None:
    if is_valid(NationalId(scheme, text)):
        assert text.isascii()
        assert text == text.strip().upper()


@pytest.mark.parametrize("spoilt", ["529.982.247-25", " 52998224725", "52998224725\n", "５2998224725"])
def test_punctuation_and_foreign_digits_are_no_part_of_a_number(spoilt: str) -> None:
    assert not is_valid(NationalId(Scheme.CPF, spoilt))
