"""`totem printer`: which one is taken into service, how it is, whether one is there, a test print, a receipt's
picture.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Sequence
from dataclasses import asdict

import click

from kiosk.catalog.model import Language
from kiosk.commands.options import plain, state_option, stop
from kiosk.commands.printer_choose import choose
from kiosk.commands.printer_preview import preview
from kiosk.health.asking import printer_told
from kiosk.journey.state import PRINTS, JobState, PrinterCondition
from offline_cache.folder import StateFolder
from offline_cache.settings import PrinterSettings
from offline_cache.wake import post
from printer import detection

ASK_S = 4.0
TEST_DEADLINE_S = 30.0
# After its deadline a job that has begun still ends by itself.
TEST_LIMIT_S = 90.0

_WORDS = {
    PrinterCondition.UNKNOWN: "the printer has not said yet how it is: try again in a moment",
    PrinterCondition.READY: "ready",
    PrinterCondition.PAPER_LOW: "ready; the roll is near its end: bring a new one",
    PrinterCondition.PAPER_OUT: "no paper: put in a new roll",
    PrinterCondition.COVER_OPEN: "the cover is open: close it until it clicks",
    PrinterCondition.JAM: "paper is jammed: open it, take the paper out, close it",
    PrinterCondition.CUTTER: "the cutter is stuck: switch the printer off, take the paper out, switch it on",
    PrinterCondition.OVERHEATED: "the print head is too hot: it goes on by itself; see that its slots are free",
    PrinterCondition.ERROR: "the printer reports an error: switch it off and on; if it stays, have it serviced",
    PrinterCondition.UNPLUGGED: "the way to the printer is gone: plug its cable in",
    PrinterCondition.ABSENT: "nobody answers: check its power, its cable and [printer] in totem.toml",
}
_OUTCOMES = {
    JobState.CONFIRMED: "printed: the printer confirmed it",
    JobState.UNKNOWN: "in doubt: everything was sent, and no confirmation came; look at the paper",
    JobState.FAILED: "not printed: the printer process could not make the paper",
    JobState.ABANDONED: "not printed: the printer was not ready in time; see `totem printer status`",
}

json_option = click.option("--json", "as_json", is_flag=True, help="For machines.")


@click.group(help="Choose, ask and test the printer; preview a receipt.")
def printer() -> None:
    pass


printer.add_command(choose)
printer.add_command(preview)


@printer.command(help="Say how the printer is now. Exit status 1 when it cannot print.")
@state_option
@json_option
def status(folder: StateFolder, as_json: bool) -> None:
    told = printer_told(folder)
    if told is None:
        condition, jobs = _ask(_settings(folder))[0], []
    else:
        condition, jobs = PrinterCondition(told["printer"]), told["jobs"]
    if as_json:
        click.echo(json.dumps({"condition": condition.value, "process": told is not None, "jobs": jobs}))
    else:
        click.echo(_WORDS[condition])
        if told is None:
            own = "" if condition is PrinterCondition.ABSENT else "; this is the printer's own word"
            click.echo(f"the printer process is not running{own}")
    raise SystemExit(0 if condition in PRINTS else 1)


@printer.command(help="Look for the printer. Whether one answers where totem.toml says, and what it calls itself.")
@state_option
@json_option
def detect(folder: StateFolder, as_json: bool) -> None:
    settings = _settings(folder)
    told = printer_told(folder)
    condition, model = (PrinterCondition(told["printer"]), None) if told is not None else _ask(settings)
    there = condition not in {PrinterCondition.ABSENT, PrinterCondition.UNPLUGGED}
    where = settings.address
    seen = [] if there else detection.attached()
    if as_json:
        found = {"address": where, "profile": settings.profile, "condition": condition.value, "model": model}
        click.echo(json.dumps(found | {"attached": [asdict(device) for device in seen]}))
    elif there:
        name = f" and calls itself {model}" if model else ""
        click.echo(f"a printer answers at {where}{name}; profile {settings.profile}; {_WORDS[condition]}")
    else:
        click.echo(f"no printer at {where}: {_WORDS[condition]}")
        for device in seen:
            click.echo(f"attached: {device.words}")
    raise SystemExit(0 if there else 1)


@printer.command(help="Print a page without value. Through the printer process; waits for the printer's word.")
@click.option("--status", "of_kiosk", is_flag=True, help="The status receipt of this kiosk instead of the test page.")
@click.option(
    "--language", type=click.Choice([str(language) for language in Language]), default="pt-BR", show_default=True,
    help="Of the status receipt.",
)
@click.option("--words", default="", help="On the status receipt: the words of an enrolment that waits for approval.")
@state_option
@json_option
def test(folder: StateFolder, as_json: bool, of_kiosk: bool, language: str, words: str) -> None:
    told = printer_told(folder)
    if told is None:
        stop("the printer process is not running: start it with `totem run printer`", 1)
    state_in = Language(language) if of_kiosk else None
    outcome = _print_test(folder, PrinterCondition(told["printer"]), state_in, words.split())
    if outcome is None:
        stop("the printer process did not end the job: see its log", 1)
    click.echo(json.dumps({"outcome": outcome.value}) if as_json else _OUTCOMES[outcome])
    raise SystemExit(0 if outcome is JobState.CONFIRMED else 1)


def _ask(settings: PrinterSettings) -> tuple[PrinterCondition, str | None]:
    from printer import inquiry, profiles
    from printer.transports.registry import transport_of

    try:
        profile = profiles.load(settings.profile)
        found = inquiry.ask(transport_of(settings, profile), profile, ASK_S, time.monotonic)
    except ValueError as error:
        stop(plain(error))
    return found.condition, found.model


def _settings(folder: StateFolder) -> PrinterSettings:
    try:
        return folder.settings().printer
    except (OSError, ValueError) as error:
        stop(plain(error))


def _print_test(
    folder: StateFolder, condition: PrinterCondition, state_in: Language | None, approval: Sequence[str]
) -> JobState | None:
    from kiosk.commands.printer_state import state_paper
    from offline_cache import clock, print_jobs
    from offline_cache.store import StoreError, open_store
    from printer import profiles
    from printer.trial_page import trial_page

    job_id = f"test-{secrets.token_hex(8)}"
    try:
        with open_store(folder) as store:
            settings = folder.settings()
            paper = trial_page(settings.label, profiles.load(settings.printer.profile))
            if state_in is not None:
                paper = state_paper(folder, store, condition, state_in, approval)
            content = print_jobs.encrypt(print_jobs.new_key(folder, job_id), paper)
            deadline_s = clock.boottime_s() + TEST_DEADLINE_S
            with store.transaction():
                print_jobs.insert(
                    store, job_id=job_id, ticket_id="", content=content, deadline_s=deadline_s, held=False
                )
            post(folder, "printer")
            end_s = time.monotonic() + TEST_LIMIT_S
            while time.monotonic() < end_s:
                found = print_jobs.find(store, job_id)
                if found is not None and found.state in print_jobs.ENDS:
                    return found.state
                time.sleep(0.1)
    except (StoreError, OSError, ValueError) as error:
        stop(plain(error))
    return None
