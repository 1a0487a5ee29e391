"""The card families by the names under which a catalogue accepts them, and how an inserted card finds its own.

Finding out harms no card: an ATR that only one family has settles it in silence; else applications are selected by
name, which foreign cards answer with "not found"; no PIN is ever part of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module

from devices.cards.base import Card, CardFault, FileCard, Slot
from kiosk.journey.state import CardTrouble

# Module and class, imported only where the family is accepted: the worker must be ready soon.
FILE_FAMILIES = {
    "piv-icp-brasil": ("devices.cards.piv", "Piv"),
    "belgian-eid": ("devices.cards.belgium", "BelgianEid"),
    "cie": ("devices.cards.cie", "Cie"),
    "cns": ("devices.cards.cns", "Cns"),
}
# Told apart by the policies of their certificates; reached through PKCS#11 modules, after all others.
MODULE_FAMILIES = ("icp-brasil", "dnie", "portuguese", "estonian")
NAMES = (*FILE_FAMILIES, *MODULE_FAMILIES)


def open_card(slot: Slot, accepted: Sequence[str]) -> Card:
    """The inserted card by the first family that knows it. CardFault UNKNOWN_FAMILY if none that is accepted does."""
    families = [_load(*FILE_FAMILIES[name]) for name in FILE_FAMILIES if name in accepted]
    atr = slot.link.atr
    claiming = [family for family in families if family.claims(atr)]
    for family in claiming or families:
        try:
            return family.open(slot)
        except CardFault as fault:
            if fault.trouble is not CardTrouble.UNKNOWN_FAMILY:
                raise
    behind_modules = [name for name in MODULE_FAMILIES if name in accepted]
    if behind_modules and not claiming:
        from devices.cards.pkcs11 import Pkcs11Card

        return Pkcs11Card(slot, behind_modules)
    raise CardFault(CardTrouble.UNKNOWN_FAMILY, "no accepted family knows this card")


def _load(module: str, name: str) -> type[FileCard]:
    found = getattr(import_module(module), name)
    assert isinstance(found, type)
    assert issubclass(found, FileCard)
    return found
