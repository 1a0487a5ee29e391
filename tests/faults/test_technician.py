"""A technician before a real kiosk: told what is wrong and what to do, tries each part, and gets in by a code."""

from __future__ import annotations

import contextlib
import itertools
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kiosk.simulation.demonstration import Places
from kiosk.simulation.lines import NobodyThere
from kiosk.simulation.world import World
from offline_cache import audit
from offline_cache.store import open_store
from tests.faults.conftest import Looker, nobody, said

pytestmark = pytest.mark.long
PIN = "123456"
VISITS = itertools.count()


@pytest.fixture
def looker(enrolled: Callable[[str], Places], screen: str, pictures: Path) -> Iterator[Looker]:
    with World(enrolled(f"rita{next(VISITS)}"), screen, announce=nobody) as world:
        world.wait_for_kiosk()
        found = Looker(world, pictures)
        found.until(lambda: found.facts()["link"], "the link")
        yield found


def totem(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "kiosk.cli", *arguments], capture_output=True, text=True, check=False)


def doctor(looker: Looker) -> tuple[int, dict[str, str]]:
    done = totem("doctor", "--json", "--state", str(looker.world.folder.path))
    told: dict[str, Any] = json.loads(done.stdout)
    return done.returncode, {each["part"]: each["what"] for each in told["findings"]}


def type_(looker: Looker, digits: str) -> None:
    for digit in digits:
        looker.touch(f"digit:{digit}")
    looker.touch("primary")


def on(looker: Looker, screen: str) -> None:
    looker.until(lambda: looker.facts()["screen"] == screen, screen)


def pids(looker: Looker) -> list[int]:
    return [looker.world.pid(name) for name in ("kiosk", "printer", "sync")]


def acts(looker: Looker) -> list[str]:
    with open_store(looker.world.folder) as store:
        rows = store.rows("select ids from audit where event = ? order by seq", (audit.AuditEvent.TECHNICIAN.value,))
    return [json.loads(row["ids"])["act"] for row in rows]


def test_by_card_every_part_is_tried_and_every_act_recorded(looker: Looker) -> None:
    assert doctor(looker)[0] == 0
    looker.insert("rita")
    on(looker, "technician-pin")
    type_(looker, PIN)
    on(looker, "technician-mode")
    looker.until_said("Tudo funciona.")
    for act, outcome in (
        ("test-print", said("printed: the printer confirmed it")),
        ("test-reader", said("the chip answered")),
        ("test-network", said("accepts this kiosk")),
        ("paper-changed", said("the new roll is noted")),
        ("queue", said("nothing waits")),
        ("catalogue", said("there is none before it")),
    ):
        looker.touch(f"act:{act}")
        looker.until_said(outcome)
        looker.picture(f"technician-{act}")
        looker.touch("back")
        on(looker, "technician-mode")
    looker.touch("act:log")
    looker.until(lambda: looker.facts()["screen"] == "log-excerpt", "the log")
    looker.touch("back")
    looker.touch("act:restart")
    on(looker, "technician-act")
    before = pids(looker)
    looker.world.dock("card remove")
    on(looker, "attract")
    assert pids(looker) == before, "a restart that was not chosen is none"
    assert acts(looker) == [
        "seen", "in", "test-print", "test-reader", "test-network", "paper-changed", "queue", "catalogue", "log", "out",
    ]  # fmt: skip


def test_without_a_network_a_code_of_the_centre_lets_in_and_what_is_wrong_is_told(looker: Looker) -> None:
    looker.world.dock("network off")
    looker.world.dock("printer paper-out")
    looker.until(lambda: looker.facts()["link"] is False and looker.facts()["printer"] == "paper-out", "both faults")
    status, findings = doctor(looker)
    assert (status, findings["printer"]) == (1, "printer-paper-out")
    assert findings.keys() & {"way", "tls", "time"}

    looker.touch("help")
    looker.touch("page:next")
    looker.touch("maintenance")
    on(looker, "challenge")
    found = re.search(r"^(\d{3}) (\d{3}) (\d{3})$", looker.words(), re.MULTILINE)
    assert found is not None
    centre = str(looker.world.places.central)
    done = totem("central", "challenge", "VA-017", *found.groups(), "--json", "--state", centre)
    code = json.loads(done.stdout)["code"]
    type_(looker, f"{(int(code) + 1) % 10**8:08d}")
    looker.until_said("O código não confere.")
    type_(looker, code)
    on(looker, "technician-mode")
    looker.until_said(said("{n} faults", n=2))
    looker.until_said(said("Put in a new roll and close the cover."))
    looker.picture("technician-by-code")
    looker.touch("back")
    on(looker, "attract")
    assert acts(looker) == ["challenge", "wrong-code", "in", "out"]
    assert "challenge-answered" in totem("central", "alerts", "--state", centre).stdout


def test_the_programs_are_restarted_and_come_back(looker: Looker) -> None:
    looker.insert("rita")
    on(looker, "technician-pin")
    type_(looker, PIN)
    on(looker, "technician-mode")
    before = pids(looker)
    looker.touch("act:restart")
    looker.until(lambda: looker.can_press("act:restart-programs"), "the choice")

    def begun_anew() -> bool:
        with contextlib.suppress(NobodyThere):  # it leaves before it has answered
            looker.world.control({"do": "touch", "id": "act:restart-programs"})
        return not set(before) & set(pids(looker))

    looker.until(begun_anew, "three new processes")
    on(looker, "attract")
    assert acts(looker)[-1] == "restart-programs"
