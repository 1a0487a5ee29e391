"""What became of a ticket, told at the counter and seen by who holds code and PIN; and tries given back there."""

from click.testing import CliRunner

from central import status
from central.cli import central
from tests.central.test_pages import PIN, world
from tests.central.test_ticket_status import ask, code
from tests.central.world import rows

__all__ = ["code", "world"]


def totem(world, *words):
    return CliRunner().invoke(central, [*words, "--state", str(world.state.path)])


def test_each_state_that_a_ticket_came_to_is_seen_with_its_time(kiosk, world, code):
    assert ask(kiosk, code).status.history == ()
    for state in ("forwarded", "in-progress", "in-progress"):
        assert totem(world, "progress", code, state).exit_code == 0
    shown = ask(kiosk, code).status
    assert shown.state == "in-progress"
    assert [step.state for step in shown.history] == ["forwarded", "in-progress"]
    today = world.centre.local_now().date().isoformat()
    assert all(step.at.startswith(today) for step in shown.history)
    page = world.http.post(f"{world.url}/p?lang=en", data={"code": code, "pin": PIN}).text
    assert "Passed on" in page
    assert "In progress" in page


def test_what_is_no_ticket_or_no_state_is_told_in_one_line(world, code):
    for words in (("0000-0000-0000", "forwarded"), ("7K2M-0004-QXAV", "forwarded")):
        said = totem(world, "progress", *words)
        assert (said.exit_code, said.stderr.count("\n")) == (2, 1)
    assert totem(world, "progress", code, "lost").exit_code == 2


def test_after_too_many_wrong_pins_the_counter_lets_the_code_be_heard_again(kiosk, world, code):
    for _ in range(status.TRIES_OF_A_CODE):
        assert ask(kiosk, code, "000000").outcome == "refused"
    assert ask(kiosk, code).outcome == "used-up"
    assert totem(world, "unlock", code).exit_code == 0
    assert ask(kiosk, code).outcome == "found"


def test_an_anonymous_ticket_has_its_arrival_to_the_hour(kiosk, world):
    event = kiosk.ticket("ouvidoria")
    assert kiosk.send(event) == ["created"]
    for table in ("tickets", "events"):
        (row,) = rows(world, f"select received from {table} where id = '{event.id}'")
        assert ":00:00" in row["received"]
