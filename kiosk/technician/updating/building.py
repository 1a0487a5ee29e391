"""A verified release becomes a version beside the one in use: copied, unpacked, built, and tried out aside."""

from __future__ import annotations

import errno
import shutil
from pathlib import Path

from kiosk.technician.provisioning import environment, packages
from kiosk.technician.provisioning.machine import Machine, ProvisioningError
from kiosk.technician.updating import record, unpacking
from kiosk.technician.updating.offered import OfferFolder
from kiosk.technician.updating.state import Built, NotBuilt, State
from offline_cache import release
from offline_cache.contract.hand_over import Offered
from offline_cache.signed_metadata import NotVouchedFor

# On the disk of the releases, so that nothing is moved from one disk to another.
WORK = f"{environment.RELEASES}/work"
# Run by the release itself, as root, before it is put in place: what it needs for the next update is there.
REHEARSE = ("-m", "kiosk.technician.updating.laying", "--rehearse")
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


def build(machine: Machine, state: State, offered: Offered, folder: OfferFolder | None) -> Built | NotBuilt:
    """Never raises for what an archive, a disk or a program of the system does."""
    work = machine.at(WORK)
    try:
        _emptied(work)
        if folder is None:
            return NotBuilt("not-vouched", lasting=False)
        folder.copy_archive(offered, work / "archive")
        source = work / "source"
        unpacking.unpack(work / "archive", source)
        (work / "archive").unlink()
        return _built(machine, state, offered, source)
    except NotVouchedFor as error:
        machine.note(str(error))
        return NotBuilt("not-vouched", lasting=False)
    except unpacking.UnpackingError as error:
        machine.note(str(error))
        return NotBuilt("unpack", lasting=True)
    except unpacking.NoRoomError:
        return NotBuilt("disk-full", lasting=False)
    except ProvisioningError as error:
        machine.note(str(error))
        full = "No space left" in str(error)
        return NotBuilt("disk-full" if full else "build", lasting=not full)
    except OSError as error:
        machine.note(f"{error.filename or 'the disk'}: {error.strerror or error}")
        return NotBuilt("disk-full" if error.errno in _FULL else "disk", lasting=False)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _built(machine: Machine, state: State, offered: Offered, source: Path) -> Built | NotBuilt:
    said = _said(source)
    if said is None or (said.number, said.lock, said.schema, said.oldest_reader) != (
        offered.release, offered.lock, offered.schema, offered.oldest_reader
    ):  # fmt: skip
        machine.note(f"release {offered.release} is not what was signed of it")
        return NotBuilt("unpack", lasting=True)
    lacking = _lacking(machine, source)
    if lacking is not None:
        machine.note(f"release {offered.release} needs the package {lacking}: run ./provision of that release here")
        return NotBuilt(f"package:{lacking}", lasting=True)
    running = machine.at(state.proven.folder)
    same = release.of(running / release.SHARE).lock == offered.lock
    if not same and not (source / "wheels").is_dir():
        return NotBuilt("no-wheels", lasting=True)
    place = environment.prepare(machine, source, None if same else source, running if same else None)
    machine.quietly(
        [str(machine.at(place) / "bin/python"), *REHEARSE], failed=f"release {offered.release} does not even begin"
    )
    return Built(record.version_in(machine, place))


def _said(source: Path) -> release.Release | None:
    try:
        return release.of(source)
    except (OSError, ValueError, KeyError):
        return None


def _lacking(machine: Machine, source: Path) -> str | None:
    """A Debian package that is not here. An update brings none: it has no network, and apt is not its business."""
    file = source / "systemd/appliance-packages.txt"
    wanted = packages.wanted(file.read_text(encoding="utf-8")) if file.is_file() else []
    present = packages.present(machine)
    return next((names[0] for names in wanted if not present.intersection(names)), None)


def _emptied(work: Path) -> None:
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(mode=0o700, parents=True)
