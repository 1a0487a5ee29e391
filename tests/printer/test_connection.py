from collections import deque

from kiosk.journey.state import PrinterCondition
from printer.connection import END_OF_A_COMMAND, POLL_S, RETRY_S, SILENCE_S, Connection, Lost, Opened, Told
from printer.status import ProcessId
from printer.status_maps.epson import QUERIES, REPORT_CHANGES
from printer.transport import TransportLostError

READY = b"\x12" * 4
QUESTION = b"".join(QUERIES)


class Script:
    """A transport that does what the test wrote down; room is what it still takes."""

    def __init__(self) -> None:
        self.written = b""
        self.says: deque[bytes | None] = deque()
        self.answers_calls = True
        self.room = 10_000

    def open(self) -> None:
        if not self.answers_calls:
            raise TransportLostError("nobody")

    def fileno(self) -> int:
        return -1

    def write(self, data: bytes) -> int:
        taken = data[: self.room]
        self.room -= len(taken)
        self.written += taken
        return len(taken)

    def read(self) -> bytes:
        if not self.says:
            return b""
        said = self.says.popleft()
        if said is None:
            raise TransportLostError("closed")
        return said

    def in_flight(self) -> int:
        return 0

    def close(self) -> None:
        pass


def made() -> tuple[Connection, Script]:
    script = Script()
    return Connection(script), script


def test_the_first_words_are_the_wish_for_reports_and_the_question_for_the_status() -> None:
    connection, script = made()
    assert connection.tick(0.0) == [Opened()]
    assert script.written == END_OF_A_COMMAND + REPORT_CHANGES + QUESTION
    assert connection.condition is PrinterCondition.UNKNOWN
    script.says.append(READY)
    assert connection.tick(0.1) == [Told(PrinterCondition.READY)]


def test_the_status_is_asked_once_a_second_and_not_before_the_last_answer() -> None:
    connection, script = made()
    connection.tick(0.0)
    connection.tick(POLL_S + 0.1)
    assert script.written.count(QUESTION) == 1
    script.says.append(READY)
    connection.tick(POLL_S + 0.2)
    assert script.written.count(QUESTION) == 2


def test_nothing_is_asked_into_the_middle_of_a_job() -> None:
    connection, script = made()
    connection.tick(0.0)
    script.says.append(READY)
    connection.tick(0.1, ask=False)
    connection.tick(50.0, ask=False)
    assert script.written.count(QUESTION) == 1


def test_three_answers_of_four_tell_nothing() -> None:
    connection, script = made()
    connection.tick(0.0)
    script.says.append(b"\x12" * 3)
    assert connection.tick(0.1) == []
    assert connection.condition is PrinterCondition.UNKNOWN


def test_a_silent_printer_is_absent_and_called_again() -> None:
    connection, _ = made()
    connection.tick(0.0)
    assert connection.tick(SILENCE_S + 0.1) == [Lost()]
    assert connection.condition is PrinterCondition.ABSENT
    assert connection.tick(SILENCE_S + 0.2) == []
    assert connection.tick(SILENCE_S + 0.2 + RETRY_S) == [Opened()]


def test_a_stopped_printer_may_be_silent_for_as_long_as_its_job_lasts() -> None:
    connection, _ = made()
    connection.tick(0.0)
    assert connection.tick(1000.0, patience_s=float("inf")) == []


def test_what_was_said_just_before_the_connection_broke_is_heard() -> None:
    connection, script = made()
    connection.tick(0.0)
    script.says.extend([b"\x37\x22AB12\x00", None])
    assert connection.tick(0.1) == [ProcessId(b"AB12"), Lost()]


def test_a_report_of_its_own_tells_the_condition_between_two_questions() -> None:
    connection, script = made()
    connection.tick(0.0)
    script.says.append(READY)
    connection.tick(POLL_S)
    script.says.append(READY[:2] + b"\x18\x00\x0f\x0f" + READY[2:])
    assert connection.tick(POLL_S + 0.1) == [Told(PrinterCondition.PAPER_OUT), Told(PrinterCondition.READY)]


def test_a_report_is_not_believed_before_a_question_was_answered() -> None:
    connection, script = made()
    connection.tick(0.0)
    script.says.append(b"\x10\x00\x00\x0f")
    assert connection.tick(0.1) == []
    assert connection.condition is PrinterCondition.UNKNOWN


def test_nobody_there_is_absent_until_somebody_is() -> None:
    connection, script = made()
    script.answers_calls = False
    assert connection.tick(0.0) == []
    assert connection.condition is PrinterCondition.ABSENT
    script.answers_calls = True
    assert connection.tick(RETRY_S) == [Opened()]


def test_a_command_waits_for_room_and_no_byte_of_a_job_overtakes_it() -> None:
    connection, script = made()
    connection.tick(0.0)
    script.written, script.room = b"", 2
    connection.command(b"\x10\x05\x02")
    assert connection.write(b"job") == 0
    script.room = 100
    assert connection.write(b"job") == 3
    assert script.written == b"\x10\x05\x02job"
