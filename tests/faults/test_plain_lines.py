"""Whatever is wrong with what a person asks of `totem`, it is told in one plain line; nobody is shown a traceback."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kiosk.cli import main
from kiosk.simulation.demonstration import Places
from offline_cache.folder import StateFolder
from tests.journeys.conftest import MakePlaces

JOURNEY = "title: x\nlanguage: en\nsteps:\n{steps}\nexpect: {{outcome: none, papers: 0}}\n"
LIMIT_S = 60


def totem(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


def told(result: Result) -> str:
    """The one line on standard error."""
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    line: str = result.stderr.removeprefix("totem: ")
    assert line != result.stderr
    assert line.count("\n") == 1
    return line.strip()


@pytest.fixture
def simulation(tmp_path: Path) -> Path:
    (tmp_path / "simulation").touch()
    return tmp_path


@pytest.fixture(scope="module")
def made(make_places: MakePlaces) -> Places:
    return make_places("lines")


@pytest.fixture
def taken() -> Iterator[int]:
    """A port on which somebody else listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_port_that_is_taken(made: Places, taken: int) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "kiosk.cli", "central", "serve", "--state", str(made.central), "--port", str(taken)],
        capture_output=True, text=True, check=False, timeout=LIMIT_S,
    )  # fmt: skip

    assert done.returncode == 2
    assert done.stderr == (
        f"totem: port {taken} of 127.0.0.1 cannot be used (Address already in use): stop what uses it, or choose "
        "another with --port\n"
    )


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["nosuch"], "No such command 'nosuch': see `totem --help`"),
        (["queue", "nosuch"], "No such command 'nosuch': see `totem queue --help`"),
        (["queue", "status", "--nosuch"], "No such option '--nosuch': see `totem queue status --help`"),
        (["code", "check"], "Missing argument 'CODE...': see `totem code check --help`"),
    ],
)
def test_wrong_use_says_where_help_is(words: list[str], line: str) -> None:
    assert told(totem(*words)) == line


@pytest.mark.parametrize(
    ("written", "line"),
    [
        (JOURNEY.format(steps="  - tuch: a"), "step 1: `tuch` is not known; known are touch, "),
        (JOURNEY.format(steps="  - touch: a\n  - {touch: a, screen: b}"), "step 2: a step says exactly one thing: "),
        (JOURNEY.format(steps="  - pin: '12'"), "step 1: pin: String should match"),
        (JOURNEY.format(steps="  - touch: a").replace("en", "xx"), "the file: language: Input should be 'pt-BR'"),
        ("just words", "a journey file has a title, a language, steps and what to expect"),
        ("title: [", "not YAML: "),
    ],
)
def test_a_journey_file_that_cannot_be_played(simulation: Path, written: str, line: str) -> None:
    file = simulation / "journey.yaml"
    file.write_text(written, encoding="utf-8")

    assert told(totem("journey", str(file), "--state", str(simulation))).startswith(f"{file}: {line}")


def test_a_journey_file_that_is_not_there(simulation: Path) -> None:
    file = simulation / "none.yaml"

    assert told(totem("journey", str(file), "--state", str(simulation))) == f"{file}: No such file or directory"


@pytest.mark.parametrize("words", [["run"], ["journey", "journeys/fee-guide-offline.yaml"]])
def test_a_demonstration_never_plays_in_a_real_kiosk(
    tmp_path: Path, words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    (tmp_path / "store.db").touch()

    assert told(totem(*words, "--state", str(tmp_path), "--out", str(tmp_path / "out"))) == (
        f"{tmp_path} is not a demonstration's folder (a real kiosk's, perhaps): name another with --state"
    )
    assert {entry.name for entry in tmp_path.iterdir()} <= {"store.db", "out"}


@pytest.mark.parametrize("words", [["status"], ["card", "insert", "maria"], ["printer", "ok"], ["panel"]])
def test_a_dock_that_does_not_run(simulation: Path, words: list[str]) -> None:
    assert told(totem("dock", *words, "--state", str(simulation))) == (
        "the dock is not running: start the demonstration with `make run`"
    )


def test_a_dock_moves_nothing_in_a_real_kiosk(tmp_path: Path) -> None:
    assert told(totem("dock", "card", "remove", "--state", str(tmp_path))) == (
        f"{tmp_path} is not a simulation folder: the dock moves nothing there"
    )


@pytest.mark.parametrize("part", ["kiosk", "printer"])
@pytest.mark.parametrize(
    ("written", "line"),
    [
        (None, " is missing: in a checkout, `make run` makes it"),
        ("x = [", ": Invalid value (at end of document)"),
        ('[centre]\nurl = "u"\nca = "c"\n[printer]\nport = "x"\n', ": printer.port: must be a whole number"),
    ],
)
def test_settings_that_cannot_be_read(
    tmp_path: Path, screen: str, part: str, written: str | None, line: str
) -> None:
    file = tmp_path / "totem.toml"
    if written is not None:
        file.write_text(written, encoding="utf-8")

    done = subprocess.run(
        [sys.executable, "-m", "kiosk.cli", "run", part, "--state", str(tmp_path)],
        capture_output=True, text=True, check=False, timeout=LIMIT_S, env={**os.environ, "DISPLAY": screen},
    )  # fmt: skip

    assert done.returncode == 2
    assert done.stderr.startswith(f"totem: {file}{line}")
    assert done.stderr.count("\n") == 1


def test_a_missing_store_key(enrolled: Callable[[str], Places], screen: str) -> None:
    state = enrolled("keyless").state
    shutil.rmtree(state / "keys")
    line = f"totem: {state}/keys/store.key is missing: run `totem provision`, or `make run` in a checkout"

    for words in (["run", "store"], ["run", "sync"], ["run", "printer"], ["run", "kiosk"], ["queue", "status"]):
        done = subprocess.run(
            [sys.executable, "-m", "kiosk.cli", *words, "--state", str(state)],
            capture_output=True, text=True, check=False, timeout=LIMIT_S, env={**os.environ, "DISPLAY": screen},
        )  # fmt: skip
        assert line in done.stderr.splitlines(), words
        assert "Traceback" not in done.stderr
        assert done.returncode == (1 if words == ["run", "kiosk"] else 2), words
    assert StateFolder(state).database.exists()


def test_a_fault_of_the_program_names_its_place_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object) -> None:
        raise KeyError("Maria das Dores")

    monkeypatch.setattr("kiosk.issuing.tracking.normalise", broken)

    line = told(totem("code", "check", "0000-0000-0000"))

    assert line.startswith("this is a fault of the program (KeyError at ")
    assert "Maria" not in line
