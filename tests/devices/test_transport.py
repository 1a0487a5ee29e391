from __future__ import annotations

import pytest

from devices.cards.base import CardFault
from devices.transport import MAX_HOPS, exchange, exchange_chained, send
from kiosk.journey.state import CardTrouble

GET_DATA = [0x00, 0xCB, 0x3F, 0xFF, 0x05, 0x5C, 0x03, 0x5F, 0xC1, 0x05, 0x00]
VERIFY = [0x00, 0x20, 0x00, 0x80, 0x08, *b"123456\xff\xff"]


class Script:
    """Answers in order, the last one for ever; keeps what was sent."""

    def __init__(self, *answers: str) -> None:
        self.answers = [bytes.fromhex(answer) for answer in answers]
        self.sent: list[str] = []

    def transmit(self, command: list[int]) -> bytes:
        self.sent.append(bytes(command).hex())
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def test_what_comes_in_parts_is_put_together() -> None:
    card = Script("01026110", "03046103", "059000")
    assert exchange(card, GET_DATA) == (bytes([1, 2, 3, 4, 5]), 0x9000)
    assert card.sent[1:] == ["00c0000010", "00c0000003"]


def test_a_corrected_length_is_asked_for_again() -> None:
    card = Script("6c02", "01029000")
    assert exchange(card, GET_DATA) == (b"\x01\x02", 0x9000)
    assert card.sent[1] == bytes([*GET_DATA[:-1], 2]).hex()


@pytest.mark.parametrize("answers", [("016101",), ("6c05",), ("6100",), ("6105", "6105")], ids=repr)
def test_a_card_that_never_comes_to_an_end_is_given_up(answers: tuple[str, ...]) -> None:
    card = Script(*answers)
    with pytest.raises(CardFault) as fault:
        exchange(card, GET_DATA)
    assert fault.value.trouble is CardTrouble.UNREADABLE
    assert len(card.sent) <= MAX_HOPS + 1


@pytest.mark.parametrize("answer", ["6c08", "6108", "9000"])
def test_a_command_that_carries_a_pin_is_sent_once_whatever_the_card_says(answer: str) -> None:
    card = Script(answer)
    assert send(card, VERIFY) == int(answer, 16)
    assert len(card.sent) == 1


def test_long_data_goes_in_chained_blocks() -> None:
    card = Script("9000", "019000")
    assert exchange_chained(card, (0x00, 0x87, 0x07, 0x9A), bytes(300)) == (b"\x01", 0x9000)
    assert card.sent == ["1087079aff" + "00" * 255, "0087079a2d" + "00" * 45 + "00"]


def test_a_chain_that_the_card_breaks_off_is_not_continued() -> None:
    card = Script("6a80")
    assert exchange_chained(card, (0x00, 0x87, 0x07, 0x9A), bytes(300)) == (b"", 0x6A80)
    assert len(card.sent) == 1
