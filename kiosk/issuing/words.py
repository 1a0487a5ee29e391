"""What papers say, in four languages. Bands have an even number of letters, at most 24; PIN lines fit in 24 columns."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.catalog.model import Language


@dataclass(frozen=True)
class PaperWords:
    """Braces hold what is filled in: {due}, {website}, {phone}, {pin}, {date}, {days}."""

    no_value: str
    applicant: str
    identity_proven: str
    by_card_and_pin: str
    identity_card: str
    without_pin: str
    identity_claimed: str
    not_checked: str

    guide_title: str
    amount: str
    pay_by: str
    due: str
    without_due: str
    taxpayer: str
    property_id: str
    property: str
    guide_number: str
    guide_issued: str
    how_to_pay: str
    pix_title: str
    pix_hint: str
    code_title: str
    code_hint: str
    code_where: str
    after_due: str
    keep_guide: str

    track_band: str
    pin: str
    track_where: str
    track_where_qr: str
    track_page: str
    track_qr: str

    ticket_title: str
    registered: str
    answer_by: str
    answer_in: str
    days: str
    deadline_by: str
    deadline_in: str
    anonymous_band: str
    anonymous: str
    next_title: str
    queued: str
    keep_ticket: str

    document_number: str
    document_issued: str
    valid_until: str
    check_band: str
    check_where: str
    seal_note: str
    seal_qr: str
    request_code: str
    request_pin: str
    keep_document: str


@dataclass(frozen=True)
class CertificateWords:
    """The negative certificate of municipal debts. {operator} is who certifies."""

    title: tuple[str, str]
    statement: str
    closing: str


def words(language: Language) -> PaperWords:
    """The texts of papers in one language."""
    return _PAPERS[language]


def negative_certificate(language: Language) -> CertificateWords:
    """The texts of the negative certificate in one language."""
    return _NEGATIVE_CERTIFICATES[language]


_PT_BR = PaperWords(
    no_value="SIMULAÇÃO: SEM VALOR",
    applicant="Solicitante",
    identity_proven="Identidade provada",
    by_card_and_pin="cartão e senha",
    identity_card="Cartão lido",
    without_pin="sem senha",
    identity_claimed="Identidade informada",
    not_checked="não conferida",
    guide_title="GUIA DE PAGAMENTO",
    amount="Valor",
    pay_by="Pague até",
    due="Vencimento",
    without_due="sem data",
    taxpayer="Contribuinte",
    property_id="Inscrição do imóvel",
    property="Imóvel",
    guide_number="Número da guia",
    guide_issued="Emitida",
    how_to_pay="COMO PAGAR",
    pix_title="1 PIX",
    pix_hint="No app do banco, escolha Pix e aponte a câmera.",
    code_title="2 CÓDIGO",
    code_hint="Vire o papel e leia as barras, ou digite os números:",
    code_where="App do banco, caixa eletrônico ou lotérica.",
    after_due="Depois de {due} pode haver multa e juros: peça outra guia num totem.",
    keep_guide="Guarde longe do calor e da luz: a tinta deste papel apaga. Fotografe se precisar.",
    track_band="CÓDIGO PARA ACOMPANHAR",
    pin="Senha do código: {pin}",
    track_where="Pelo telefone {phone} ou em {website}/p",
    track_where_qr="Pelo telefone {phone} ou pela câmera do celular:",
    track_page="A página pede a senha do código.",
    track_qr="QR para acompanhar o pedido",
    ticket_title="PEDIDO REGISTRADO",
    registered="Registro",
    answer_by="Resposta até",
    answer_in="Resposta em",
    days="{days} dias",
    deadline_by="até {date}",
    deadline_in="em até {days} dias",
    anonymous_band="PEDIDO ANÔNIMO",
    anonymous=(
        "Seu nome, documento e cartão não foram pedidos nem guardados. Só este papel liga você ao pedido: "
        "não o perca."
    ),
    next_title="O que acontece agora",
    queued="O totem estava sem rede. O pedido está guardado aqui e segue sozinho quando ela voltar. O código já vale.",
    keep_ticket="Guarde este papel: com o código e a senha você acompanha o pedido.",
    document_number="Número",
    document_issued="Emitida",
    valid_until="Válida até",
    check_band="CONFIRA O CÓDIGO",
    check_where="Digite este código em {website}/v ou aponte a câmera do celular:",
    seal_note="O selo no QR pode ser conferido sem internet.",
    seal_qr="QR com o selo do documento",
    request_code="Código do pedido",
    request_pin="Senha do código",
    keep_document="Guarde longe do calor e da luz: a tinta deste papel apaga. Fotografe agora o código e o QR.",
)

_ES = PaperWords(
    no_value="SIMULACIÓN SIN VALOR",
    applicant="Solicitante",
    identity_proven="Identidad probada",
    by_card_and_pin="tarjeta y clave",
    identity_card="Tarjeta leída",
    without_pin="sin clave",
    identity_claimed="Identidad declarada",
    not_checked="no comprobada",
    guide_title="CARTA DE PAGO",
    amount="Importe",
    pay_by="Pague hasta",
    due="Vencimiento",
    without_due="sin fecha",
    taxpayer="Contribuyente",
    property_id="Registro del inmueble",
    property="Inmueble",
    guide_number="Número de la carta de pago",
    guide_issued="Emitida",
    how_to_pay="CÓMO PAGAR",
    pix_title="1 PIX",
    pix_hint="En la app de su banco, elija Pix y apunte la cámara.",
    code_title="2 CÓDIGO",
    code_hint="Gire el papel y lea las barras, o escriba los números:",
    code_where="App del banco, cajero automático o casa de lotería.",
    after_due="Después del {due} puede haber multa e intereses: pida otra carta de pago en un tótem.",
    keep_guide="Guárdelo lejos del calor y de la luz: la tinta de este papel se borra. Hágale una foto si la necesita.",
    track_band="PARA SEGUIR SU SOLICITUD",
    pin="Clave del código: {pin}",
    track_where="Por teléfono al {phone} o en {website}/p",
    track_where_qr="Por teléfono al {phone} o con la cámara del móvil:",
    track_page="La página le pide la clave del código.",
    track_qr="QR para seguir su solicitud",
    ticket_title="SOLICITUD REGISTRADA",
    registered="Registro",
    answer_by="Respuesta hasta",
    answer_in="Respuesta en",
    days="{days} días",
    deadline_by="hasta el {date}",
    deadline_in="en un máximo de {days} días",
    anonymous_band="SOLICITUD SIN NOMBRE",
    anonymous=(
        "No pedimos ni guardamos su nombre, su documento ni su tarjeta. Solo este papel le une a la solicitud: "
        "no lo pierda."
    ),
    next_title="Qué pasa ahora",
    queued="El tótem estaba sin red. La solicitud queda guardada aquí y saldrá sola cuando vuelva. El código ya vale.",
    keep_ticket="Guarde este papel: con el código y la clave puede seguir la solicitud.",
    document_number="Número",
    document_issued="Emitido",
    valid_until="Válido hasta",
    check_band="VALIDE EL CÓDIGO",
    check_where="Escriba este código en {website}/v o apunte la cámara del móvil:",
    seal_note="El sello del QR se puede comprobar sin internet.",
    seal_qr="QR con el sello del documento",
    request_code="Código de la solicitud",
    request_pin="Clave del código",
    keep_document=(
        "Guárdelo lejos del calor y de la luz: la tinta de este papel se borra. Fotografíe ahora el código y el QR."
    ),
)

_IT = PaperWords(
    no_value="SIMULAZIONE SENZA VALORE",
    applicant="Richiedente",
    identity_proven="Identità provata",
    by_card_and_pin="tessera e PIN",
    identity_card="Tessera letta",
    without_pin="senza PIN",
    identity_claimed="Identità dichiarata",
    not_checked="non verificata",
    guide_title="AVVISO DI PAGAMENTO",
    amount="Importo",
    pay_by="Paga entro",
    due="Scadenza",
    without_due="senza data",
    taxpayer="Contribuente",
    property_id="Codice dell'immobile",
    property="Immobile",
    guide_number="Numero dell'avviso",
    guide_issued="Emesso il",
    how_to_pay="COME SI PAGA",
    pix_title="1 PIX",
    pix_hint="Nell'app della banca scegli Pix e inquadra il QR.",
    code_title="2 CODICE",
    code_hint="Gira il foglio e leggi le barre, oppure digita i numeri:",
    code_where="App della banca, sportello automatico o ricevitoria.",
    after_due="Dopo il {due} possono aggiungersi sanzioni e interessi: chiedi un altro avviso a un totem.",
    keep_guide=(
        "Conserva lontano da calore e luce: l'inchiostro di questa carta svanisce. Fai una foto se ti serve."
    ),
    track_band="CODICE PER SEGUIRE",
    pin="PIN del codice: {pin}",
    track_where="Per telefono al {phone} o su {website}/p",
    track_where_qr="Per telefono al {phone} o con la fotocamera:",
    track_page="La pagina chiede il PIN del codice.",
    track_qr="QR per seguire la pratica",
    ticket_title="RICHIESTA REGISTRATA",
    registered="Registrata il",
    answer_by="Risposta entro",
    answer_in="Risposta in",
    days="{days} giorni",
    deadline_by="entro il {date}",
    deadline_in="entro {days} giorni",
    anonymous_band="SEGNALAZIONE ANONIMA",
    anonymous=(
        "Nome, documento e tessera non sono stati chiesti né conservati. Solo questo foglio ti lega alla segnalazione: "
        "non perderlo."
    ),
    next_title="Che cosa succede ora",
    queued="Il totem era senza rete. La richiesta è salvata qui e parte da sola appena torna. Il codice vale già.",
    keep_ticket="Conserva questo foglio: con il codice e il PIN segui la richiesta.",
    document_number="Numero",
    document_issued="Rilasciato il",
    valid_until="Scade il",
    check_band="VERIFICA IL CODICE",
    check_where="Digita questo codice su {website}/v o inquadra con la fotocamera:",
    seal_note="Il sigillo del QR si verifica anche offline.",
    seal_qr="QR con il sigillo del documento",
    request_code="Codice della richiesta",
    request_pin="PIN del codice",
    keep_document=(
        "Conserva lontano da calore e luce: l'inchiostro di questa carta svanisce. Fotografa subito il codice e il QR."
    ),
)

_EN = PaperWords(
    no_value="SIMULATION: NO VALUE",
    applicant="Requested by",
    identity_proven="Identity proven by",
    by_card_and_pin="card and PIN",
    identity_card="Card read",
    without_pin="without PIN",
    identity_claimed="Identity as stated",
    not_checked="not checked",
    guide_title="PAYMENT SLIP",
    amount="Amount",
    pay_by="Pay by",
    due="Due date",
    without_due="none",
    taxpayer="Taxpayer",
    property_id="Property number",
    property="Property",
    guide_number="Slip number",
    guide_issued="Issued",
    how_to_pay="HOW TO PAY",
    pix_title="1 PIX",
    pix_hint="In your bank app, choose Pix and point the camera.",
    code_title="2 CODE",
    code_hint="Turn the paper and scan the bars, or type the numbers:",
    code_where="Bank app, cash machine or lottery shop.",
    after_due="After {due} a fine and interest may be added: ask for a new slip at a kiosk.",
    keep_guide="Keep away from heat and light: the print on this paper fades. Take a photo if you need one.",
    track_band="YOUR TRACKING CODE",
    pin="Code PIN: {pin}",
    track_where="By phone on {phone} or at {website}/p",
    track_where_qr="By phone on {phone}, or with your phone camera:",
    track_page="The page asks for the code PIN.",
    track_qr="QR code to follow the request",
    ticket_title="REQUEST REGISTERED",
    registered="Registered",
    answer_by="Answer by",
    answer_in="Answer within",
    days="{days} days",
    deadline_by="by {date}",
    deadline_in="within {days} days",
    anonymous_band="ANONYMOUS REPORT",
    anonymous=(
        "We did not ask for or keep your name, ID number or card. Only this paper links you to the report: "
        "do not lose it."
    ),
    next_title="What happens now",
    queued="The kiosk was offline. Your request is saved here and goes out once it is back. The code works now.",
    keep_ticket="Keep this paper: with the code and its PIN you can follow the request.",
    document_number="Number",
    document_issued="Issued",
    valid_until="Valid until",
    check_band="CHECK THE CODE",
    check_where="Type this code at {website}/v or point your phone camera:",
    seal_note="The seal in the QR code can be checked offline.",
    seal_qr="QR code with the document's seal",
    request_code="Request code",
    request_pin="Code PIN",
    keep_document=(
        "Keep away from heat and light: the print on this paper fades. Take a photo of the code and the QR code now."
    ),
)

_PAPERS = {Language.PT_BR: _PT_BR, Language.ES: _ES, Language.IT: _IT, Language.EN: _EN}

_NEGATIVE_CERTIFICATES = {
    Language.PT_BR: CertificateWords(
        title=("CERTIDÃO NEGATIVA", "de débitos municipais"),
        statement="A {operator} certifica que, até esta data, não há débito municipal vencido em nome de:",
        closing="Dívidas apuradas depois desta data podem ser cobradas.",
    ),
    Language.ES: CertificateWords(
        title=("CERTIFICADO NEGATIVO", "de deudas municipales"),
        statement="La {operator} certifica que, hasta esta fecha, no consta deuda municipal vencida a nombre de:",
        closing="Las deudas que se determinen después de esta fecha podrán ser exigidas.",
    ),
    Language.IT: CertificateWords(
        title=("CERTIFICATO NEGATIVO", "di debiti comunali"),
        statement="La {operator} certifica che, a questa data, non risultano debiti comunali scaduti a nome di:",
        closing="I debiti accertati dopo questa data potranno essere riscossi.",
    ),
    Language.EN: CertificateWords(
        title=("NO-DEBT CERTIFICATE", "municipal taxes"),
        statement="{operator} certifies that, as of this date, there is no overdue municipal debt in the name of:",
        closing="Debts assessed after this date may still be collected.",
    ),
}
