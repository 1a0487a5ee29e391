"""What every command has in common: how it says that it cannot."""

import fcntl
import json

import click
import pytest
import structlog
from click.testing import CliRunner

from kiosk.cli import COMMANDS, main
from kiosk.commands.options import plain


def totem(*words):
    return CliRunner().invoke(main, list(words))


def every_command(command=main, path=()):
    yield path
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            yield from every_command(command.get_command(context, name), (*path, name))


@pytest.mark.parametrize("path", list(every_command()), ids=" ".join)
def test_every_command_has_help_that_fits_and_refuses_an_unknown_option_in_one_line(path):
    said = totem(*path, "--help")
    assert said.exit_code == 0
    assert said.stdout.startswith(" ".join(("Usage: totem", *path)))
    assert not [line for line in said.stdout.splitlines() if line.endswith("...") and "Usage" not in line]
    refused = totem(*path, "--unheard-of")
    assert refused.exit_code == 2
    assert refused.stdout == ""
    assert refused.stderr.startswith("totem: No such option")
    assert refused.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "words",
    [("nothing",), ("printer", "nothing"), ("dock", "printer", "burn"), ("guide", "make"), ("queue", "status", "more")],
)
def test_wrong_use_is_one_line_that_names_the_help(words):
    said = totem(*words)
    assert said.exit_code == 2
    assert said.stderr.count("\n") == 1
    assert "--help`" in said.stderr


def test_a_group_without_a_command_shows_what_there_is():
    said = totem("printer")
    assert said.exit_code == 2
    assert "preview" in said.stderr
    assert set(COMMANDS) <= set(totem("--help").stdout.split())


def test_what_the_system_refuses_is_one_line_with_the_path(tmp_path):
    (tmp_path / "file").touch()
    for words in (("run", "store"), ("central", "init")):
        said = totem(*words, "--state", str(tmp_path / "file" / "state"))
        assert said.exit_code == 2
        assert said.stderr == f"totem: {tmp_path / 'file' / 'state'}: a part of this path is a file, not a folder\n"


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(28, "No space left on device"), "the disk is full"),
        (OSError(30, "Read-only file system", "/x"), "/x: the disk can only be read"),
        (PermissionError(13, "Permission denied", "/x"), "/x: this user may not"),
        (OSError(5, "Input/output error"), "Input/output error"),
        (FileNotFoundError("our own words"), "our own words"),
        (ValueError("our own words"), "our own words"),
    ],
)
def test_errors_of_the_system_say_what_to_do(error, words):
    assert plain(error).startswith(words)
    assert "Errno" not in plain(error)


def test_a_slip_in_totem_toml_is_one_line_with_the_field(tmp_path):
    (tmp_path / "totem.toml").write_text(
        '[centre]\nurl = "https://localhost"\nca = "ca.pem"\n[printer]\nhots = "x"\nport = "none"\n', encoding="utf-8"
    )
    said = totem("printer", "status", "--state", str(tmp_path))
    assert said.exit_code == 2
    assert said.stderr.count("\n") == 1
    assert "printer.hots: nobody knows this field" in said.stderr
    assert "printer.port: must be a whole number" in said.stderr
    assert "pydantic" not in said.stderr


@pytest.fixture
def _own_log():
    yield
    structlog.reset_defaults()


@pytest.mark.usefixtures("_own_log", "store")
def test_sync_once_answers_on_standard_output_and_logs_elsewhere(folder):
    (folder.path / "totem.toml").write_text('[centre]\nurl = "https://localhost:9"\nca = "ca.pem"\n', encoding="utf-8")
    said = totem("sync", "once", "--json", "--state", str(folder.path))
    assert said.exit_code == 1
    assert json.loads(said.stdout) == {"reached": False, "waiting": 0}


def test_a_second_kiosk_on_one_folder_leaves_the_first_alone(folder):
    with (folder.make_run() / "kiosk.owner").open("w") as first:
        fcntl.flock(first, fcntl.LOCK_EX)
        said = totem("run", "kiosk", "--state", str(folder.path))
    assert said.exit_code == 2
    assert said.stderr == "totem: another kiosk process shows the screen of this folder: stop that one first\n"


def test_a_journey_that_is_no_text_is_one_line(tmp_path):
    (tmp_path / "journey.yaml").write_bytes(b"\xff\xfe")
    said = totem("journey", str(tmp_path / "journey.yaml"))
    assert said.exit_code == 2
    assert "UTF-8" in said.stderr
    assert said.stderr.count("\n") == 1
