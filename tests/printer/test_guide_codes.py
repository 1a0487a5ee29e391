"""The codes of guides as a printer sets them, dot for dot at 203 dpi, blurred and read by two decoders.

QR codes, the rotated ITF-44, Cuaderno 57's rotated GS1-128 and the Data Matrix of pagoPA's postal part.
"""

from __future__ import annotations

import random
from datetime import date

import pytest
import zxingcpp
from PIL import Image

from kiosk.catalog.model import Language
from kiosk.issuing import arrecadacao, boleto, cuaderno57, pagopa, pix, sepa
from printer import picture, profiles, symbols
from printer.receipt import Matrix, Payment, Qr, Receipt
from tests.printer import printing
from tests.printer.samples import PIX
from tests.printer.scanning import photographed, read_by_zbar, read_by_zxing

NOTICE = pagopa.make(number="322201151398574181", creditor="81005750021", amount_cents=99_999_999_999)
POSTAL = pagopa.postal(
    pagopa.make(number="322201151398574181", creditor="81005750021", amount_cents=12_345),
    account="16302093",
    debtor_id="BSCMTT83A12L719R",
    debtor_name="Niccolò Sant'Elia",
    reason="TARI 2026, rata unica",
)
TRANSFER = sepa.Transfer(
    name="Ayuntamiento de Villa Aurora",
    iban="ES9121000418450200051332",
    amount_cents=99_999_999_999,
    text="Tasa de basuras 2026 " + "x" * 119,
    bic="CAIXESBBXXX",
    purpose="TAXS",
    note="Gracias",
)
CODES = {
    "pix-static": pix.static(key="a@vilaaurora.example", name="Prefeitura", city="Vila Aurora", amount_cents=41280,
                             txid="T" * 25, info="Taxa de alvara"),
    "pix-dynamic": pix.dynamic(url=f"pix.example.com/{'8b3da2f39a4140d1' * 4}"[:77], name="N" * 25, city="C" * 15),
    "pagopa": NOTICE.qr,
    "sepa": sepa.payload(TRANSFER),
}  # fmt: skip


def paper(*blocks) -> Image.Image:
    receipt = Receipt(title="code", language=Language.PT_BR, blocks=blocks)
    return picture.draw(receipt, profiles.load("generic-80mm"))


@pytest.fixture(params=["epson-tm-t20x", "epson-tm-t88v", "generic-58mm", "custom-vkp80"])
def printer(request) -> profiles.Profile:
    return profiles.load(request.param)


def printed(profile: profiles.Profile, *blocks) -> Image.Image:
    """What comes out of the virtual printer that is sent the bytes, page mode or not."""
    return printing.printed(Receipt(title="code", language=Language.PT_BR, blocks=blocks), profile)


def payment(barcode: str, symbology: str) -> Payment:
    return Payment(band="COMO PAGAR", code_title="CÓDIGO", code_hint="y", line_blocks=("1", "2"), code_where="z",
                   barcode=barcode, symbology=symbology)  # fmt: skip


@pytest.mark.parametrize("kind", CODES)
@pytest.mark.parametrize("module_dots", [4, 5])
def test_two_decoders_read_a_guides_qr_code_from_the_paper(kind, module_dots):
    image = paper(Qr(data=CODES[kind], module_dots=module_dots, what="guide"))
    assert image.width == 576
    assert read_by_zxing(image) == {CODES[kind]}
    assert read_by_zbar(image) == {CODES[kind]}


def test_accents_of_a_transfer_are_read_by_the_decoder_that_takes_bytes_for_utf_8():
    """The EPC names the character set in the text, not in the symbol; zbar, which does not read it, guesses."""
    text = sepa.payload(sepa.Transfer("Comune di Forlì", "IT60X0542811101000000123456", 1, text="Tassa più mora"))
    assert read_by_zxing(paper(Qr(data=text, what="guide"))) == {text}


def test_the_qr_codes_keep_to_the_versions_of_their_standards():
    """pagoPA prescribes 4-M (33 modules), the EPC at most version 13 (69)."""
    assert symbols.qr_side(CODES["pagopa"].encode()) == 33
    assert symbols.qr_side(CODES["sepa"].encode()) <= 69


@pytest.mark.parametrize("seed", range(6))
def test_two_decoders_read_any_arrecadacao_and_boleto_from_the_paper(seed):
    rng = random.Random(seed)
    free = "1" + "".join(rng.choices("0123456789", k=24))
    cents, day = rng.randrange(10**8), date(2000 + rng.randrange(25, 49), 1, 1)
    value_id = rng.choice([6, 8])
    for made in (
        arrecadacao.make(segment=5, value_id=value_id, amount_cents=cents, febraban_id="0328", free_field=free),
        boleto.make(bank="104", due=day, amount_cents=cents, free_field=free),
    ):
        image = paper(
            Payment(band="COMO PAGAR", pix_title="1", pix_payload=PIX, pix_hint="x", code_title="2", code_hint="y",
                    line_blocks=("1", "2"), code_where="z", barcode=made.barcode)
        )  # fmt: skip
        assert read_by_zxing(image) == {made.barcode, PIX}
        assert read_by_zbar(image) == {made.barcode, PIX}


def test_two_decoders_read_a_receipt_of_cuaderno_57_as_gs1_128(printer):
    """Turned along the feed, as an ITF-44 is: upright it would be wider than the roll."""
    made = cuaderno57.make(issuer="22350466", suffix="501", reference="15", amount_cents=5398, due=date(2027, 8, 30))
    image = printed(printer, payment(made.barcode, "gs1-128"))
    (found,) = zxingcpp.read_barcodes(photographed(image))
    assert (found.text, found.symbology_identifier) == (made.barcode, "]C1")
    assert {text.removeprefix("\x1d") for text in read_by_zbar(image)} == {made.barcode}


def test_a_boleto_without_pix_is_read_from_the_paper(printer):
    made = boleto.make(bank="104", due=date(2027, 1, 10), amount_cents=12_345, free_field="7" * 25)
    image = printed(printer, payment(made.barcode, "itf"))
    assert read_by_zxing(image) == read_by_zbar(image) == {made.barcode}


@pytest.mark.parametrize("module_dots", [3, 4])
def test_the_postal_part_is_read_from_the_data_matrix_on_the_paper(printer, module_dots):
    """zbar knows no Data Matrix: one decoder reads it."""
    image = printed(printer, Matrix(data=POSTAL, module_dots=module_dots, what="postal part"))
    assert read_by_zxing(image) == {POSTAL}
    assert pagopa.parse(POSTAL).amount_cents == 12_345
