"""Made-up answers, debts and people with which a catalogue is rehearsed and previewed. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from kiosk.catalog.answers import asked, limit_day
from kiosk.catalog.form_fields import FormField
from kiosk.catalog.id_numbers import IdScheme, compact
from kiosk.catalog.model import Service
from kiosk.journey.state import Holder
from offline_cache.contract.messages import Debt
from offline_cache.contract.national_ids import Scheme


@dataclass(frozen=True)
class Example:
    """Somebody who asks: `name` as they type it, `place` what they type where other words are asked for."""

    name: str
    holder: Holder
    debt: Debt
    place: str
    postcode: str
    phone: str


NUMBERS = {
    IdScheme.CPF: "52998224725", IdScheme.CNPJ: "11222333000181", IdScheme.CODICE_FISCALE: "RCCMNL83S18D969H",
    IdScheme.DNI: "54362315K", IdScheme.NIE: "X2482300W", IdScheme.PASSPORT: "YA1234567", IdScheme.CRNM: "V1234567",
}  # fmt: skip
# Of the country where a catalogue is used: who asks, and what they owe and type.
_BRAZIL = Example(
    "Maria das Dores Oliveira",
    Holder("MARIA DAS DORES OLIVEIRA", "52998224725", "***.982.247-**", proven=True),
    Debt(
        id="debt", title="2026, 3/10", detail="Rua das Magnólias, 210", property_id="01.04.015.0210.001",
        amount_cents=41280, due="2026-12-10", guide_number="2026.0004711-3", free_field="0" * 25, txid="TX1",
    ),
    "Rua das Magnólias, 210, perto da praça, em frente à escola", "01310100", "11912345678",
)  # fmt: skip
_SPAIN = Example(
    "Lucía García Romero",
    Holder("LUCÍA GARCÍA ROMERO", "54362315K", "******15K", proven=True, scheme=Scheme.DNI),
    Debt(
        id="debt", title="2026", detail="Calle del Olmo, 12, 2.º B", property_id="9872023VH5797S0001WX",
        amount_cents=9460, due="2026-12-10", guide_number="2026000471", free_field="0" * 25, txid="TX1",
    ),
    "Calle del Olmo, 12, junto al colegio, al lado del parque", "28001", "600123456",
)  # fmt: skip
_ITALY = Example(
    "Manuel Ricci",
    Holder("MANUEL RICCI", "RCCMNL83S18D969H", "*************69H", proven=True, scheme=Scheme.CODICE_FISCALE),
    Debt(
        id="debt", title="2026", detail="AB 123 CD", amount_cents=21536, due="2026-12-10", guide_number="2026000471",
        free_field="0" * 25, txid="TX1",
    ),
    "Via dell'Olmo, 12, vicino alla scuola, accanto al parco", "00184", "3331234567",
)  # fmt: skip
_EXAMPLES = {"BR": _BRAZIL, "ES": _SPAIN, "IT": _ITALY}
# Number plates and other short texts, for a question that takes no free words.
_PATTERNED = ("AB 123 CD", "ABC1D23", "1234 BCD", "12345", "A1")


def of(country: str) -> Example:
    """The people and places of that country."""
    return _EXAMPLES[country]


def answer(page: FormField, today: date, example: Example = _BRAZIL) -> str:
    """An answer that will do for that page; of a pattern nobody can know one, so it may not match."""
    kind: str = page.type
    match kind:
        case "text" | "long-text":
            fitting = (text for text in _PATTERNED if page.pattern and re.fullmatch(page.pattern, text))
            return next(fitting, example.place[: page.max_length])
        case "number" | "money":
            return str(page.minimum or min(12345 if kind == "money" else 3, page.maximum or 12345))
        case "date":
            latest = limit_day(page.latest, today) if page.latest else None
            earliest = limit_day(page.earliest, today) if page.earliest else None
            return (latest or earliest or today).isoformat()
        case "choice":
            return page.choices[0].id
        case "choices":
            return ",".join(choice.id for choice in page.choices[: page.most or 2])
        case "yes-no" | "consent":
            return "yes"
        case "national-id":
            return compact(NUMBERS[page.numbers[0]])
        case "phone":
            return example.phone
        case "email":
            return "maria@example.org"
        case "postcode":
            return example.postcode
        case "debt":
            return example.debt.id
        case _:
            return ""


def answers(
    service: Service, today: date, example: Example = _BRAZIL, first: Mapping[str, str] | None = None
) -> dict[str, str]:
    """A whole form answered; `first` are answers that are given."""
    given = dict(first or {})
    while True:
        missing = [page for page in asked(service.questions, given) if page.id not in given]
        if not missing:
            return given
        given[missing[0].id] = answer(missing[0], today, example)


def every_way(service: Service, today: date, example: Example = _BRAZIL) -> list[dict[str, str]]:
    """As many filled forms as are needed so that every page is asked in one of them, where it can be asked at all."""
    hidden = [field for field in service.questions if field.show_if is not None]
    ways = [answers(service, today, example)]
    return [*ways, *(answers(service, today, example, _leading_to(service, field)) for field in hidden)]


def _leading_to(service: Service, field: FormField) -> dict[str, str]:
    """The answers on which a question depends, up to the first that depends on nothing."""
    given: dict[str, str] = {}
    by_id = {entry.id: entry for entry in service.questions}
    condition = field.show_if
    while condition is not None and condition.field not in given:
        given[condition.field] = condition.equals[0]
        condition = by_id[condition.field].show_if if condition.field in by_id else None
    return given
