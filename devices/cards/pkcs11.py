"""Cards that are reached through a PKCS#11 module: ICP-Brasil's A3 cards, the DNIe, Portuguese and Estonian cards.

The module finds the card by its reader; the certificate's policy alone decides of which family it is. The modules are
a list, tried in order: OpenSC's first, then those of the makers (known to demoiselle/signer), if they are installed.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from devices.cards.base import (
    CardFault,
    KeyCard,
    PinAccepted,
    PinBlocked,
    PinMalformed,
    PinNotSent,
    PinNotTyped,
    PinOutcome,
    PinWrong,
    Slot,
)
from devices.cards.pkcs1 import DIGEST_INFO_SHA256
from kiosk.journey.state import CardTrouble
from offline_cache.contract.certificates import parse, policies_of
from offline_cache.contract.checks import EvidenceRefused
from offline_cache.contract.profiles import OF_FAMILY

CONFIGURATION = Path(__file__).with_name("opensc.conf")
OPENSC = "opensc-pkcs11.so"
# SafeSign, SafeNet, Watchdata (two), Castle, Oberthur/IDEMIA; the Portuguese and the Spanish state's; Bit4id
KNOWN_MODULES = (
    OPENSC, "libaetpkss.so.3", "libaetpkss.so", "libeTPkcs11.so", "libwdpkcs_icp.so", "libwdpkcs.so", "libcastle.so",
    "libOcsCryptoki.so", "libpteidpkcs11.so", "libpkcs11-dnie.so", "libbit4xpki.so",
)  # fmt: skip
FOLDERS = ("/usr/lib", "/usr/lib64", "/usr/local/lib")
DESCRIPTION_CHARS = 64  # PKCS#11 v2.40 clause 3.2, CK_SLOT_INFO
PIN_BYTES = range(4, 17)
MAX_OBJECTS, MAX_AUTHORITIES = 32, 7  # an evidence holds eight certificates at most


class Pkcs11Card(KeyCard):
    """One card in one reader. Takes the reader over: the slot's own connection is closed."""

    def __init__(self, slot: Slot, families: Sequence[str]) -> None:
        """CardFault UNKNOWN_FAMILY if no module shows a certificate of these families in this reader."""
        reader = slot.link.reader
        slot.link.close()
        os.environ["OPENSC_CONF"] = str(CONFIGURATION)
        self._library: Any = None
        self._session: Any = None
        self._tried = False
        self._accepted = False
        for module in slot.modules or installed():
            try:
                if self._find(module, reader, families):
                    return
            except CardFault:
                self.close()
                raise
            self.close()
        raise CardFault(CardTrouble.UNKNOWN_FAMILY, "no PKCS#11 module shows a certificate that is accepted here")

    @property
    def family(self) -> str:
        return self._family

    def certificates(self) -> list[bytes]:
        return self._certificates

    def tries_left(self) -> int | None:
        """What the token's flags say: none, the last one, or nothing."""
        from pkcs11 import TokenFlag

        with _faults():
            flags = self._slot.get_token().flags
        if flags & TokenFlag.USER_PIN_LOCKED:
            return 0
        return 1 if flags & TokenFlag.USER_PIN_FINAL_TRY else None

    def verify_pin(self, pin: bytearray) -> PinOutcome:
        """In a session of its own: a session that is logged in takes any PIN for right. One try an insertion."""
        left = self.tries_left()
        if left == 0:
            return PinBlocked()
        if left == 1 or (self._tried and not self._accepted):
            return PinNotSent(left)
        if len(pin) not in PIN_BYTES or any(not 0x30 <= digit <= 0x39 for digit in pin):
            return PinMalformed(left)
        return self._log_in(_Digits(pin))

    def _log_in(self, pin: Any) -> PinOutcome:
        from pkcs11 import exceptions

        self._log_out()
        self._tried, self._accepted = True, False
        try:
            with _faults():
                self._session = self._slot.get_token().open(user_pin=pin)
        except exceptions.FunctionCancelled:
            self._tried = False
            return PinNotTyped(self.tries_left())
        except exceptions.PinLocked:
            return PinBlocked()
        except (exceptions.PinIncorrect, exceptions.PinInvalid, exceptions.PinLenRange):
            return PinWrong(self.tries_left())
        self._accepted = True
        return PinAccepted()

    @property
    def has_pad(self) -> bool:
        """PKCS#11 v2.40 clause 3.4: the token asks for its PIN on a path of its own."""
        from pkcs11 import TokenFlag

        with _faults():
            return bool(self._slot.get_token().flags & TokenFlag.PROTECTED_AUTHENTICATION_PATH)

    def verify_on_pad(self) -> PinOutcome:
        """C_Login without a PIN: the module has the reader ask for it. Once, and never as the last try."""
        import pkcs11

        left = self.tries_left()
        if left == 0:
            return PinBlocked()
        if left == 1 or (self._tried and not self._accepted):
            return PinNotSent(left)
        return self._log_in(pkcs11.PROTECTED_AUTH)

    def sign(self, digest: bytes) -> bytes:
        """With the key of the certificate's own identifier. CardFault UNREADABLE without the PIN."""
        from pkcs11 import Attribute, Mechanism, ObjectClass

        if self._session is None or not self._accepted:
            raise CardFault(CardTrouble.UNREADABLE, "the card has forgotten its PIN")
        wanted = {Attribute.CLASS: ObjectClass.PRIVATE_KEY, Attribute.ID: self._key_id}
        with _faults():
            key = next(iter(self._session.get_objects(wanted)), None)
            if key is None:
                raise CardFault(CardTrouble.UNREADABLE, "the card shows no key for its certificate")
            if parse(self._certificates[0]).public_key.algorithm == "rsa":
                return bytes(key.sign(DIGEST_INFO_SHA256 + digest, mechanism=Mechanism.RSA_PKCS))
            return _in_der(bytes(key.sign(digest, mechanism=Mechanism.ECDSA)))

    def close(self) -> None:
        """Ends the module's work: it lets go of the card, which is reset and forgets its PIN."""
        self._log_out()
        library, self._library = self._library, None
        if library is not None:
            with contextlib.suppress(Exception):  # the card may have gone
                library.finalize()

    def _log_out(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            with contextlib.suppress(Exception):  # the same
                session.close()

    def _find(self, module: str, reader: str, families: Sequence[str]) -> bool:
        import pkcs11

        try:
            self._library = pkcs11.lib(module)
            slots = self._library.get_slots(token_present=True)
        except (pkcs11.PKCS11Error, RuntimeError):
            return False  # not a module, or one that does not run on this machine
        with _faults():
            for slot in slots:
                if slot.slot_description.strip() != reader[:DESCRIPTION_CHARS].strip():
                    continue
                with contextlib.suppress(pkcs11.TokenNotRecognised):
                    if self._take(slot, families):
                        return True
        return False

    def _take(self, slot: Any, families: Sequence[str]) -> bool:
        from pkcs11 import Attribute, ObjectClass

        with slot.get_token().open() as session:
            held = islice(session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE}), MAX_OBJECTS)
            found = [(bytes(one[Attribute.VALUE]), bytes(one[Attribute.ID])) for one in held]
        for der, key_id in found:
            family = _family_of(der, families)
            if family is not None:
                others = [other for other, _ in found if _is_authority(other)]
                self._slot, self._family, self._key_id = slot, family, key_id
                self.profiles = (OF_FAMILY[family],)
                self._certificates = [der, *others[:MAX_AUTHORITIES]]
                return True
        return False


