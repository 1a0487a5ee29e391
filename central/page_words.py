"""What the centre's pages for citizens say, in four languages. {phone} is the operator's telephone."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.catalog.model import Language


@dataclass(frozen=True)
class Said:
    """A heading and the sentences below it."""

    title: str
    text: str


@dataclass(frozen=True)
class PageWords:
    """`states`: by `Ticket.state`. `documents`: by the verdict on a document's code."""

    name: str
    choose: str
    follow: Said
    code: str
    code_hint: str
    pin: str
    pin_hint: str
    see: str
    code_mistyped: str
    pin_mistyped: str
    refused: Said
    used_up: Said
    too_many: Said
    on_its_way: Said
    found: str
    state: str
    states: dict[str, str]
    arrived: str
    again: str
    another: str
    check: Said
    document_code: str
    document_code_hint: str
    check_button: str
    documents: dict[str, Said]
    document: str
    check_another: str


def words(language: Language) -> PageWords:
    """The texts of the pages in one language."""
    return _PAGES[language]


_PT_BR = PageWords(
    name="Português",
    choose="Idioma",
    follow=Said("Acompanhar um pedido", "Digite o código e a senha que estão no papel do totem. Ou ligue {phone}."),
    code="Código para acompanhar",
    code_hint="12 letras e números",
    pin="Senha do código",
    pin_hint="6 números, no mesmo papel",
    see="Ver a situação",
    code_mistyped="Há um erro de digitação no código. Confira no papel: são 12 letras e números.",
    pin_mistyped="A senha do código tem 6 números. Confira no papel.",
    refused=Said(
        "Não encontrado",
        "Nenhum pedido tem este código com esta senha. Confira os dois no papel. Depois de 5 erros com o mesmo código, "
        "só com o cartão, em um totem, ou por telefone: {phone}.",
    ),
    used_up=Said(
        "Agora com o cartão ou por telefone",
        "Houve erros demais com este código. Para proteger o pedido, a página não responde mais. Em qualquer totem, o "
        "cartão de quem fez o pedido em seu nome ainda o abre. Ou ligue {phone} com o papel na mão.",
    ),
    too_many=Said(
        "Tentativas demais",
        "Muitas tentativas vieram da mesma conexão de internet. Tente de novo em uma hora, ou ligue {phone}.",
    ),
    on_its_way=Said(
        "Ainda não chegou",
        "O código é de um dos nossos totens, mas o pedido ainda não entrou no sistema. Se o código está no seu papel, "
        "o pedido está guardado e a caminho: o totem o envia quando tiver rede. Volte mais tarde. Se amanhã continuar "
        "assim, ligue {phone}.",
    ),
    found="Esta página mostra só a situação e as datas. Para saber mais, ligue {phone} com o papel na mão.",
    state="Situação",
    states={
        "received": "Recebido",
        "ready": "Pronto: busque em qualquer totem, com seu cartão",
        "refused": "Não emitido: veja o motivo em qualquer totem, com seu cartão",
    },
    arrived="Chegou à central",
    again="Tentar de novo",
    another="Ver outro pedido",
    check=Said("Conferir um documento", "Digite o código que está no documento."),
    document_code="Código do documento",
    document_code_hint="16 letras e números",
    check_button="Conferir",
    documents={
        "valid": Said("Documento válido", "Foi emitido por este órgão. Compare o número e as datas com o papel."),
        "expired": Said("Documento vencido", "Foi emitido por este órgão, mas a validade terminou."),
        "prepared": Said(
            "Documento ainda não confirmado", "A emissão ainda não terminou. Tente de novo em alguns minutos."
        ),
        "revoked": Said("Documento cancelado", "Foi emitido por este órgão e depois cancelado: não vale mais."),
        "unknown": Said(
            "Código desconhecido", "Nenhum documento deste órgão tem este código. Confira o que digitou."
        ),
    },
    document="Documento",
    check_another="Conferir outro documento",
)

