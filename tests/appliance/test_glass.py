"""The real glass, in software: cage draws on a graphics chip, touches come through the kernel, memory has limits, and a
cut loses what the machine's kernel had not written. One emulated machine, the tests in their order; slow, and patient.
"""

from __future__ import annotations

import json
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from kiosk.simulation import journey_file, player, ways
from kiosk.simulation.player import Player
from printer.virtual.server import VirtualPrinterServer
from tests.appliance import glass_disk, roots
from tests.appliance.container import wait_until
from tests.appliance.emulator import OUTSIDE, Emulated
from tests.appliance.glass import Glass
from tests.appliance.outside import PROJECT, serving, silent, totem

OUT = PROJECT / "out/appliance/glass"
PANEL = (1080, 1920)
# In software everything takes its time.
PATIENCE_S = 420.0
PROVISION = "/usr/local/lib/totem-setup/provision"
LOG = "/run/totem-setup.log"
HOLDS = """
import time
b = bytearray(64 << 20)
for i in range(0, len(b), 4096): b[i] = 1
print(1, flush=True)
time.sleep(9999)
"""
_PATIENT = {"within_s": PATIENCE_S}
EATS = "b = bytearray()\nwhile True: b.extend(bytes(1 << 20))"


@dataclass
class Scene:
    """All that stands there. `told`: every code that a citizen was told."""

    machine: Emulated
    glass: Glass
    central: Path
    port: int
    disk: glass_disk.Disk
    told: list[str] = field(default_factory=list)
    _terminal: str = ""

    def provision(self, *arguments: str, on_line: Callable[[str], None] = lambda _line: None) -> tuple[int, str]:
        """On the machine, as root; each line as it is said."""
        self.machine.do("sh", "-c", f'({PROVISION} "$@"; echo "ended $?") >{LOG} 2>&1 </dev/null &', "-", *arguments)
        heard = 0
        until_s = time.monotonic() + 3 * PATIENCE_S
        while time.monotonic() < until_s:
            said = self.machine.run("cat", LOG).stdout
            lines = said.splitlines()
            for line in lines[heard:]:
                on_line(line)
            heard = len(lines)
            if ended := re.search(r"^ended (\d+)$", said, re.MULTILINE):
                return int(ended[1]), said
            time.sleep(1)
        raise AssertionError(f"./provision does not come to an end: {said[-2000:]}")

    def serves(self) -> float:
        """Seconds until the first screen is there."""
        return wait_until(lambda: self.glass.screen() == "attract", "the kiosk serves", PATIENCE_S)

    def main_pid(self, part: str) -> int:
        return int(self.machine.do("systemctl", "show", "-p", "MainPID", "--value", f"totem-{part}.service"))

    def play(self, name: str, *, until: str | None = None) -> Player:
        """The journey, by touches on the glass; up to the first step that waits for that screen."""
        journey = journey_file.load(Path(__file__).with_name("complaint.yaml"))
        steps = [step.model_copy(update=_PATIENT | ({"type": "Rua 9"} if step.type else {})) for step in journey.steps]
        if until is not None:
            at = next(number for number, step in enumerate(steps) if step.screen == until)
            steps = [step for step in steps[: at + 1] if step.arrives is None]
        played_by = Player(self.glass, name, journey.model_copy(update={"steps": steps}), OUT / name)  # type: ignore[arg-type]
        if until is not None:
            played_by._settle = lambda: None  # type: ignore[method-assign]  nobody waits for the end
        played = played_by.play()
        assert played.failed is None, json.dumps(played.as_json())
        assert played.tracking_code is not None
        self.told.append(played.tracking_code)
        return played_by

    def terminal(self) -> str:
        """The one on which the compositor began."""
        if not self._terminal:
            self._terminal = self.machine.do("cat", "/sys/class/tty/tty0/active").strip()
        return self._terminal

    def codes(self) -> list[str]:
        """Every code that lies on the machine's disk."""
        return self.machine.do("totem", "queue", "codes").split()


@pytest.fixture(scope="module", autouse=True)
def patience() -> Iterator[None]:
    """Whoever stands before this glass waits longer than before a real one."""
    with pytest.MonkeyPatch.context() as patch:
        for part in (ways, player):
            patch.setattr(part, "STEP_LIMIT_S", PATIENCE_S)
        yield


