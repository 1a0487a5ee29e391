"""`totem run update`: takes what is offered through its states, until nothing is left to do. Root's.

Begun by totem-update.path when something is offered or was not ended, and by totem-return.service as the machine
starts, before anything else of the kiosk. It runs from the release that was proven last, so that no release judges
itself.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, assert_never

from kiosk.technician.provisioning.machine import Machine, ProvisioningError
from kiosk.technician.updating import examining, record, reducer, state, switching
from kiosk.technician.updating.offered import opened
from offline_cache.contract import hand_over
from offline_cache.folder import StateFolder
from offline_cache.occupied import lock_path

if TYPE_CHECKING:
    from offline_cache.contract.hand_over import Offered

LOOK_EVERY_S = 0.2
AGAIN_S = 30.0
# Whoever stands before a release that failed may still end what they began; then the version before comes back.
LONGEST_S = 600.0


@dataclass
class Updater:
    """`now_s` and `wait` are monotonic seconds and sleep; `now` is what signatures are held against."""

    machine: Machine
    folder: StateFolder
    now_s: Callable[[], float] = time.monotonic
    wait: Callable[[float], object] = time.sleep
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    _held: int | None = None

    def run(self, *, at_start: bool = False) -> state.State:
        """Until there is rest, or, as the machine starts, until everything is as the state says."""
        current = record.read(self.machine)
        current, effect = reducer.reduce(current, state.Started(machine=at_start))
        record.keep(self.machine, current)
        while not isinstance(effect, state.Rest) and (not at_start or isinstance(effect, state.PutBack)):
            event = self._perform(current, effect, at_start=at_start)
            before, (current, effect) = current, reducer.reduce(current, event)
            self._say(before, current)
            record.keep(self.machine, current)
        if at_start and not isinstance(effect, state.Rest):
            record.leave_unfinished(self.machine)
        return current

    def _perform(self, current: state.State, effect: state.Effect, *, at_start: bool) -> state.Event:
        match effect:
            case state.Tidy():
                switching.tidy(self.machine, current.proven, current.before)
                return state.Tidied()
            case state.LookAtOffer():
                return self._look()
            case state.Build(offered=offered):
                return self._build(current, offered)
            case state.AwaitQuiet(next=version):
                return self._await_quiet(version)
            case state.Switch(next=version):
                return switching.switch(self.machine, version)
            case state.Examine(before=before):
                return examining.examine(self.machine, before, self.now_s, self.wait)
            case state.PutBack():
                # While the switch is made nobody is there; afterwards somebody may be in the middle of something.
                if not at_start and isinstance(current.phase, state.Returning):
                    self._alone(LONGEST_S)
                switching.put_back(self.machine, current.proven, starting=at_start)
                return state.Returned()
            case state.Rest():
                raise AssertionError("rest is no work")
            case _ as never:
                assert_never(never)

    # ---- what is offered --------------------------------------------------------------------------------

    @property
    def _place(self) -> Path:
        return self.machine.at(self.folder.path / hand_over.FOLDER)

    def _look(self) -> state.Verified | state.NothingOffered:
        """What is offered is looked at once: the wish goes, whatever comes of it."""
        from kiosk.technician.updating import trust
        from offline_cache.signed_metadata import NotVouchedFor

        with opened(self._place) as folder:
            wish = folder.wish if folder is not None else None
            if folder is None or not wish:
                if folder is not None:
                    folder.forget_wish()
                return state.NothingOffered()
            try:
                return state.Verified(trust.verify(self.machine, folder, wish, self.now()))
            except NotVouchedFor as error:
                self.machine.note(f"what is offered is refused: {error}")
                return state.NothingOffered("not-vouched")
            except OSError as error:
                self.machine.note(f"what is offered cannot be looked at: {error.strerror or error}")
                return state.NothingOffered("disk")
            finally:
                folder.forget_wish()

    def _build(self, current: state.State, offered: Offered) -> state.Built | state.NotBuilt:
        from kiosk.technician.updating import building

        with opened(self._place) as folder:
            return building.build(self.machine, current, offered, folder)

    def _elsewhere(self, version: state.Version) -> bool:
        """Whether another release is offered by now than the one that waits, or none."""
        with opened(self._place) as folder:
            wish = folder.wish if folder is not None else None
        named = hand_over.TARGET.fullmatch(wish) if wish else None
        return wish == hand_over.NOTHING or (named is not None and int(named["release"]) != version.number)

    # ---- between two citizens ---------------------------------------------------------------------------

    def _await_quiet(self, version: state.Version) -> state.Quiet | state.Withdrawn:
        """The look at everything takes a moment, so it comes before the last word that nobody is there."""
        while True:
            if self._alone(0.0):
                self._let_go()
                found = examining.broken(self.machine)
                if self._alone(0.0):
                    return state.Quiet(found or ())
            if self._elsewhere(version):
                return state.Withdrawn()
            self.wait(LOOK_EVERY_S)

    def _alone(self, limit_s: float) -> bool:
        """Holds the lock that a session holds, from here to the end of the switch; False if it could not be had."""
        if self._held is not None:
            return True
        try:
            fd = os.open(self.machine.at(lock_path(self.folder)), os.O_RDWR | os.O_NOFOLLOW)
        except OSError:
            # Nobody has said anything since the machine started: there is no screen.
            return True
        until_s = self.now_s() + limit_s
        while True:
            try:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if self.now_s() >= until_s:
                    os.close(fd)
                    return False
                self.wait(LOOK_EVERY_S)
            else:
                self._held = fd
                return True

    def _let_go(self) -> None:
        if self._held is not None:
            os.close(self._held)
            self._held = None

    def _say(self, before: state.State, after: state.State) -> None:
        """One line for the journal at each step."""
        if before.phase == after.phase:
            return
        number = record.next_number(after.phase) or record.next_number(before.phase)
        self.machine.note(f"release {number}: {_words(after)}")
        # What was switched to may be used from its first moment on.
        if not isinstance(after.phase, state.Switching):
            self._let_go()


def _words(after: state.State) -> str:
    match after.phase:
        case state.AtRest():
            return f"not taken ({after.why})" if after.why else "proven"
        case state.Building():
            return "vouched for, and being built"
        case state.Waiting():
            return "built; waits until nobody is there"
        case state.Switching():
            return "being put in place"
        case state.PuttingBack():
            return "the switch was cut off: put back first"
        case state.Trying():
            return "in place, and being looked at"
        case state.Returning(why=why):
            return f"taken back ({why})"
        case _ as never:
            assert_never(never)


def main(folder: StateFolder, *, at_start: bool) -> None:
    """The unit's process. SystemExit with one plain line if it cannot go on now; systemd begins it again.

    Not at once: the unit that watches for an offer would begin it twice a second as long as one lies there.
    """
    machine = Machine(Path("/"), dry=False, say=lambda line: print(line, flush=True))  # noqa: T201  for the journal
    try:
        Updater(machine, folder).run(at_start=at_start)
    except (ProvisioningError, OSError, ValueError) as error:
        machine.note(f"{error}: tried again")
        if not at_start:
            time.sleep(AGAIN_S)
        raise SystemExit(1) from error
