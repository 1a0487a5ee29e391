"""The commands of the centre, as an administrator types them."""

import base64
import json
import signal
import socket
import ssl
import subprocess
import sys

import pytest
import requests

from central.cli import central
from devices.virtual import wallet
from tests.central.world import YAML, wait_until


@pytest.fixture
def totem(tmp_path):
    """Runs `totem ...` over a folder of its own; gives exit code, output and errors."""
    from click.testing import CliRunner

    from kiosk.commands.catalog import catalog

    def run(*arguments):
        group = {"central": central, "catalog": catalog}[arguments[0]]
        words = list(arguments[1:])
        if words[0] != "validate":
            words += ["--state", str(tmp_path / "central")]
        return CliRunner().invoke(group, words)

    return run


@pytest.fixture
def catalogue(tmp_path):
    file = tmp_path / "catalogue.yaml"
    file.write_text(YAML, encoding="utf-8")
    return file


def test_a_command_before_init_says_what_to_do(totem):
    result = totem("central", "token")
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert "totem central init" in result.stderr


def test_init_makes_a_private_folder_and_a_second_one_changes_no_key(totem, tmp_path, cards):
    anchors = str(cards / wallet.ANCHORS)
    assert totem("central", "init", "--simulation", "--anchors", anchors).exit_code == 0
    folder = tmp_path / "central"
    assert folder.stat().st_mode & 0o777 == 0o700
    before = {file.name: file.read_bytes() for file in [*(folder / "keys").iterdir(), *(folder / "tls").iterdir()]}
    assert totem("central", "init", "--simulation", "--anchors", anchors).exit_code == 0
    after = {file.name: file.read_bytes() for file in [*(folder / "keys").iterdir(), *(folder / "tls").iterdir()]}
    assert after == before


def test_what_is_no_certificate_is_not_taken_as_an_anchor(totem, catalogue):
    result = totem("central", "init", "--anchors", str(catalogue))
    assert result.exit_code == 2
    assert "PEM" in result.stderr


def test_a_token_enrols_and_the_kiosk_is_listed(totem, tmp_path):
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from central import enrolment
    from central.centre import open_centre
    from central.state import CentralState
    from offline_cache.contract.messages import EnrolmentRequest

    totem("central", "init", "--simulation")
    secret = json.loads(totem("central", "token", "--json").stdout)["secret"]
    public = base64.b64encode(Ed25519PrivateKey.generate().public_key().public_bytes_raw()).decode()
    request = EnrolmentRequest(secret=secret, public_key=public, label="Paço", simulation=True)
    enrolled = enrolment.enrol(open_centre(CentralState(tmp_path / "central")), request)
    assert enrolled.kiosk == "VA-017"
    listed = json.loads(totem("central", "kiosks", "--json").stdout)
    assert [(row["kiosk"], row["label"], row["simulation"]) for row in listed] == [("VA-017", "Paço", True)]
    assert listed[0]["allocations"] == [enrolled.allocation, enrolled.spare_allocation]


def test_a_catalogue_is_validated_then_pushed(totem, catalogue):
    totem("central", "init", "--simulation")
    assert totem("catalog", "validate", str(catalogue)).exit_code == 0
    assert json.loads(totem("catalog", "push", str(catalogue), "--json").stdout)["version"] == 1
    assert "Version 2" in totem("catalog", "push", str(catalogue)).stdout


def test_a_wrong_catalogue_is_told_line_by_line_and_exits_with_one(totem, catalogue):
    totem("central", "init", "--simulation")
    catalogue.write_text(YAML.replace("identification: none", "identification: guess"), encoding="utf-8")
    result = totem("catalog", "validate", str(catalogue))
    assert result.exit_code == 1
    assert "services[ouvidoria].identification" in result.stderr
    assert totem("catalog", "push", str(catalogue)).exit_code == 1


def test_lists_are_empty_in_a_new_centre(totem):
    totem("central", "init", "--simulation")
    for command in ("tickets", "quarantine", "kiosks"):
        assert json.loads(totem("central", command, "--json").stdout) == []
        assert totem("central", command).stdout.startswith("no")


def test_a_ticket_is_one_readable_line_and_whole_for_machines(world, kiosk):
    from click.testing import CliRunner

    sent = kiosk.ticket("ouvidoria")
    assert kiosk.send(sent) == ["created"]
    state = ["--state", str(world.state.path)]
    lines = CliRunner().invoke(central, ["tickets", *state]).stdout.splitlines()
    line = next(line for line in lines if sent.code in line)
    assert line.startswith(f"code {sent.code}")
    assert not set("{}[]'").intersection(line)
    rows = json.loads(CliRunner().invoke(central, ["tickets", "--json", *state]).stdout)
    assert [row["catalogue"] for row in rows if row["code"] == sent.code] == [1]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"a: 1\n\xff", "line 2 is not UTF-8"),
        (b"#" * 9_000_000, "longer than 8 MB"),
        (b"\0", "not YAML"),
        (b"a: [", "not YAML"),
        (b"", "holds no fields"),
    ],
    ids=["latin", "large", "nul", "open", "empty"],
)
def test_what_is_no_catalogue_is_one_plain_line_for_both_commands(totem, catalogue, content, words):
    totem("central", "init", "--simulation")
    catalogue.write_bytes(content)
    for command in ("validate", "push"):
        result = totem("catalog", command, str(catalogue))
        assert result.exit_code == 1
        assert words in result.stderr
        assert result.stderr.count("\n") == 1
        told = json.loads(totem("catalog", command, str(catalogue), "--json").stdout)
        assert not told["valid"]
        assert words in told["problems"][0]["wrong"]
        assert told["problems"][0]["mend"]


