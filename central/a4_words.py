"""What an A4 document says besides what its receipt says, in four languages. {website}, {office}, {copy}: filled in."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.catalog.model import Language


@dataclass(frozen=True)
class A4Words:
    """`copy` marks what is given again; `alt_*` is what a screen reader says of a picture."""

    copy: str
    no_value: str
    check_title: str
    check_typed: str
    check_scanned: str
    check_code: str
    signed: str
    page: str
    alt_crest: str
    alt_qr: str


def words(language: Language) -> A4Words:
    """The texts in one language."""
    return _WORDS[language]


_WORDS = {
    Language.PT_BR: A4Words(
        copy="{copy}ª via",
        no_value="SIMULAÇÃO · SEM VALOR",
        check_title="Confira este documento",
        check_typed="Digite o código em {website}/v",
        check_scanned="ou aponte a câmera do celular para o quadro ao lado. Sem internet, o selo que está no quadro "
        "pode ser conferido com as chaves públicas deste órgão.",
        check_code="Código do documento",
        signed="Assinado digitalmente por {office} (PAdES). A assinatura está no arquivo, não no papel: no papel, vale "
        "o código.",
        page="Página",
        alt_crest="Brasão",
        alt_qr="Código QR com o selo do documento",
    ),
    Language.ES: A4Words(
        copy="{copy}ª copia",
        no_value="SIMULACIÓN · SIN VALOR",
        check_title="Compruebe este documento",
        check_typed="Escriba el código en {website}/v",
        check_scanned="o apunte la cámara del teléfono al recuadro. Sin internet, el sello que está en el recuadro se "
        "comprueba con las claves públicas de este organismo.",
        check_code="Código del documento",
        signed="Firmado digitalmente por {office} (PAdES). La firma está en el archivo, no en el papel: en papel, vale "
        "el código.",
        page="Página",
        alt_crest="Escudo",
        alt_qr="Código QR con el sello del documento",
    ),
    Language.IT: A4Words(
        copy="{copy}ª copia",
        no_value="SIMULAZIONE · SENZA VALORE",
        check_title="Verifica questo documento",
        check_typed="Digita il codice su {website}/v",
        check_scanned="oppure inquadra il riquadro con il telefono. Senza internet, il sigillo nel riquadro si "
        "verifica con le chiavi pubbliche di questo ente.",
        check_code="Codice del documento",
        signed="Firmato digitalmente da {office} (PAdES). La firma è nel file, non sulla carta: sulla carta vale il "
        "codice.",
        page="Pagina",
        alt_crest="Stemma",
        alt_qr="Codice QR con il sigillo del documento",
    ),
    Language.EN: A4Words(
        copy="Copy {copy}",
        no_value="SIMULATION · NO VALUE",
        check_title="Check this document",
        check_typed="Type the code at {website}/v",
        check_scanned="or point your phone camera at the square. Without internet, the seal in the square can be "
        "checked with the public keys of this office.",
        check_code="Document code",
        signed="Digitally signed by {office} (PAdES). The signature is in the file, not on paper: on paper, the code "
        "counts.",
        page="Page",
        alt_crest="Coat of arms",
        alt_qr="QR code with the document's seal",
    ),
}
