"""Who is at the kiosk holds the lock beside others, and whoever dies lets it go."""

import fcntl
import subprocess
import sys
from pathlib import Path

import pytest

from offline_cache.folder import StateFolder
from offline_cache.occupied import Occupied, lock_path


@pytest.fixture
def folder(tmp_path: Path) -> StateFolder:
    return StateFolder(tmp_path)


def free(folder: StateFolder) -> bool:
    with lock_path(folder).open("r+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


def test_it_is_held_as_long_as_anybody_is_there(folder: StateFolder) -> None:
    screen, printer = Occupied(folder), Occupied(folder)
    assert free(folder)
    screen.tell(occupied=True)
    printer.tell(occupied=True)
    screen.tell(occupied=False)
    assert not free(folder), "a paper is not finished"
    printer.tell(occupied=False)
    assert free(folder)
    screen.close()
    printer.close()


def test_who_comes_while_a_program_is_put_in_place_is_not_held_up(folder: StateFolder) -> None:
    screen = Occupied(folder)
    with lock_path(folder).open("r+") as switching:
        fcntl.flock(switching, fcntl.LOCK_EX)
        screen.tell(occupied=True)
    assert free(folder)
    screen.tell(occupied=True)
    assert not free(folder), "and is heard with the next word"
    screen.close()


def test_a_crash_lets_it_go(folder: StateFolder) -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "from offline_cache.folder import StateFolder; from offline_cache.occupied import Occupied\n"
        "Occupied(StateFolder(Path(sys.argv[1]))).tell(occupied=True); print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(folder.path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        assert not free(folder)
        other.kill()
    assert free(folder)
