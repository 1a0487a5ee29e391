"""After a session nothing of its citizen is in clear: in no file, no log, no environment, nor in memory."""

from __future__ import annotations

import base64
import os
import re
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from devices.virtual import wallet
from kiosk.issuing import masks
from kiosk.simulation.player import Played
from kiosk.simulation.world import World
from tests.journeys import scanning
from tests.journeys.citizen import Citizen
from tests.journeys.conftest import Town

COMPLAINT = (
    "Calle de las Magnolias, frente a la panadería", "La farola está apagada desde el lunes.",
    "Rua das Acacias, 12", "A deep hole in front of the school.",
)  # fmt: skip
PLAYED = ("iptu-guide", "certificate", "ombudsman-offline", "fee-guide-offline", "further/request-followed")
CARD_PIN = "123456"
PARTS = ("kiosk", "printer", "sync")
# Not the PIN of the card, whose six digits stand in many a table.
IN_MEMORY = ("complaint", "name", "CPF", "paper", "code's")
# Of its environment, which every process holds.
ALWAYS_THERE = b"PYTHONUNBUFFERED=1"
FORGOTTEN_WITHIN_S = 10.0
UNREADABLE_MAPS = ("[vvar]", "[vvar_vclock]", "[vsyscall]")


@pytest.fixture(scope="module")
def secrets(town: Town) -> dict[str, str]:
    """What was said, typed and printed in the journeys that were played: what it is -> the text."""
    played = [town.played(name) for name in PLAYED]
    assert not [journey.failed for journey in played if journey.failed]
    Citizen(town.world).leave()
    found = {f"complaint {number}": text for number, text in enumerate(COMPLAINT)}
    for name in ("maria", "joao"):
        person = wallet.person(town.world.places.cards, name)
        found |= {
            f"name of {name}": person.holder,
            f"paper name of {name}": masks.paper_name(person.holder),
            f"first names of {name}": " ".join(person.holder.split()[:2]),
            f"last name of {name}": person.holder.split()[-1],
            f"CPF of {name}": person.cpf,
            f"dotted CPF of {name}": f"{person.cpf[:3]}.{person.cpf[3:6]}.{person.cpf[6:9]}-{person.cpf[9:]}",
            f"masked CPF of {name}": f"{person.cpf[3:6]}.{person.cpf[6:9]}",
        }
    return found | {
        "card's PIN": CARD_PIN,
        "code's PIN": _printed_pin(town.played("iptu-guide")),
        "code's PIN that was typed": town.played("further/request-followed").noted["code-pin"],
    }


def _printed_pin(played: Played) -> str:
    pin = scanning.reads(Path(played.receipts[0]), "Senha do código: ", 6)
    assert re.fullmatch(r"\d{6}", pin)
    return pin


def forms(text: str) -> set[bytes]:
    """How a text may lie in a file or in memory: as typed, in capitals, in base64 at any offset, in wide letters."""
    written = {
        shape.encode(encoding)
        for shape in (text, text.upper(), text.lower())
        for encoding in ("utf-8", "latin-1", "utf-16-le", "utf-32-le")
    }
    inside = {base64.b64encode(b"\0" * lead + text.encode())[lead + (lead > 0) : -4] for lead in range(3)}
    return written | {part for part in inside if len(part) >= 8}


def in_clear(places: Iterable[tuple[str, bytes]], secrets: dict[str, str]) -> list[str]:
    """Which secret is where."""
    wanted = [(what, form) for what, text in secrets.items() for form in forms(text)]
    return sorted({f"{what} in {place}" for place, data in places for what, form in wanted if form in data})


def files(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in folder.rglob("*"):
        if path.is_file():
            yield str(path), path.read_bytes()


def processes(world: World) -> dict[str, int]:
    worker = world.control({"do": "worker-pid"})["pid"]
    return {name: world.pid(name) for name in PARTS} | {"worker": int(worker)}


def memory(pid: int) -> bytes:
    """Everything a process holds that it may write to. PermissionError where the kernel refuses."""
    held, process = bytearray(), Path(f"/proc/{pid}")
    with (process / "maps").open(encoding="utf-8") as maps, (process / "mem").open("rb", 0) as mem:
        for line in maps:
            span, rights, *_, name = line.split()
            if not rights.startswith("rw") or name in UNREADABLE_MAPS or name.startswith("/dev/"):
                continue
            begin, end = (int(place, 16) for place in span.split("-"))
            mem.seek(begin)
            held += mem.read(end - begin)
    return bytes(held)


@pytest.mark.parametrize("wrapped", ["{}", '{{"cpf":"{}"}}', "x{}", "xy{}z"])
def test_the_search_finds_what_is_there(tmp_path: Path, wrapped: str) -> None:
    said = {"cpf": "52998224725", "name": "João Batista de Souza"}
    for encoding in ("utf-8", "latin-1", "utf-16-le"):
        for text in said.values():
            (tmp_path / "log").write_bytes(b"\x00\xff" + wrapped.format(text.upper()).encode(encoding))
            assert in_clear(files(tmp_path), said)
    (tmp_path / "log").write_bytes(base64.b64encode(wrapped.format(said["cpf"]).encode()))
    assert in_clear(files(tmp_path), said)
    (tmp_path / "log").write_bytes(b"nothing")
    assert not in_clear(files(tmp_path), said)


def test_no_file_of_the_kiosk_holds_anything_of_its_citizens(town: Town, secrets: dict[str, str]) -> None:
    folder = town.world.folder
    searched = [*files(folder.path), *files(folder.run)]
    names = {Path(place).name for place, _ in searched}

    assert {"store.db", "kiosk.log", "printer.log", "sync.log", "dock.log"} <= names
    assert not in_clear(searched, secrets)
    assert not [name for name in names if name.endswith(".png")], "papers are the citizens', not the kiosk's"
    assert not list(folder.print_keys.iterdir()), "the key of a paper outlived it"


def test_no_process_was_started_with_anything_of_them(town: Town, secrets: dict[str, str]) -> None:
    told = [
        (f"{what} of {name}", Path(f"/proc/{pid}/{what}").read_bytes())
        for name, pid in processes(town.world).items()
        for what in ("environ", "cmdline")
    ]
    assert not in_clear(told, secrets)


@pytest.mark.parametrize("name", [*PARTS, "worker"])
def test_no_process_of_the_kiosk_remembers_them(town: Town, secrets: dict[str, str], name: str) -> None:
    said = {
        what: {text.encode(encoding) for encoding in ("utf-8", "latin-1", "utf-32-le")}
        for what, text in secrets.items()
        if what.split()[0] in IN_MEMORY
    }
    pid = processes(town.world)[name]
    until = time.monotonic() + FORGOTTEN_WITHIN_S
    while True:
        try:
            held = memory(pid)
        except PermissionError:
            # The card worker forbids it to everybody but root (PR_SET_DUMPABLE).
            assert os.geteuid() != 0
            return
        assert ALWAYS_THERE in held, "the search sees nothing"
        found = [what for what, written in said.items() if any(form in held for form in written)]
        if not found:
            return
        assert time.monotonic() < until, f"{name} still holds {found}"
