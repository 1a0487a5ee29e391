"""Amounts as people read them, always from whole cents."""

from __future__ import annotations

from kiosk.catalog.guide_kinds import GuideKind


def reais(amount_cents: int) -> str:
    """R$ 1.234,56: the way it is written in Brazil, whatever the language of the paper."""
    whole, cents = divmod(amount_cents, 100)
    return f"R$ {whole:,}".replace(",", ".") + f",{cents:02d}"


def amount(amount_cents: int, kind: GuideKind) -> str:
    """In the currency of that kind of guide."""
    return euro(amount_cents) if kind.in_euro else reais(amount_cents)


def euro(amount_cents: int) -> str:
    """1.234,56 €: the way it is written in Spain and Italy."""
    return f"{reais(amount_cents).removeprefix('R$ ')} €"
