"""Amounts as people read them. Always Brazilian reais, always from whole cents."""

from __future__ import annotations


def reais(amount_cents: int) -> str:
    """R$ 1.234,56: the way it is written in Brazil, whatever the language of the paper."""
    whole, cents = divmod(amount_cents, 100)
    return f"R$ {whole:,}".replace(",", ".") + f",{cents:02d}"
