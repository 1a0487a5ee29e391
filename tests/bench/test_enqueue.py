import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from kiosk.commands.queue import queue
from kiosk.issuing import tracking

ENQUEUE = Path(__file__).parents[2] / "bench" / "enqueue.py"


def enqueue(count: int, state: Path, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(ENQUEUE), str(count), "--state", str(state)],
        capture_output=True, text=True, check=False, **options,
    )  # fmt: skip


def listed(state: Path) -> list[str]:
    return CliRunner().invoke(queue, ["codes", "--state", str(state)]).output.splitlines()


def test_an_empty_folder_becomes_a_kiosk_whose_codes_are_listed_as_they_were_said(tmp_path: Path):
    state = tmp_path / "a" / "state"
    first = enqueue(3, state)
    assert first.stderr == ""
    said = first.stdout.splitlines()
    assert len(set(said)) == 3
    assert all(tracking.is_valid(code) for code in said)
    assert listed(state) == said
    said += enqueue(2, state, cwd=tmp_path).stdout.splitlines()
    assert len(set(said)) == 5
    assert listed(state) == said


def test_each_code_is_said_as_soon_as_it_is_on_disk(tmp_path: Path):
    """Killed after the first line that comes, long before the last: a buffer would have held it."""
    command = [sys.executable, str(ENQUEUE), "100000", "--state", str(tmp_path / "state")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = [process.stdout.readline().strip()]
        process.kill()
        said += [line.strip() for line in process.stdout if line.endswith("\n")]
    assert set(said) <= set(listed(tmp_path / "state"))
    assert 0 < len(said) < 100000


@pytest.mark.parametrize("wrong", ["-1", "many"])
def test_what_is_no_count_is_wrong_use(tmp_path: Path, wrong: str):
    command = [sys.executable, str(ENQUEUE), wrong, "--state", str(tmp_path / "state")]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 2
    assert not (tmp_path / "state").exists()


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path):
    (tmp_path / "letter").write_text("dear")
    done = enqueue(1, tmp_path)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert [entry.name for entry in tmp_path.iterdir()] == ["letter"]
