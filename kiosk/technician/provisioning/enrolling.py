"""The last step: the test print, and becoming a kiosk of a centre. What needs the kiosk's keys runs as its own user."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable
from typing import Any

from kiosk.technician.provisioning import settings, system
from kiosk.technician.provisioning.machine import Machine, ProvisioningError
from offline_cache import centre_trust
from offline_cache.contract import trust

TOTEM = "/usr/local/sbin/totem"
_TRIAL = "totem-trial.service"


def prepare_store(machine: Machine) -> None:
    """The store, before anybody opens it."""
    machine.quietly([TOTEM, "run", "store"], failed="the store could not be made")


def test_print(machine: Machine) -> None:
    """A page without value, and the printer's own word that it came out."""
    machine.changed("a test page is printed")
    if not machine.dry:
        failed = "the test page was not printed"
        _with_printer(machine, lambda: machine.quietly([TOTEM, "printer", "test"], failed=failed))


def enrol(machine: Machine, text: str, known: dict[str, Any], *, paper: bool, wait_s: int) -> None:
    """Meets the centre, pins its authority, shows and prints the six words, waits for the approval."""
    token = trust.read_token(text)
    machine.changed(f"enrolling at {token.centre}")
    if machine.dry:
        return
    try:
        met = centre_trust.fetch(token)
    except OSError as error:
        raise ProvisioningError(
            f"the centre does not answer at {token.centre} ({error.strerror or error}): not enrolled, nothing "
            "is started. Mend the network and run this again"
        ) from error
    machine.file(settings.CA, met.ca.encode(), why="the centre's authority, and no other")
    machine.file(settings.ROOT, met.root.encode(), why="who may sign the program")
    settings.write(machine, known, {"centre": {"url": token.centre, "ca": settings.CA}})
    command = [TOTEM, "enrol", "-", "--json", "--wait-s", str(wait_s)]
    running = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert running.stdin is not None
    assert running.stdout is not None
    assert running.stderr is not None
    running.stdin.write(text)
    running.stdin.close()
    for line in running.stdout:
        _follow(machine, line, paper=paper)
    errors = running.stderr.read().strip().splitlines()
    if running.wait():
        said = next((line for line in reversed(errors) if line.startswith("totem: ")), "totem: the enrolment failed")
        raise ProvisioningError(f"not enrolled, nothing is started: {said.removeprefix('totem: ')}")


def _follow(machine: Machine, line: str, *, paper: bool) -> None:
    try:
        told = json.loads(line)
    except ValueError:
        return
    match told:
        case {"state": "waiting", "words": [*words]}:
            said = " ".join(words)
            machine.note(f"the six words: {said}")
            machine.note("read them to the administrator, who types: totem central approve " + said)
            if paper:
                _print_words(machine, said)
        case {"state": "enrolled", "kiosk": str(kiosk)}:
            machine.changed(f"enrolled as {kiosk}")
        case {"state": "no-catalogue" | "catalogue-later" | "catalogue-refused", "line": str(said)}:
            machine.note(said)
        case _:
            pass


def _print_words(machine: Machine, words: str) -> None:
    try:
        _with_printer(
            machine,
            lambda: machine.quietly(
                [TOTEM, "printer", "test", "--status", "--words", words], failed="the status receipt was not printed"
            ),
        )
    except ProvisioningError as error:
        machine.note(f"{error}: the words above count as well")


def _with_printer(machine: Machine, work: Callable[[], object]) -> None:
    """The printer process runs meanwhile, and only it: no unit is started before the kiosk is enrolled."""
    if machine.ask(["systemctl", "is-active", "totem-printer.service"]) is not None:
        work()
        return
    machine.quietly(
        ["systemd-run", "--quiet", "--collect", f"--unit={_TRIAL}", "--service-type=notify",
         "-p", f"User={system.USER}", "-p", "UMask=0077", "-p", "SupplementaryGroups=lp dialout",
         "-p", "LoadCredentialEncrypted=store.key", "-p", "StateDirectory=totem", "-p", "StateDirectoryMode=0700",
         "-p", "RuntimeDirectory=totem", "-p", "RuntimeDirectoryMode=0700", "-p", "RuntimeDirectoryPreserve=yes",
         "/opt/totem/bin/totem", "run", "printer", "--state", "/var/lib/totem"],
        failed="the printer process does not start",
    )  # fmt: skip
    try:
        _settled(machine)
        work()
    finally:
        machine.ask(["systemctl", "stop", _TRIAL])


def _settled(machine: Machine, limit_s: float = 15.0) -> None:
    """Waits until the printer has said how it is."""
    until_s = time.monotonic() + limit_s
    while time.monotonic() < until_s:
        told = machine.ask([TOTEM, "printer", "status", "--json"])
        if told is not None and json.loads(told)["process"]:
            return
        time.sleep(0.5)
