"""Our codecs beside the peers', question by question; where a peer is known to be wrong, it is said why."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from kiosk.issuing import arrecadacao, boleto, digits, pix, reading
from kiosk.issuing.errors import CodeError


def compare(question: dict[str, Any], answer: dict[str, Any]) -> None:
    """AssertionError where the peers say something else."""
    if question["kind"] == "pix":
        _compare_pix(question, answer)
    else:
        _compare_guide(question, answer)


def _compare_pix(question: dict[str, Any], answer: dict[str, Any]) -> None:
    found, read = pix.parse(question["payload"]), answer["read"]
    assert answer["made"] == question["payload"]
    assert (found.key, found.url) == (read.get("key"), read.get("url"))
    assert (found.name, found.city) == (read["merchantName"], read["merchantCity"])
    assert found.txid == read.get("txid")
    assert found.amount_cents == (round(read["amount"] * 100) if "amount" in read else None)
    assert found.single_use == (read["pointOfInitiation"] == "dynamic")


def _compare_guide(question: dict[str, Any], answer: dict[str, Any]) -> None:
    today = date(*question["today"])
    utils, boletos = answer["utils"], answer["boletos"]
    by_code, by_line = _read(question["code"], today), _read(question["line"], today)
    slip = question["code"][0] != arrecadacao.PRODUCT
    # One peer reads a boleto from its line alone.
    assert utils["lineValid"] == (by_line is not None)
    if not slip:
        assert utils["codeValid"] == (by_code is not None)
    _compare_validity(question, boletos, by_code, by_line, slip=slip)
    if by_line is not None:
        _compare_facts(by_line, utils)
    if by_code is not None and by_line is not None and by_code == by_line:
        assert boletos["code"] == by_line.barcode
        assert boletos["line"] == by_code.line or (slip and _by_the_other_rule(question["code"]))
        rounds = [date(*boletos["firstEpoch"]), date(*boletos["secondEpoch"])]
        assert not slip or by_code.due is None or by_code.due in rounds


def _compare_validity(
    question: dict[str, Any], boletos: dict[str, Any], by_code: reading.Facts | None, by_line: reading.Facts | None, *,
    slip: bool,
) -> None:  # fmt: skip
    """The other peer gives a boleto's barcode an arrecadação's check digit (0 for remainder 0 and 1, where the boleto's
    rule says 1), and looks at no general check digit of a line.
    """
    code, line = question["code"], question["line"]
    if slip:
        assert bool(boletos["codeValid"]) == (by_code is not None) or _by_the_other_rule(code) or _unknown_head(code)
        assert boletos["lineValid"] or by_line is None
    else:
        assert bool(boletos["codeValid"]) == (by_code is not None) or _unknown_head(code)
        assert boletos["lineValid"] or by_line is None or _unknown_head(line)


def _compare_facts(found: reading.Facts, utils: dict[str, Any]) -> None:
    if found.kind is arrecadacao.KIND:
        # The due date in a free field is read by neither peer.
        assert utils["segment"] == found.segment
        assert utils["reais"] == (found.amount_cents is not None)
        assert utils["cents"] == int(found.barcode[4:15])
        return
    theirs = date(*utils["due"]) if utils["due"] else None
    if theirs is not None and theirs > boleto.LAST_DAY:
        # That peer expects a third round of factors from 14 October 2049 on, of which nobody has said anything yet.
        theirs -= timedelta(days=boleto.FACTORS)
    assert found.due == theirs
    assert utils["bank"] == found.company
    # Without a due factor its four digits belong to the amount; that peer passes them over.
    assert utils["cents"] == (found.amount_cents or 0) % 10**10


def _by_the_other_rule(code: str) -> bool:
    """Whether the two rules disagree about a boleto's check digit."""
    return digits.remainder11(code[:4] + code[5:]) in (0, 1)


def _unknown_head(code: str) -> bool:
    """A segment, a value id or a currency that does not exist: that peer does not look."""
    if code[0] != arrecadacao.PRODUCT:
        return code[3] != boleto.CURRENCY
    return int(code[1]) not in arrecadacao.SEGMENTS or int(code[2]) not in {6, 7, 8, 9}


def _read(code: str, today: date) -> reading.Facts | None:
    """The facts, or None for a wrong code."""
    try:
        return reading.read(code, today)
    except CodeError:
        return None