@pytest.fixture(scope="module")
def scene() -> Iterator[Scene]:
    release = next(one for one in roots.RELEASES if one.name == roots.EMULATED)
    roots.prepare(release)
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    paper = OUT / "paper"
    with tempfile.TemporaryDirectory(dir=roots.CACHE) as aside, VirtualPrinterServer("127.0.0.1", 0, paper) as printer:
        work, central = Path(aside), Path(aside) / "central"
        began_s = time.monotonic()
        disk = glass_disk.make(release, work)
        print(f"the disk was made in {time.monotonic() - began_s:.0f} s")
        machine = Emulated(disk.root, disk.kernel, disk.initial, work, size=PANEL, disks=(disk.state, disk.swap))
        with serving(central, OUTSIDE) as port:
            try:
                yield Scene(machine, Glass(machine, central, printer), central, port, disk)
            finally:
                if machine.runs:
                    journal = machine.run("journalctl", "--no-pager", "-o", "short-monotonic").stdout
                    (OUT / "journal.txt").write_text(journal)
                machine.close()
                shutil.copy(work / "console.log", OUT / "console.log")


def test_a_machine_from_the_image_starts_and_asks_on_its_own_screen_what_it_is(scene: Scene) -> None:
    took_s = scene.machine.boot()
    print(f"from power on to the system: {took_s:.0f} s")

    def asked(question: str) -> bool:
        return question in scene.machine.do("cat", "/dev/vcs1")

    wait_until(lambda: asked("This kiosk's name, as on every paper:"), "it asks for its name", PATIENCE_S)
    for keys in (("shift", "v"), ("shift", "a"), ("minus",), ("1",), ("0",), ("0",), ("ret",)):
        scene.machine.keys(*keys)
    wait_until(lambda: asked("Where it stands:"), "it asks where it stands", PATIENCE_S)
    scene.glass.shoot(OUT / "first-questions.png")
    # The rest is said by another way, which can be followed from here.
    scene.machine.do("systemctl", "stop", "totem-first.service")
    units = scene.machine.do("systemctl", "list-units", "--no-legend", "--plain", "--state=active", "totem-*")
    assert units.strip() == ""


def test_it_is_enrolled_and_the_kiosk_stands_on_the_real_glass(scene: Scene, tmp_path: Path) -> None:
    """Panel by its own word (EDID), printer over the network, cage on DRM."""
    url = f"https://{OUTSIDE}:{scene.port}"
    totem("central", "token", "--state", str(scene.central), "--file", str(tmp_path / "token"), "--url", url)
    scene.machine.write("/run/token", (tmp_path / "token").read_text())

    def approve(line: str) -> None:
        if words := re.search(r"totem central approve (.+)", line):
            totem("central", "approve", *words[1].split(), "--state", str(scene.central))

    began_s = time.monotonic()
    status, said = scene.provision(
        "--token", "/run/token", "--label", "VA-100", "--place", "Praça da Matriz", "--simulation",
        "--printer", f"network:{OUTSIDE}:{scene.glass.printer.port}", "--printer-profile", "epson-tm-t20x",
        on_line=approve,
    )  # fmt: skip
    assert status == 0, said
    assert "enrolled as VA-017" in said
    assert "no panel says how large it is" not in said
    assert "note: card reader: " in said
    print(f"provisioned and enrolled in {time.monotonic() - began_s:.0f} s, the screen {scene.serves():.0f} s later")
    looks_right(scene, "attract")
    scene.terminal()


def looks_right(scene: Scene, name: str) -> None:
    """The glass shows, dot by dot, what the kiosk drew; it is no empty picture."""
    target = OUT / f"{name}.png"

    def same() -> bool:
        scene.glass.shoot(target)
        with Image.open(target) as taken:
            glass = np.asarray(taken.convert("RGB"), dtype=np.int16)
        own = np.asarray(scene.glass.own_picture(), dtype=np.int16)
        assert glass.shape == own.shape, (glass.shape, own.shape)
        return bool(np.abs(glass - own).max(axis=2).mean() < 2 and glass.std() > 10)

    wait_until(same, "the glass shows what the kiosk drew", PATIENCE_S)


def test_it_draws_on_the_graphics_chip_itself(scene: Scene) -> None:
    said = scene.machine.do("sh", "-c", "ls -l /proc/*/fd 2>/dev/null | grep -c /dev/dri/card; pgrep -c cage")
    drawing, compositors = map(int, said.split())
    assert drawing >= 1
    assert compositors == 1
    panel = scene.machine.do("cat", "/etc/totem/totem.toml")
    assert "width_px = 1080" in panel
    assert "height_px = 1920" in panel


def test_a_touch_leads_to_the_next_screen(scene: Scene) -> None:
    answer = scene.glass.control({"do": "touch", "id": "start:pt-BR"})
    assert "error" not in answer, answer
    wait_until(lambda: scene.glass.screen() == "services", "the services are shown", PATIENCE_S)
    looks_right(scene, "services")
    scene.glass.control({"do": "pass-time", "seconds": 600})
    scene.serves()


def test_a_journey_is_played_by_touches(scene: Scene) -> None:
    papers = len(scene.glass.printer.papers)
    played = scene.play("journey").played
    assert played.outcome == "confirmed"
    assert len(scene.glass.printer.papers) == papers + 1
    assert played.centre is not None