def installed() -> tuple[str, ...]:
    """The known modules that this machine has, in the order in which they are tried."""
    machine = os.uname().machine
    folders = [f"{folder}{below}" for folder in FOLDERS for below in (f"/{machine}-linux-gnu", "", "/pkcs11")]
    candidates = (Path(folder) / name for name in KNOWN_MODULES for folder in folders)
    return tuple(str(path) for path in candidates if path.is_file())


class _Digits:
    """The PIN as the module gets it: its only copy, which the caller zeroes, and no string of it."""

    def __init__(self, pin: bytearray) -> None:
        self._pin = pin

    def encode(self, _encoding: str) -> bytearray:
        return self._pin


def _is_authority(der: bytes) -> bool:
    try:
        return bool(parse(der).ca)
    except EvidenceRefused:
        return False


def _family_of(der: bytes, families: Sequence[str]) -> str | None:
    """A certificate that some family's people have; other people's, authorities' and broken ones are passed over."""
    try:
        certificate = parse(der)
    except EvidenceRefused:
        return None
    if certificate.ca or not _signs(certificate):
        return None
    policies = policies_of(certificate)
    return next((family for family in families if OF_FAMILY[family].fits(policies)), None)


def _signs(certificate: Any) -> bool:
    usage = certificate.key_usage_value
    return usage is not None and "digital_signature" in usage.native


def _in_der(answer: bytes) -> bytes:
    """PKCS#11 v2.40 clause 2.3.1: r and s side by side, each as long as the other."""
    from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

    half, odd = divmod(len(answer), 2)
    if odd or not half:
        raise CardFault(CardTrouble.UNREADABLE, "a signature has an impossible length")
    return encode_dss_signature(int.from_bytes(answer[:half], "big"), int.from_bytes(answer[half:], "big"))


@contextlib.contextmanager
def _faults() -> Iterator[None]:
    """What a module reports, in the words of a card; what it says of a PIN is left to who asked."""
    from pkcs11 import exceptions

    try:
        yield
    except (
        exceptions.PinIncorrect, exceptions.PinInvalid, exceptions.PinLenRange, exceptions.PinLocked,
        exceptions.FunctionCancelled,
    ):  # fmt: skip
        raise
    except (exceptions.DeviceRemoved, exceptions.TokenNotPresent) as error:
        raise CardFault(CardTrouble.REMOVED, f"the module says {type(error).__name__}") from None
    except exceptions.TokenNotRecognised:
        raise
    except exceptions.PKCS11Error as error:
        raise CardFault(CardTrouble.UNREADABLE, f"the module says {type(error).__name__}") from None
