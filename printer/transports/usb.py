"""A printer on USB, by libusb (pyusb): its printer interface is claimed, which makes us its only owner.

libusb has nothing that select could wait for: a thread reads, and what came lies in a socket.
"""

from __future__ import annotations

import contextlib
import errno
import socket
import threading
from typing import Any

from printer.transport import TransportLostError

PRINTER_CLASS = 7
WRITE_TIMEOUT_MS = 20
READ_TIMEOUT_MS = 100
# What one transfer takes at most: a full buffer shows within one of them.
PIECE_BYTES = 1024
_GONE = frozenset({errno.ENODEV, errno.EIO, errno.EPIPE, errno.ESHUTDOWN})


class UsbTransport:
    """`vendor` and `product` as on the bus; `serial` picks one of several. `backend` is pyusb's, None for libusb."""

    def __init__(self, vendor: int, product: int, serial: str | None = None, backend: Any = None) -> None:
        self._ids = (vendor, product, serial)
        self._backend = backend
        self._device: Any = None
        self._out: Any = None
        self._number = 0
        self._mailbox: tuple[socket.socket, socket.socket] | None = None
        self._thread: threading.Thread | None = None
        self._closing = threading.Event()

    def open(self) -> None:
        import usb.core
        import usb.util

        self.close()
        vendor, product, serial = self._ids
        wanted = {} if serial is None else {"serial_number": serial}
        try:
            device = usb.core.find(idVendor=vendor, idProduct=product, backend=self._backend, **wanted)
            if device is None:
                raise TransportLostError(f"no USB device {vendor:04x}:{product:04x}", unplugged=True)
            interface = _printer_interface(device)
            if device.is_kernel_driver_active(interface.bInterfaceNumber):
                device.detach_kernel_driver(interface.bInterfaceNumber)
            usb.util.claim_interface(device, interface.bInterfaceNumber)
        except (usb.core.USBError, usb.core.NoBackendError) as error:
            raise _lost(error) from error
        self._device, self._number = device, interface.bInterfaceNumber
        self._out = _endpoint(interface, usb.util.ENDPOINT_OUT)
        self._mailbox = socket.socketpair()
        for end in self._mailbox:
            end.setblocking(False)
        self._closing = threading.Event()
        source = _endpoint(interface, usb.util.ENDPOINT_IN)
        if source is not None:
            self._thread = threading.Thread(target=self._listen, args=(source, self._mailbox[1], self._closing))
            self._thread.start()

    def fileno(self) -> int:
        if self._mailbox is None:
            raise TransportLostError("not open")
        return self._mailbox[0].fileno()

    def write(self, data: bytes) -> int:
        """Loops by its caller: a transfer that timed out in the middle says how much of it was taken."""
        import usb.core

        if self._out is None:
            raise TransportLostError("not open")
        try:
            return int(self._out.write(data[:PIECE_BYTES], WRITE_TIMEOUT_MS))
        except usb.core.USBTimeoutError:
            return 0
        except usb.core.USBError as error:
            raise _lost(error, partial=True) from error

    def read(self) -> bytes:
        if self._mailbox is None:
            raise TransportLostError("not open")
        try:
            data = self._mailbox[0].recv(4096)
        except BlockingIOError:
            return b""
        if not data:
            raise TransportLostError("the printer has left the bus", unplugged=True)
        return data

    def in_flight(self) -> int:
        return 0

    def close(self) -> None:
        self._closing.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        for end in self._mailbox or ():
            end.close()
        device, self._device, self._out, self._mailbox = self._device, None, None, None
        if device is not None:
            import usb.core
            import usb.util

            # A device that has gone cannot be given back.
            with contextlib.suppress(usb.core.USBError):
                usb.util.release_interface(device, self._number)
                usb.util.dispose_resources(device)

    @staticmethod
    def _listen(source: Any, to: socket.socket, closing: threading.Event) -> None:
        import usb.core

        while not closing.is_set():
            try:
                data = bytes(source.read(source.wMaxPacketSize, READ_TIMEOUT_MS))
            except usb.core.USBTimeoutError:
                continue
            except usb.core.USBError:
                with contextlib.suppress(OSError):
                    to.shutdown(socket.SHUT_WR)
                return
            if data:
                with contextlib.suppress(BlockingIOError):
                    to.send(data)
            else:
                closing.wait(READ_TIMEOUT_MS / 1000)


def _printer_interface(device: Any) -> Any:
    for configuration in device:
        for interface in configuration:
            if interface.bInterfaceClass == PRINTER_CLASS:
                return interface
    raise TransportLostError("the USB device has no printer interface")


def _endpoint(interface: Any, direction: int) -> Any:
    import usb.util

    return usb.util.find_descriptor(
        interface, custom_match=lambda found: usb.util.endpoint_direction(found.bEndpointAddress) == direction
    )


def _lost(error: Any, *, partial: bool = False) -> TransportLostError:
    number = getattr(error, "errno", None)
    if number in {errno.EBUSY, errno.EACCES, errno.EPERM}:
        return TransportLostError("another program owns the USB printer, or it may not be opened")
    return TransportLostError(f"USB: {error}", unplugged=number in _GONE, partial=partial)
