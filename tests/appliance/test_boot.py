"""From a bare Debian to a kiosk in service, and back on its feet by itself: one machine, the tests in their order.

TOTEM_APPLIANCE names the releases (`bookworm trixie`). Pictures of the glass go to out/appliance, to be looked at.
"""

from __future__ import annotations

import json
import os
import pty
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from kiosk.simulation import journey_file
from kiosk.simulation.player import Player
from printer.virtual.server import VirtualPrinterServer
from tests.appliance import roots
from tests.appliance.container import Container, wait_until
from tests.appliance.outside import PROJECT, Street, serving, totem

OUT = PROJECT / "out/appliance"
BACK_S = 10.0
PARTS = ("kiosk", "printer", "sync")
NAMED = os.environ.get("TOTEM_APPLIANCE", "").split()
PANEL = (1080, 1920)


@dataclass
class Scene:
    """All that stands there."""

    release: roots.Debian
    machine: Container
    street: Street
    central: Path
    port: int
    said: str = ""

    def provision(self, *arguments: str, on_line: Callable[[str], None] = lambda _line: None) -> tuple[int, str]:
        """`./provision` from the stick, as root on the machine; each line as it is said."""
        running = subprocess.Popen(
            ["nsenter", "-t", str(self.machine.pid), "-a", "env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
             "LC_ALL=C.UTF-8", "HOME=/root", str(self.release.stick / "provision"), *arguments],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        assert running.stdout is not None
        said = ""
        for line in running.stdout:
            said += line
            on_line(line)
        return running.wait(), said

    def answer(self, answers: dict[str, str], *arguments: str) -> tuple[int, str]:
        """`./provision` on a terminal: each question is answered by a word of it, others with what is offered."""
        ours, theirs = pty.openpty()
        running = subprocess.Popen(
            ["nsenter", "-t", str(self.machine.pid), "-a", "env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
             "LC_ALL=C.UTF-8", "HOME=/root", "TERM=linux", str(self.release.stick / "provision"), *arguments],
            stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
        )  # fmt: skip
        os.close(theirs)
        said, unread = "", ""
        with suppress(OSError):
            while heard := os.read(ours, 4096).decode(errors="replace"):
                said += heard
                unread = (unread + heard).rpartition("\n")[2]
                if unread.endswith(": ") and not unread.startswith(("note:", "would:")):
                    reply = next((words for word, words in answers.items() if word in unread), "")
                    os.write(ours, f"{reply}\n".encode())
                    unread = ""
        os.close(ours)
        return running.wait(), said

    def main_pid(self, part: str) -> int:
        return int(self.machine.do("systemctl", "show", "-p", "MainPID", "--value", f"totem-{part}.service"))

    def back(self, part: str, old: int) -> bool:
        """Another process, which has said that it is ready."""
        active = self.machine.run("systemctl", "is-active", f"totem-{part}.service").stdout.strip() == "active"
        return active and self.main_pid(part) not in {0, old}

    def serves(self) -> bool:
        return self.street.screen() == "attract"


def ids(release: roots.Debian) -> str:
    return release.name


@pytest.fixture(scope="module", params=[one for one in roots.RELEASES if one.name in NAMED], ids=ids)
def scene(request: pytest.FixtureRequest) -> Iterator[Scene]:
    release: roots.Debian = request.param
    roots.prepare(release)
    shutil.rmtree(OUT / release.name, ignore_errors=True)
    (OUT / release.name).mkdir(parents=True)
    number = roots.RELEASES.index(release) + 12
    with tempfile.TemporaryDirectory(dir=roots.CACHE) as aside, VirtualPrinterServer(
        "0.0.0.0", 0, OUT / release.name / "paper"
    ) as printer:
        machine = Container(
            f"totem{number}", str(release.root), Path(aside) / "machine", subnet=number, binds=(release.stick,)
        )
        central = Path(aside) / "central"
        with machine, serving(central, machine.host) as port:
            machine.boot()
            yield Scene(release, machine, Street(machine, central, printer), central, port)
            (OUT / release.name / "journal.txt").write_text(machine.journal("-u", "totem-*"))


def test_a_dry_run_says_everything_and_changes_nothing(scene: Scene) -> None:
    status, said = scene.provision("--dry-run", "--label", "VA-100", "--printer", "none")
    assert status == 0, said
    assert "would: packages installed" in said
    assert "/etc/credstore.encrypted/store.key made" in said
    assert not scene.machine.path("/etc/totem").exists()
    assert not scene.machine.path("/opt/totem").exists()


def test_without_a_network_it_is_provisioned_from_the_stick_and_nothing_is_started(scene: Scene) -> None:
    """What only a person knows is asked on the terminal, one question after the other."""
    status, said = scene.answer(
        {"name": "VA-100", "stands": "Praça da Matriz", "millimetres": "1080x1920/296.7x527.4"}, "--simulation"
    )
    assert status == 0, said
    asked = [said.index(word) for word in
             ("This kiosk's name", "Where it stands", "How the panel hangs", "The picture in pixels", "The printer (",
              "The centre's token file")]  # fmt: skip
    assert asked == sorted(asked)
    assert "not enrolled, so nothing is started" in said
    known = scene.machine.path("/etc/totem/totem.toml").read_text()
    assert 'label = "VA-100"' in known
    assert "height_mm = 527.4" in known
    running = scene.machine.do("systemctl", "list-units", "--no-legend", "--plain", "--state=active", "totem-*")
    assert running.strip() == ""
    status, said = scene.provision()
    assert (status, said.splitlines()[-1]) == (0, "nothing changed")


def test_no_virtual_reader_no_consoles_no_desktop(scene: Scene) -> None:
    listed = scene.machine.do("dpkg-query", "-W", "-f", "${Package}\n").split()
    assert not {"vsmartcard-vpcd", "gcc", "udisks2"} & set(listed)
    packages = scene.machine.do("sh", "-c", "ls -d /opt/totem/lib/python3.*/site-packages/*/").split()
    assert any(path.endswith("/kiosk/") for path in packages)
    assert not any(path.endswith(("/central/", "/fastapi/")) for path in packages)
    state = scene.machine.run("systemctl", "is-enabled", "getty@tty1.service", "autovt@.service").stdout.split()
    assert set(state) == {"masked"}


def test_every_unit_is_hardened(scene: Scene) -> None:
    for unit in sorted((PROJECT / "systemd").glob("*.service")):
        held = subprocess.run(
            ["systemd-analyze", "security", "--offline=true", "--threshold=15", str(unit)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert held.returncode == 0, f"{unit.name}: {held.stdout.splitlines()[-1:]}"


def test_a_printer_that_cannot_confirm_is_refused(scene: Scene) -> None:
    status, said = scene.provision("--printer", "network:192.0.2.7", "--printer-profile", "daruma-dr800")
    assert status == 2
    assert "cannot tell whether a paper came out" in said


def test_it_is_enrolled_once_an_administrator_has_typed_its_six_words(scene: Scene, tmp_path: Path) -> None:
    machine, street = scene.machine, scene.street
    _glass(scene)
    url = f"https://{machine.host}:{scene.port}"
    totem("central", "token", "--state", str(scene.central), "--file", str(tmp_path / "token"), "--url", url)
    machine.path("/run/token").write_text((tmp_path / "token").read_text())

    def approve(line: str) -> None:
        if words := re.search(r"totem central approve (.+)", line):
            totem("central", "approve", *words[1].split(), "--state", str(scene.central))

    status, said = scene.provision(
        "--token", "/run/token", "--printer", f"network:{machine.host}:{street.printer.port}",
        "--printer-profile", "epson-tm-t20x", on_line=approve,
    )  # fmt: skip
    assert status == 0, said
    assert "enrolled as VA-017" in said
    assert len(street.printer.papers) == 2, "the test page, and the status receipt with the words"
    wait_until(scene.serves, "the kiosk serves", 120)
    _size(scene)
    street.shoot(OUT / scene.release.name / "attract.png")
    status, said = scene.provision()
    assert (status, said.splitlines()[-1]) == (0, "nothing changed")


def test_the_screen_runs_as_nobody_s_user_and_sees_only_its_own_key(scene: Scene) -> None:
    pid = scene.main_pid("kiosk")
    assert scene.machine.do("stat", "-c", "%U", f"/proc/{pid}").strip() == "totem"
    seen = scene.machine.do("nsenter", "-t", str(pid), "-m", "ls", "/run/credentials").split()
    assert seen == ["totem-kiosk.service"]


def test_a_journey_is_played_against_the_centre_outside(scene: Scene) -> None:
    _journey(scene, "first")


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("sign", ["KILL", "SEGV", "STOP"])
def test_a_unit_that_is_killed_crashed_or_starved_is_back_within_ten_seconds(
    scene: Scene, part: str, sign: str
) -> None:
    old = scene.main_pid(part)
    whom = "main" if sign == "KILL" else "all"
    scene.machine.do("systemctl", "kill", f"--kill-whom={whom}", "-s", sign, f"totem-{part}.service")
    took_s = wait_until(lambda: scene.back(part, old), f"totem-{part} is back after SIG{sign}")
    print(f"{scene.release.name}: totem-{part} after SIG{sign}: {took_s:.1f} s")
    assert took_s < BACK_S
    wait_until(scene.serves, "the kiosk serves")


def test_nothing_is_lost_by_it_and_citizens_are_served_again(scene: Scene) -> None:
    _size(scene)
    _journey(scene, "after-kills")


def test_the_power_goes_in_the_middle_of_a_journey_and_it_comes_back(scene: Scene) -> None:
    """After the registration, before the paper: the ticket is at the centre, the next citizen finds no trace."""
    before = {ticket["code"] for ticket in scene.street.tickets()}
    journey = _loaded()
    steps = journey.steps
    at = next(number for number, step in enumerate(steps) if step.screen == "printing")
    half = journey.model_copy(update={"steps": steps[: at + 1]})
    player = Player(scene.street, "cut", half, OUT / scene.release.name / "cut")  # type: ignore[arg-type]
    player._settle = lambda: None  # type: ignore[method-assign]  nobody waits for the end
    played = player.play()
    assert played.failed is None
    scene.machine.cut()
    began_s = time.monotonic()
    scene.machine.boot()
    wait_until(scene.serves, "the kiosk serves after the cut", 120)
    print(f"{scene.release.name}: from the cut to the first screen {time.monotonic() - began_s:.1f} s")
    wait_until(lambda: len({ticket["code"] for ticket in scene.street.tickets()} - before) == 1, "the ticket arrives")
    _size(scene)
    _journey(scene, "after-the-cut")


def test_a_store_that_is_damaged_while_it_runs_is_put_aside_and_the_kiosk_goes_on(scene: Scene) -> None:
    store = scene.machine.path("/var/lib/totem/store.db")
    with store.open("r+b") as file:
        file.seek(8192)
        file.write(os.urandom(store.stat().st_size - 8192))
        os.fsync(file.fileno())
    quarantine = scene.machine.path("/var/lib/totem/quarantine/0001")
    wait_until(quarantine.exists, "the damaged store is put aside", 120)
    wait_until(scene.serves, "the kiosk serves with the new one", 120)
    _size(scene)
    _journey(scene, "after-damage")


def test_nothing_personal_is_in_the_journal_and_it_is_bounded(scene: Scene) -> None:
    said = scene.machine.journal("-u", "totem-*")
    assert "Magnólias" not in said
    assert "poste" not in said
    bounds = scene.machine.do("systemd-analyze", "cat-config", "systemd/journald.conf")
    assert "SystemMaxUse=200M" in bounds


def test_unprovision_takes_everything_away_again(scene: Scene) -> None:
    done = scene.machine.run(str(scene.release.stick / "unprovision"), "--with-state")
    assert done.returncode == 0, done.stdout + done.stderr
    left = [
        path
        for path in ("/opt/totem", "/opt/totem.releases", "/var/lib/totem", "/etc/systemd/system/totem-kiosk.service",
                     "/etc/credstore.encrypted/store.key", "/usr/local/sbin/totem")
        if scene.machine.path(path).exists()
    ]  # fmt: skip
    assert left == []
    assert "cage" not in scene.machine.do("dpkg-query", "-W", "-f", "${Package}\n").split()


# ---- what stands in for glass ----------------------------------------------------------------------------


def _glass(scene: Scene) -> None:
    """There is no panel: Debian 13's cage draws without one, Debian 12's into a window of Xvfb."""
    machine = scene.machine
    debs = scene.release.stick / "debs"
    machine.path("/etc/apt/stick.list").write_text(f"deb [trusted=yes] file:{debs} ./\n")
    apt = ("apt-get", "-qq", "-o", "Dir::Etc::SourceList=/etc/apt/stick.list", "-o", "Dir::Etc::SourceParts=/dev/null")
    machine.do(*apt, "update")
    machine.do("env", "DEBIAN_FRONTEND=noninteractive", *apt, "install", "-y", "--no-install-recommends", *roots.GLASS)
    backend = "WLR_BACKENDS=headless"
    if scene.release.name == "bookworm":
        backend = "WLR_BACKENDS=x11 DISPLAY=:9"
        machine.path("/etc/systemd/system/glass.service").write_text(
            f"[Service]\nExecStart=/usr/bin/Xvfb :9 -screen 0 {PANEL[0]}x{PANEL[1]}x24 -nolisten tcp\nRestart=always\n"
            "[Install]\nWantedBy=multi-user.target\n"
        )
    place = machine.path("/etc/systemd/system/totem-kiosk.service.d")
    place.mkdir()
    (place / "90-no-glass.conf").write_text(
        "[Unit]\nAfter=glass.service\n[Service]\n"
        f"Environment={backend} WLR_RENDERER=pixman WLR_LIBINPUT_NO_DEVICES=1 LIBGL_ALWAYS_SOFTWARE=1\n"
    )
    machine.do("systemctl", "daemon-reload")
    if scene.release.name == "bookworm":
        machine.do("systemctl", "enable", "-q", "--now", "glass.service")


def _size(scene: Scene) -> None:
    """The compositor's picture as large as the panel would be."""
    width, height = map(str, PANEL)
    if scene.release.name == "bookworm":
        find = 'DISPLAY=:9 xdotool windowsize $(DISPLAY=:9 xdotool search --name "" | tail -1) '
        scene.machine.do("sh", "-c", f"{find}{width} {height}")
    else:
        scene.machine.do(
            "setpriv", "--reuid=totem", "--regid=totem", "--clear-groups", "env", "XDG_RUNTIME_DIR=/run/totem-screen",
            "WAYLAND_DISPLAY=wayland-0", "wlr-randr", "--output", "HEADLESS-1", "--custom-mode", f"{width}x{height}",
        )  # fmt: skip
    time.sleep(1)


def _loaded() -> journey_file.Journey:
    return journey_file.load(Path(__file__).with_name("complaint.yaml"))


def _journey(scene: Scene, name: str) -> None:
    papers = len(scene.street.printer.papers)
    player = Player(scene.street, name, _loaded(), OUT / scene.release.name / name)  # type: ignore[arg-type]
    played = player.play()
    assert played.failed is None, json.dumps(played.as_json())
    assert played.outcome == "confirmed"
    assert len(scene.street.printer.papers) == papers + 1
    assert played.centre is not None
