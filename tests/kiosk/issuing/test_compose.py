from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from kiosk.catalog.model import Language
from kiosk.issuing import arrecadacao, compose, digits, papers, pix
from kiosk.issuing.words import negative_certificate, words
from offline_cache.contract.evidence import Evidence, Purpose, Statement
from offline_cache.contract.messages import Debt, DocumentAnswer
from offline_cache.contract.payloads import Subject
from printer.receipt import Band, Field_, Header, Payment, Qr, Rule, Text
from tests.kiosk import vila_aurora

NOW = datetime(2026, 11, 24, 14, 5, 30, tzinfo=timezone(timedelta(hours=-3)))
PIN = "048271"
CODE = "7K2M-0000-4QXA"
CPF = "52998224725"
NAME = "MARIA DAS DORES OLIVEIRA"
STATEMENT = Statement(
    purpose=Purpose.COMMIT, kiosk="va-017", session="s", service="iptu", nonce=base64.b64encode(bytes(32)).decode(),
    nonce_of_centre=True,
)  # fmt: skip
MARIA = compose.Applicant(NAME, CPF, Evidence(statement=STATEMENT, certificates=("AA==",), signature="AA=="))
DEBT = Debt(
    id="d1", title="IPTU 2026 - cota única", detail="Rua das Magnólias, 210", property_id="01.04.015.0210.001",
    amount_cents=41280, due="2026-12-10", guide_number="2026.0004711-3", free_field="2026121000000004711301022",
    txid="IPTU2026000471101",
)  # fmt: skip
ALLOCATED = compose.Allocated(ticket_id="017f22e2-79b0-7cc3-98c4-dc0c0c07398f", code=CODE, number=None)


def request(service_id, language=Language.PT_BR, **more):
    catalogue = vila_aurora.catalogue()
    return compose.Request(
        **{
            "catalogue": catalogue,
            "service": catalogue.service(service_id),
            "language": language,
            "kiosk": "va-017",
            "kiosk_label": "Totem VA-017",
            "clock_trusted": True,
            "simulation": False,
            **more,
        }
    )


def complete(asked, number=None):
    return compose.complete(asked, replace(ALLOCATED, number=number), now=NOW, pin=PIN)


def rows(receipt):
    return {block.label: block.value for block in receipt.blocks if isinstance(block, Field_)}


def texts(receipt):
    return [block.text for block in receipt.blocks if isinstance(block, Text)]


def bands(receipt):
    return [block.text for block in receipt.blocks if isinstance(block, Band)]


def only(receipt, kind):
    (block,) = [block for block in receipt.blocks if isinstance(block, kind)]
    return block


def test_the_guide_of_a_debt_is_the_drawn_receipt():
    done = complete(request("iptu", applicant=MARIA, debt=DEBT, answers={"debt": "d1"}))
    receipt = done.receipt
    assert only(receipt, Header) == Header(
        name_line1="Prefeitura de", name_line2="Vila Aurora", department="Secretaria da Fazenda", kiosk="Totem VA-017",
        crest=vila_aurora.catalogue().operator.crest.paper,
    )
    assert rows(receipt) == {
        "Valor": "R$ 412,80",
        "Pague até": "10/12/2026",
        "Contribuinte": "Maria D. O.",
        "CPF": "***.982.247-**",
        "Inscrição do imóvel": "01.04.015.0210.001",
        "Imóvel": "Rua das Magnólias, 210",
        "Número da guia": "2026.0004711-3",
        "Emitida": "24/11/2026 14:05",
        "Identidade provada": "cartão e senha",
    }
    assert texts(receipt) == [
        "GUIA DE PAGAMENTO",
        "IPTU 2026 - cota única",
        "Depois de 10/12/2026 pode haver multa e juros: peça outra guia num totem.",
        CODE,
        "Senha do código: 048271",
        "Pelo telefone 156 ou em vilaaurora.example/p",
        "Guarde longe do calor e da luz: a tinta deste papel apaga. Fotografe se precisar.",
    ]
    assert bands(receipt) == ["CÓDIGO PARA ACOMPANHAR"]
    assert only(receipt, Payment).line_blocks == ("81620000004-9", "12809712202-1", "61210000000-1", "04711301022-8")
    assert (done.title, done.amount_cents, done.due) == ("IPTU 2026 - cota única", 41280, "2026-12-10")