_ES = PageWords(
    name="Español",
    choose="Idioma",
    follow=Said(
        "Seguir una solicitud", "Escriba el código y la clave que están en el papel del tótem. O llame al {phone}."
    ),
    code="Código de seguimiento",
    code_hint="12 letras y números",
    pin="Clave del código",
    pin_hint="6 números, en el mismo papel",
    see="Ver el estado",
    code_mistyped="Hay un error al escribir el código. Mírelo en el papel: son 12 letras y números.",
    pin_mistyped="La clave del código tiene 6 números. Mírela en el papel.",
    refused=Said(
        "No encontrada",
        "Ninguna solicitud tiene este código con esta clave. Mire los dos en el papel. Tras 5 errores con el mismo "
        "código, solo con la tarjeta, en un tótem, o por teléfono: {phone}.",
    ),
    used_up=Said(
        "Ahora con la tarjeta o por teléfono",
        "Hubo demasiados errores con este código. Para proteger la solicitud, la página ya no responde. En cualquier "
        "tótem, la tarjeta de quien la hizo a su nombre todavía la abre. O llame al {phone} con el papel en la mano.",
    ),
    too_many=Said(
        "Demasiados intentos",
        "Muchos intentos vinieron de la misma conexión a internet. Pruebe dentro de una hora o llame al {phone}.",
    ),
    on_its_way=Said(
        "Aún no ha llegado",
        "El código es de uno de nuestros tótems, pero la solicitud aún no ha entrado en el sistema. Si el código está "
        "en su papel, la solicitud está guardada y en camino: el tótem la envía en cuanto tenga red. Vuelva más tarde. "
        "Si mañana sigue igual, llame al {phone}.",
    ),
    found="Esta página muestra solo el estado y las fechas. Para saber más, llame al {phone} con el papel en la mano.",
    state="Estado",
    states={
        "received": "Recibida",
        "ready": "Listo: recójalo en cualquier tótem, con su tarjeta",
        "refused": "No emitido: vea el motivo en cualquier tótem, con su tarjeta",
    },
    arrived="Llegó a la central",
    again="Probar de nuevo",
    another="Ver otra solicitud",
    check=Said("Comprobar un documento", "Escriba el código que está en el documento."),
    document_code="Código del documento",
    document_code_hint="16 letras y números",
    check_button="Comprobar",
    documents={
        "valid": Said("Documento válido", "Lo emitió este organismo. Compare el número y las fechas con el papel."),
        "expired": Said("Documento vencido", "Lo emitió este organismo, pero su validez terminó."),
        "prepared": Said(
            "Documento aún no confirmado", "La emisión todavía no ha terminado. Pruebe de nuevo en unos minutos."
        ),
        "revoked": Said("Documento anulado", "Lo emitió este organismo y después lo anuló: ya no vale."),
        "unknown": Said(
            "Código desconocido", "Ningún documento de este organismo tiene este código. Revise lo que escribió."
        ),
    },
    document="Documento",
    check_another="Comprobar otro documento",
)

