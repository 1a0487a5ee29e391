"""Money is whole cents: no float stands in any program that touches an amount."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
FOLDERS = ("kiosk/issuing", "kiosk/catalog", "offline_cache/contract", "central", "kiosk/commands", "printer")
# Where a cent, an amount, a price or a sum of money is named.
MONEY = ("cents", "amount", "money", "price")
PROGRAMS = sorted(
    path
    for folder in (*FOLDERS, "kiosk/screens", "kiosk/journey", "kiosk/performers")
    for path in (ROOT / folder).rglob("*.py")
    if any(word in path.read_text(encoding="utf-8") for word in MONEY)
)


def floats(tree: ast.AST) -> list[int]:
    """Lines on which a float is made of money: a literal, a division or `float` beside a name of money."""
    found = []
    for node in ast.walk(tree):
        match node:
            case ast.BinOp(op=ast.Div() | ast.Mult() | ast.Add() | ast.Sub(), left=left, right=right):
                made = isinstance(node.op, ast.Div) or any(_is_float(side) for side in (left, right))
                if made and _names_money(node):
                    found.append(node.lineno)
            case ast.Call(func=ast.Name(id="float" | "round"), args=arguments):
                found += [node.lineno for each in arguments if _names_money(each)]
            case ast.AnnAssign(target=target, annotation=ast.Name(id="float")) if _names_money(target):
                found.append(node.lineno)
            case ast.arg(arg=name, annotation=ast.Name(id="float")) if any(word in name for word in MONEY):
                found.append(node.lineno)
            case ast.Assign(targets=targets, value=value) if _is_float(value):
                found += [node.lineno for target in targets if _names_money(target)]
            case _:
                pass
    return found


def _is_float(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, float)


def _names_money(node: ast.AST) -> bool:
    names = (each.id if isinstance(each, ast.Name) else each.attr if isinstance(each, ast.Attribute) else ""
             for each in ast.walk(node))  # fmt: skip
    return any(word in name for name in names for word in MONEY)


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_float_is_made_of_money(path):
    assert floats(ast.parse(path.read_text(encoding="utf-8"))) == []


def test_where_codes_are_made_there_is_no_float_at_all():
    for path in (ROOT / "kiosk/issuing").rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found = [node.lineno for node in ast.walk(tree) if _is_float(node)
                 or (isinstance(node, ast.Name) and node.id == "float")
                 or (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div))]  # fmt: skip
        assert found == [], path


@pytest.mark.parametrize(
    "text", ["x = amount_cents / 100", "float(row.amount_cents)", "price: float = 1", "def f(cents: float): ...",
             "amount = 1.5", "y = 0.5 * debt.amount_cents"],
)  # fmt: skip
def test_a_float_of_money_would_be_found(text):
    assert floats(ast.parse(text))


def test_the_programs_of_money_are_looked_at():
    assert {"central/payments.py", "central/debts.py", "kiosk/issuing/pix.py", "kiosk/issuing/money.py"} <= {
        str(path.relative_to(ROOT)) for path in PROGRAMS
    }
