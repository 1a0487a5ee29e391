"""A panel says how large it is; a reader is known by its class, whoever made it."""

from __future__ import annotations

from pathlib import Path

from kiosk.technician.provisioning.hardware import Panel, panel_of, panels, readers
from kiosk.technician.provisioning.machine import Machine


def edid(width_px: int, height_px: int, width_mm: int, height_mm: int, cm: tuple[int, int] = (0, 0)) -> bytes:
    """A block with one detailed timing (VESA E-EDID A.2, 3.10.2)."""
    block = bytearray(128)
    block[:8] = bytes.fromhex("00ffffffffffff00")
    block[21], block[22] = cm
    block[54:72] = bytes(
        [
            1, 1, width_px & 0xFF, 0, (width_px >> 8) << 4, height_px & 0xFF, 0, (height_px >> 8) << 4, 0, 0, 0, 0,
            width_mm & 0xFF, height_mm & 0xFF, (width_mm >> 8) << 4 | height_mm >> 8, 0, 0, 0,
        ]
    )  # fmt: skip
    return bytes(block)


def on(root: Path) -> Machine:
    return Machine(root, dry=False, say=lambda _line: None)


def test_pixels_and_millimetres_of_a_panel_are_read_from_its_edid() -> None:
    assert panel_of(edid(1920, 1080, 527, 296), "HDMI-A-1") == Panel("HDMI-A-1", 1920, 1080, 527, 296)


def test_a_panel_that_tells_only_centimetres_counts_too() -> None:
    assert panel_of(edid(1280, 800, 0, 0, (22, 14)), "x") == Panel("x", 1280, 800, 220, 140)


def test_what_is_no_edid_tells_nothing() -> None:
    assert panel_of(b"", "x") is None
    assert panel_of(bytes(128), "x") is None
    assert panel_of(edid(1920, 1080, 0, 0), "x") is None


def test_a_panel_that_hangs_upright_is_as_wide_as_it_was_high() -> None:
    lying = Panel("x", 1920, 1080, 527, 296)
    assert lying.turned(1) == lying.turned(3) == Panel("x", 1080, 1920, 296, 527)
    assert lying.turned(0) == lying.turned(2) == lying


def test_only_what_is_plugged_in_is_a_panel(tmp_path: Path) -> None:
    for name, status in (("card0-HDMI-A-1", "disconnected"), ("card0-HDMI-A-2", "connected")):
        folder = tmp_path / "sys/class/drm" / name
        folder.mkdir(parents=True)
        (folder / "status").write_text(status + "\n")
        (folder / "edid").write_bytes(edid(1920, 1080, 527, 296))
    assert [panel.name for panel in panels(on(tmp_path))] == ["card0-HDMI-A-2"]


def test_a_reader_is_known_by_its_class(tmp_path: Path) -> None:
    devices = tmp_path / "sys/bus/usb/devices"
    for device, kind, product in (("1-1", "0b", "uTrust 2700 R"), ("1-2", "08", "a stick")):
        (devices / device).mkdir(parents=True)
        (devices / device / "product").write_text(product)
        (devices / device / "manufacturer").write_text("Identiv")
        (devices / f"{device}:1.0").mkdir()
        (devices / f"{device}:1.0/bInterfaceClass").write_text(f"{kind}\n")
    assert readers(on(tmp_path)) == ["Identiv uTrust 2700 R"]
