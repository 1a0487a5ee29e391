"""The status of a request on paper: what happened and when, in four languages, and nothing of who asked."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from kiosk.catalog.model import Language
from kiosk.issuing import papers, status_words
from kiosk.issuing.status_paper import history, status_paper
from offline_cache.contract.messages import StatusStep, TicketStatus
from printer import escpos, profiles, spoken
from printer.receipt import Field_, Text
from tests.kiosk import vila_aurora

TITLE = vila_aurora.catalogue().service("poda-arvore").title
STATUS = TicketStatus(
    code="7K2M-0006-8PDX", title=TITLE, department=TITLE, state="in-progress", registered="2026-11-24T14:05:00-03:00",
    arrived="2026-11-24T16:40:00-03:00", answer_by="2026-12-24",
    history=(
        StatusStep(state="forwarded", at="2026-11-26T09:00:00-03:00"),
        StatusStep(state="in-progress", at="2026-11-30T10:30:00-03:00"),
    ),
)  # fmt: skip
ASKED = datetime(2026, 12, 3, 10, 20, tzinfo=UTC)


def paper(language=Language.PT_BR, status=STATUS, asked=ASKED):
    sheet = papers.Sheet(operator=vila_aurora.catalogue().operator, department="Ouvidoria", kiosk="Totem VA-017",
                         language=language, simulation=False)  # fmt: skip
    return status_paper(sheet, status, asked)


def rows(receipt):
    return [(block.label, block.value) for block in receipt.blocks if isinstance(block, Field_)]


def test_the_paper_tells_the_state_and_each_step_with_its_time():
    assert rows(paper()) == [
        ("Situação", "Em andamento"),
        ("Resposta até", "24/12/2026"),
        ("Registrado", "24/11/2026 14:05"),
        ("Recebido", "24/11/2026 16:40"),
        ("Encaminhado", "26/11/2026 09:00"),
        ("Em andamento", "30/11/2026 10:30"),
        ("Consultado", "03/12/2026 10:20"),
    ]
    assert "7K2M-0006-8PDX" in [block.text for block in paper().blocks if isinstance(block, Text)]


def test_without_trusted_clocks_no_time_is_made_up():
    unsure = STATUS.model_copy(update={"registered": None, "answer_by": None, "answer_days": 30})
    told = rows(paper(status=unsure, asked=None))
    assert ("Registrado", "hora incerta") in told
    assert ("Resposta em", "30 dias") in told
    assert not [label for label, _ in told if label == "Consultado"]


@pytest.mark.parametrize("language", Language)
def test_every_language_has_it_on_every_printer_and_aloud(language):
    receipt = paper(language)
    for name in profiles.names():
        assert escpos.encode(receipt, profiles.load(name), None)
    said = " ".join(spoken.sentences(receipt))
    for step, _ in history(STATUS, language):
        assert step in said


@pytest.mark.parametrize("language", Language)
def test_every_state_has_a_word_in_every_language(language):
    say = status_words.words(language)
    assert say.states.keys() == status_words.words(Language.EN).states.keys()
    assert len(say.title) <= 24
    assert say.state("of-a-later-version") == say.under_way
