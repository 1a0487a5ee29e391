"""The PKCS#15 directories of a Belgian eID (content v5.4, clause 5): so OpenSC finds certificates, keys and PIN."""

from __future__ import annotations

from devices.virtual.iso7816 import tlv

DIRECTORY, ODF, TOKEN, AODF, PRKDF, CDF = (
    bytes.fromhex(f"3F00{path}") for path in ("2F00", "DF005031", "DF005032", "DF005034", "DF005035", "DF005037")
)
PIN_ID, KEY_ID = b"\x01", b"\x02"
CERTIFICATES = (
    (b"Authentication", KEY_ID, "5038", False),
    (b"CA", b"\x04", "503A", True),
    (b"Root", b"\x06", "503B", True),
)


def directory_files(chip_serial: bytes, *, elliptic: bool) -> dict[bytes, bytes]:
    return {
        DIRECTORY: _directory(),
        ODF: _pointer(0xA0, "5035") + _pointer(0xA4, "5037") + _pointer(0xA8, "5034"),
        TOKEN: _token_info(chip_serial),
        AODF: _pin(),
        PRKDF: _key(elliptic=elliptic),
        CDF: b"".join(_certificate(*entry) for entry in CERTIFICATES),
    }


def _directory() -> bytes:
    entry = (
        tlv(b"\x4f", bytes.fromhex("A000000177504B43532D3135"))
        + tlv(b"\x50", b"BELPIC")
        + tlv(b"\x51", bytes.fromhex("3F00DF00"))
        + tlv(b"\x73", bytes.fromhex("0603603802"))
    )
    return tlv(b"\x61", entry)


def _path(path: str) -> bytes:
    return tlv(b"\x30", tlv(b"\x04", bytes.fromhex(path)))


def _pointer(tag: int, file: str) -> bytes:
    return tlv(bytes([tag]), _path(f"3F00DF00{file}"))


def _token_info(chip_serial: bytes) -> bytes:
    fields = (
        tlv(b"\x02", b"\x00")
        + tlv(b"\x04", chip_serial)
        + tlv(b"\x80", b"BELPIC")
        + tlv(b"\x03", bytes.fromhex("0430"))
    )
    return tlv(b"\x30", fields + bytes.fromhex("9E0404020000"))


def _pin() -> bytes:
    common = tlv(b"\x30", tlv(b"\x0c", b"Basic PIN") + bytes.fromhex("030206C0"))
    identifier = tlv(b"\x30", tlv(b"\x04", PIN_ID))
    # initialized and padded; bcd; at least 4, 8 bytes; reference 1; filled up with FF; in the MF
    attributes = bytes.fromhex("0302020C0A01000201040201088001010401FF") + _path("3F00")
    return tlv(b"\x30", common + identifier + tlv(b"\xa1", tlv(b"\x30", attributes)))


def _key(*, elliptic: bool) -> bytes:
    common = tlv(b"\x30", tlv(b"\x0c", b"Authentication") + bytes.fromhex("030206C0") + tlv(b"\x04", PIN_ID))
    attributes = tlv(b"\x30", tlv(b"\x04", KEY_ID) + bytes.fromhex("03020520030203B802020082"))
    size = bytes.fromhex("02020180" if elliptic else "02020800")
    special = tlv(b"\xa1", tlv(b"\x30", _path("3F00DF00") + size))
    return tlv(b"\xa0" if elliptic else b"\x30", common + attributes + special)


def _certificate(label: bytes, identifier: bytes, file: str, authority: bool) -> bytes:
    common = tlv(b"\x30", tlv(b"\x0c", label) + bytes.fromhex("03020640") + tlv(b"\x04", PIN_ID))
    flags = bytes.fromhex("0101FF830100" if authority else "830100")
    attributes = tlv(b"\x30", tlv(b"\x04", identifier) + flags)
    return tlv(b"\x30", common + attributes + tlv(b"\xa1", tlv(b"\x30", _path(f"3F00DF00{file}"))))