def test_barcode_line_and_pix_on_paper_and_in_the_payload_say_the_same():
    done = complete(request("iptu", applicant=MARIA, debt=DEBT))
    guide, payment = done.payload.guide, only(done.receipt, Payment)
    assert payment.barcode == guide["barcode"]
    assert "".join(payment.line_blocks).replace("-", "") == guide["line"]
    assert payment.pix_payload == guide["pix"]
    code, paid = arrecadacao.decode(guide["line"]), pix.parse(guide["pix"])
    assert code.amount_cents == paid.amount_cents == guide["amount_cents"] == 41280
    assert paid.txid == guide["txid"] == DEBT.txid
    assert (guide["number"], guide["due"]) == (DEBT.guide_number, DEBT.due)


def test_a_fixed_fee_takes_its_number_from_the_kiosks_own_block():
    done = complete(request("taxa-alvara", answers={"finalidade": "renovacao"}), number=4711)
    guide = done.payload.guide
    assert guide["number"] == "2026.0004711-" + str(digits.mod10("0004711"))
    code = arrecadacao.decode(guide["barcode"])
    assert (code.company, code.amount_cents) == ("9712", 8740)
    assert code.free_field == "20261224" + "000000000" + guide["number"][5:].replace("-", "")
    assert guide["due"] == done.due == "2026-12-24"
    assert guide["txid"] == "TAXAS0000000004711"
    assert rows(done.receipt)["Finalidade"] == "Renovação"
    assert "Contribuinte" not in rows(done.receipt)
    assert not any("Identidade" in label for label in rows(done.receipt))


def test_numbers_of_a_block_never_give_the_same_code_or_txid():
    made = [complete(request("taxa-alvara"), number=number).payload.guide for number in range(1, 60)]
    assert len({guide["barcode"] for guide in made}) == len({guide["txid"] for guide in made}) == 59


def test_without_a_trusted_clock_no_date_is_computed_or_printed():
    done = complete(request("taxa-alvara", clock_trusted=False), number=4711)
    guide = done.payload.guide
    assert (guide["due"], done.due, done.payload.clock_trusted) == (None, None, False)
    assert arrecadacao.decode(guide["barcode"]).free_field.startswith("00000000")
    assert guide["number"].startswith("0004711-")
    assert "2026" not in json.dumps(done.receipt.model_dump(mode="json"))
    ticket = complete(request("ouvidoria", clock_trusted=False))
    assert rows(ticket.receipt)["Resposta em"] == "30 dias"
    assert "2. O setor responde: em até 30 dias." in texts(ticket.receipt)
    assert "2026" not in json.dumps(ticket.receipt.model_dump(mode="json"))


def test_an_anonymous_complaint_is_the_drawn_receipt_without_the_citizens_words():
    answers = {"tipo": "reclamacao", "assunto": "iluminacao", "onde": "Rua X", "relato": "poste apagado"}
    done = complete(request("ouvidoria", answers=answers, queued=True))
    assert rows(done.receipt) == {
        "Tipo": "Reclamação",
        "Assunto": "Iluminação da rua",
        "Registro": "24/11/2026 14:05",
        "Resposta até": "24/12/2026",
    }
    assert bands(done.receipt) == ["PEDIDO ANÔNIMO", "CÓDIGO PARA ACOMPANHAR"]
    said = texts(done.receipt)
    assert said[0] == "MANIFESTAÇÃO REGISTRADA"
    assert "2. O setor responde: até 24/12/2026." in said
    assert said[-1].startswith("O totem estava sem rede.")
    assert only(done.receipt, Qr).data == "https://vilaaurora.example/p/7K2M00004QXA"
    everything = json.dumps(done.receipt.model_dump(mode="json"), ensure_ascii=False)
    assert "Rua X" not in everything
    assert "poste apagado" not in everything
    payload = done.payload
    assert payload.anonymous
    assert (payload.name, payload.national_id, payload.evidence, payload.claimed) == (None, None, None, False)
    assert payload.answers == answers


