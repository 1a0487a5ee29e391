"""What can still be read of a damaged store: the tickets in it that nobody else has, the catalogue, and the floors.

The file is read page by page, past SQLite: every page that its seal (SQLCipher's HMAC) proves whole is decrypted by
itself, a committed page of the log in the place of the older one in the file, and every leaf of a table is read for
rows of the outbox. A tree whose upper pages are lost does not keep its leaves from being found. Only rows whose sealed
bytes fit their fingerprint are taken. Formats: https://www.sqlite.org/fileformat2.html, SQLCipher 4's design.
"""

from __future__ import annotations

import hashlib
import hmac
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

from kiosk.issuing import seal
from offline_cache.contract.messages import EventKind
from offline_cache.store import KEY_BYTES, PAGE_BYTES, SALT_BYTES

_IV, _MAC = 16, 64
_RESERVE = _IV + _MAC
_USABLE = PAGE_BYTES - _RESERVE
_LEAF = 0x0D
# Of the table outbox, in its order (offline_cache/schema.py).
_COLUMNS = 15
# No item is longer: a request has 4 MB for a hundred of them, and the rest is rubbish that looks like a length.
_LONGEST = 4 * 1024 * 1024


@dataclass(frozen=True)
class SavedItem:
    """One row of the lost outbox. `sealed` is None where it lies in the centre's backup already."""

    seq: int
    id: str
    kind: str
    code: str | None
    catalogue_version: int
    key_id: str
    sealed: bytes | None
    fingerprint: str
    created_boot_id: str
    created_monotonic: float
    created_wall: str
    clock_trusted: int


@dataclass
class Salvaged:
    """`items` by id; `catalogue`: version and content of the one that was served."""

    items: dict[str, SavedItem] = field(default_factory=dict)
    catalogue: tuple[int, bytes] | None = None
    floors: dict[str, int] = field(default_factory=dict)

    def take(self, row: list[object]) -> None:
        """Looks whether a row is of one of the tables that are wanted."""
        match row:
            case [_, str(name), int(value)] if name in {"time", "catalogue.min"} or name.startswith("tuf."):
                self.floors[name] = max(value, self.floors.get(name, 0))
            case [int(version), _, bytes(content), "current", str()]:
                if self.catalogue is None or version > self.catalogue[0]:
                    self.catalogue = version, content
            case [int(seq), _, *rest] if len(rest) == _COLUMNS - 1:
                item = _item([seq, *rest])
                # An older page may hold the item as it was before its bytes were destroyed, or the other way round.
                if item is not None and (item.id not in self.items or self.items[item.id].sealed is None):
                    self.items[item.id] = item
            case _:
                pass


def salvage(database: Path, key: bytes, salt: bytes) -> Salvaged:
    """Everything wanted that can still be read; never raises for what it finds in the files."""
    pages, found = _Pages(database, key, salt), Salvaged()
    for number in pages.numbers():
        for row in _rows(pages, number):
            found.take(row)
    return found


