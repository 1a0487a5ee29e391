"""Authorities of the demonstration and of tests: they vouch for made-up people, and nobody else trusts them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey
BEGIN, END = datetime(2024, 1, 1, tzinfo=UTC), datetime(2044, 1, 1, tzinfo=UTC)
CA_BEGIN, CA_END = datetime(2019, 1, 1, tzinfo=UTC), datetime(2049, 1, 1, tzinfo=UTC)
ATTRIBUTES = {
    "country": NameOID.COUNTRY_NAME,
    "organization": NameOID.ORGANIZATION_NAME,
    "unit": NameOID.ORGANIZATIONAL_UNIT_NAME,
    "common_name": NameOID.COMMON_NAME,
    "given_name": NameOID.GIVEN_NAME,
    "surname": NameOID.SURNAME,
    "serial_number": NameOID.SERIAL_NUMBER,
}


def name(**parts: str) -> x509.Name:
    """A distinguished name, in the order given: country, organization, unit, common_name, given_name, ..."""
    return x509.Name([x509.NameAttribute(ATTRIBUTES[part], value) for part, value in parts.items()])


def usage(*granted: str) -> x509.KeyUsage:
    """A key usage of these bits, by the names of RFC 5280 as `cryptography` writes them."""
    bits = (
        "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
        "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
    )  # fmt: skip
    return x509.KeyUsage(**{bit: bit in granted for bit in bits})


def der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.DER)


def pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode("ascii")


@dataclass(frozen=True)
class Authority:
    """A root, or what a root vouches for. `address`: where its revocation list would be published."""

    key: Key
    certificate: x509.Certificate
    address: str | None = None

    @classmethod
    def root(cls, subject: x509.Name, key: Key, *, address: str | None = None) -> Authority:
        return cls(key, _authority(subject, key, None), address)

    def intermediate(
        self, subject: x509.Name, key: Key, *, policies: Sequence[str] = (), address: str | None = None
    ) -> Authority:
        return Authority(key, _authority(subject, key, self, policies), address)

    def issue(
        self,
        subject: x509.Name,
        key: PublicKey,
        *,
        policies: Sequence[str] = (),
        key_usage: x509.KeyUsage | None = None,
        extended: Sequence[x509.ObjectIdentifier] = (),
        other_names: Sequence[x509.GeneralName] = (),
        own: Sequence[x509.UnrecognizedExtension] = (),
        begin: datetime = BEGIN,
        end: datetime = END,
    ) -> x509.Certificate:
        """A certificate for somebody who issues none. `key_usage`: digitalSignature alone if none is given."""
        builder = (
            _builder(subject, key, self, begin, end)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(key_usage or usage("digital_signature"), critical=True)
        )
        builder = _with_policies(builder, policies)
        if extended:
            builder = builder.add_extension(x509.ExtendedKeyUsage(extended), critical=False)
        if other_names:
            builder = builder.add_extension(x509.SubjectAlternativeName(other_names), critical=False)
        for extension in own:
            builder = builder.add_extension(extension, critical=False)
        return builder.sign(self.key, _hash_for(self.key))

    def revocation_list(self, at: datetime, *revoked: x509.Certificate, lasts: timedelta = timedelta(days=1)) -> bytes:
        """A complete list in DER, of `at`, due again after `lasts`."""
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.certificate.subject)
            .last_update(at)
            .next_update(at + lasts)
            .add_extension(x509.CRLNumber(int(at.timestamp())), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(_public(self.key)), critical=False)
        )
        for certificate in revoked:
            entry = x509.RevokedCertificateBuilder().serial_number(certificate.serial_number)
            builder = builder.add_revoked_certificate(entry.revocation_date(at - timedelta(hours=1)).build())
        return builder.sign(self.key, _hash_for(self.key)).public_bytes(serialization.Encoding.DER)


def _authority(
    subject: x509.Name, key: Key, issuer: Authority | None, policies: Sequence[str] = ()
) -> x509.Certificate:
    builder = (
        _builder(subject, _public(key), issuer, CA_BEGIN, CA_END, key)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0 if issuer else 1), critical=True)
        .add_extension(usage("key_cert_sign", "crl_sign"), critical=True)
    )
    signer = issuer.key if issuer else key
    return _with_policies(builder, policies).sign(signer, _hash_for(signer))


def _builder(
    subject: x509.Name,
    key: PublicKey,
    issuer: Authority | None,
    begin: datetime,
    end: datetime,
    own: Key | None = None,
) -> x509.CertificateBuilder:
    signer = issuer.key if issuer else own
    assert signer is not None
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(end)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(_public(signer)), critical=False)
    )
    if issuer is not None and issuer.address is not None:
        point = x509.DistributionPoint([x509.UniformResourceIdentifier(issuer.address)], None, None, None)
        builder = builder.add_extension(x509.CRLDistributionPoints([point]), critical=False)
    return builder


def _with_policies(builder: x509.CertificateBuilder, policies: Sequence[str]) -> x509.CertificateBuilder:
    if not policies:
        return builder
    known = [x509.PolicyInformation(x509.ObjectIdentifier(policy), None) for policy in policies]
    return builder.add_extension(x509.CertificatePolicies(known), critical=False)


def _public(key: Key) -> PublicKey:
    return key.public_key()


def _hash_for(key: Key) -> hashes.SHA256 | hashes.SHA384:
    large = isinstance(key, ec.EllipticCurvePrivateKey) and key.curve.key_size > 256
    return hashes.SHA384() if large else hashes.SHA256()
