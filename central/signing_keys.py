"""The keys that sign catalogues: files that a passphrase opens, and tokens that never give theirs away (PKCS#11).

A folder of keys lies with whoever signs, not at the centre. `ROLE-N.pem` is a private key (PKCS#8, encrypted), and
`ROLE-N.token` names one in a token: module, token and label, a line each.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from securesystemslib.signer import CryptoSigner, Key, SecretsHandler, Signature, Signer, SSlibKey

from central import private_files

# Asks for the passphrase or PIN of what it is told.
Ask = Callable[[str], str]


class KeyFileError(ValueError):
    """A key cannot be used; one plain line that says what to do."""


def make(folder: Path, role: str, passphrase: str | None) -> Path:
    """A new Ed25519 key of a role, beside those that are there."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    taken = [int(file.stem.rpartition("-")[2]) for file in folder.glob(f"{role}-*.*") if _number(file)]
    path = folder / f"{role}-{max(taken, default=0) + 1}.pem"
    how: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if passphrase:
        how = serialization.BestAvailableEncryption(passphrase.encode())
    private = Ed25519PrivateKey.generate()
    private_files.write(
        path, private.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, how)
    )
    return path


def _number(file: Path) -> bool:
    return file.stem.rpartition("-")[2].isdigit()


def load(folder: Path, role: str, ask: Ask) -> list[Signer]:
    """Every key of a role in the folder; `ask` is told which passphrase or PIN is wanted. KeyFileError."""
    if not folder.is_dir():
        raise KeyFileError(f"{folder} is no folder of keys: name it with --keys, or make one with `totem catalog init`")
    found: list[Signer] = []
    for file in sorted(folder.glob(f"{role}-*.*")):
        if file.suffix == ".pem" and _number(file):
            found.append(_of_file(file, ask))
        elif file.suffix == ".token" and _number(file):
            found.append(_of_token(file, ask))
    return found


def _of_file(file: Path, ask: Ask) -> Signer:
    data = file.read_bytes()
    try:
        try:
            private = serialization.load_pem_private_key(data, None)
        except TypeError:
            private = serialization.load_pem_private_key(data, ask(f"passphrase of {file.name}").encode())
    except ValueError as error:
        raise KeyFileError(f"{file} does not open: check the passphrase, or put the file back from a copy") from error
    if not isinstance(private, Ed25519PrivateKey):
        raise KeyFileError(f"{file} is no Ed25519 key: make one with `totem catalog init`")
    return CryptoSigner(private)


def _of_token(file: Path, ask: Ask) -> Signer:
    lines = [line.strip() for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    if len(lines) != 3:
        raise KeyFileError(f"{file} must have three lines: the PKCS#11 module, the token's name, the key's label")
    return TokenSigner(lines[0], lines[1], lines[2], ask(f"PIN of the token {lines[1]}"))


class TokenSigner(Signer):
    """ECDSA on P-256 in a PKCS#11 token; the private key stays there. KeyFileError if the token has none such."""

    def __init__(self, module: str, token: str, label: str, pin: str) -> None:
        self._place = module, token, label
        self._pin = pin
        self._public: SSlibKey = self._with_session(self._read_public)

    @property
    def public_key(self) -> Key:
        return self._public

    @classmethod
    def from_priv_key_uri(
        cls, priv_key_uri: str, public_key: Key, secrets_handler: SecretsHandler | None = None
    ) -> TokenSigner:
        raise NotImplementedError("a token is named by a file in the folder of keys")

    def sign(self, payload: bytes) -> Signature:
        from pkcs11 import Mechanism, ObjectClass

        digest = hashlib.sha256(payload).digest()

        def signed(session: Any) -> bytes:
            key = session.get_key(object_class=ObjectClass.PRIVATE_KEY, label=self._place[2])
            return bytes(key.sign(digest, mechanism=Mechanism.ECDSA))

        # PKCS#11 v3.0 6.3.1: r and s, one after the other
        raw: bytes = self._with_session(signed)
        half = len(raw) // 2
        whole = encode_dss_signature(int.from_bytes(raw[:half], "big"), int.from_bytes(raw[half:], "big"))
        return Signature(self._public.keyid, whole.hex())

    def _read_public(self, session: Any) -> SSlibKey:
        from asn1crypto.core import OctetString
        from pkcs11 import Attribute, ObjectClass

        key = session.get_key(object_class=ObjectClass.PUBLIC_KEY, label=self._place[2])
        point = OctetString.load(key[Attribute.EC_POINT]).native
        return SSlibKey.from_crypto(EllipticCurvePublicKey.from_encoded_point(SECP256R1(), point))

    def _with_session(self, act: Callable[[Any], Any]) -> Any:
        try:
            import pkcs11
        except ModuleNotFoundError as error:
            raise KeyFileError("keys in a token need python-pkcs11: pip install python-pkcs11") from error
        module, token, label = self._place
        try:
            with pkcs11.lib(module).get_token(token_label=token).open(user_pin=self._pin) as session:
                return act(session)
        except (pkcs11.PKCS11Error, RuntimeError, ValueError) as error:
            reason = type(error).__name__
            line = f"the key {label} of the token {token} cannot be used ({reason}): check token, label and PIN"
            raise KeyFileError(line) from error