def test_keys_that_would_open_a_console_or_end_the_kiosk_do_nothing(scene: Scene) -> None:
    pids = [scene.main_pid(part) for part in ("kiosk", "printer", "sync")]
    for keys in (("ctrl", "alt", "f2"), ("ctrl", "alt", "delete"), ("alt", "f4"), ("alt", "esc"),
                 ("ctrl", "alt", "backspace"), ("alt", "sysrq", "b"), ("esc",)):  # fmt: skip
        scene.machine.keys(*keys)
    assert scene.machine.do("cat", "/sys/class/tty/tty0/active").strip() == scene.terminal()
    looks_right(scene, "after-keys")
    assert [scene.main_pid(part) for part in ("kiosk", "printer", "sync")] == pids


def test_a_stick_that_somebody_plugs_in_is_mounted_by_nobody(scene: Scene) -> None:
    machine = scene.machine
    machine.qmp("blockdev-add", **{"driver": "raw", "node-name": "stick", "read-only": True,
                                   "file": {"driver": "file", "filename": str(scene.disk.plugged)}})  # fmt: skip
    machine.qmp("device_add", driver="usb-storage", drive="stick", id="plugged")
    wait_until(lambda: "sda" in machine.do("lsblk", "-n", "-o", "NAME"), "the stick is seen", PATIENCE_S)
    machine.do("udevadm", "settle")
    machine.do("sleep", "5")
    assert machine.do("lsblk", "-n", "-o", "MOUNTPOINTS", "/dev/sda").strip() == ""
    machine.qmp("device_del", id="plugged")


def test_the_clock_is_set_from_the_network(scene: Scene) -> None:
    assert scene.machine.do("systemctl", "is-active", "systemd-timesyncd.service").strip() == "active"


def test_the_screen_may_restart_the_machine_for_a_technician_and_nothing_else_of_it(scene: Scene) -> None:
    pid = str(scene.main_pid("kiosk"))

    def may(action: str) -> bool:
        return scene.machine.run("pkcheck", "--action-id", action, "--process", pid).returncode == 0

    assert may("org.freedesktop.login1.reboot")
    assert not may("org.freedesktop.login1.power-off")
    assert not may("org.freedesktop.systemd1.manage-units")


# ---- memory ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", ["printer", "sync", "kiosk"])
def test_what_eats_memory_in_a_unit_is_killed_at_its_limit_and_the_unit_comes_back(scene: Scene, part: str) -> None:
    old = scene.main_pid(part)
    group = f"/sys/fs/cgroup/system.slice/totem-{part}.service"
    limit = int(scene.machine.do("cat", f"{group}/memory.max"))
    assert limit < 2 << 30
    began_s = time.monotonic()
    # The agent is spared by the kernel, and so would be whatever it starts.
    into = f"echo 0 >/proc/self/oom_score_adj && echo $$ >{group}/cgroup.procs"
    eaten = scene.machine.run("sh", "-c", f'{into} && exec python3 -c "{EATS}"')
    assert eaten.returncode < 0, eaten
    ate_s = time.monotonic() - began_s

    def back() -> bool:
        state = scene.machine.run("systemctl", "is-active", f"totem-{part}.service").stdout.strip()
        return state == "active" and scene.main_pid(part) not in {0, old}

    took_s = wait_until(back, f"totem-{part} is back", PATIENCE_S)
    print(f"totem-{part}: {limit >> 20} MB reached and killed within {ate_s:.1f} s, back {took_s:.1f} s later")
    said = scene.machine.do("journalctl", "-u", f"totem-{part}", "--no-pager", "-o", "cat")
    assert "oom-kill" in said or "watchdog" in said
    scene.serves()


def test_no_memory_of_the_kiosk_or_its_card_worker_is_ever_swapped_out(scene: Scene) -> None:
    """There is room to swap to, the kernel is made to want it, and another process's memory goes there."""
    machine = scene.machine
    machine.do("swapon", "/dev/vdc")
    worker = int(machine.ask("/run/totem/control.sock", {"do": "worker-pid"})["pid"])
    machine.do("systemd-run", "--unit=holds", "python3", "-c", HOLDS)
    said = ("journalctl", "-u", "holds", "-o", "cat")
    wait_until(lambda: "1" in machine.run(*said).stdout.split(), "it holds", PATIENCE_S)
    for unit in ("holds", "totem-kiosk", "totem-sync", "totem-printer"):
        # The kernel says that it could not reclaim as much as was asked: that is what is wanted.
        machine.run("sh", "-c", f"echo 60M >/sys/fs/cgroup/system.slice/{unit}.service/memory.reclaim")
    other = int(machine.do("systemctl", "show", "-p", "MainPID", "--value", "holds.service"))
    assert swapped_kb(machine, other) > 10_000
    group = machine.do("cat", f"/proc/{worker}/cgroup")
    assert "totem-kiosk.service" in group
    assert swapped_kb(machine, worker) == 0
    for part in ("kiosk", "sync", "printer"):
        assert swapped_kb(machine, scene.main_pid(part)) == 0
        assert machine.do("cat", f"/sys/fs/cgroup/system.slice/totem-{part}.service/memory.swap.current").strip() == "0"
    machine.do("systemctl", "stop", "holds.service")
    machine.do("swapoff", "/dev/vdc")
    scene.serves()


