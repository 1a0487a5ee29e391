"""What root believes of a release: the chain of signatures from the root that provisioning laid into /etc/totem.

The same client of TUF as the sync process's, fed from the folder in which a release is offered; its metadata and its
floors are root's own, so that nobody who has the kiosk's user can make it forget what it saw.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from tuf.api.exceptions import DownloadError, DownloadHTTPError, RepositoryError
from tuf.ngclient import FetcherInterface, Updater, UpdaterConfig

from kiosk.technician.provisioning.machine import Machine, write
from kiosk.technician.provisioning.settings import ROOT
from kiosk.technician.updating.offered import OfferFolder
from offline_cache.contract.hand_over import Offered
from offline_cache.signed_metadata import NotVouchedFor, refreshed, vouched

KEPT = "/var/lib/totem-update/trust"
# No release below it, whatever is signed: the highest `min_release` that was signed before.
FLOOR = "release"
_LONGEST = 4 << 20
_BASE = "offered:///"


class _FromFolder(FetcherInterface):
    """What the client would fetch, out of the offered folder: versions are in the metadata, not in the names."""

    def __init__(self, folder: OfferFolder) -> None:
        self._folder = folder

    def _fetch(self, url: str) -> Iterator[bytes]:
        name = url.removeprefix(_BASE)
        if not name.endswith(".root.json") and name.count(".") > 1:
            name = name.partition(".")[2]
        try:
            return iter((self._folder.metadata(name, _LONGEST),))
        except OSError as error:
            raise DownloadHTTPError(f"{name} is not there", 404) from error
        except ValueError as error:
            raise DownloadError(str(error)) from error


class _FileFloors:
    """Numbers that only rise, in a file of root's."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._values: dict[str, int] = json.loads(file.read_bytes()) if file.is_file() else {}

    def value(self, name: str) -> int:
        return self._values.get(name, 0)

    def lift(self, to: Mapping[str, int]) -> None:
        lifted = self._values | {name: max(value, self.value(name)) for name, value in to.items()}
        if lifted != self._values:
            self._values = lifted
            write(self._file, json.dumps(lifted).encode(), 0o600)


def verify(machine: Machine, folder: OfferFolder, target: str, now: datetime) -> Offered:
    """The release that the signatures vouch for under that name. NotVouchedFor if they do not, or if it is below the
    floor. `now` is what expiry is held against.
    """
    try:
        pinned = machine.at(ROOT).read_bytes()
    except OSError as error:
        raise NotVouchedFor(f"{ROOT} is missing: enrol this kiosk again") from error
    # Another root is another centre: nothing that was seen of the one counts for the other.
    kept = machine.at(KEPT) / sha256(pinned).hexdigest()[:16]
    metadata = kept / "metadata"
    metadata.mkdir(mode=0o700, parents=True, exist_ok=True)
    floors = _FileFloors(kept / "floors.json")

    def updater_now() -> Updater:
        made = Updater(
            metadata_dir=str(metadata), metadata_base_url=_BASE, fetcher=_FromFolder(folder),
            config=UpdaterConfig(), bootstrap=pinned,
        )  # fmt: skip
        made._trusted_set.reference_time = now
        return made

    try:
        updater = refreshed(floors, updater_now, metadata)
        found = updater.get_targetinfo(target)
    except (RepositoryError, DownloadError) as error:
        raise NotVouchedFor(f"{type(error).__name__}: {error}") from error
    if found is None:
        raise NotVouchedFor(f"the signed metadata does not list {target}")
    offered = vouched(updater, found)
    floors.lift({FLOOR: offered.min_release})
    if offered.release < floors.value(FLOOR):
        raise NotVouchedFor(f"release {offered.release} is below {floors.value(FLOOR)}, the lowest that may run")
    return offered
