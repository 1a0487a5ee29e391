"""A root that is only read: the line of / changes, the state has a partition, the rest is memory."""

from __future__ import annotations

import pytest

from kiosk.technician.provisioning.machine import ProvisioningError
from kiosk.technician.provisioning.root_partition import table

BEFORE = "# fstab\nUUID=1 / ext4 defaults,noatime 0 1\nUUID=2 /boot vfat defaults 0 2\n"


def test_the_root_is_only_read_and_everything_else_stays() -> None:
    lines = table(BEFORE, "totem-state").splitlines()
    assert "UUID=1 / ext4 ro,noatime 0 1" in lines
    assert "UUID=2 /boot vfat defaults 0 2" in lines
    assert any(line.startswith("LABEL=totem-state /var/lib/totem ext4 rw,") for line in lines)
    assert any(line.startswith("tmpfs /var/log tmpfs ") for line in lines)


def test_a_second_time_it_is_the_same() -> None:
    once = table(BEFORE, "totem-state")
    assert table(once, "totem-state") == once


def test_without_a_line_for_the_root_nothing_is_guessed() -> None:
    with pytest.raises(ProvisioningError, match="no line for /"):
        table("", "totem-state")
