"""What the page says from which a phone takes a document, in four languages. {phone} is the operator's telephone."""

from __future__ import annotations

from dataclasses import dataclass

from central.page_words import Said
from kiosk.catalog.model import Language


@dataclass(frozen=True)
class HandOffWords:
    take: Said
    pin: str
    pin_hint: str
    button: str
    wrong: str
    not_here: Said
    over: Said
    again: str


def words(language: Language) -> HandOffWords:
    """The texts in one language."""
    return _WORDS[language]


_WORDS = {
    Language.PT_BR: HandOffWords(
        take=Said(
            "Seu documento",
            "Digite a senha que está na tela do totem e baixe o arquivo. Você pode baixar 3 vezes, em até 10 minutos.",
        ),
        pin="Senha do código",
        pin_hint="6 números, na tela do totem",
        button="Baixar o documento (PDF)",
        wrong="Esta não é a senha da tela. Confira os 6 números. Depois de 5 erros, a página fecha.",
        not_here=Said(
            "Ainda não chegou",
            "O pedido ainda está a caminho, ou o endereço não é este. Tente de novo em um minuto, ou aponte a câmera "
            "outra vez para a tela do totem.",
        ),
        over=Said(
            "Esta página já fechou",
            "Ela vale por 10 minutos e 3 downloads. Precisa do documento de novo? Volte a um totem com seu cartão: sai "
            "uma 2ª via com o mesmo número. Dúvidas: {phone}.",
        ),
        again="Tentar de novo",
    ),
    Language.ES: HandOffWords(
        take=Said(
            "Su documento",
            "Escriba la clave que está en la pantalla del tótem y descargue el archivo. Puede descargarlo 3 veces, en "
            "10 minutos.",
        ),
        pin="Clave del código",
        pin_hint="6 números, en la pantalla del tótem",
        button="Descargar el documento (PDF)",
        wrong="Esa no es la clave de la pantalla. Mire los 6 números. Tras 5 errores, la página se cierra.",
        not_here=Said(
            "Aún no ha llegado",
            "La solicitud está en camino, o la dirección no es esta. Pruebe de nuevo en un minuto, o apunte otra vez "
            "la cámara a la pantalla del tótem.",
        ),
        over=Said(
            "Esta página ya se cerró",
            "Vale 10 minutos y 3 descargas. ¿Necesita el documento otra vez? Vuelva a un tótem con su tarjeta: sale "
            "una 2ª copia con el mismo número. Dudas: {phone}.",
        ),
        again="Probar de nuevo",
    ),
    Language.IT: HandOffWords(
        take=Said(
            "Il tuo documento",
            "Digita il PIN che vedi sullo schermo del totem e scarica il file. Puoi scaricarlo 3 volte, entro 10 "
            "minuti.",
        ),
        pin="PIN del codice",
        pin_hint="6 cifre, sullo schermo del totem",
        button="Scarica il documento (PDF)",
        wrong="Questo non è il PIN dello schermo. Controlla le 6 cifre. Dopo 5 errori la pagina si chiude.",
        not_here=Said(
            "Non è ancora arrivato",
            "La richiesta è in viaggio, o l'indirizzo non è questo. Riprova tra un minuto, o inquadra di nuovo lo "
            "schermo del totem.",
        ),
        over=Said(
            "Questa pagina è chiusa",
            "Vale 10 minuti e 3 download. Ti serve di nuovo il documento? Torna a un totem con la tua tessera: esce "
            "una 2ª copia con lo stesso numero. Domande: {phone}.",
        ),
        again="Riprova",
    ),
    Language.EN: HandOffWords(
        take=Said(
            "Your document",
            "Type the PIN that is on the kiosk's screen and download the file. You can download it 3 times, within 10 "
            "minutes.",
        ),
        pin="Code PIN",
        pin_hint="6 digits, on the kiosk's screen",
        button="Download the document (PDF)",
        wrong="That is not the PIN on the screen. Check the 6 digits. After 5 mistakes the page closes.",
        not_here=Said(
            "Not here yet",
            "The request is on its way, or this is not the address. Try again in a minute, or point the camera at the "
            "kiosk's screen again.",
        ),
        over=Said(
            "This page has closed",
            "It is good for 10 minutes and 3 downloads. Do you need the document again? Come back to a kiosk with your "
            "card: you get copy 2 with the same number. Questions: {phone}.",
        ),
        again="Try again",
    ),
}
