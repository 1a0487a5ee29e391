"""The power goes after each thing that is done, and whatever was begun, one of the two whole versions runs."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from kiosk.technician.provisioning.environment import RELEASES
from kiosk.technician.updating import record
from kiosk.technician.updating.state import AtRest
from tests.kiosk.technician.updating.rig import OLD, Kiosk, PowerCutError

MOST_STEPS = 400


def settle(kiosk: Kiosk) -> int:
    """The machine is started and the unit runs, with the release offered again as the sync process would."""
    kiosk.power.left = None
    kiosk.start()
    assert kiosk.runs is not None
    assert kiosk.whole(kiosk.runs), "a whole version is started"
    number = kiosk.number_of(kiosk.runs)
    assert kiosk.units_of() == {f"# of {number}\n"}, "with its own units, and no others"
    state = kiosk.update()
    if not state.bad and state.proven.number != 1:
        kiosk.offer(1)
        state = kiosk.update()
    assert state.phase == AtRest()
    assert not kiosk.machine.at(record.UNFINISHED).exists()
    assert kiosk.in_use == kiosk.proven == kiosk.runs == state.proven.folder
    assert kiosk.units_of() == {f"# of {state.proven.number}\n"}
    return state.proven.number


@pytest.mark.parametrize("well", [True, False], ids=["a good release", "a bad release"])
def test_a_cut_after_each_step_ends_in_one_whole_version(in_memory: Path, well: bool) -> None:
    cuts = 0
    for step in range(MOST_STEPS):
        kiosk = Kiosk(in_memory / str(step))
        if not well:
            kiosk.broken[1] = "totem-kiosk.service"
        kiosk.offer(1)
        kiosk.power.left = step
        try:
            kiosk.update()
        except PowerCutError:
            cuts += 1
        else:
            break
        number = settle(kiosk)
        assert number == (1 if well else 0), f"after step {step}"
    assert 20 < cuts < MOST_STEPS - 1, "the update is cut everywhere, and once it is not"


def test_a_second_cut_while_everything_is_put_back_ends_there_too(in_memory: Path) -> None:
    for step in range(12):
        kiosk = Kiosk(in_memory / str(step))
        kiosk.offer(1)
        reach_the_switch(kiosk)
        kiosk.power.left = step
        with suppress(PowerCutError):
            kiosk.update(at_start=True)
        assert settle(kiosk) == 1


def test_a_machine_that_starts_again_and_again_while_trying_goes_back(in_memory: Path) -> None:
    kiosk = Kiosk(in_memory)
    kiosk.offer(1)
    reach_trying(kiosk)
    for _ in range(3):
        assert kiosk.runs != OLD
        kiosk.start()
    assert kiosk.runs == OLD
    assert kiosk.machine.at(record.UNFINISHED).exists(), "the unit is begun, and tidies up"
    state = kiosk.update()
    assert not kiosk.machine.at(record.UNFINISHED).exists()
    assert len(list(kiosk.machine.at(RELEASES).iterdir())) == 1
    assert (state.bad, state.why) == ((1,), "restarts")
    assert kiosk.report() == {"state": "current", "bad": [1], "why": "restarts", "next": None}


def test_a_switch_that_is_cut_off_each_time_counts_as_bad(in_memory: Path) -> None:
    kiosk = Kiosk(in_memory)
    kiosk.offer(1)
    for _ in range(3):
        reach_the_switch(kiosk)
        kiosk.start()
        assert kiosk.runs == OLD
    state = kiosk.update()
    assert (state.bad, state.why) == ((1,), "interrupted")


def reach_the_switch(kiosk: Kiosk) -> None:
    """Cut as the programs are stopped."""
    _until(kiosk, lambda command: command[:2] == ["systemctl", "stop"])


def reach_trying(kiosk: Kiosk) -> None:
    """Cut as the units of the new release are looked at."""
    _until(kiosk, lambda command: command[:2] == ["systemctl", "show"])


def _until(kiosk: Kiosk, reached: Callable[[list[str]], bool]) -> None:
    answer = kiosk._answer

    def cut(command: list[str]) -> tuple[int, str]:
        done = answer(command)
        if reached(command):
            raise PowerCutError
        return done

    kiosk._answer = cut  # type: ignore[method-assign]
    with pytest.raises(PowerCutError):
        kiosk.update()
    kiosk._answer = answer  # type: ignore[method-assign]
