"""A kiosk in service is given other programs by its centre: a good one, one while somebody is there, a bad one, and one
in whose switch the power goes. One machine of Debian 13, the tests in their order.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from printer.virtual.server import VirtualPrinterServer
from tests.appliance import roots
from tests.appliance.container import Container, wait_until
from tests.appliance.outside import PROJECT, Street, serving, totem
from tests.appliance.test_boot import OUT, Scene, _glass, _journey, _size

DEBIAN = roots.RELEASES[-1]
# A release must run a minute without a break; on a machine that others use all takes its time.
LIMIT_S = 420.0


@dataclass
class Fleet:
    """The kiosk, and who makes and signs its programs."""

    scene: Scene
    aside: Path

    def begin(self) -> None:
        self._release("init", "--keys", str(self.aside / "keys"))

    def push(self, number: int, *, broken: bool = False, other_packages: bool = False) -> None:
        """Built from a copy of this project, signed, published, rolled out."""
        checkout = self.aside / f"checkout-{number}"
        _do("git", "clone", "-q", "--no-hardlinks", str(PROJECT), str(checkout))
        if broken:
            file = checkout / "kiosk/app.py"
            text = file.read_text()
            file.write_text(text.replace("def main(folder: StateFolder) -> None:\n", f"{_BROKEN}\n", 1))
            assert file.read_text() != text
        if other_packages:
            with (checkout / "systemd/appliance.lock").open("a") as lock:
                lock.write("# another one\n")
        who = ("-c", "user.name=t", "-c", "user.email=t@t")
        _do("git", "-C", str(checkout), *who, "commit", "--allow-empty", "-qam", "another")
        build = ("release", "build", str(checkout), "--release", str(number), "--out", str(self.aside))
        totem(*build)
        if other_packages:
            platform = f"cp{DEBIAN.python.replace('.', '')}-{os.uname().machine}"
            totem(*build, "--wheels-from", str(DEBIAN.stick / "wheels"), "--platform", platform)
        archives = map(str, sorted(self.aside.glob(f"totem.{number}.*.tar.gz")))
        self._release("push", *archives, "--keys", str(self.aside / "keys"))

    def status(self) -> str:
        return self._release("status")

    def _release(self, command: str, *arguments: str) -> str:
        return totem("release", command, "--state", str(self.scene.central), *arguments)

    # ---- the machine ------------------------------------------------------------------------------------

    def report(self) -> dict[str, object]:
        file = self.scene.machine.path("/var/lib/totem-update/report.json")
        found: dict[str, object] = json.loads(file.read_text()) if file.exists() else {}
        return found

    def phase(self) -> str:
        """Of the attempt that is under way."""
        file = self.scene.machine.path("/var/lib/totem-update/state.json")
        return str(json.loads(file.read_text())["phase"]["kind"]) if file.exists() else ""

    def in_use(self) -> str:
        return self.scene.machine.do("readlink", "/opt/totem").strip()

    def number(self) -> int:
        """Of the program that /opt/totem leads to."""
        said = self.scene.machine.do("sh", "-c", "grep -s '^release' /opt/totem/share/totem/pyproject.toml || true")
        return int(said.split("=")[1]) if said else 0

    def proven(self, number: int) -> bool:
        said = self.report()
        ended = (said.get("state"), said.get("next"), said.get("why")) == ("proven", None, "")
        return ended and self.number() == number

    @property
    def bad(self) -> list[int]:
        found = self.report().get("bad", [])
        assert isinstance(found, list)
        return found


_BROKEN = "def main(folder: StateFolder) -> None:\n    raise SystemExit(3)\n"


def _do(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)


@pytest.fixture(scope="module")
def fleet() -> Iterator[Fleet]:
    roots.prepare(DEBIAN)
    out = OUT / "updates"
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    os.environ["TOTEM_PASSPHRASE"] = "only for this test"
    with tempfile.TemporaryDirectory(dir=roots.CACHE) as aside, VirtualPrinterServer("0.0.0.0", 0, out / "paper") as p:
        machine = Container("totem19", str(DEBIAN.root), Path(aside) / "machine", subnet=19, binds=(DEBIAN.stick,))
        central = Path(aside) / "central"
        with machine, serving(central, machine.host) as port:
            machine.boot()
            scene = Scene(DEBIAN, machine, Street(machine, central, p), central, port)
            try:
                _in_service(scene, Path(aside))
                yield Fleet(scene, Path(aside))
            finally:
                (out / "journal.txt").write_text(machine.journal("-u", "totem-*"))


def _in_service(scene: Scene, aside: Path) -> None:
    """Provisioned and enrolled as in the other tests, and asking its centre more often."""
    machine, street = scene.machine, scene.street
    panel = ("--panel", "1080x1920/296.7x527.4")
    status, said = scene.provision("--label", "VA-100", "--place", "P", "--printer", "none", *panel, "--simulation")
    assert status == 0, said
    _glass(scene)
    settings = machine.path("/etc/totem/totem.toml")
    settings.write_text(f"{settings.read_text()}\n[sync]\nheartbeat_s = 5.0\n")
    url = f"https://{machine.host}:{scene.port}"
    totem("central", "token", "--state", str(scene.central), "--file", str(aside / "token"), "--url", url)
    machine.path("/run/token").write_text((aside / "token").read_text())

    def approve(line: str) -> None:
        if words := re.search(r"totem central approve (.+)", line):
            totem("central", "approve", *words[1].split(), "--state", str(scene.central))

    status, said = scene.provision(
        "--token", "/run/token", "--printer", f"network:{machine.host}:{street.printer.port}",
        "--printer-profile", "epson-tm-t20x", on_line=approve,
    )  # fmt: skip
    assert status == 0, said
    wait_until(scene.serves, "the kiosk serves", 120)


def test_a_release_is_fetched_verified_built_beside_switched_to_and_proven(fleet: Fleet) -> None:
    before = fleet.in_use()
    fleet.begin()
    fleet.push(1)
    took_s = wait_until(lambda: fleet.proven(1), "release 1 is proven", LIMIT_S)
    print(f"from push to proven {took_s:.0f} s")
    assert fleet.in_use() != before
    wait_until(fleet.scene.serves, "the kiosk serves", 120)
    wait_until(lambda: "1 healthy" in fleet.status(), "the centre hears of it")
    assert "release 1" in fleet.scene.machine.run("/usr/local/sbin/totem", "doctor").stdout
    _size(fleet.scene)
    _journey(fleet.scene, "after-update")


def test_nothing_is_switched_while_somebody_is_there(fleet: Fleet) -> None:
    scene, before = fleet.scene, fleet.in_use()

    def somebody() -> bool:
        if scene.serves():
            scene.street.control({"do": "touch", "id": "start:pt-BR"})
        return scene.street.screen() not in {"", "attract"}

    wait_until(somebody, "a session begins")
    fleet.push(2)
    wait_until(lambda: somebody() and fleet.phase() == "Waiting", "release 2 waits", LIMIT_S)
    with pytest.raises(AssertionError):
        wait_until(lambda: fleet.in_use() != before or fleet.phase() != "Waiting", "it does not wait", 15)
    assert scene.street.screen() not in {"", "attract"}, "the session goes on"
    scene.street.control({"do": "pass-time", "seconds": 3600})
    scene.street.control({"do": "pass-time", "seconds": 3600})
    wait_until(lambda: fleet.proven(2), "release 2 is proven", LIMIT_S)
    wait_until(lambda: len(scene.machine.do("ls", "/opt/totem.releases").split()) == 2, "the one before stays alone")


def test_a_bad_release_comes_back_by_itself_and_the_centre_is_told(fleet: Fleet) -> None:
    scene, before = fleet.scene, fleet.in_use()
    fleet.push(3, broken=True)
    wait_until(lambda: fleet.bad == [3], "release 3 is taken back", LIMIT_S)
    assert fleet.in_use() == before
    wait_until(scene.serves, "the kiosk serves", 120)
    wait_until(lambda: "1 failed" in fleet.status(), "the centre hears of it")
    assert "stopped" in fleet.status()
    said = scene.machine.run("/usr/local/sbin/totem", "doctor").stdout
    assert "release 2; release 3 failed here (health:screen)" in said
    _size(scene)
    _journey(scene, "after-return")


def test_the_power_goes_in_the_middle_of_the_switch(fleet: Fleet) -> None:
    scene, before = fleet.scene, fleet.number()
    fleet.push(4)
    wait_until(lambda: fleet.phase() == "Switching", "release 4 is being put in place", LIMIT_S)
    scene.machine.cut()
    scene.machine.boot()
    wait_until(scene.serves, "one of the two serves after the cut", 120)
    assert fleet.number() in {before, 4}
    wait_until(lambda: fleet.proven(4), "release 4 is proven in the end", LIMIT_S)
    wait_until(scene.serves, "the kiosk serves", 120)
    _size(scene)
    _journey(scene, "after-the-cut")


def test_other_packages_come_with_the_release_and_are_installed_without_a_network(fleet: Fleet) -> None:
    fleet.push(5, other_packages=True)
    wait_until(lambda: fleet.proven(5), "release 5 is proven", LIMIT_S)
    wait_until(fleet.scene.serves, "the kiosk serves", 120)


def test_what_was_to_be_printed_and_sent_is_not_lost_by_any_of_it(fleet: Fleet) -> None:
    said = json.loads(fleet.scene.machine.run("/usr/local/sbin/totem", "queue", "status", "--json").stdout)
    assert said["waiting"] == 0
    assert len(fleet.scene.street.tickets()) == 3
    assert fleet.scene.machine.run("systemctl", "--failed", "--no-legend", "totem-*").stdout == ""
