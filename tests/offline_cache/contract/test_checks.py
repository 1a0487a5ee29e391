from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offline_cache.contract.checks import PROVEN_HOLDER, Check, CheckName, CheckOutcome, assurance, passed

PROVEN = tuple(passed(name) for name in sorted(PROVEN_HOLDER))
checks = st.builds(Check, st.sampled_from(CheckName), st.sampled_from(CheckOutcome))


def but(name: CheckName, outcome: CheckOutcome) -> tuple[Check, ...]:
    return tuple(Check(name, outcome) if check.name is name else check for check in PROVEN)


def test_a_pin_behind_a_sound_and_fresh_chain_is_level_three_and_an_officer_makes_it_four() -> None:
    assert assurance(PROVEN) == 3
    assert assurance((*PROVEN, passed(CheckName.OFFICER))) == 4


@pytest.mark.parametrize("name", sorted(PROVEN_HOLDER - {CheckName.FORMAT, CheckName.CHAIN, CheckName.HOLDER}))
@pytest.mark.parametrize("outcome", [CheckOutcome.NOT_CHECKED, CheckOutcome.LOW])
def test_whatever_is_left_out_or_low_keeps_a_proven_holder_at_two(name: CheckName, outcome: CheckOutcome) -> None:
    assert assurance(but(name, outcome)) == 2
    assert assurance((*but(name, outcome), passed(CheckName.OFFICER))) == 2


def test_signed_data_are_one_and_a_chip_that_proves_itself_two() -> None:
    signed = (passed(CheckName.FORMAT), passed(CheckName.CHAIN), passed(CheckName.DATA))
    assert assurance(signed) == 1
    assert assurance((*signed, passed(CheckName.CHIP))) == 2


@pytest.mark.parametrize("missing", [CheckName.FORMAT, CheckName.CHAIN])
def test_without_a_number_or_a_chain_everything_is_a_claim(missing: CheckName) -> None:
    assert assurance(check for check in PROVEN if check.name is not missing) == 0
    assert assurance(()) == 0


@given(st.lists(checks, max_size=12), checks)
def test_a_failed_check_or_two_that_disagree_leave_a_claim(some: list[Check], one: Check) -> None:
    assert assurance([*some, Check(one.name, CheckOutcome.FAILED)]) == 0
    assert assurance([Check(one.name, CheckOutcome.PASSED), *some, Check(one.name, CheckOutcome.NOT_CHECKED)]) == 0


@given(st.lists(checks, max_size=12, unique_by=lambda check: check.name))
def test_more_checks_that_passed_never_lower_the_level(some: list[Check]) -> None:
    level = assurance(some)
    missing = set(CheckName) - {check.name for check in some}
    for name in missing:
        assert assurance([*some, passed(name)]) >= level
