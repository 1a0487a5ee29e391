"""The documents that a centre knows how to compose; a service of kind document names one."""

from __future__ import annotations

from enum import StrEnum


class DocumentTemplate(StrEnum):
    """`kiosk.issuing.words` has the texts of each, `central.composition` the data."""

    NO_DEBT_CERTIFICATE = "certidao-negativa"
