"""What a citizen had gathered when they pressed `register`, for each kind of service of the demonstration."""

from __future__ import annotations

from dataclasses import replace

from kiosk.catalog.model import Catalogue, Language
from kiosk.journey.state import Committing, State
from offline_cache.contract.evidence import Purpose
from offline_cache.contract.messages import DocumentAnswer
from printer.receipt import Receipt, Rule, Text
from tests.kiosk.journey.test_reducer import DEBT, MARIA, evidence
from tests.kiosk.screens.citizens import state_of

STORY = "O poste da Rua das Magnólias está apagado"
DOCUMENT = DocumentAnswer(
    outcome="issued", number="2026/1", code="ABCDEFGHJKMN", valid_until="2027-05-22",
    receipt=Receipt(title="CERTIDÃO", language=Language.PT_BR, blocks=(Text(text="Certifica-se"), Rule())),
)  # fmt: skip
KINDS = ("iptu", "certidao-negativa", "taxa-alvara", "ouvidoria", "poda-arvore")


def request(catalogue: Catalogue, service: str) -> State:
    """The state at the moment of the commit, everything in order, the card in the reader where one was asked for."""
    by_card = {"card": True, "holder": replace(MARIA, proven=True), "evidence": evidence(Purpose.COMMIT, "session")}
    gathered = {
        "iptu": {**by_card, "debts": (DEBT,), "answers": {"debt": DEBT.id}},
        "certidao-negativa": {**by_card, "document": DOCUMENT},
        "taxa-alvara": {"answers": {"finalidade": "renovacao"}},
        "ouvidoria": {"answers": {"tipo": "reclamacao", "assunto": "iluminacao", "onde": "Rua A", "relato": STORY}},
        "poda-arvore": {"holder": MARIA, "answers": {"motivo": "risco", "onde": "Rua A"}},
    }[service]
    return state_of(catalogue, Language.PT_BR, Committing(), service, **gathered)
