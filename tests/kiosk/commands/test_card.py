"""`totem card`, run as a technician would, on the real pcscd."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from devices.virtual import wallet
from devices.virtual.pcscd import PrivatePcscd
from devices.virtual.vpcd import VirtualCard, VirtualReader
from tests.devices.conftest import Listener
from tests.devices.samples import SAMPLES, Sample


class Bench:
    """A state folder, the cards, and a reader to put them in."""

    def __init__(self, folder: Path, pcscd: PrivatePcscd) -> None:
        self.folder = folder
        self.pcscd = pcscd
        self.slot = VirtualReader(pcscd.port)
        wallet.make_wallet(folder / "cards")
        settings = f'pcscd_socket = "{pcscd.socket}"\n[centre]\nurl = "https://localhost"\nca = "ca.pem"\n'
        (folder / "totem.toml").write_text(settings, encoding="utf-8")

    def insert(self, name: str) -> None:
        self.put_in(wallet.load(self.folder / "cards", name))

    def put_in(self, card: VirtualCard) -> None:
        """Waits until pcscd has seen the old card go and this one come."""
        listener = Listener(self.pcscd.socket, 15)
        listener.worker.start()
        self.slot.remove()
        listener.card_is(present=False)
        self.slot.insert(card)
        listener.card_is(present=True)
        listener.worker.kill()

    def totem(self, *arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "kiosk.cli", "card", *arguments, "--state", str(self.folder)]
        done = subprocess.run(command, input=stdin, capture_output=True, check=False, timeout=60)
        return subprocess.CompletedProcess(command, done.returncode, done.stdout.decode(), done.stderr.decode())

    def read(self, *arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[str]:
        return self.totem("read", "--anchors", str(self.folder / "cards/anchors.pem"), *arguments, stdin=stdin)


@pytest.fixture
def bench() -> Iterator[Bench]:
    with tempfile.TemporaryDirectory(prefix="totem-") as folder:
        pcscd = PrivatePcscd(Path(folder))
        pcscd.start()
        made = Bench(Path(folder), pcscd)
        yield made
        made.slot.remove()
        pcscd.stop()


def test_read_tells_people_who_it_is_with_the_number_masked(bench: Bench) -> None:
    bench.insert("maria")
    done = bench.read()
    assert (done.returncode, done.stderr) == (0, "")
    assert "piv-icp-brasil: Maria das Dores Oliveira, br-cpf ***.982.247-**, PIN tries left: 3" in done.stdout
    assert "assurance 1" in done.stdout
    assert "revocation: not-checked" in done.stdout
    assert "52998224725" not in done.stdout


def test_read_with_the_pin_of_standard_input_proves_the_holder(bench: Bench) -> None:
    bench.insert("maria")
    done = bench.read("--json", "--pin-stdin", stdin=b"123456\n")
    assert done.returncode == 0
    said = json.loads(done.stdout)
    assert (said["family"], said["name"], said["assurance"]) == ("piv-icp-brasil", "Maria das Dores Oliveira", 2)
    assert list(said) == ["family", "name", "national_id", "assurance", "checks"]
    assert said["national_id"] == {"scheme": "br-cpf", "value": "***.982.247-**"}
    assert "52998224725" not in done.stdout
    outcomes = {check["name"]: check["outcome"] for check in said["checks"]}
    assert (outcomes["holder"], outcomes["revocation"]) == ("passed", "not-checked")


@pytest.mark.parametrize("sample", SAMPLES.values(), ids=SAMPLES)
def test_every_family_is_read_with_its_number_and_what_was_checked(bench: Bench, sample: Sample) -> None:
    bench.put_in(sample.make())
    roots = bench.folder / "roots.pem"
    roots.write_text(sample.roots(), encoding="ascii")
    pin = ["--pin-stdin"] if sample.pin else []
    done = bench.totem("read", "--anchors", str(roots), "--json", "--unmasked", *pin, stdin=f"{sample.pin}\n".encode())
    assert (done.returncode, done.stderr) == (0, "")
    said = json.loads(done.stdout)
    assert (said["family"], said["name"], said["assurance"]) == (sample.family, sample.name, 2)
    assert said["national_id"] == {"scheme": sample.scheme, "value": sample.number}
    assert {"name", "outcome", "detail"} == set(said["checks"][0])


def test_a_card_of_a_family_that_is_not_accepted_is_refused_and_named(bench: Bench) -> None:
    bench.insert("maria")
    done = bench.read("--json", "--family", "belgian-eid")
    assert done.returncode == 1
    assert json.loads(done.stdout)["trouble"] == "unknown-family"
    unknown = bench.read("--family", "library-card")
    assert (unknown.returncode, "there is no card family library-card" in unknown.stderr) == (2, True)


def test_a_wrong_pin_a_refused_card_and_an_empty_reader_leave_with_one_and_a_line(bench: Bench) -> None:
    assert "no card in any reader" in refused(bench.read())
    bench.insert("joao")
    assert "tries left: 2" in refused(bench.read("--pin-stdin", stdin=b"000000\n"))
    bench.insert("bia")
    assert "expired" in refused(bench.read())


def refused(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 1
    assert done.stderr.startswith("totem: ")
    assert done.stderr.count("\n") == 1
    return done.stderr


def test_read_without_catalogue_or_anchors_says_what_to_give(bench: Bench) -> None:
    done = bench.totem("read")
    assert done.returncode == 2
    assert "--anchors FILE" in done.stderr


def test_watch_says_each_change_as_a_line_of_json(bench: Bench) -> None:
    command = [sys.executable, "-m", "kiosk.cli", "card", "watch", "--json", "--state", str(bench.folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = (json.loads(line) for line in process.stdout)
        assert next(lines) == {"event": "reader", "present": True}
        assert next(lines) == {"event": "card", "present": False}
        bench.slot.insert(wallet.load(bench.folder / "cards", "joao"))
        assert next(lines) == {"event": "card", "present": True}
        process.terminate()


def test_roots_that_are_no_certificates_are_refused_before_the_card_is_asked(bench: Bench) -> None:
    wrong = bench.folder / "totem.toml"
    done = bench.totem("read", "--anchors", str(wrong))
    assert (done.returncode, done.stderr) == (2, f"totem: {wrong} holds no certificates in PEM\n")
