"""A small authority of our own, so that each test can spoil exactly one thing of a certificate."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
CPF = "52998224725"
OTHER_CPF = "11144477735"
A3 = "2.16.76.1.2.3.99"
PERSON = "2.16.76.1.3.1"
BEGIN, END = datetime(2024, 1, 1, tzinfo=UTC), datetime(2034, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 6, 1, tzinfo=UTC)


def person_data(cpf: str = CPF, tag: int = 0x04) -> bytes:
    digits = f"01011980{cpf}".ljust(45, "0").encode("ascii")
    return bytes([tag, len(digits)]) + digits


def pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode("ascii")


def usage(**granted: bool) -> x509.KeyUsage:
    names = (
        "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
        "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
    )  # fmt: skip
    return x509.KeyUsage(**{name: granted.get(name, False) for name in names})


@dataclass
class Authority:
    name: str = "Raiz de teste"
    country: str = "BR"
    issuer: Authority | None = None
    ca: bool = True
    end: datetime = END
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def __post_init__(self) -> None:
        subject = x509.Name(
            [
                x509.NameAttribute(NameOID.COUNTRY_NAME, self.country),
                x509.NameAttribute(NameOID.COMMON_NAME, self.name),
            ]
        )
        signer = self.issuer or self
        self.certificate = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.issuer.certificate.subject if self.issuer else subject)
            .public_key(self.key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(BEGIN)
            .not_valid_after(self.end)
            .add_extension(x509.BasicConstraints(ca=self.ca, path_length=None), critical=True)
            .add_extension(usage(key_cert_sign=True, crl_sign=True), critical=True)
            .sign(signer.key, hashes.SHA256())
        )

    def issue(
        self,
        key: Key,
        *,
        name: str = f"Maria das Dores Oliveira:{CPF}",
        serial_number: str | None = CPF,
        others: tuple[bytes, ...] = (),
        policy: str | None = A3,
        key_usage: x509.KeyUsage | None = None,
        begin: datetime = BEGIN,
        end: datetime = END,
    ) -> bytes:
        parts = [x509.NameAttribute(NameOID.COMMON_NAME, name)] if name else []
        if serial_number is not None:
            parts.append(x509.NameAttribute(NameOID.SERIAL_NUMBER, serial_number))
        builder = (
            x509.CertificateBuilder()
            .subject_name(x509.Name(parts))
            .issuer_name(self.certificate.subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(begin)
            .not_valid_after(end)
            .add_extension(key_usage or usage(digital_signature=True), critical=True)
        )
        if policy:
            information = x509.PolicyInformation(x509.ObjectIdentifier(policy), None)
            builder = builder.add_extension(x509.CertificatePolicies([information]), critical=False)
        if others:
            names = [x509.OtherName(x509.ObjectIdentifier(PERSON), other) for other in others]
            builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        return builder.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)
