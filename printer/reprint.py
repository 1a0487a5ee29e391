"""The mark of a paper that is printed again: "2ª via", in the receipt's language, above everything else."""

from __future__ import annotations

from kiosk.catalog.model import Language
from printer.receipt import Band, Receipt

_WORDS = {
    Language.PT_BR: "{copy}ª VIA",
    Language.ES: "{copy}ª COPIA",
    Language.IT: "{copy}ª COPIA",
    Language.EN: "COPY {copy}",
}


def marked(receipt: Receipt, copy: int) -> Receipt:
    """The receipt as its copy number `copy`: unchanged for the first, marked from the second on."""
    if copy == 1:
        return receipt
    band = Band(text=_WORDS[receipt.language].format(copy=copy))
    return receipt.model_copy(update={"blocks": (band, *receipt.blocks)})
