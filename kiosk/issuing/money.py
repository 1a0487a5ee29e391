"""Amounts as people read them, always from whole cents."""

from __future__ import annotations


def reais(amount_cents: int) -> str:
    """R$ 1.234,56: the way it is written in Brazil, whatever the language of the paper."""
    whole, cents = divmod(amount_cents, 100)
    return f"R$ {whole:,}".replace(",", ".") + f",{cents:02d}"


def euro(amount_cents: int) -> str:
    """1.234,56 €: the way it is written in Spain and Italy."""
    return f"{reais(amount_cents).removeprefix('R$ ')} €"
