"""Looks at everything that a kiosk needs, and gives what it found. Takes seconds: never on the screen's thread.

`totem doctor` and the technician's screen call the same function. What the caller knows already is not asked again.
"""

from __future__ import annotations

import os
import shlex
import shutil
from collections.abc import Iterator
from dataclasses import dataclass

from kiosk.health import asking
from kiosk.health.findings import Finding, Part, What, found
from kiosk.health.judging import Readings, StoreReadings, judge
from kiosk.journey.state import PrinterCondition, ReaderCondition
from offline_cache import disk, lookups, machine, release
from offline_cache.contract.machine import Machine
from offline_cache.folder import StateFolder
from offline_cache.network_steps import Outcome, Step, Way
from offline_cache.settings import Settings
from offline_cache.store import Store, StoreError, open_store

# The sync process may be in the middle of an exchange, and a step of its own takes some seconds.
STEP_LIMIT_S = 20.0
PROCESSES = ("kiosk", "printer", "sync")
# What the roots of the demonstration call themselves.
_MADE_UP = (b"sem valor", b"Demonstra", b"Dimostrazione", b"no value")


@dataclass(frozen=True)
class Known:
    """What the screen's process hears all the time, and a terminal does not."""

    reader: ReaderCondition
    page_printer: PrinterCondition
    link: bool


def examine(
    folder: StateFolder, known: Known | None = None, sources: machine.Sources | None = None
) -> tuple[Finding, ...]:
    """Every finding. Without `known` the reader is asked, the audit log counted through, the network walked."""
    settings, settings_wrong = _settings(folder)
    if settings is not None and settings.pcscd_socket:
        os.environ.setdefault("PCSCLITE_CSOCK_NAME", settings.pcscd_socket)
    readings, store_wrong, measured = None, "", machine.read(sources)
    network: tuple[Finding, ...] = ()
    try:
        with open_store(folder) as store:
            readings = _store(store, whole=known is None)
            measured = _with_clock(store, measured)
            if known is None and settings is not None:
                network = tuple(network_findings(folder, store))
    except (StoreError, OSError, ValueError) as error:
        store_wrong = str(error)
    told = asking.printer_told(folder)
    number, version = _release()
    page_printer = known.page_printer if known is not None and settings is not None and settings.page_printer else None
    return judge(
        Readings(
            settings_wrong=settings_wrong,
            store_wrong=store_wrong,
            store=readings,
            stopped=tuple(name for name in PROCESSES if not asking.listens(folder.socket(name))),
            release=number,
            version=version,
            program=release.told(folder),
            printer=PrinterCondition(told["printer"]) if told is not None else PrinterCondition.UNKNOWN,
            page_printer=page_printer,
            readers=_readers() if known is None else int(known.reader is ReaderCondition.READY),
            technicians=_technicians(folder),
            link=known.link if known is not None else None,
            network=network,
            machine=measured,
            disk_free_mb=disk.free_mb(folder),
            sound=_sound(settings),
            simulation=folder.simulation,
        )
    )


def network_findings(folder: StateFolder, store: Store) -> Iterator[Finding]:
    """The way to the centre, one step after the other; after the first that fails the rest would say nothing."""
    from offline_cache import service

    for step in Step:
        outcome = network_step(folder, service.way(folder, store), step)
        finding = of_step(step, outcome)
        yield finding
        if finding.what in _STOPS:
            return


def network_step(folder: StateFolder, way: Way | None, step: Step) -> Outcome:
    """By the sync process, which owns the network; where it does not answer and `way` is given, by this one."""
    answer = lookups.ask(folder, {"do": "network-step", "step": step.value}, STEP_LIMIT_S)
    if "outcome" in answer:
        return Outcome(str(answer["outcome"]), dict(answer.get("values", {})))
    if way is not None:
        return way.take(step)
    return Outcome("centre-not-asked", {"why": "totem-sync"})


def of_step(step: Step, outcome: Outcome) -> Finding:
    what = What(outcome.outcome)
    part = Part.CENTRE if what is What.CENTRE_NOT_ASKED else Part(step.value)
    return found(part, what, **outcome.values)


_STOPS = frozenset({What.CABLE_OUT, What.NAME_UNKNOWN, What.WAY_CLOSED, What.TLS_REFUSED, What.CENTRE_NOT_ASKED})


def _settings(folder: StateFolder) -> tuple[Settings | None, str]:
    try:
        return folder.settings(), ""
    except (OSError, ValueError) as error:
        return None, str(error)


def _release() -> tuple[int, str]:
    """Number and version of what runs here; of a program without papers nothing."""
    try:
        here = release.here()
    except (OSError, ValueError, KeyError):
        return 0, "?"
    return here.number, here.version


def _store(store: Store, *, whole: bool) -> StoreReadings:
    from offline_cache import audit, catalogue_cache, numbers, outbox, standing

    enrolled = standing.current(store)
    kept = catalogue_cache.current(store)
    queue = outbox.status(store)
    return StoreReadings(
        kiosk=enrolled.enrolment.kiosk if enrolled is not None else None,
        codes=enrolled is not None and enrolled.in_use is not None,
        catalogue=kept.version if kept is not None else None,
        bad=catalogue_cache.bad_versions(store),
        demonstration_roots=kept is not None and _made_up(kept.catalogue.trust_anchors),
        waiting=queue.waiting,
        oldest_s=queue.oldest_unsynced_s,
        quarantined=queue.quarantined,
        numbers=tuple(numbers.summary(store).items()),
        needed_series=kept.series if kept is not None else (),
        audit_break=audit.first_break(store) if whole else None,
    )


def _made_up(anchors_pem: tuple[str, ...]) -> bool:
    from asn1crypto import pem

    return any(mark in der for text in anchors_pem for _, _, der in pem.unarmor(text.encode(), multiple=True)
               for mark in _MADE_UP)  # fmt: skip


def _with_clock(store: Store, measured: Machine) -> Machine:
    from offline_cache import clock

    return measured.model_copy(update={"clock_trusted": clock.trusted(store, clock.read())})


def _readers() -> int | None:
    """How many there are; None without the PC/SC service."""
    from smartcard import scard

    from devices.reader import PcscError, establish, reader_names

    try:
        context = establish()
    except PcscError:
        return None
    try:
        return len(reader_names(context))
    except PcscError:
        return None
    finally:
        scard.SCardReleaseContext(context)


def _technicians(folder: StateFolder) -> str | None:
    from kiosk.performers.technicians import OperatorStore
    from offline_cache.contract.revocation import this_update

    trust = OperatorStore(folder.operator).trust()
    if trust is None:
        return None
    made = this_update(trust.revocation_list) if trust.revocation_list is not None else None
    return made.date().isoformat() if made is not None else ""


def _sound(settings: Settings | None) -> str | None:
    """The program that is missing, "" if none is; None where nothing is played."""
    from kiosk.access.voices import speech_settings

    if settings is None:
        return ""
    speech = speech_settings(settings.speech)
    if not speech.player:
        return None
    names = [shlex.split(program)[0] for program in (speech.engine, speech.player)]
    return next((name for name in names if shutil.which(name) is None), "")
