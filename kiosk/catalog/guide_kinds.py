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


    @property
    def registered(self) -> bool:
        """Whether a registrar makes it payable before it is printed: a bank, a Pix provider, pagoPA, the creditor."""
        return not self.payable_as_printed

    @property
    def in_euro(self) -> bool:
        """The currency of its amounts: euro, else reais."""
        return self in _IN_EURO


_PAYABLE_AS_PRINTED = frozenset({GuideKind.ARRECADACAO, GuideKind.PIX_STATIC})
_IN_EURO = frozenset({GuideKind.PAGOPA, GuideKind.CUADERNO_57, GuideKind.SEPA})
