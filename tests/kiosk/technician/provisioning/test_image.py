"""An image holds no key and no identity, and one disk has the two parts that its table names."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.technician.provisioning import image
from kiosk.technician.provisioning.machine import ProvisioningError


def test_what_must_be_each_machine_s_own_is_not_in_the_image(tmp_path: Path) -> None:
    for name in ("etc/credstore.encrypted/store.key", "var/lib/systemd/credential.secret", "etc/machine-id"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("one machine's")
    (tmp_path / "etc/systemd/system").mkdir(parents=True)
    (tmp_path / "etc/resolv.conf").write_text("nameserver 192.0.2.1")
    (tmp_path / "boot").mkdir()
    image._blank(tmp_path)
    assert (tmp_path / "etc/machine-id").read_text() == "uninitialized\n"
    assert not (tmp_path / "etc/credstore.encrypted/store.key").exists()
    assert not (tmp_path / "var/lib/systemd/credential.secret").exists()
    assert (tmp_path / "etc/systemd/system/multi-user.target.wants/totem-first.service").is_symlink()
    # Nothing of the kiosk is enabled by a first start; the network and its name servers are found there.
    preset = (tmp_path / "etc/systemd/system-preset/10-totem.preset").read_text().splitlines()
    assert preset == ["enable totem-first.service", "disable totem-*"]
    assert (tmp_path / "etc/systemd/network/20-wired.network").is_file()
    assert (tmp_path / "etc/resolv.conf").is_symlink()


def test_there_is_no_image_for_an_unknown_processor(tmp_path: Path) -> None:
    with pytest.raises(ProvisioningError, match="no image for vax"):
        image.make(tmp_path, "bookworm", "vax", tmp_path / "x.img", print)


def test_an_image_for_another_processor_says_what_it_needs(tmp_path: Path) -> None:
    with pytest.raises(ProvisioningError, match="qemu-user-static"):
        image._elsewhere("bookworm", "aarch64", tmp_path)
    (tmp_path / "qemu-aarch64").touch()
    assert "manylinux_2_36_aarch64" in image._elsewhere("bookworm", "aarch64", tmp_path)
    with pytest.raises(ProvisioningError, match="which Python Debian forky has"):
        image._elsewhere("forky", "aarch64", tmp_path)


def test_a_program_that_is_missing_is_said() -> None:
    with pytest.raises(ProvisioningError, match="apt-get install"):
        image.run("no-such-program-anywhere")
    with pytest.raises(ProvisioningError, match="false failed"):
        image.run("false")
