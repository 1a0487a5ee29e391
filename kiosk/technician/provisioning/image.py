"""A disk image of a machine that is provisioned as far as all machines are alike: `make image`.

A GPT disk with an EFI partition (systemd-boot) and Debian on ext4. It holds no key and no machine id: what is
written from it is provisioned on the spot, which makes its keys, looks for its hardware and enrols it. At its first
start it asks on its own screen what it needs to know; the token lies as token.json on the EFI partition, which every
computer can read.
"""

from __future__ import annotations

import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from kiosk.technician.provisioning.machine import ProvisioningError
from kiosk.technician.provisioning.packages import wanted
from kiosk.technician.provisioning.stick import copy_program, fetch_wheels

MIRROR = "http://deb.debian.org/debian"
# What boots, finds its network by itself, and can be provisioned. The kernel is the processor's own.
BASE = ("systemd", "systemd-sysv", "systemd-boot", "systemd-resolved", "dbus", "udev", "python3", "ca-certificates",
        "initramfs-tools", "iproute2", "sudo")  # fmt: skip
SETUP = "/usr/local/lib/totem-setup"
EFI_MB, SPARE_MB = 256, 1024
_ARCH = {"x86_64": ("amd64", "BOOTX64.EFI", "systemd-bootx64.efi"),
         "aarch64": ("arm64", "BOOTAA64.EFI", "systemd-bootaa64.efi")}  # fmt: skip
# The Python of each release, and what its C library takes (PEP 600): to know the wheels of another processor.
_PYTHONS = {"bookworm": "3.11", "trixie": "3.13"}
_GLIBCS = ("2_36", "2_34", "2_28", "2_17")
_ROOT, _EFI = "totem-root", "TOTEM-EFI"
_TOLD = "/boot/efi/token.json"
# A machine without an id is started for the first time, and systemd then enables whatever it finds: nothing of the
# kiosk is, before the machine is enrolled.
_PRESET = "enable totem-first.service\ndisable totem-*\n"
_WIRED = "[Match]\nType=ether\n\n[Network]\nDHCP=yes\n"
_FIRST = f"""[Unit]
Description=Totem: asks what this machine is to be
Wants=network-online.target
After=network-online.target
Conflicts=getty@tty1.service
ConditionPathExists=!/etc/systemd/system/multi-user.target.wants/totem-kiosk.service

[Service]
Type=idle
ExecStart=/bin/sh -c 'test -e {_TOLD} && exec totem-setup --token {_TOLD} || exec totem-setup'
StandardInput=tty
StandardOutput=tty
TTYPath=/dev/tty1
TTYReset=yes
Restart=on-failure
RestartSec=10

[Install]
WantedBy=multi-user.target
"""


def make(
    source: Path, release: str, processor: str, target: Path, say: Callable[[str], None], python: str = sys.executable
) -> None:
    """Writes the image. As root, with a network; `python` is of the version that the release has. For another processor
    than this machine's the kernel has to run its programs (qemu-user-static, registered with binfmt_misc).

    ProvisioningError says what failed.
    """
    if processor not in _ARCH:
        raise ProvisioningError(f"there is no image for {processor}")
    kernel, default, loader = _ARCH[processor]
    elsewhere = () if processor == platform.machine() else _elsewhere(release, processor)
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as aside:
        root, esp = Path(aside) / "root", Path(aside) / "esp"
        say(f"Debian {release}")
        listed = wanted((source / "systemd/appliance-packages.txt").read_text(encoding="utf-8"))
        packages = ",".join((*BASE, f"linux-image-{kernel}", *(names[0] for names in listed)))
        run("mmdebstrap", "--variant=minbase", f"--architectures={kernel}", f"--include={packages}", release, str(root),
            MIRROR)  # fmt: skip
        say("what every kiosk has alike")
        copy_program(source, root / SETUP.lstrip("/"))
        wheels = root / SETUP.lstrip("/") / "wheels"
        fetch_wheels(source, wheels, python, elsewhere)
        run("chroot", str(root), f"{SETUP}/provision", "--image", "--from", SETUP)
        shutil.rmtree(wheels)
        run("chroot", str(root), "apt-get", "clean")
        _blank(root)
        say("the disk")
        _boot(root, esp, default, loader)
        _disk(root, esp, Path(aside), target)


def _elsewhere(release: str, processor: str, handlers: Path = Path("/proc/sys/fs/binfmt_misc")) -> tuple[str, ...]:
    """What pip is told of a machine that is not this one; ProvisioningError if its programs do not run here."""
    if release not in _PYTHONS:
        raise ProvisioningError(f"which Python Debian {release} has is not known: make its image on such a processor")
    if not (handlers / f"qemu-{processor}").exists():
        raise ProvisioningError(
            f"programs for {processor} do not run here: apt-get install qemu-user-static binfmt-support, or make the "
            "image on such a machine"
        )
    platforms = [word for version in _GLIBCS for word in ("--platform", f"manylinux_{version}_{processor}")]
    return ("--python-version", _PYTHONS[release], "--implementation", "cp", *platforms,
            "--platform", f"manylinux2014_{processor}")  # fmt: skip