_IT = PageWords(
    name="Italiano",
    choose="Lingua",
    follow=Said(
        "Segui una richiesta", "Digita il codice e il PIN che trovi sul foglio del totem. Oppure chiama il {phone}."
    ),
    code="Codice per seguire",
    code_hint="12 lettere e cifre",
    pin="PIN del codice",
    pin_hint="6 cifre, sullo stesso foglio",
    see="Vedi lo stato",
    code_mistyped="C'è un errore di battitura nel codice. Controlla il foglio: sono 12 lettere e cifre.",
    pin_mistyped="Il PIN del codice ha 6 cifre. Controlla il foglio.",
    refused=Said(
        "Non trovata",
        "Nessuna richiesta ha questo codice con questo PIN. Controlla entrambi sul foglio. Dopo 5 errori con lo stesso "
        "codice, solo con la tessera, a un totem, o per telefono: {phone}.",
    ),
    used_up=Said(
        "Ora con la tessera o per telefono",
        "Ci sono stati troppi errori con questo codice. Per proteggere la richiesta, la pagina non risponde più. A "
        "qualsiasi totem, la tessera di chi l'ha fatta a suo nome la apre ancora. Oppure chiama il {phone} con il "
        "foglio in mano.",
    ),
    too_many=Said(
        "Troppi tentativi",
        "Molti tentativi sono arrivati dalla stessa connessione a internet. Riprova tra un'ora o chiama il {phone}.",
    ),
    on_its_way=Said(
        "Non è ancora arrivata",
        "Il codice è di uno dei nostri totem, ma la richiesta non è ancora entrata nel sistema. Se il codice è sul tuo "
        "foglio, la richiesta è salvata e in viaggio: il totem la invia appena ha rete. Torna più tardi. Se domani è "
        "ancora così, chiama il {phone}.",
    ),
    found="Questa pagina mostra solo lo stato e le date. Per sapere di più, chiama il {phone} con il foglio in mano.",
    state="Stato",
    states={
        "received": "Ricevuta",
        "ready": "Pronto: ritiralo a qualsiasi totem, con la tua tessera",
        "refused": "Non rilasciato: vedi il motivo a qualsiasi totem, con la tua tessera",
    },
    arrived="Arrivata alla centrale",
    again="Riprova",
    another="Vedi un'altra richiesta",
    check=Said("Verifica un documento", "Digita il codice che trovi sul documento."),
    document_code="Codice del documento",
    document_code_hint="16 lettere e cifre",
    check_button="Verifica",
    documents={
        "valid": Said("Documento valido", "È stato rilasciato da questo ente. Confronta numero e date con il foglio."),
        "expired": Said("Documento scaduto", "È stato rilasciato da questo ente, ma non vale più."),
        "prepared": Said(
            "Documento non ancora confermato", "Il rilascio non è ancora terminato. Riprova tra qualche minuto."
        ),
        "revoked": Said("Documento annullato", "È stato rilasciato da questo ente e poi annullato: non vale più."),
        "unknown": Said(
            "Codice sconosciuto", "Nessun documento di questo ente ha questo codice. Controlla che cosa hai digitato."
        ),
    },
    document="Documento",
    check_another="Verifica un altro documento",
)

_EN = PageWords(
    name="English",
    choose="Language",
    follow=Said("Follow a request", "Type the code and the PIN from the kiosk's paper. Or call {phone}."),
    code="Tracking code",
    code_hint="12 letters and digits",
    pin="Code PIN",
    pin_hint="6 digits, on the same paper",
    see="See its state",
    code_mistyped="There is a typing mistake in the code. Check the paper: it has 12 letters and digits.",
    pin_mistyped="The code PIN has 6 digits. Check the paper.",
    refused=Said(
        "Not found",
        "No request has this code with this PIN. Check both on the paper. After 5 mistakes with the same code it is by "
        "card at a kiosk or by phone only: {phone}.",
    ),
    used_up=Said(
        "By card or phone now",
        "There were too many mistakes with this code. To protect the request, this page no longer answers. At any "
        "kiosk, the card of whoever made it in their name still opens it. Or call {phone} with the paper in your hand.",
    ),
    too_many=Said(
        "Too many tries",
        "Many tries came from the same internet connection. Try again in an hour, or call {phone}.",
    ),
    on_its_way=Said(
        "Not here yet",
        "The code is from one of our kiosks, but the request has not entered the system yet. If the code is on your "
        "paper, your request is saved and on its way: the kiosk sends it once it has a network. Come back later. If "
        "nothing has changed tomorrow, call {phone}.",
    ),
    found="This page shows the state and the dates only. To know more, call {phone} with the paper in your hand.",
    state="State",
    states={
        "received": "Received",
        "ready": "Ready: collect it at any kiosk, with your card",
        "refused": "Not issued: see why at any kiosk, with your card",
    },
    arrived="Reached the centre",
    again="Try again",
    another="See another request",
    check=Said("Check a document", "Type the code that is on the document."),
    document_code="Document code",
    document_code_hint="16 letters and digits",
    check_button="Check",
    documents={
        "valid": Said("Valid document", "It was issued by this office. Compare the number and dates with the paper."),
        "expired": Said("Expired document", "It was issued by this office, but it is no longer valid."),
        "prepared": Said("Document not confirmed yet", "Issuing is not finished. Try again in a few minutes."),
        "revoked": Said("Revoked document", "It was issued by this office and later revoked: it is no longer valid."),
        "unknown": Said("Unknown code", "No document of this office has this code. Check what you typed."),
    },
    document="Document",
    check_another="Check another document",
)

_PAGES = {Language.PT_BR: _PT_BR, Language.ES: _ES, Language.IT: _IT, Language.EN: _EN}
