"""What is rolled out: catalogues, and releases of the program. How each is listed, and what a heartbeat says of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from pydantic import ValidationError

from central import publishing, releases, repository
from central.centre import Centre
from central.releases import Release
from central.repository import Vouched
from offline_cache.contract.application import Application
from offline_cache.contract.messages import Heartbeat

Offer = Vouched | Release


@dataclass(frozen=True)
class Told:
    """What a heartbeat says: which version runs, whether it has shown that it works, which were taken back, and how
    many failures were counted.
    """

    runs: int
    proven: bool
    bad: tuple[int, ...]
    faults: int
    application: Application | None = None


class Kind(Protocol):
    """`thing` names it in the database, `noun` what is numbered; `everybodys`: what was published before any rollout is
    for all.
    """

    thing: str
    noun: str
    everybodys: bool

    def listed(self, centre: Centre) -> Mapping[int, Offer]:
        """What may be led to, by its number."""
        ...

    def told(self, beat: Heartbeat) -> Told | None:
        """None: this kiosk says nothing of it, and has no part in it."""
        ...

    def operator(self, centre: Centre, version: int) -> str | None:
        """Whose a version is; None: nobody's in particular."""
        ...

    def kept(self, body: Mapping[str, Any]) -> Told | None:
        """The same of a heartbeat as it was kept; of what it says no more than which version runs is sure."""
        ...

    def hindrance(self, centre: Centre, offered: Offer, told: Told) -> str | None:
        """Why a kiosk could not run what is offered; None if nothing is known against it."""
        ...


class Catalogues:
    thing = "catalogue"
    noun = "version"
    everybodys = True

    def listed(self, centre: Centre) -> Mapping[int, Offer]:
        return repository.vouched(centre.state)

    def told(self, beat: Heartbeat) -> Told | None:
        return Told(beat.catalogue_version, beat.catalogue_proven, beat.catalogue_bad, beat.faults)

    def operator(self, centre: Centre, version: int) -> str | None:
        """None if it was never published here."""
        found = publishing.vouched(centre.state, version)
        if found is not None:
            return found.operator
        try:
            return publishing.published(centre.state, version).operator.id if version else None
        except KeyError:
            return None

    def kept(self, body: Mapping[str, Any]) -> Told | None:
        return Told(int(body.get("catalogue_version") or 0), proven=False, bad=(), faults=0)

    def hindrance(self, centre: Centre, offered: Offer, told: Told) -> str | None:
        del centre, offered, told
        return None


class Releases:
    thing = "release"
    noun = "release"
    everybodys = False

    def listed(self, centre: Centre) -> Mapping[int, Offer]:
        return releases.listed(centre.state)

    def told(self, beat: Heartbeat) -> Told | None:
        """Proven is what has passed the health check, and what nobody had to switch to."""
        return _of(beat.application)

    def operator(self, centre: Centre, version: int) -> str | None:
        del centre, version
        return None

    def kept(self, body: Mapping[str, Any]) -> Told | None:
        """None also for what another version of this program kept and this one does not read."""
        try:
            return _of(Application.model_validate(body.get("application")))
        except ValidationError:
            return None

    def hindrance(self, centre: Centre, offered: Offer, told: Told) -> str | None:
        """Wheels that are missing for it, or a store from which there would be no way back."""
        about = told.application
        assert about is not None
        assert isinstance(offered, Release)
        if about.release == offered.version:
            return None
        if about.lock != offered.lock and about.platform not in offered.platforms:
            return f"has other dependencies, and no archive for {about.platform} is listed: build it with --wheels"
        now = releases.listed(centre.state).get(about.release)
        if now is None:
            return None
        if offered.version > now.version and offered.oldest_reader > now.schema:
            return f"changes the store so that release {now.version} could not read it: roll out one between them first"
        if offered.version < now.version and now.oldest_reader > offered.schema:
            return f"cannot read the store of release {now.version}"
        return None


def _of(about: Application | None) -> Told | None:
    return None if about is None else Told(about.release, about.state != "trying", about.bad, 0, about)


CATALOGUE, RELEASE = Catalogues(), Releases()
KINDS: dict[str, Kind] = {kind.thing: kind for kind in (CATALOGUE, RELEASE)}
