"""Every fault has its finding, its words and what to do, and a kiosk that is well has none."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from kiosk.health.findings import Level, Part, What, found, needing_a_hand
from kiosk.health.judging import Readings, judge
from kiosk.health.words import PARTS, WORDS
from kiosk.journey.state import PrinterCondition
from offline_cache.contract.machine import Machine, Throttle
from offline_cache.release import Told
from tests.kiosk.health.readings import HEALTHY, STORE

FIELD = re.compile(r"\{(\w+)\}")


def wrong(**changes: object) -> list[What]:
    return [finding.what for finding in needing_a_hand(judge(replace(HEALTHY, **changes)))]


def test_a_release_that_is_tried_needs_nobody_and_is_told() -> None:
    said = judge(replace(HEALTHY, release=4, program=Told("trying", (3,), "", 4)))
    assert needing_a_hand(said) == ()
    assert found(Part.PROGRAM, What.PROGRAM_TRIED, n=4) in said


def test_a_release_that_failed_long_ago_is_forgotten_once_a_later_one_runs() -> None:
    assert wrong(release=5, program=Told("proven", (4,), "")) == []


def of_store(**changes: object) -> list[What]:
    return wrong(store=replace(STORE, **changes))


def test_a_kiosk_that_is_well_needs_nobody() -> None:
    assert needing_a_hand(judge(HEALTHY)) == ()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"settings_wrong": "totem.toml: label"}, What.SETTINGS_WRONG),
        ({"store": None, "store_wrong": "no key"}, What.STORE_LOST),
        ({"stopped": ("sync",)}, What.SENDING_STOPPED),
        ({"stopped": ("printer",)}, What.PRINTING_STOPPED),
        ({"stopped": ("kiosk",)}, What.SCREEN_STOPPED),
        ({"program": Told("proven", (4,), "health:printer")}, What.PROGRAM_TAKEN_BACK),
        ({"program": Told("current", (), "not-vouched")}, What.PROGRAM_REFUSED),
        ({"program": Told("proven", (), "disk-full")}, What.PROGRAM_NO_ROOM),
        ({"program": Told("proven", (4,), "package:cage")}, What.PROGRAM_PACKAGE),
        ({"readers": 0}, What.READER_ABSENT),
        ({"readers": None}, What.READER_SERVICE_GONE),
        ({"technicians": None}, What.TECHNICIANS_NONE),
        ({"technicians": ""}, What.TECHNICIANS_NO_LIST),
        ({"link": False}, What.LINK_DOWN),
        ({"page_printer": PrinterCondition.STOPPED}, What.PRINTER_STOPPED),
        ({"network": (found(Part.TLS, What.TLS_REFUSED, why="expired"),)}, What.TLS_REFUSED),
        ({"disk_free_mb": 511}, What.DISK_LOW),
        ({"disk_free_mb": 63}, What.DISK_FULL),
        ({"sound": "espeak-ng"}, What.SOUND_MISSING),
        ({"machine": Machine(clock_trusted=False)}, What.CLOCK_DOUBTFUL),
        ({"machine": Machine(temperature_c=80)}, What.HEAT_HIGH),
        ({"machine": Machine(throttled=(Throttle.SOFT_LIMIT,))}, What.HEAT_HIGH),
        ({"machine": Machine(throttled=(Throttle.UNDER_VOLTAGE, Throttle.CAPPED))}, What.POWER_LOW),
        ({"machine": Machine(throttled=(Throttle.CAPPED,))}, What.POWER_THROTTLED),
        ({"machine": Machine(memory_free_mb=127)}, What.MEMORY_LOW),
    ],
)
def test_one_fault_is_one_finding(changes: dict[str, object], expected: What) -> None:
    assert wrong(**changes) == [expected]


@pytest.mark.parametrize("condition", [each for each in PrinterCondition if each is not PrinterCondition.READY])
def test_whatever_the_printer_says_but_ready_needs_a_hand(condition: PrinterCondition) -> None:
    assert wrong(printer=condition) == [What(f"printer-{condition}")]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"audit_break": 7}, What.STORE_ALTERED),
        ({"kiosk": None}, What.NOT_ENROLLED),
        ({"codes": False}, What.CODES_USED_UP),
        ({"catalogue": None}, What.CATALOGUE_NONE),
        ({"bad": (43,)}, What.CATALOGUE_TAKEN_BACK),
        ({"demonstration_roots": True}, What.CATALOGUE_DEMONSTRATION),
        ({"waiting": 3, "oldest_s": 2 * 86400}, What.QUEUE_OLD),
        ({"quarantined": 1}, What.QUEUE_QUARANTINED),
        ({"numbers": (("taxas", 3),)}, What.NUMBERS_FEW),
        ({"numbers": ()}, What.NUMBERS_NONE),
    ],
)
def test_what_the_store_tells_is_judged(changes: dict[str, object], expected: What) -> None:
    assert of_store(**changes) == [expected]


def test_the_demonstration_s_own_roots_are_no_fault_of_a_demonstration() -> None:
    assert wrong(store=replace(STORE, demonstration_roots=True), simulation=True) == []


def test_an_old_bad_catalogue_and_a_queue_of_today_are_no_faults() -> None:
    assert of_store(bad=(7,), waiting=3, oldest_s=3600) == []


def test_nothing_at_all_is_a_fault_of_nearly_everything_and_never_an_exception() -> None:
    assert len(needing_a_hand(judge(Readings(stopped=("kiosk", "printer", "sync"))))) > 6


def test_the_broken_come_first() -> None:
    levels = [each.level for each in needing_a_hand(judge(replace(HEALTHY, link=False, disk_free_mb=100)))]
    assert levels == [Level.BROKEN, Level.ATTENTION]


def test_every_part_has_a_name_and_every_finding_words_with_a_remedy_where_it_needs_a_hand() -> None:
    assert set(PARTS) == set(Part)
    assert set(WORDS) == set(What)
    for what in What:
        assert bool(WORDS[what].remedy) is (found(Part.STORE, what).level is not Level.OK) or what in {
            What.SOUND_PLAYED, What.CATALOGUE_ROLLED_BACK,
        }, what


def test_the_values_of_a_finding_fill_in_its_words() -> None:
    for finding in judge(replace(HEALTHY, disk_free_mb=63, machine=Machine(temperature_c=84, memory_free_mb=9))):
        words = WORDS[finding.what]
        assert set(FIELD.findall(words.words + words.remedy)) <= set(dict(finding.values)), finding
