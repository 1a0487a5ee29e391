"""Records what the peers answer, for the runs without them: `python -m tests.peers.record`, after `make peers`."""

from __future__ import annotations

import json
import random
from typing import Any

from tests.peers import questions

RECORDED = questions.HERE / "answers.jsonl"
SEED, EACH = 20261122, 110


def lines(asked: list[dict[str, Any]], answers: list[dict[str, Any]]) -> str:
    """A line of JSON for each question with its answer."""
    pairs = zip(asked, answers, strict=True)
    return "".join(f"{json.dumps(pair, separators=(',', ':'))}\n" for pair in pairs)


def main() -> None:
    asked = questions.draw(random.Random(SEED), EACH)
    RECORDED.write_text(lines(asked, questions.ask(asked)), encoding="utf-8")


if __name__ == "__main__":
    main()
