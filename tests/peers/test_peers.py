"""Our codecs beside other people's: recorded answers in every run, the peers themselves in `make test-long`."""

from __future__ import annotations

import json
import random
import shutil

import pytest

from tests.peers import questions
from tests.peers.comparison import compare
from tests.peers.record import RECORDED, lines

EACH = 1500


def test_the_recorded_answers_of_the_peers_are_ours():
    recorded = RECORDED.read_text(encoding="utf-8").splitlines()
    assert len(recorded) > 500
    for line in recorded:
        question, answer = json.loads(line)
        compare(question, answer)


def test_a_peer_that_disagrees_would_be_noticed():
    question, answer = json.loads(RECORDED.read_text(encoding="utf-8").splitlines()[0])
    answer["utils"]["cents"] += 1
    with pytest.raises(AssertionError):
        compare(question, answer)


@pytest.mark.long
def test_thousands_of_random_codes_are_read_and_made_as_the_peers_do():
    assert shutil.which("node"), "node is missing: run `make peers`"
    assert questions.MODULES.is_dir(), "the peers are missing: run `make peers`"
    seed = random.SystemRandom().getrandbits(32)
    print(f"seed {seed}")
    asked = questions.draw(random.Random(seed), EACH)
    answers = questions.ask(asked)
    assert len(answers) == len(asked) == 5 * EACH
    for question, answer in zip(asked, answers, strict=True):
        compare(question, answer)


@pytest.mark.long
def test_the_recorded_answers_are_what_the_peers_say_today():
    recorded = [json.loads(line) for line in RECORDED.read_text(encoding="utf-8").splitlines()]
    asked = [question for question, _ in recorded]
    assert lines(asked, questions.ask(asked)) == RECORDED.read_text(encoding="utf-8")
