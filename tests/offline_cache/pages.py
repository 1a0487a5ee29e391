"""What somebody reads who holds the disk and the key: every page of the store's files, decrypted one by one.

SQLCipher 4 with a raw key: AES-256-CBC per page of 4096 bytes; the last 80 hold the IV (16) and the HMAC (64); the
first 16 of page 1 are the salt. A log has 32 bytes before all, 24 before each page (sqlite.org/fileformat2.html, 4.1).
"""

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from offline_cache.folder import StateFolder
from offline_cache.store import read_key

PAGE, RESERVED, SALT = 4096, 80, 16


def all_pages(folder: StateFolder) -> bytes:
    key = read_key(folder)
    plain = bytearray()
    for path in sorted(folder.path.rglob("*.db*")):
        content = path.read_bytes()
        if path.name.endswith("-shm"):
            continue
        start, before = (32, 24) if path.name.endswith("-wal") else (0, 0)
        for at in range(start + before, len(content), PAGE + before):
            page = content[at : at + PAGE]
            initial = page[-RESERVED : -RESERVED + 16]
            for skipped in (0, SALT):
                body = page[skipped:-RESERVED]
                plain += Cipher(algorithms.AES(key), modes.CBC(initial)).decryptor().update(body)
    return bytes(plain)
