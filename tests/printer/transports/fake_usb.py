"""A USB bus with one printer on it, at the boundary where pyusb calls libusb: descriptors and bulk transfers."""

from __future__ import annotations

import errno
import threading
from array import array
from types import SimpleNamespace
from typing import Any

import usb.core
from usb.backend import IBackend

VENDOR, PRODUCT = 0x04B8, 0x0202
OUT, IN = 0x01, 0x82


class FakeBus(IBackend):
    """What the printer got is `received`; it says `says`. `room`: bytes taken until a transfer times out."""

    def __init__(self) -> None:
        self.received = b""
        self.says = b""
        self.room: int | None = None
        self.present = True
        self.owner: str | None = None
        self.kernel_driver = True
        self.lock = threading.Lock()

    def enumerate_devices(self) -> Any:
        return iter([1] if self.present else [])

    def get_device_descriptor(self, dev: Any) -> Any:
        return SimpleNamespace(
            bLength=18, bDescriptorType=1, bcdUSB=0x200, bDeviceClass=0, bDeviceSubClass=0, bDeviceProtocol=0,
            bMaxPacketSize0=64, idVendor=VENDOR, idProduct=PRODUCT, bcdDevice=1, iManufacturer=0, iProduct=0,
            iSerialNumber=0, bNumConfigurations=1, address=5, bus=1, port_number=1, port_numbers=(1,), speed=3,
        )  # fmt: skip

    def get_configuration_descriptor(self, dev: Any, config: int) -> Any:
        if config:
            raise IndexError
        return SimpleNamespace(
            bLength=9, bDescriptorType=2, wTotalLength=32, bNumInterfaces=1, bConfigurationValue=1, iConfiguration=0,
            bmAttributes=0xC0, bMaxPower=1, extra_descriptors=[],
        )  # fmt: skip

    def get_interface_descriptor(self, dev: Any, intf: int, alt: int, config: int) -> Any:
        if intf or alt:
            raise IndexError
        return SimpleNamespace(
            bLength=9, bDescriptorType=4, bInterfaceNumber=0, bAlternateSetting=0, bNumEndpoints=2, bInterfaceClass=7,
            bInterfaceSubClass=1, bInterfaceProtocol=2, iInterface=0, extra_descriptors=[],
        )  # fmt: skip

    def get_endpoint_descriptor(self, dev: Any, ep: int, intf: int, alt: int, config: int) -> Any:
        return SimpleNamespace(
            bLength=7, bDescriptorType=5, bEndpointAddress=(OUT, IN)[ep], bmAttributes=2, wMaxPacketSize=64,
            bInterval=0, bRefresh=0, bSynchAddress=0, extra_descriptors=[],
        )  # fmt: skip

    def open_device(self, dev: Any) -> Any:
        return object()

    def close_device(self, dev_handle: Any) -> None:
        pass

    def get_configuration(self, dev_handle: Any) -> int:
        return 1

    def set_configuration(self, dev_handle: Any, config_value: int) -> None:
        pass

    def is_kernel_driver_active(self, dev_handle: Any, intf: int) -> bool:
        return self.kernel_driver

    def detach_kernel_driver(self, dev_handle: Any, intf: int) -> None:
        self.kernel_driver = False

    def claim_interface(self, dev_handle: Any, intf: int) -> None:
        self._there()
        if self.owner is not None or self.kernel_driver:
            raise usb.core.USBError("Resource busy", errno=errno.EBUSY)
        self.owner = "us"

    def release_interface(self, dev_handle: Any, intf: int) -> None:
        self._there()
        self.owner = None

    def bulk_write(self, dev_handle: Any, ep: int, intf: int, data: Any, timeout: int) -> int:
        self._there()
        taken = bytes(data) if self.room is None else bytes(data)[: self.room]
        if not taken:
            raise usb.core.USBTimeoutError("Operation timed out", errno=errno.ETIMEDOUT)
        if self.room is not None:
            self.room -= len(taken)
        self.received += taken
        return len(taken)

    def bulk_read(self, dev_handle: Any, ep: int, intf: int, buff: Any, timeout: int) -> int:
        self._there()
        with self.lock:
            data, self.says = self.says[: len(buff)], self.says[len(buff) :]
        if not data:
            raise usb.core.USBTimeoutError("Operation timed out", errno=errno.ETIMEDOUT)
        buff[: len(data)] = array("B", data)
        return len(data)

    def _there(self) -> None:
        if not self.present:
            raise usb.core.USBError("No such device", errno=errno.ENODEV)
