"""Certificates for signing PDFs: an authority of the office's own, and the signers it certifies.

Nobody outside knows this authority: a reader of PDFs shows the signature as whole and the signer as unknown until its
certificate is trusted. An office with a certificate of a public authority brings that instead (`keys rotate --with`).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

AUTHORITY_YEARS, SIGNER_YEARS = 20, 5
# RFC 9336: a certificate for signing documents. Readers built on NSS ask for the right to sign mail besides.
DOCUMENT_SIGNING = x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36")


def authority(office: str, at: datetime) -> tuple[bytes, bytes]:
    """Private key and certificate of the office's authority, in PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name(office, f"{office}: documents authority")
    certificate = (
        _builder(name, name, key.public_key(), at, AUTHORITY_YEARS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .sign(key, SHA256())
    )
    return _pem(key), certificate.public_bytes(Encoding.PEM)


def signer(authority_key: bytes, authority_pem: bytes, at: datetime) -> tuple[bytes, bytes]:
    """A new key of the office and its chain (itself first), in PEM."""
    ca_key = load_pem_private_key(authority_key, None)
    if not isinstance(ca_key, ec.EllipticCurvePrivateKey):
        raise TypeError("the authority's key is one of ours: P-256")
    issuer = x509.load_pem_x509_certificate(authority_pem)
    office = str(issuer.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)[0].value)
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = (
        _builder(_name(office, office), issuer.subject, key.public_key(), at, SIGNER_YEARS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([DOCUMENT_SIGNING, ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()), critical=False)
        .sign(ca_key, SHA256())
    )
    return _pem(key), certificate.public_bytes(Encoding.PEM) + authority_pem


def _name(office: str, common: str) -> x509.Name:
    return x509.Name([
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, _short(office)),
        x509.NameAttribute(NameOID.COMMON_NAME, _short(common)),
    ])


def _short(name: str) -> str:
    """RFC 5280, A.1: at most 64 characters; counted as bytes, as the strictest readers do."""
    return name.encode()[:64].decode(errors="ignore")


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, at: datetime, years: int
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        # a reader whose clock is a little behind takes it too
        .not_valid_before(at - timedelta(days=1))
        .not_valid_after(at + timedelta(days=365 * years))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=not signs_certificates,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