def _blank(root: Path) -> None:
    """What must be each machine's own."""
    (root / "etc/machine-id").write_text("uninitialized\n")
    (root / "etc/hostname").write_text("totem\n")
    (root / "etc/fstab").write_text(
        f"LABEL={_ROOT} / ext4 defaults,errors=remount-ro 0 1\nLABEL={_EFI} /boot/efi vfat umask=0077,nofail 0 2\n"
    )
    (root / "boot/efi").mkdir(exist_ok=True)
    (root / "etc/systemd/system/totem-first.service").write_text(_FIRST)
    (root / "usr/local/sbin").mkdir(parents=True, exist_ok=True)
    (root / "usr/local/sbin/totem-setup").symlink_to(f"{SETUP}/provision")
    wanted_by = root / "etc/systemd/system/multi-user.target.wants"
    wanted_by.mkdir(exist_ok=True)
    (wanted_by / "totem-first.service").symlink_to("../totem-first.service")
    for place, content in (("system-preset/10-totem.preset", _PRESET), ("network/20-wired.network", _WIRED)):
        file = root / "etc/systemd" / place
        file.parent.mkdir(exist_ok=True)
        file.write_text(content)
    resolver = root / "etc/resolv.conf"
    resolver.unlink(missing_ok=True)
    resolver.symlink_to("../run/systemd/resolve/stub-resolv.conf")
    for place in ("etc/credstore.encrypted/store.key", "etc/credstore.encrypted/device.key",
                  "var/lib/systemd/credential.secret", "var/lib/systemd/random-seed"):  # fmt: skip
        (root / place).unlink(missing_ok=True)


def _boot(root: Path, esp: Path, default: str, loader: str) -> None:
    """The EFI partition: loader, kernel, and what it is told."""
    kernel = max((root / "boot").glob("vmlinuz-*"))
    initial = max((root / "boot").glob("initrd.img-*"))
    for folder in ("EFI/BOOT", "loader/entries"):
        (esp / folder).mkdir(parents=True)
    shutil.copy(root / "usr/lib/systemd/boot/efi" / loader, esp / "EFI/BOOT" / default)
    shutil.copy(kernel, esp / "vmlinuz")
    shutil.copy(initial, esp / "initrd.img")
    (esp / "loader/loader.conf").write_text("timeout 0\neditor no\ndefault totem.conf\n")
    (esp / "loader/entries/totem.conf").write_text(
        "title Totem\nlinux /vmlinuz\ninitrd /initrd.img\n"
        f"options root=LABEL={_ROOT} rootwait quiet loglevel=3 vt.global_cursor_default=0\n"
    )


def _disk(root: Path, esp: Path, aside: Path, target: Path) -> None:
    """Two file systems, laid into one file after the table that names them."""
    used_mb = int(run("du", "-sm", str(root)).split()[0])
    root_mb = used_mb * 5 // 4 + SPARE_MB
    vfat, ext4 = aside / "esp.img", aside / "root.img"
    _empty(vfat, EFI_MB)
    run("mkfs.vfat", "-F", "32", "-n", _EFI, str(vfat))
    run("mcopy", "-s", "-i", str(vfat), *map(str, sorted(esp.iterdir())), "::/")
    _empty(ext4, root_mb)
    run("mke2fs", "-q", "-t", "ext4", "-L", _ROOT, "-d", str(root), str(ext4))
    _empty(target, 1 + EFI_MB + root_mb + 1)
    parts = (f"start=1MiB, size={EFI_MB}MiB, type=uefi, name=efi", f"size={root_mb}MiB, type=linux, name=root")
    table = "\n".join(("label: gpt", *parts)) + "\n"
    run("sfdisk", "-q", str(target), text=table)
    for part, at_mb in ((vfat, 1), (ext4, 1 + EFI_MB)):
        run("dd", f"if={part}", f"of={target}", "bs=1M", f"seek={at_mb}", "conv=notrunc,sparse", "status=none")


def _empty(file: Path, size_mb: int) -> None:
    with file.open("wb") as opened:
        opened.truncate(size_mb * 1024 * 1024)


def run(*command: str, text: str | None = None) -> str:
    """What a program said; ProvisioningError with its last line if it failed."""
    try:
        done = subprocess.run(list(command), input=text, capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        line = f"{command[0]} is needed: apt-get install mmdebstrap dosfstools mtools fdisk"
        raise ProvisioningError(line) from error
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip()).splitlines()
        raise ProvisioningError(f"{command[0]} failed{f': {said[-1]}' if said else ''}")
    return done.stdout


if __name__ == "__main__":
    try:
        make(Path(sys.argv[1]), sys.argv[2], sys.argv[3], Path(sys.argv[4]), print, *sys.argv[5:])
    except ProvisioningError as failed:
        sys.exit(f"image: {failed}")
