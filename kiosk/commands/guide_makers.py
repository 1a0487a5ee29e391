"""What `totem guide make` asks for each kind of guide, and who makes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from kiosk.catalog.guide_kinds import GuideKind
from kiosk.issuing import arrecadacao, boleto, cuaderno57, pagopa, reading, sepa
from kiosk.issuing.reading import Facts

POSTAL = frozenset({"postal_account", "debtor_id", "debtor_name", "reason"})


@dataclass(frozen=True)
class Maker:
    """`needed` and `optional` are the options of the command, by the name of their parameter."""

    needed: frozenset[str]
    optional: frozenset[str]
    make: Callable[..., Facts]


def _arrecadacao(
    *, amount_cents: int, company: str, free_field: str, segment: int = 1, value_id: int = 8, due: date | None = None
) -> Facts:
    made = arrecadacao.make(
        segment=segment,
        value_id=value_id,
        amount_cents=amount_cents,
        febraban_id=company,
        free_field=free_field,
        due=due,
    )
    return reading.of_arrecadacao(made)


def _boleto(**given: Any) -> Facts:
    return reading.of_boleto(boleto.make(**{"due": None, **given}))


def _cuaderno57(**given: Any) -> Facts:
    return reading.of_receipt57(cuaderno57.make(**given))


def _pagopa(*, notice: str, creditor: str, amount_cents: int, **postal: str) -> Facts:
    made = pagopa.make(number=notice, creditor=creditor, amount_cents=amount_cents)
    if not postal:
        return reading.of_notice(made, made.qr)
    if missing := POSTAL - postal.keys():
        raise ValueError(f"the postal part is missing {', '.join(sorted(name.replace('_', '-') for name in missing))}")
    text = pagopa.postal(
        made,
        account=postal["postal_account"],
        debtor_id=postal["debtor_id"],
        debtor_name=postal["debtor_name"],
        reason=postal["reason"],
    )
    return reading.of_notice(made, text)


def _sepa(*, name: str, iban: str, amount_cents: int | None = None, **rest: str) -> Facts:
    made = sepa.Transfer(name, iban.replace(" ", ""), amount_cents, **rest)
    return reading.of_transfer(made, sepa.payload(made))


MAKERS: Mapping[GuideKind, Maker] = {
    GuideKind.ARRECADACAO: Maker(
        frozenset({"amount_cents", "company", "free_field"}), frozenset({"segment", "value_id", "due"}), _arrecadacao
    ),
    GuideKind.BOLETO: Maker(frozenset({"amount_cents", "bank", "free_field"}), frozenset({"due"}), _boleto),
    GuideKind.CUADERNO_57: Maker(
        frozenset({"amount_cents", "issuer", "suffix", "reference"}), frozenset({"identification", "due"}), _cuaderno57
    ),
    GuideKind.PAGOPA: Maker(frozenset({"amount_cents", "notice", "creditor"}), POSTAL, _pagopa),
    GuideKind.SEPA: Maker(
        frozenset({"name", "iban"}), frozenset({"amount_cents", "reference", "text", "bic"}), _sepa
    ),
}
