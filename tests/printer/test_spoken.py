"""A receipt as a voice reads it."""

from __future__ import annotations

from kiosk.catalog.model import Language
from printer.receipt import Band, Feed, Field_, Header, Payment, Qr, Receipt, Rule, Text
from printer.spoken import sentences


def test_a_receipt_is_read_block_by_block_and_what_only_machines_read_is_named() -> None:
    paper = Receipt(
        title="Guia",
        language=Language.PT_BR,
        blocks=(
            Header(name_line1="Prefeitura de", name_line2="Vila Aurora", department="Fazenda", kiosk="Totem 014"),
            Rule(double=True),
            Text(text="Guia de pagamento", size=2),
            Field_(label="Valor", value="R$ 812,40", size=2, value_size=3),
            Field_(label="Pagar até", value="10/12/2026"),
            Band(text="COMO PAGAR"),
            Payment(
                band="PIX OU CÓDIGO DE BARRAS", pix_title="Pix", pix_payload="000201SECRET",
                pix_hint="Aponte a câmera.", code_title="Código", code_hint="No banco.",
                line_blocks=("816600000010", "234562026121"),
                code_where="Código de barras ao lado", barcode="8" * 44,
            ),
            Feed(dots=10),
            Qr(data="https://vilaaurora.example/p/VA7K2M9P", what="QR para acompanhar"),
        ),
    )

    said = sentences(paper)

    assert said == [
        "Prefeitura de Vila Aurora.",
        "Fazenda, Totem 014.",
        "Guia de pagamento.",
        "Valor: 812 reais e 40 centavos.",
        "Pagar até: 10 de dezembro de 2026.",
        "COMO PAGAR.",
        "PIX OU CÓDIGO DE BARRAS.",
        "Pix. Aponte a câmera.",
        "Código. No banco.",
        "8 1 6 6 0 0 0 0 0 0 1 0.",
        "2 3 4 5 6 2 0 2 6 1 2 1.",
        "Código de barras ao lado.",
        "QR para acompanhar.",
    ]