def test_a_ticket_that_goes_at_once_does_not_speak_of_the_network():
    assert not any("sem rede" in text for text in texts(complete(request("ouvidoria")).receipt))


def test_a_claimed_identity_is_never_printed_as_a_proof():
    done = complete(request("poda-arvore", applicant=compose.Applicant(NAME, CPF), answers={"motivo": "fios"}))
    found = rows(done.receipt)
    assert found["Identidade informada"] == "não conferida"
    assert "Identidade provada" not in found
    assert (found["Solicitante"], found["CPF"]) == ("Maria D. O.", "***.982.247-**")
    assert done.payload.claimed
    assert (done.payload.name, done.payload.national_id) == (NAME, CPF)


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("service_id", ["iptu", "taxa-alvara", "ouvidoria", "poda-arvore", "certidao-negativa"])
def test_every_paper_of_a_simulation_says_so_first_and_last(language, service_id):
    more = {
        "iptu": {"applicant": MARIA, "debt": DEBT},
        "poda-arvore": {"applicant": compose.Applicant(NAME, CPF)},
        "certidao-negativa": {"applicant": MARIA, "document": document(language, simulation=True)},
    }.get(service_id, {})
    receipt = complete(request(service_id, language, simulation=True, **more), number=1).receipt
    mark = Band(text=words(language).no_value)
    assert (receipt.blocks[0], receipt.blocks[-1], receipt.no_value) == (mark, mark, True)
    assert receipt.language is language
    assert CPF not in str(receipt)


def document(language=Language.PT_BR, *, simulation=False):
    say = negative_certificate(language)
    operator = vila_aurora.catalogue().operator
    sheet = papers.Sheet(operator, "Secretaria da Fazenda", "Totem VA-017", language, simulation)
    receipt = papers.document_paper(
        sheet,
        title=say.title,
        number="2026/018.442-7",
        issued=NOW,
        valid_until=datetime(2027, 2, 22, tzinfo=UTC).date(),
        statement=say.statement.format(operator="Prefeitura de Vila Aurora"),
        holder=NAME,
        id_name="CPF",
        masked_id="***.982.247-**",
        closing=say.closing,
        code="7K2M-0005-HWN6-ABCD",
        seal_url="https://vilaaurora.example/v/7K2M0005HWN6ABCD#seal",
    )
    return DocumentAnswer(
        outcome="issued", number="2026/018.442-7", code="7K2M-0005-HWN6-ABCD", valid_until="2027-02-22", receipt=receipt
    )


def test_the_centres_document_gets_the_rows_of_the_kiosks_ticket_below_its_last_rule():
    composed = document()
    done = complete(request("certidao-negativa", applicant=MARIA, document=composed))
    blocks = done.receipt.blocks
    assert isinstance(blocks[-4], Rule)
    assert blocks[-3:-1] == (
        Field_(label="Código do pedido", value=CODE),
        Field_(label="Senha do código", value=PIN),
    )
    assert (*blocks[:-3], blocks[-1]) == composed.receipt.blocks
    assert done.payload.document_code == composed.code
    assert done.payload.guide is None


