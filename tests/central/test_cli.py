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

    from central.catalog_cli import catalog

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
