"""Papers for the tests: made-up citizens, a barcode and Pix payload in the right form."""

from __future__ import annotations

from kiosk.catalog.model import Language
from printer.receipt import Align, Band, Field_, Header, Payment, Qr, Receipt, Rule, Text

BARCODE = "81770000000010936599704113107970300143370831"
PIX = (
    "00020126580014br.gov.bcb.pix0136123e4567-e12b-12d1-a456-4266554400005204000053039865406412.805802BR"
    "5924PREFEITURA DE VILA AUROR6011VILA AURORA62170513IPTU20260047163045E0F"
)
LINK = "https://vilaaurora.example/p/7K2M-0006-8PDX"

HEADER = Header(
    name_line1="Prefeitura de",
    name_line2="Vila Aurora",
    department="Secretaria da Fazenda",
    kiosk="Totem VA-017",
)


def guide(*, no_value: bool = False) -> Receipt:
    return Receipt(
        title="Guia de pagamento",
        language=Language.PT_BR,
        no_value=no_value,
        blocks=(
            HEADER,
            Rule(double=True),
            Text(text="GUIA DE PAGAMENTO", size=2, bold=True, align=Align.CENTRE),
            Text(text="IPTU 2026 – cota única", size=2, bold=True, align=Align.CENTRE),
            Rule(double=True),
            Field_(label="Valor", value="R$ 412,80", size=2, value_size=3),
            Field_(label="Pague até", value="10/12/2026", size=2, value_size=2),
            Rule(),
            Field_(label="Contribuinte", value="Maria D. O."),
            Field_(label="CPF", value="***.982.247-**"),
            Field_(label="Inscrição do imóvel", value="01.04.015.0210.001"),
            Field_(label="Imóvel", value="Rua das Magnólias, 210"),
            Field_(label="Número da guia", value="2026.0004711-3"),
            Field_(label="Emitida", value="24/11/2026 14:05"),
            Field_(label="Identidade provada", value="cartão e senha"),
            Payment(
                band="COMO PAGAR",
                pix_title="1 PIX",
                pix_payload=PIX,
                pix_hint="No app do banco, escolha Pix e aponte a câmera.",
                code_title="2 CÓDIGO",
                code_hint="Vire o papel e leia as barras, ou digite os números:",
                line_blocks=("81770000000-0", "01093659970-2", "41131079703-9", "00143370831-8"),
                code_where="App do banco, caixa eletrônico ou lotérica.",
                barcode=BARCODE,
            ),
            Text(text="Depois de 10/12/2026 há multa: peça outra guia aqui ou em vilaaurora.example."),
            Band(text="CÓDIGO PARA ACOMPANHAR"),
            Text(text="7K2M-0004-QXAW", size=3, align=Align.CENTRE),
            Text(text="Senha do código: 482713", size=2, bold=True, align=Align.CENTRE),
            Text(text="No totem, no 156 ou em vilaaurora.example/p", align=Align.CENTRE),
            Rule(),
            Text(text="Guarde longe do calor e da luz: a tinta deste papel apaga. Fotografe se precisar."),
        ),
    )


def ticket(*, no_value: bool = False) -> Receipt:
    return Receipt(
        title="Manifestação registrada",
        language=Language.PT_BR,
        no_value=no_value,
        blocks=(
            HEADER.model_copy(update={"department": "Ouvidoria Municipal"}),
            Rule(double=True),
            Text(text="MANIFESTAÇÃO\nREGISTRADA", size=2, bold=True, align=Align.CENTRE),
            Rule(double=True),
            Field_(label="Tipo", value="Reclamação"),
            Field_(label="Assunto", value="Iluminação: poste apagado"),
            Field_(label="Resposta até", value="24/12/2026", size=2, value_size=2),
            Band(text="PEDIDO ANÔNIMO"),
            Text(text="Seu nome, CPF e cartão não foram pedidos nem guardados. Não perca este papel."),
            Band(text="CÓDIGO PARA ACOMPANHAR"),
            Text(text="7K2M-0006-8PDX", size=3, align=Align.CENTRE),
            Text(text="Senha do código: 509311", size=2, bold=True, align=Align.CENTRE),
            Text(text="No totem, no 156, ou pela câmera do celular:", align=Align.CENTRE),
            Qr(data=LINK, what="página do pedido"),
            Text(text="A página pede a senha do código.", align=Align.CENTRE),
            Rule(),
            Text(text="O que acontece agora", bold=True),
            Text(text="1. A Ouvidoria lê e encaminha: até 5 dias.\n2. O setor responde: até 24/12/2026."),
        ),
    )