def test_a_file_of_debts_that_is_none_is_refused_before_anything_is_made(totem, tmp_path):
    wrong = tmp_path / "debts.csv"
    for content, words in ((b"hello\n", "columns are missing"), (b"\xff\n", "not UTF-8"), (b"", "columns are missing")):
        wrong.write_bytes(content)
        result = totem("central", "init", "--debts", str(wrong))
        assert result.exit_code == 2
        assert words in result.stderr
        assert not (tmp_path / "central").exists()


def test_a_folder_that_was_there_is_made_private(totem, tmp_path):
    (tmp_path / "central").mkdir(mode=0o755)
    totem("central", "init", "--simulation")
    assert (tmp_path / "central").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "central" / "central.toml").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("key", ["answers.key", "blinding.key"])
def test_a_key_that_is_missing_or_damaged_is_named(totem, tmp_path, key):
    totem("central", "init", "--simulation")
    file = tmp_path / "central" / "keys" / key
    file.write_bytes(b"short")
    assert f"{file} is not a key" in refused(totem("central", "token"))
    file.unlink()
    assert f"{file} is missing" in refused(totem("central", "token"))


def test_a_database_that_is_gone_or_damaged_is_told_and_no_empty_one_takes_its_place(totem, tmp_path):
    totem("central", "init", "--simulation")
    file = tmp_path / "central" / "central.db"
    file.unlink()
    for command in ("tickets", "token", "backup", "serve"):
        assert "central.db is missing" in refused(totem("central", command))
    assert not file.exists()
    file.write_bytes(b"no database" * 100)
    for command in ("tickets", "token", "backup"):
        assert "database cannot be used" in refused(totem("central", command))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('documents_ur = "x"', "documents_ur: nobody knows this field"),
        ("first_kiosk = 0", "first_kiosk: must be greater"),
        ("first_kiosk = ", "Invalid value"),
        ('database_url = "nothing://x"', "database_url"),
    ],
)
def test_a_slip_in_central_toml_is_one_line_with_the_field(totem, tmp_path, line, words):
    totem("central", "init")
    (tmp_path / "central" / "central.toml").write_text(line + "\n", encoding="utf-8")
    said = refused(totem("central", "tickets"))
    assert words in said
    assert "pydantic" not in said


def test_a_folder_is_served_once(totem, tmp_path):
    from central.state import CentralState
    from tests.centre import serving_process

    totem("central", "init", "--simulation")
    state = CentralState(tmp_path / "central")
    with serving_process(state, 0) as (port, _):
        assert "is being served already" in refused(totem("central", "serve", "--port", "0"))
        assert state.port_file.read_text().strip() == str(port)


def refused(result):
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    return result.stderr


def test_a_port_that_is_taken_is_one_plain_line(totem):
    totem("central", "init", "--simulation")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        result = totem("central", "serve", "--port", str(taken.getsockname()[1]))
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert "--port" in result.stderr


def test_serve_writes_its_port_answers_over_tls_and_stops_when_told(totem, tmp_path):
    totem("central", "init", "--simulation")
    folder = tmp_path / "central"
    command = [sys.executable, "-m", "kiosk.cli", "central", "serve", "--state", str(folder), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            wait_until(lambda: (folder / "port").exists() or process.poll() is not None)
            port = int((folder / "port").read_text())
            with requests.Session() as http:
                http.trust_env = False
                answer = http.get(f"https://127.0.0.1:{port}/v1/health", verify=str(folder / "tls" / "ca.pem"))
            assert answer.json() == {"status": "ok"}
        finally:
            process.send_signal(signal.SIGTERM)
            output, _ = process.communicate(timeout=20)
        assert process.returncode == 0
        assert not (folder / "port").exists()
        assert f"https://127.0.0.1:{port}" in output


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1"])
def test_the_certificate_holds_in_the_strictest_reading(totem, tmp_path, name):
    from central.state import CentralState
    from tests.central.world import running

    totem("central", "init", "--simulation")
    state = CentralState(tmp_path / "central")
    context = ssl.create_default_context(cafile=str(state.tls / "ca.pem"))
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    with running(state) as world:
        port = int(world.url.rpartition(":")[2])
        with (
            socket.create_connection(("127.0.0.1", port)) as plain,
            context.wrap_socket(plain, server_hostname=name) as encrypted,
        ):
            assert encrypted.version() in ("TLSv1.2", "TLSv1.3")


def test_the_source_of_debts_is_checked_by_command(totem, tmp_path):
    totem("central", "init", "--simulation")
    assert "debts.csv: " in totem("central", "debts").stdout
    assert json.loads(totem("central", "debts", "--json").stdout)["works"]
    settings = tmp_path / "central" / "central.toml"
    with settings.open("a", encoding="utf-8") as file:
        file.write('debts_url = "sqlite:////nowhere/tax.db"\n')
    assert "/nowhere/tax.db is missing" in refused(totem("central", "debts"))