def swapped_kb(machine: Emulated, pid: int) -> int:
    found = re.search(r"^VmSwap:\s+(\d+) kB", machine.do("cat", f"/proc/{pid}/status"), re.MULTILINE)
    assert found is not None
    return int(found[1])


# ---- the panel hangs otherwise ---------------------------------------------------------------------------


@pytest.mark.parametrize("degrees", [90, 270, 0])
def test_picture_and_touches_turn_together(scene: Scene, degrees: int) -> None:
    """By a touch panel that is mounted with the glass: its touches lie on the picture once both are turned."""
    scene.machine.request({"panel": True})
    status, said = scene.provision("--rotate", str(degrees))
    assert status == 0, said
    scene.glass.turns, scene.glass.finger = degrees // 90, True
    scene.serves()
    looks_right(scene, f"turned-{degrees}")
    answer = scene.glass.control({"do": "touch", "id": "start:pt-BR"})
    assert "error" not in answer, answer
    wait_until(lambda: scene.glass.screen() == "services", "the services are shown", PATIENCE_S)
    scene.glass.control({"do": "pass-time", "seconds": 600})
    scene.serves()
    scene.glass.finger = False


# ---- power -----------------------------------------------------------------------------------------------


def nothing_is_lost(scene: Scene) -> None:
    """Codes on the disk are the codes told, each once; each is one ticket at the centre; the store is whole."""
    scene.serves()
    wait_until(lambda: {ticket["code"] for ticket in scene.glass.tickets()} >= set(scene.told), "the tickets arrive",
               PATIENCE_S)  # fmt: skip
    held = [ticket["code"] for ticket in scene.glass.tickets()]
    assert sorted(held) == sorted(set(held))
    assert sorted(scene.codes()) == sorted(scene.told)
    assert scene.machine.run("ls", "/var/lib/totem/quarantine").stdout.split() == []


def test_a_cut_just_after_a_ticket_was_told_loses_nothing(scene: Scene) -> None:
    """The centre does not answer, so that the only copy lies on that disk; what the kernel had in its cache is gone."""
    with silent(scene.central):
        scene.play("told-then-cut", until="done")
        scene.machine.cut()
    took_s = scene.machine.boot()
    # A console that was open while the machine was set up is gone with the first start.
    assert scene.machine.run("pgrep", "-c", "agetty").stdout.strip() == "0"
    print(f"after the cut: the system {took_s:.0f} s, the first screen {scene.serves():.0f} s later")
    nothing_is_lost(scene)


def test_a_cut_in_the_middle_of_a_journey_loses_nothing(scene: Scene) -> None:
    scene.play("printing-then-cut", until="printing")
    scene.machine.cut()
    scene.machine.boot()
    nothing_is_lost(scene)


# ---- a root that is only read ----------------------------------------------------------------------------


def test_the_state_moves_to_its_partition_and_the_root_is_only_read_from_the_next_start_on(scene: Scene) -> None:
    status, said = scene.provision("--read-only-root", glass_disk.STATE_LABEL)
    assert status == 0, said
    scene.serves()
    scene.machine.off()
    scene.machine.boot()
    scene.serves()
    mounts = scene.machine.do("findmnt", "-n", "-o", "TARGET,SOURCE,OPTIONS", "/")
    assert re.search(r"^/ +\S+ +ro[, ]", mounts), mounts
    state = scene.machine.do("findmnt", "-n", "-o", "SOURCE,FSTYPE,OPTIONS", "/var/lib/totem")
    assert re.match(r"/dev/vdb ext4 +rw,nosuid,nodev,noexec", state), state
    assert scene.machine.run("touch", "/etc/x").returncode != 0
    assert scene.machine.do("systemctl", "--failed", "--no-legend", "--plain").strip() == ""
    nothing_is_lost(scene)


def test_on_it_a_journey_is_played_and_a_cut_loses_nothing(scene: Scene) -> None:
    assert scene.play("read-only", until="done").played.outcome == "confirmed"
    scene.machine.cut()
    scene.machine.boot()
    nothing_is_lost(scene)
    status, said = scene.provision()
    assert (status, "mounted for reading only" in said) == (2, True), said
