"""`./provision` and `./unprovision`: from a bare machine to a kiosk, and back. Standard library alone.

Safe to repeat: what is already so is left alone, and a second run says that nothing changed. Exit status 0 done, 1 when
the kiosk is set up and not enrolled though a token was given, 2 when it could not be set up.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

from kiosk.technician.provisioning import (
    answers,
    enrolling,
    environment,
    keys,
    packages,
    removal,
    root_partition,
    settings,
    stick,
    system,
)
from kiosk.technician.provisioning.hardware import readers
from kiosk.technician.provisioning.machine import Machine, ProvisioningError

SIMULATION = "/var/lib/totem/simulation"


def provision(source: Path, arguments: list[str]) -> int:
    """The command. `source` is where Totem lies: a checkout or a stick."""
    if arguments[:1] == ["stick"]:
        return _told(lambda: stick.make(source, arguments[1:], print))
    given = _parser().parse_args(arguments)
    return _told(lambda: _provision(source, given))


def unprovision(arguments: list[str]) -> int:
    """The way back."""
    parser = argparse.ArgumentParser(prog="./unprovision", description="Takes away what ./provision put there.")
    parser.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")
    parser.add_argument("--with-state", action="store_true", help="remove the store and its keys too")
    given = parser.parse_args(arguments)

    def go() -> int:
        machine = _machine(dry=given.dry_run)
        if not machine.dry:
            root_partition.needs_writing()
        removal.remove(machine, with_state=given.with_state)
        return _end(machine)

    return _told(go)


def _provision(source: Path, given: argparse.Namespace) -> int:
    machine = _machine(dry=given.dry_run)
    if not machine.dry:
        root_partition.needs_writing()
    token = answers.token_text(given.token)
    from_stick = given.stick
    if from_stick is None and (source / "debs").is_dir() and (source / "wheels").is_dir():
        from_stick = source
    listed = packages.wanted((source / "systemd/appliance-packages.txt").read_text(encoding="utf-8"))
    packages.install(machine, listed, from_stick)
    environment.build(machine, source, from_stick)
    system.install(machine, source, consoles=given.image)
    if given.read_only_root:
        root_partition.read_only(machine, given.read_only_root)
    if given.image:
        machine.note("an image: each machine that starts from it is provisioned there, with its own keys")
        return _end(machine)
    _time(machine)
    keys.make(machine)
    known = settings.read(machine)
    ask = _ask if sys.stdin.isatty() and not given.dry_run else None
    turns = _turns(machine)
    answered = answers.gather(machine, given, known, ask, turns)
    settings.write(machine, known, answered.settings)
    touched = settings.write_screen(machine, answered.quarter_turns, answered.touch)
    reached = answered.printer and settings.write_printer_access(machine, answered.settings["printer"])
    if reached or touched:
        system.reload(machine)
    _simulation(machine, wanted=given.simulation)
    found = readers(machine)
    machine.note(f"card reader: {', '.join(found)}" if found else "no card reader is attached")
    return _enrol(machine, given, token, answered, ask)


def _enrol(machine: Machine, given: argparse.Namespace, token: str | None, answered: answers.Answers,
           ask: Callable[[str, str], str] | None) -> int:  # fmt: skip
    if system.enabled(machine):
        if machine.booted and machine.changes and not machine.dry:
            system.start(machine)
        return _end(machine)
    if not machine.booted:
        machine.note("systemd does not run here: run this again on the machine itself to enrol it")
        return _end(machine)
    first = machine.changes > 0
    if not machine.dry:
        enrolling.prepare_store(machine)
    if answered.printer and first and not given.no_test_print:
        enrolling.test_print(machine)
    if token is None and ask is not None:
        named = ask("The centre's token file (nothing: enrol it later)", "")
        token = answers.token_text(Path(named) if named else None)
    if token is None:
        machine.note("not enrolled, so nothing is started: run this again with --token FILE")
        return _end(machine)
    try:
        enrolling.enrol(machine, token, settings.read(machine), paper=answered.printer, wait_s=given.wait_s)
    except (ProvisioningError, ValueError) as error:
        print(f"provision: {error}", file=sys.stderr)
        return 1
    system.enable(machine)
    return _end(machine)


def _simulation(machine: Machine, *, wanted: bool) -> None:
    """The mark of a training kiosk; a machine that serves citizens never becomes one afterwards."""
    there = machine.at(SIMULATION).is_file()
    if wanted and not there:
        if system.enabled(machine):
            raise ProvisioningError("this kiosk is in service: a training kiosk is made of a bare machine")
        machine.changed(f"{SIMULATION}: a kiosk for training, whose papers have no value")
        if not machine.dry:
            machine.quietly(
                ["install", "-d", "-o", system.USER, "-g", system.USER, "-m", "0700", "/var/lib/totem"],
                failed="the state folder could not be made",
            )
            machine.at(SIMULATION).write_text("A kiosk for training: nothing printed from here has any value.\n")


def _time(machine: Machine) -> None:
    """The right time, from the network, whenever there is one."""
    if not machine.booted or machine.ask(["systemctl", "is-enabled", "chrony.service"]) is not None:
        return
    unit = "systemd-timesyncd.service"
    if machine.ask(["systemctl", "is-enabled", unit]) is None:
        machine.do("the clock is set from the network", ["systemctl", "enable", "-q", "--now", unit],
                   failed="timesyncd could not be enabled")  # fmt: skip


def _turns(machine: Machine) -> int | None:
    """How the panel hangs, in quarter turns; None before that was said."""
    file = machine.at(settings.SCREEN)
    said = file.read_text(encoding="utf-8") if file.is_file() else ""
    digits = said.strip().removeprefix("TOTEM_TURNS=")
    return int(digits) if digits in {"0", "1", "2", "3"} else None


def _machine(*, dry: bool) -> Machine:
    if os.geteuid() != 0 and not dry:
        raise ProvisioningError("this needs root: sudo " + " ".join([sys.argv[0], *sys.argv[1:]]))
    return Machine(Path("/"), dry=dry, say=lambda line: print(line, flush=True))


def _end(machine: Machine) -> int:
    if not machine.changes:
        print("nothing changed")
    elif machine.dry:
        print(f"a dry run: {machine.changes} changes would be made")
    return 0


def _ask(question: str, default: str) -> str:
    said = input(f"{question}{f' [{default}]' if default else ''}: ").strip()
    return said or default


def _told(work: Callable[[], int]) -> int:
    try:
        return work()
    except ProvisioningError as error:
        line = str(error)
    except OSError as error:
        line = f"{error.filename or 'the system'}: {error.strerror or error}"
    except (KeyboardInterrupt, EOFError):
        line = "ended before its time; run it again to go on"
    print(f"provision: {line}", file=sys.stderr)
    return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="./provision",
        description="Makes a kiosk of a machine with a fresh Debian 12, Debian 13 or Raspberry Pi OS. Safe to repeat. "
        "What is not said here is asked, or stays as it was. `./provision stick FOLDER` fills a stick for machines "
        "without a network.",
    )
    add = parser.add_argument
    add("--token", type=Path, metavar="FILE", help="the token file of the centre's administrator: enrols the kiosk")
    add("--label", help="the kiosk's name, as on every paper")
    add("--place", help="where it stands")
    add("--printer", metavar="WAY", help="network:ADDRESS:PORT, usb:VENDOR:PRODUCT, serial:DEVICE, file:DEVICE, none")
    add("--printer-profile", metavar="NAME", help="the printer's model (docs/technician)")
    add("--unconfirmed", metavar="WORDS", help="accept a printer that cannot confirm, in the words of the refusal")
    add("--rotate", type=int, choices=(0, 90, 180, 270), help="how the panel hangs, clockwise")
    add("--panel", metavar="WxH/WxH", help="pixels and millimetres of the picture, where the panel does not tell")
    add("--touch-matrix", metavar="SIX", help="six numbers of libinput's calibration, where the touches lie otherwise")
    add("--from", dest="stick", type=Path, metavar="FOLDER", help="a stick's folder, for a machine without a network")
    add("--read-only-root", metavar="LABEL", help="mount / for reading only; the state lies on the partition LABEL")
    add("--simulation", action="store_true", help="a kiosk for training: its papers say that they have no value")
    add("--no-test-print", action="store_true", help="print no test page")
    add("--wait-s", type=int, default=1800, metavar="S", help="how long to wait for the approval (1800)")
    add("--image", action="store_true", help="only what every machine has alike: for making an image")
    add("--dry-run", action="store_true", help="say what would be done, and do nothing")
    return parser
