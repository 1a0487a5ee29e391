"""The headset's switch: found among the input devices, followed without asking in turns."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from devices.headset import EV_SW, EVENT, SW_HEADPHONE_INSERT, HeadsetSwitch, find

LISTING = """I: Bus=0011 Vendor=0001 Product=0001 Version=ab41
N: Name="AT Translated Set 2 keyboard"
H: Handlers=sysrq kbd event0 leds
B: EV=120013

I: Bus=0000 Vendor=0000 Product=0000 Version=0000
N: Name="HDA Intel PCH HDMI/DP,pcm=3"
H: Handlers=event4
B: EV=21
B: SW=140

I: Bus=0000 Vendor=0000 Product=0000 Version=0000
N: Name="HDA Intel PCH Front Headphone"
H: Handlers=event5
B: EV=21
B: SW=4
"""
LIMIT_S = 5.0


def test_the_first_device_with_the_switch_is_found() -> None:
    assert find(LISTING) == "/dev/input/event5"
    assert find(LISTING.replace("B: SW=4\n", "B: SW=10\n")) is None


def test_plugging_and_pulling_is_told(tmp_path: Path) -> None:
    device = tmp_path / "event5"
    os.mkfifo(device)
    told: list[bool] = []
    heard = threading.Semaphore(0)

    def changed(plugged: bool) -> None:
        told.append(plugged)
        heard.release()

    switch = HeadsetSwitch(str(device), changed)
    switch.start()
    with device.open("wb", buffering=0) as kernel:
        kernel.write(EVENT.pack(0, 0, EV_SW, SW_HEADPHONE_INSERT, 1))
        kernel.write(EVENT.pack(0, 0, EV_SW, 5, 1))
        kernel.write(EVENT.pack(0, 0, 0, 0, 0))
        kernel.write(EVENT.pack(0, 0, EV_SW, SW_HEADPHONE_INSERT, 0))
        assert heard.acquire(timeout=LIMIT_S)
        assert heard.acquire(timeout=LIMIT_S)
    switch.close()
    assert told == [True, False]


@pytest.mark.parametrize("listing", ["", "B: SW=4"])
def test_a_machine_without_such_a_switch_has_no_headset_to_notice(tmp_path: Path, listing: str) -> None:
    path = tmp_path / "devices"
    path.write_text(listing)
    told: list[bool] = []
    switch = HeadsetSwitch("auto", told.append, path)
    switch.start()
    switch.close()
    assert told == []
