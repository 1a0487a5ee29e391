"""Signing a PDF (PAdES baseline B-B, ETSI EN 319 142-1) with the office's key.

The signature certifies: a reader shows any later change as one. Its `ContactInfo` holds the address of the document's
seal, so that the file alone says how it is checked.
"""

from __future__ import annotations

import io
from typing import Any, cast

from central.document_keys import DocumentKey


def sign(pdf: bytes, key: DocumentKey, *, address: str, place: str) -> bytes:
    """The signed file: what was there, unchanged, and the signature behind it."""
    from asn1crypto import keys, pem, x509
    from pyhanko.sign import fields, signers
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    chain = [x509.Certificate.load(der) for _, _, der in pem.unarmor(key.chain, multiple=True)]
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    store.register_multiple(chain)
    signer = signers.SimpleSigner(
        signing_cert=chain[0],
        signing_key=keys.PrivateKeyInfo.load(pem.unarmor(key.signer)[2]),
        cert_registry=store,
    )
    about = signers.PdfSignatureMetadata(
        field_name="Signature",
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        name=chain[0].subject.native.get("common_name"),
        location=place,
        contact_info=address,
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
    )
    out = signers.PdfSigner(about, signer, new_field_spec=fields.SigFieldSpec("Signature")).sign_pdf(_writer(pdf))
    return cast("io.BytesIO", out).getvalue()


def _writer(pdf: bytes) -> Any:
    """PDF/A-2 is PDF 1.7 (ISO 19005-2, 6.1.2): the file is not declared to be 2.0 for the sake of a curve (ISO 32002),
    which PAdES allows in 1.7 as well.
    """
    from pyhanko.pdf_utils.extensions import DeveloperExtension
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    class Pdf17Writer(IncrementalPdfFileWriter):
        def ensure_output_version(self, version: tuple[int, int]) -> None:
            super().ensure_output_version(min(version, (1, 7)))  # type: ignore[no-untyped-call]

        def register_extension(self, ext: DeveloperExtension) -> None:
            if ext.base_version == "/1.7":
                super().register_extension(ext)

    return Pdf17Writer(io.BytesIO(pdf))
