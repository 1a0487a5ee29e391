"""Meeting the centre for the first time: everything it says of itself is held against the hashes of the token.

Standard library alone: a bare machine meets it before anything is installed. Nothing secret is sent before the
authority is proven, and what the keys are is believed only over a line of that authority.
"""

from __future__ import annotations

import http.client
import ssl
import urllib.parse

from offline_cache.contract.trust import TRUST_PATH, Token, Trust, ca_sha256, read_trust, root_sha256, sealing_sha256

LIMIT_S = 15.0
LONGEST_BYTES = 1 << 20
# X509_V_FLAG_NO_CHECK_TIME of OpenSSL: a machine that was just unpacked has no idea what day it is.
_NO_CHECK_TIME = 0x200000


class NotTheCentreError(ValueError):
    """What answered is not the centre that the token names."""


def fetch(token: Token, limit_s: float = LIMIT_S) -> Trust:
    """What the centre says of itself, held against the token. OSError if it does not answer, NotTheCentreError if it is
    somebody else.
    """
    # Whoever it is: the first answer gives the authority, and nothing else of it is believed.
    first = ssl.create_default_context()
    first.check_hostname = False
    first.verify_mode = ssl.CERT_NONE
    ca = _ask(token.centre, first, limit_s).ca
    if ca_sha256(ca) != token.ca_sha256:
        raise NotTheCentreError(
            f"{token.centre} is not the centre that the token names: its authority is another one. Check the "
            "address, and what stands in between"
        )
    pinned = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    pinned.load_verify_locations(cadata=ca)
    pinned.verify_flags |= ssl.VerifyFlags(_NO_CHECK_TIME)
    try:
        found = _ask(token.centre, pinned, limit_s)
    except ssl.SSLCertVerificationError as error:
        raise NotTheCentreError(f"{token.centre}: its certificate does not hold ({error.verify_message})") from error
    if found.ca != ca or root_sha256(found.root) != token.root_sha256:
        raise NotTheCentreError("the catalogue is signed by others than the token names: ask for another token")
    if sealing_sha256(found.sealing_key) != token.sealing_sha256:
        raise NotTheCentreError("the centre seals with another key than the token names: ask for another token")
    return found


def _ask(centre: str, context: ssl.SSLContext, limit_s: float) -> Trust:
    address = urllib.parse.urlsplit(centre)
    if not address.hostname:
        raise NotTheCentreError(f"{centre} is no address")
    connection = http.client.HTTPSConnection(address.hostname, address.port or 443, timeout=limit_s, context=context)
    try:
        connection.request("GET", f"{address.path.rstrip('/')}{TRUST_PATH}")
        answer = connection.getresponse()
        body = answer.read(LONGEST_BYTES)
    except http.client.HTTPException as error:
        raise NotTheCentreError(f"what answers at {centre} is not a centre of Totem") from error
    finally:
        connection.close()
    if answer.status != http.client.OK:
        raise NotTheCentreError(f"what answers at {centre} is not a centre of Totem (status {answer.status})")
    return read_trust(body.decode("utf-8", "replace"))
