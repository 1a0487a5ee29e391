"""What the paper says of a document that was asked for without a network: when and how it will be had."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.catalog.model import Language


@dataclass(frozen=True)
class QueuedDocument:
    """`steps` fill in {title}, {website} and {phone}."""

    document: str
    steps: tuple[str, ...]


def queued_document(language: Language) -> QueuedDocument:
    """The texts in one language."""
    return _WORDS[language]


_WORDS = {
    Language.PT_BR: QueuedDocument(
        "Documento pedido",
        (
            "Quando: assim que este totem voltar a ter rede, quase sempre no mesmo dia.",
            "Veja se já está pronto em {website}/p ou pelo {phone}, com o código e a senha deste papel.",
            "Como: volte a qualquer totem com seu cartão e peça de novo: {title}. Sai na hora.",
        ),
    ),
    Language.ES: QueuedDocument(
        "Documento pedido",
        (
            "Cuándo: en cuanto este tótem tenga red otra vez, casi siempre el mismo día.",
            "Mire si ya está listo en {website}/p o llamando al {phone}, con el código y la clave de este papel.",
            "Cómo: vuelva a cualquier tótem con su tarjeta y pida otra vez: {title}. Sale al momento.",
        ),
    ),
    Language.IT: QueuedDocument(
        "Documento richiesto",
        (
            "Quando: appena questo totem ha di nuovo rete, quasi sempre in giornata.",
            "Guarda se è pronto su {website}/p o chiama il {phone}, con il codice e il PIN di questo foglio.",
            "Come: torna a qualsiasi totem con la tua tessera e chiedi di nuovo: {title}. Esce subito.",
        ),
    ),
    Language.EN: QueuedDocument(
        "Document asked for",
        (
            "When: once this kiosk has a network again, mostly the same day.",
            "See whether it is ready at {website}/p or by phone on {phone}, with the code and PIN of this paper.",
            "How: come back to any kiosk with your card and ask again: {title}. You get it right away.",
        ),
    ),
}
