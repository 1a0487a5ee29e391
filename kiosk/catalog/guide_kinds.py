"""Kinds of payment guides, and which of them are payable without being registered anywhere first."""

from __future__ import annotations

from enum import StrEnum


class GuideKind(StrEnum):
    """How a guide is paid. One module of `kiosk.issuing` reads and makes each."""

    ARRECADACAO = "arrecadacao"
    BOLETO = "boleto"
    PIX_STATIC = "pix-static"
    PIX_DYNAMIC = "pix-dynamic"
    PAGOPA = "pagopa"
    CUADERNO_57 = "cuaderno-57"
    SEPA = "sepa"

    @property
    def payable_as_printed(self) -> bool:
        """Whether the paper alone can be paid: only such a guide may be issued while the centre is away.

        A boleto is registered at a bank before it can be paid (since 2018), a dynamic Pix is a charge at a bank, and
        pagoPA asks the creditor for the open position. A receipt of Cuaderno 57 or a transfer by EPC QR is taken
        without a question, but nothing tells the creditor what it was for unless they knew the reference before. A
        static Pix counts with a txid alone.
        """
        return self in _PAYABLE_AS_PRINTED


_PAYABLE_AS_PRINTED = frozenset({GuideKind.ARRECADACAO, GuideKind.PIX_STATIC})
# What a service of the catalogue can be issued as, from the form to the paper: barcode, with a static Pix beside it.
ISSUED = frozenset({GuideKind.ARRECADACAO})
