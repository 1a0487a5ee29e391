import platform
import subprocess
import sys
from pathlib import Path

import pytest

START = (
    "import sys; from printer.transport import keep_escpos_quiet as quiet; quiet(sys.argv[1]); "
    "import escpos.capabilities"
)


@pytest.mark.parametrize("left", [b"", b"\x80\x04\x95"])
def test_a_process_killed_while_it_wrote_the_printer_database_does_not_keep_the_next_from_starting(
    tmp_path: Path, left: bytes
) -> None:
    cache = tmp_path / f"{platform.python_version()}.capabilities.pickle"
    cache.write_bytes(left)
    subprocess.run([sys.executable, "-c", START, str(tmp_path)], check=True)
    assert cache.stat().st_size > 1000
