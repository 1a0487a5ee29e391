"""What an exception may say, and what it ends."""

from __future__ import annotations

import subprocess
import sys

import pytest

SECRET = "MARIA DAS DORES 52998224725"
IN_A_THREAD = (
    "import threading, time\n"
    "def breaks():\n"
    f"    raise ValueError({SECRET!r})\n"
    "threading.Thread(target=breaks, name='watch').start()\n"
    "time.sleep(30)\n"
)
ON_TOP = f"try:\n    raise ValueError({SECRET!r})\nfinally:\n    raise KeyError({SECRET!r})\n"


@pytest.mark.parametrize(
    ("program", "said"), [(IN_A_THREAD, ("thread-ended", "ValueError")), (ON_TOP, ("process-ended", "KeyError"))]
)
def test_a_process_that_breaks_ends_and_says_where_but_not_what(program: str, said: tuple[str, str]) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", f"from kiosk.performers import failures\nfailures.install()\n{program}"],
        capture_output=True, text=True, timeout=20, check=False,
    )  # fmt: skip
    assert ended.returncode == 1
    told = ended.stdout + ended.stderr
    assert SECRET not in told
    for word in said:
        assert word in told
