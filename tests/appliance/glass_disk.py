"""The disk of the emulated machine: a fresh Debian root with a kernel, provisioned like an image by ./provision."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kiosk.technician.provisioning import image, stick
from tests.appliance import roots

# Of a test alone: it answers from inside.
AGENT = "/usr/local/lib/totem-test/agent.py"
ROOT_MB, STATE_MB, SWAP_MB = 4096, 256, 256
STATE_LABEL = "totem-state"
_UNIT = f"""[Unit]
Description=Answers for the test
DefaultDependencies=no
After=local-fs.target systemd-udevd.service
[Service]
ExecStartPre=-/sbin/modprobe -a virtio_console uinput
ExecStart=/usr/bin/python3 -u {AGENT}
Restart=always
RestartSec=1
OOMScoreAdjust=-1000
[Install]
WantedBy=multi-user.target
"""
# In software, and beside other work, a second is no second.
_SLOW = "[Service]\nWatchdogSec=120\nTimeoutStartSec=600\n"


@dataclass(frozen=True)
class Disk:
    """Files of one emulated machine."""

    root: Path
    kernel: Path
    initial: Path
    state: Path
    swap: Path
    plugged: Path


def make(release: roots.Debian, work: Path) -> Disk:
    """As `make image` fills a disk, from the packages of the stick instead of a mirror's."""
    with _tree(release, work) as root:
        for place, line in (("proc", ("-t", "proc", "proc")), ("mnt", ("--bind", str(release.stick)))):
            _do("mount", *line, str(root / place))
        try:
            (root / "etc/apt/stick.list").write_text("deb [trusted=yes] file:/mnt/debs ./\n")
            apt = ("apt-get", "-qq", "-o", "Dir::Etc::SourceList=/etc/apt/stick.list",
                   "-o", "Dir::Etc::SourceParts=/dev/null", "-o", "APT::Sandbox::User=root")  # fmt: skip
            _inside(root, *apt, "update")
            drivers = root / "etc/initramfs-tools"
            (drivers / "conf.d").mkdir(parents=True)
            (drivers / "conf.d/driver-policy").write_text("MODULES=list\n")
            (drivers / "modules").write_text("virtio_pci\nvirtio_blk\next4\ncrc32c_generic\n")
            _inside(root, *apt, "install", "-y", "--no-install-recommends", "-o", "Dpkg::Options::=--force-confold",
                    *roots.MACHINE)  # fmt: skip
            _inside(root, "/mnt/provision", "--image", "--from", "/mnt")
        finally:
            for place in ("mnt", "proc"):
                _do("umount", str(root / place))
        stick.copy_program(release.stick, root / image.SETUP.lstrip("/"))
        image._blank(root)
        for part in ("kiosk", "printer", "sync"):
            place = root / f"etc/systemd/system/totem-{part}.service.d"
            place.mkdir()
            (place / "90-in-software.conf").write_text(_SLOW)
        (root / "etc/fstab").write_text("LABEL=totem-root / ext4 defaults,errors=remount-ro 0 1\n")
        agent = root / AGENT.lstrip("/")
        agent.parent.mkdir(parents=True)
        shutil.copy(Path(__file__).with_name("agent.py"), agent)
        (root / "etc/systemd/system/glass-agent.service").write_text(_UNIT)
        wanted = root / "etc/systemd/system/multi-user.target.wants"
        (wanted / "glass-agent.service").symlink_to("../glass-agent.service")
        disk = Disk(work / "root.img", work / "vmlinuz", work / "initrd", work / "state.img", work / "swap.img",
                    work / "plugged.img")  # fmt: skip
        shutil.copy(max((root / "boot").glob("vmlinuz-*")), disk.kernel)
        shutil.copy(max((root / "boot").glob("initrd.img-*")), disk.initial)
        _empty(disk.root, ROOT_MB)
        _do("mke2fs", "-q", "-t", "ext4", "-L", "totem-root", "-d", str(root), str(disk.root))
    _empty(disk.state, STATE_MB)
    _do("mke2fs", "-q", "-t", "ext4", "-L", STATE_LABEL, str(disk.state))
    _empty(disk.plugged, 16)
    _do("mke2fs", "-q", "-t", "ext4", "-L", "somebody-s", str(disk.plugged))
    _empty(disk.swap, SWAP_MB)
    _do("mkswap", "-q", str(disk.swap))
    return disk


@contextmanager
def _tree(release: roots.Debian, work: Path) -> Iterator[Path]:
    """The cached root with an overlay for what this machine writes."""
    for name in ("tree", "upper", "below"):
        (work / name).mkdir()
    options = f"lowerdir={release.root},upperdir={work}/upper,workdir={work}/below"
    _do("mount", "-t", "overlay", "overlay", "-o", options, str(work / "tree"))
    try:
        yield work / "tree"
    finally:
        _do("umount", str(work / "tree"))
        for name in ("upper", "below"):
            shutil.rmtree(work / name)


def _inside(root: Path, *command: str) -> None:
    _do("chroot", str(root), "env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8", "HOME=/root",
        "DEBIAN_FRONTEND=noninteractive", *command)  # fmt: skip


def _empty(file: Path, size_mb: int) -> None:
    with file.open("wb") as opened:
        opened.truncate(size_mb << 20)


def _do(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(command)}: {done.stdout[-1500:]}{done.stderr[-1500:]}"
