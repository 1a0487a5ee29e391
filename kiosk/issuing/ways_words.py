"""What papers say of the ways to pay, in four languages. Titles fit in 24 columns (double size)."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.catalog.model import Language


@dataclass(frozen=True)
class WayWords:
    """`*_title` stand alone in double size, `*_hint` say what to do, the others are labels of rows."""

    what_for: str
    payee: str

    code_title: str
    bars_hint: str
    pagopa_title: str
    pagopa_hint: str
    notice_number: str
    creditor: str
    postal_title: str
    postal_hint: str
    postal_account: str
    postal_code: str

    receipt57_title: str
    receipt57_where: str
    issuer: str
    reference: str
    identification: str

    transfer_title: str
    transfer_hint: str
    transfer_by_hand: str
    transfer_code: str


def words(language: Language) -> WayWords:
    """The texts of one language."""
    return _WAYS[language]


_WAYS = {
    Language.PT_BR: WayWords(
        what_for="Referente a",
        payee="Quem recebe",
        code_title="CÓDIGO DE BARRAS",
        bars_hint="Vire o papel e leia as barras, ou digite os números:",
        pagopa_title="PAGOPA",
        pagopa_hint="No app do banco ou num ponto pagoPA, leia este código:",
        notice_number="Número do aviso",
        creditor="Código fiscal do credor",
        postal_title="NOS CORREIOS",
        postal_hint="No balcão dos correios italianos, mostre este código:",
        postal_account="Conta postal",
        postal_code="Código da parte postal",
        receipt57_title="PAGUE NO BANCO",
        receipt57_where="Caixa eletrônico, site ou balcão do banco.",
        issuer="Emissora",
        reference="Referência",
        identification="Identificação",
        transfer_title="TRANSFERÊNCIA SEPA",
        transfer_hint="No app do banco, leia este código: ele preenche tudo.",
        transfer_by_hand="Ou digite no banco, exatamente assim:",
        transfer_code="QR da transferência",
    ),
    Language.ES: WayWords(
        what_for="Concepto",
        payee="Quién cobra",
        code_title="CÓDIGO DE BARRAS",
        bars_hint="Gire el papel y lea las barras, o escriba los números:",
        pagopa_title="PAGOPA",
        pagopa_hint="En la app de su banco o en un punto pagoPA, lea este código:",
        notice_number="Número del aviso",
        creditor="Código fiscal del ente",
        postal_title="EN CORREOS",
        postal_hint="En la ventanilla de correos de Italia, muestre este código:",
        postal_account="Cuenta postal",
        postal_code="Código de la parte postal",
        receipt57_title="PAGUE EN EL BANCO",
        receipt57_where="Cajero automático, web o ventanilla del banco.",
        issuer="Emisora",
        reference="Referencia",
        identification="Identificación",
        transfer_title="TRANSFERENCIA SEPA",
        transfer_hint="En la app de su banco, lea este código: lo rellena todo.",
        transfer_by_hand="O escriba en su banco, exactamente así:",
        transfer_code="QR de la transferencia",
    ),
    Language.IT: WayWords(
        what_for="Causale",
        payee="Ente creditore",
        code_title="CODICE A BARRE",
        bars_hint="Gira il foglio e leggi le barre, oppure digita i numeri:",
        pagopa_title="PAGOPA",
        pagopa_hint="Nell'app della banca o presso un punto pagoPA, inquadra questo codice:",
        notice_number="Codice avviso",
        creditor="Codice fiscale dell'ente",
        postal_title="BOLLETTINO POSTALE PA",
        postal_hint="All'ufficio postale, mostra questo codice:",
        postal_account="Conto corrente postale",
        postal_code="Codice del bollettino postale",
        receipt57_title="PAGA IN BANCA",
        receipt57_where="Sportello automatico, sito o sportello della banca.",
        issuer="Ente emittente",
        reference="Riferimento",
        identification="Identificazione",
        transfer_title="BONIFICO SEPA",
        transfer_hint="Nell'app della banca inquadra questo codice: compila tutto.",
        transfer_by_hand="Oppure scrivi in banca, esattamente così:",
        transfer_code="QR del bonifico",
    ),
    Language.EN: WayWords(
        what_for="For",
        payee="Paid to",
        code_title="BARCODE",
        bars_hint="Turn the paper and scan the bars, or type the numbers:",
        pagopa_title="PAGOPA",
        pagopa_hint="In your bank app or at a pagoPA point, scan this code:",
        notice_number="Notice number",
        creditor="Creditor's tax code",
        postal_title="AT THE POST OFFICE",
        postal_hint="At an Italian post office, show this code:",
        postal_account="Postal account",
        postal_code="Code of the postal part",
        receipt57_title="PAY AT THE BANK",
        receipt57_where="The bank's cash machine, website or counter.",
        issuer="Issuer",
        reference="Reference",
        identification="Identification",
        transfer_title="SEPA TRANSFER",
        transfer_hint="In your bank app, scan this code: it fills in everything.",
        transfer_by_hand="Or type it at your bank, exactly like this:",
        transfer_code="QR code of the transfer",
    ),
}