def test_the_document_is_the_drawn_receipt():
    receipt = document().receipt
    assert rows(receipt) == {
        "Número": "2026/018.442-7",
        "Emitida": "24/11/2026 14:05",
        "Válida até": "22/02/2027",
        "Identidade provada": "cartão e senha",
    }
    assert texts(receipt)[:4] == [
        "CERTIDÃO NEGATIVA",
        "de débitos municipais",
        "A Prefeitura de Vila Aurora certifica que, até esta data, não há débito municipal vencido em nome de:",
        NAME,
    ]
    assert "7K2M-0005-" in texts(receipt)
    assert "HWN6-ABCD" in texts(receipt)
    assert only(receipt, Qr).data.endswith("#seal")


def test_the_payload_says_what_was_told_and_how_it_was_proven():
    payload = complete(request("iptu", applicant=MARIA, debt=DEBT)).payload
    assert (payload.id, payload.code, payload.pin, payload.kiosk) == (ALLOCATED.ticket_id, CODE, PIN, "va-017")
    assert (payload.service, payload.language, payload.catalogue_version) == ("iptu", "pt-BR", 7)
    assert payload.created == "2026-11-24T17:05:30+00:00"
    assert payload.evidence == MARIA.evidence
    assert not payload.claimed


@pytest.mark.parametrize(
    ("service_id", "more"),
    [
        ("iptu", {"applicant": MARIA}),
        ("iptu", {"debt": DEBT}),
        ("iptu", {"applicant": compose.Applicant(NAME, CPF), "debt": DEBT}),
        ("taxa-alvara", {}),
        ("ouvidoria", {"applicant": MARIA}),
        ("poda-arvore", {}),
        ("poda-arvore", {"applicant": MARIA}),
        ("certidao-negativa", {"applicant": MARIA}),
        ("certidao-negativa", {"applicant": MARIA, "document": DocumentAnswer(outcome="refused")}),
        ("orientacoes", {}),
    ],
)
def test_a_request_that_lacks_what_its_service_needs_makes_no_paper(service_id, more):
    with pytest.raises(ValueError):
        complete(request(service_id, **more))


def test_only_a_fixed_fee_takes_a_number():
    catalogue = vila_aurora.catalogue()
    assert {s.id: compose.takes_number(s) for s in catalogue.services if compose.takes_number(s)} == {
        "taxa-alvara": "taxas"
    }


SUBJECT = Subject(name="Condomínio Sol da Manhã", national_id="11222333000181", basis="sindico")


def test_who_asks_for_somebody_else_is_named_beside_them_with_the_basis():
    done = complete(request("poda-arvore", applicant=compose.Applicant(NAME, CPF), subject=SUBJECT))
    found = rows(done.receipt)
    assert found["Solicitante"] == "Maria D. O."
    assert (found["Em nome de"], found["Representação"]) == ("Condomínio S. M.", "Como síndico de um prédio")
    assert found["Documento"].endswith("181")
    assert "11222333" not in done.receipt.model_dump_json()
    assert (done.payload.name, done.payload.subject) == (NAME, SUBJECT)
    assert complete(request("poda-arvore", applicant=compose.Applicant(NAME, CPF))).payload.subject is None


def test_an_anonymous_request_travels_with_the_hour_alone():
    assert complete(request("ouvidoria")).payload.created == "2026-11-24T17:00:00+00:00"
    claimed = complete(request("poda-arvore", applicant=compose.Applicant(NAME, CPF)))
    assert claimed.payload.created == "2026-11-24T17:05:30+00:00"


def test_the_paper_carries_the_operators_own_crest_and_none_where_there_is_none():
    asked = request("ouvidoria")
    operator = asked.catalogue.operator
    bare = asked.catalogue.model_copy(update={"operator": operator.model_copy(update={"crest": None})})
    for catalogue, crest in ((asked.catalogue, operator.crest.paper), (bare, "")):
        receipt = complete(replace(asked, catalogue=catalogue)).receipt
        assert [block.crest for block in receipt.blocks if isinstance(block, Header)] == [crest]
