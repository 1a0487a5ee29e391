"""Random guides and Pix payloads, and what the peers are asked of them."""

from __future__ import annotations

import json
import os
import random
import string
import subprocess
import uuid
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from kiosk.issuing import arrecadacao, boleto, pix

HERE = Path(__file__).parent
MODULES = HERE / "node_modules"
LETTERS = string.ascii_uppercase + " "


def draw(rng: random.Random, each: int) -> list[dict[str, Any]]:
    """So many arrecadações, boletos and payloads, and as many codes of each with one digit wrong or two swapped."""
    guides = [draw_guide(rng) for _ in range(2 * each)]
    return guides + [spoilt(rng, guide) for guide in guides] + [draw_pix(rng) for _ in range(each)]


def draw_guide(rng: random.Random) -> dict[str, Any]:
    if rng.random() < 0.5:
        made: arrecadacao.Arrecadacao | boleto.Boleto = _arrecadacao(rng)
        today = date(2026, 11, 24)
    else:
        due = boleto.FIRST_DAY + timedelta(days=rng.randrange(2 * boleto.FACTORS))
        made = boleto.make(
            bank=rng.choice("012345679") + _digits(rng, 2),
            due=due if rng.random() < 0.9 else None,
            amount_cents=rng.randrange(10 ** rng.randint(1, 10)),
            free_field="1" + _digits(rng, 24),
        )
        today = due - timedelta(days=rng.randint(-3000, 5500))
    return {"kind": "guide", "code": made.barcode, "line": made.line, "today": [today.year, today.month, today.day]}


def spoilt(rng: random.Random, question: dict[str, Any]) -> dict[str, Any]:
    """One digit wrong, or two neighbours swapped, in the barcode and, elsewhere, in the line. The product stays."""
    return {**question, "code": _spoilt(rng, question["code"]), "line": _spoilt(rng, question["line"])}


def draw_pix(rng: random.Random) -> dict[str, Any]:
    name, city = _words(rng, 25), _words(rng, 15)
    if rng.random() < 0.3:
        url = f"pix.example.com/{''.join(rng.choices(string.hexdigits, k=rng.randint(1, 55)))}"
        params: dict[str, Any] = {"url": url, "merchantName": name, "merchantCity": city}
        payload = pix.dynamic(url=url, name=name, city=city)
    else:
        key = str(uuid.UUID(int=rng.getrandbits(128), version=4))
        cents = rng.randrange(1, 10 ** rng.randint(1, 9)) if rng.random() < 0.8 else None
        txid = "".join(rng.choices(string.ascii_letters + string.digits, k=rng.randint(1, 25)))
        params = {"key": key, "merchantName": name, "merchantCity": city, "txid": txid}
        if cents is not None:
            params["amount"] = cents / 100
        payload = pix.static(key=key, name=name, city=city, amount_cents=cents, txid=txid)
    return {"kind": "pix", "payload": payload, "params": params}


def ask(questions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The peers' answers, in order. Node and the peers must be there: `make peers` sees to it."""
    done = subprocess.run(
        ["node", str(HERE / "ask.js")],
        input="".join(f"{json.dumps(question)}\n" for question in questions),
        env={**os.environ, "TZ": "UTC"}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [json.loads(line) for line in done.stdout.splitlines()]


def _arrecadacao(rng: random.Random) -> arrecadacao.Arrecadacao:
    segment = rng.choice(sorted(arrecadacao.SEGMENTS))
    while True:
        try:
            return arrecadacao.make(
                segment=segment,
                value_id=rng.choice([6, 7, 8, 9]),
                amount_cents=rng.randrange(10 ** rng.randint(1, 11)),
                febraban_id=_digits(rng, 8 if segment == 6 else 4),
                # A peer takes codes that end with zeros for a credit card's.
                free_field=_digits(rng, 20 if segment == 6 else 24) + "1",
            )
        except ValueError:
            continue  # a free field that starts with a day such as 30 February


def _spoilt(rng: random.Random, code: str) -> str:
    while True:
        place = rng.randrange(1, len(code) - 1)
        if rng.random() < 0.5:
            wrong = code[:place] + rng.choice(string.digits) + code[place + 1 :]
        else:
            wrong = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
        if wrong != code:
            return wrong


def _digits(rng: random.Random, length: int) -> str:
    return "".join(rng.choices(string.digits, k=length))


def _words(rng: random.Random, longest: int) -> str:
    return rng.choice(string.ascii_uppercase) + "".join(rng.choices(LETTERS, k=rng.randint(0, longest - 2))) + "X"
