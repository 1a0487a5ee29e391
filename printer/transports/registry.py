"""The way to the printer that the settings name, and the lock that makes it ours alone."""

from __future__ import annotations

import socket

from offline_cache.settings import PrinterSettings
from printer.profiles import Profile
from printer.transport import Transport


def transport_of(settings: PrinterSettings, profile: Profile) -> Transport:
    """ValueError, with what to do, when the settings do not name a way."""
    match settings.transport:
        case "network":
            from printer.transports.network import NetworkTransport

            return NetworkTransport(settings.host, settings.port)
        case "usb":
            from printer.transports.usb import UsbTransport

            vendor, product = usb_ids(settings.usb)
            return UsbTransport(vendor, product, settings.usb_serial or None)
        case "serial":
            from printer.transports.serial import SerialTransport

            return SerialTransport(_device(settings), settings.bit_s or profile.bit_s, settings.flow)
        case "file":
            from printer.transports.node import NodeTransport

            return NodeTransport(_device(settings))


def usb_ids(text: str) -> tuple[int, int]:
    """"04b8:0202" as two numbers. ValueError."""
    vendor, _, product = text.partition(":")
    try:
        return int(vendor, 16), int(product, 16)
    except ValueError as error:
        line = '[printer] needs usb = "vendor:product"; `totem printer detect` lists what is there'
        raise ValueError(line) from error


def own(settings: PrinterSettings) -> socket.socket:
    """One owner a printer, on this machine: an address of that name, until it is closed. OSError when it is taken."""
    owner = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    try:
        owner.bind(f"\0totem-printer {settings.address}")
    except OSError:
        owner.close()
        raise
    return owner


def _device(settings: PrinterSettings) -> str:
    if not settings.device:
        raise ValueError(f'[printer] needs device = "/dev/..." for transport = "{settings.transport}"')
    return settings.device
