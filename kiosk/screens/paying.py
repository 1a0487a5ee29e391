"""How a guide of each kind is paid, to stand behind "Now: pay". English; translated when shown."""

from __future__ import annotations

from kiosk.catalog.guide_kinds import GuideKind
from kiosk.locale.translate import mark

HOW: dict[GuideKind, str] = {
    GuideKind.ARRECADACAO: mark("with Pix, at a bank or at a lottery shop"),
    GuideKind.BOLETO: mark("at a bank, with its app or at a lottery shop"),
    GuideKind.PIX_STATIC: mark("with Pix, in your bank's app"),
    GuideKind.PIX_DYNAMIC: mark("with Pix, in your bank's app"),
    GuideKind.PAGOPA: mark("with an app, at a bank, post office or tobacconist"),
    GuideKind.CUADERNO_57: mark("at a bank, at a cash machine or online"),
    GuideKind.SEPA: mark("by bank transfer"),
}
