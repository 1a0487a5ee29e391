from pathlib import Path

from printer.detection import attached


def write(root: Path, files: dict[str, str]) -> None:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")


def test_what_the_kernel_lists_is_told_with_what_to_write_into_the_settings(tmp_path: Path) -> None:
    usb = "sys/bus/usb/devices"
    write(tmp_path, {
        f"{usb}/1-2/idVendor": "04b8\n", f"{usb}/1-2/idProduct": "0202\n", f"{usb}/1-2/product": "TM-T88V\n",
        f"{usb}/1-2/manufacturer": "EPSON\n", f"{usb}/1-2:1.0/bInterfaceClass": "07\n",
        f"{usb}/1-3/idVendor": "046d\n", f"{usb}/1-3:1.0/bInterfaceClass": "03\n",
        "dev/usb/lp0": "", "dev/serial/by-id/usb-FTDI-0": "",
    })  # fmt: skip
    found = attached(tmp_path)
    assert [device.settings for device in found] == [
        'transport = "usb", usb = "04b8:0202"',
        f'transport = "file", device = "{tmp_path}/dev/usb/lp0"',
        f'transport = "serial", device = "{tmp_path}/dev/serial/by-id/usb-FTDI-0"',
    ]
    assert found[0].words == 'EPSON TM-T88V: transport = "usb", usb = "04b8:0202", profile epson-tm-t88v'


def test_nothing_attached_is_nothing(tmp_path: Path) -> None:
    assert attached(tmp_path) == []
