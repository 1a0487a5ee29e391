import pytest

from kiosk.widgets.pin_buffer import MAX_DIGITS, PinBuffer


def typed(*digits: int) -> PinBuffer:
    buffer = PinBuffer()
    for digit in digits:
        buffer.digit(digit)
    return buffer


def test_what_is_taken_is_what_was_typed_as_ascii() -> None:
    assert typed(1, 2, 0, 9).take() == bytearray(b"1209")


def test_taking_the_digits_leaves_nothing_behind() -> None:
    buffer = typed(1, 2, 3, 4)
    memory = buffer._digits
    buffer.take()
    assert buffer.count == 0
    assert memory == bytearray(MAX_DIGITS)


def test_wiping_zeroes_the_memory_itself_not_a_copy() -> None:
    buffer = typed(7, 7, 7, 7, 7, 7)
    memory = buffer._digits
    buffer.wipe()
    assert memory == bytearray(MAX_DIGITS)
    assert memory is buffer._digits


def test_an_erased_digit_is_zeroed() -> None:
    buffer = typed(5, 6)
    buffer.erase()
    assert buffer._digits[1] == 0
    assert buffer.take() == bytearray(b"5")


def test_erasing_nothing_changes_nothing() -> None:
    buffer = PinBuffer()
    buffer.erase()
    assert buffer.count == 0


def test_a_ninth_digit_is_not_taken() -> None:
    assert typed(*range(9)).take() == bytearray(b"01234567")


def test_typing_never_moves_the_memory() -> None:
    buffer = PinBuffer()
    memory = buffer._digits
    for digit in range(8):
        buffer.digit(digit)
    assert buffer._digits is memory
    assert len(memory) == MAX_DIGITS


@pytest.mark.parametrize("value", [-1, 10, 48])
def test_what_is_no_digit_is_refused(value: int) -> None:
    with pytest.raises(ValueError, match="0 to 9"):
        PinBuffer().digit(value)


def test_printing_the_buffer_tells_only_the_count() -> None:
    assert repr(typed(4, 8, 1, 5)) == "<PinBuffer of 4 digits>"