class _Pages:
    """Pages by number, decrypted when their seal is whole."""

    def __init__(self, database: Path, key: bytes, salt: bytes) -> None:
        self._key = key
        derived = PBKDF2HMAC(hashes.SHA512(), KEY_BYTES, bytes(byte ^ 0x3A for byte in salt), 2)
        self._mac = derived.derive(key)
        self._file = database.read_bytes() if database.exists() else b""
        log = database.with_name(database.name + "-wal")
        self._log = dict(_committed(log.read_bytes() if log.exists() else b""))

    def numbers(self) -> Iterator[int]:
        yield from sorted({*range(1, len(self._file) // PAGE_BYTES + 1), *self._log})

    def page(self, number: int) -> bytes | None:
        """The usable bytes of a page, from the log if it is there; None if neither copy is whole."""
        at = (number - 1) * PAGE_BYTES
        for raw in (self._log.get(number), self._file[at : at + PAGE_BYTES]):
            if raw is not None and len(raw) == PAGE_BYTES:
                plain = self._open(raw, number)
                if plain is not None:
                    return plain
        return None

    def _open(self, raw: bytes, number: int) -> bytes | None:
        start = SALT_BYTES if number == 1 else 0
        sealed, iv = raw[start:_USABLE], raw[_USABLE : _USABLE + _IV]
        proof = hmac.new(self._mac, sealed + iv + struct.pack("<I", number), hashlib.sha512).digest()
        if not hmac.compare_digest(proof, raw[_USABLE + _IV : _USABLE + _IV + _MAC]):
            return None
        decryptor = Cipher(algorithms.AES(self._key), modes.CBC(iv)).decryptor()
        return bytes(start) + decryptor.update(sealed) + decryptor.finalize()


def _committed(log: bytes) -> Iterator[tuple[int, bytes]]:
    """The pages of the log up to its last commit (file format, 4.1 to 4.3), older ones first."""
    if len(log) < 32:
        return
    magic, _version, size, _sequence, *salts = struct.unpack(">IIIIII", log[:24])
    if magic not in {0x377F0682, 0x377F0683} or size != PAGE_BYTES:
        return
    order = ">" if magic & 1 else "<"
    sums = _checksum(log[:24], (0, 0), order)
    pending: list[tuple[int, bytes]] = []
    for at in range(32, len(log) - 24 - PAGE_BYTES + 1, 24 + PAGE_BYTES):
        head, page = log[at : at + 24], log[at + 24 : at + 24 + PAGE_BYTES]
        number, commit, *found = struct.unpack(">IIIIII", head)
        sums = _checksum(page, _checksum(head[:8], sums, order), order)
        if found[:2] != salts or tuple(found[2:]) != sums:
            return
        pending.append((number, page))
        if commit:
            yield from pending
            pending.clear()


def _checksum(data: bytes, sums: tuple[int, int], order: str) -> tuple[int, int]:
    first, second = sums
    words = struct.unpack(f"{order}{len(data) // 4}I", data)
    for even, odd in zip(words[::2], words[1::2], strict=True):
        first = (first + even + second) & 0xFFFFFFFF
        second = (second + odd + first) & 0xFFFFFFFF
    return first, second


def _rows(pages: _Pages, number: int) -> Iterator[list[object]]:
    """The rows of a leaf: the rowid, then the columns (1.6 and 2.1); a column that is the rowid itself is None."""
    page = pages.page(number)
    start = 100 if number == 1 else 0
    if page is None or page[start] != _LEAF:
        return
    (cells,) = struct.unpack_from(">H", page, start + 3)
    for index in range(cells):
        try:
            (at,) = struct.unpack_from(">H", page, start + 8 + 2 * index)
            length, at = _varint(page, at)
            rowid, at = _varint(page, at)
            body = _payload(pages, page, at, length)
            row = None if body is None else _record(body)
        except (IndexError, struct.error, UnicodeDecodeError):
            continue
        if row is not None:
            yield [rowid, *row]


def _payload(pages: _Pages, page: bytes, at: int, length: int) -> bytes | None:
    """A cell's payload with its overflow pages; None if one of them is lost."""
    if not 0 < length <= _LONGEST:
        return None
    most = _USABLE - 35
    if length <= most:
        return page[at : at + length]
    least = (_USABLE - 12) * 32 // 255 - 23
    local = least + (length - least) % (_USABLE - 4)
    local = local if local <= most else least
    body = bytearray(page[at : at + local])
    (following,) = struct.unpack_from(">I", page, at + local)
    while following and len(body) < length:
        further = pages.page(following)
        if further is None:
            return None
        (following,) = struct.unpack_from(">I", further)
        body += further[4:_USABLE][: length - len(body)]
    return bytes(body) if len(body) == length else None


def _record(body: bytes) -> list[object]:
    size, at = _varint(body, 0)
    kinds = []
    while at < size:
        kind, at = _varint(body, at)
        kinds.append(kind)
    values: list[object] = []
    for kind in kinds:
        value, at = _value(body, at, kind)
        values.append(value)
    return values


def _value(body: bytes, at: int, kind: int) -> tuple[object, int]:
    widths = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}
    if kind in widths:
        end = at + widths[kind]
        return int.from_bytes(body[at:end], signed=True), end
    if kind == 7:
        return struct.unpack_from(">d", body, at)[0], at + 8
    if kind in {0, 8, 9}:
        return {0: None, 8: 0, 9: 1}[kind], at
    end = at + (kind - 12) // 2
    raw = body[at:end]
    return (raw if kind % 2 == 0 else raw.decode()), end


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for count in range(9):
        byte = data[at + count]
        if count == 8:
            return (value << 8) | byte, at + 9
        value = (value << 7) | (byte & 0x7F)
        if byte < 0x80:
            return value, at + count + 1
    raise IndexError


def _item(row: list[object]) -> SavedItem | None:
    seq, item, kind, code, version, key_id, sealed, fingerprint, _state, boot, monotonic, wall, trusted = row[:13]
    match (seq, item, code, version, key_id, sealed, fingerprint, boot, wall, trusted):
        case (
            int(), str(), str() | None, int(), str(), bytes() | None, str(), str(), str(), int(),
        ) if kind in {known.value for known in EventKind}:  # fmt: skip
            pass
        case _:
            return None
    assert isinstance(sealed, bytes | None)
    if sealed is not None and seal.fingerprint(sealed) != fingerprint:
        return None
    # A whole number of seconds is stored as an integer, even in a column of reals.
    assert isinstance(monotonic, int | float)
    return SavedItem(
        seq, str(item), str(kind), code, version, str(key_id), sealed, str(fingerprint), str(boot), float(monotonic),
        str(wall), trusted,
    )  # fmt: skip
