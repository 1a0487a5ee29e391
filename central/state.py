"""The centre's folder: settings, keys, database, TUF repository, TLS. Made once by `totem central init`."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from central import private_files
from kiosk.catalog import problems

INSTALLED = Path("/var/lib/totem-central")
CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n?")


def default_path() -> Path:
    """var-demo/central in a checkout, /var/lib/totem-central once installed."""
    checkout = Path(__file__).resolve().parent.parent
    return checkout / "var-demo" / "central" if (checkout / "pyproject.toml").is_file() else INSTALLED


class Settings(BaseModel):
    """central.toml. `demonstration`: kiosks marked as simulation may enrol, and the server backs itself up."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    demonstration: bool = False
    kiosk_prefix: str = Field(default="VA", pattern=r"^[A-Z]{2,4}$")
    first_kiosk: int = Field(default=1, ge=1)
    documents_url: str = "https://vilaaurora.example/v/"
    database_url: str | None = Field(default=None, description="SQLAlchemy URL; None: SQLite in the folder")
    debts_csv: str = "debts.csv"
    debts_url: str | None = Field(
        default=None, description="SQLAlchemy URL of the tax system's database, asked instead of the CSV; never written"
    )
    debts_query: str | None = Field(
        default=None,
        description="gives the columns of a debt for :scheme and :national_id; None: from a table debts of them",
    )
    backup_every_s: float = Field(default=2.0, gt=0, description="in a demonstration only")
    reconnect_spread_s: float | None = Field(
        default=None, ge=0, le=3600,
        description="while the centre is away each kiosk tries once in so many seconds on average; None: 75, and as"
        " fast as a kiosk likes in a demonstration. 10,000 kiosks at 75 s are 133 arrivals a second",
    )
    longest_offline_days: int = Field(
        default=180, gt=0, description="sealing keys are kept longer than any kiosk is without a link"
    )
    lookups_per_hour: int = Field(default=60, gt=0, description="personal look-ups that one kiosk may make")
    lookups_per_day: int = Field(default=400, gt=0, description="the same, in 24 hours")
    failed_proofs_per_hour: int = Field(default=10, gt=0, description="card proofs that do not hold, then an alert")
    document_valid_days: int = Field(default=90, gt=0)
    second_copy_days: int = Field(
        default=30, ge=0, description="who asks again so soon gets the same document again; later, a new one"
    )
    proxies: tuple[str, ...] = Field(
        default=(), description="addresses of our own proxies: who asks is the last of their X-Forwarded-For"
    )


    @property
    def spread_s(self) -> float:
        """What kiosks are told of `reconnect_spread_s`."""
        if self.reconnect_spread_s is not None:
            return self.reconnect_spread_s
        return 0.0 if self.demonstration else 75.0


@dataclass(frozen=True)
class CentralState:
    """Where everything of one centre lies. Nothing in it is readable for other users."""

    path: Path

    @cached_property
    def settings(self) -> Settings:
        """central.toml; FileNotFoundError and ValueError say what to do."""
        file = self.path / "central.toml"
        if not file.is_file():
            raise FileNotFoundError(f"{file} is missing: run `totem central init` first")
        value: dict[str, object] = {}
        try:
            value = tomllib.loads(file.read_text(encoding="utf-8"))
            return Settings.model_validate(value)
        except ValidationError as error:
            raise ValueError(f"{file}: {'; '.join(map(str, problems.lines(error, value)))}") from error
        except UnicodeDecodeError as error:
            raise ValueError(f"{file} is not UTF-8: save it as UTF-8") from error
        except ValueError as error:
            raise ValueError(f"{file}: {error}") from error

    @property
    def database_url(self) -> str:
        return self.settings.database_url or f"sqlite+pysqlite:///{self.database}"

    @property
    def database(self) -> Path:
        return self.path / "central.db"

    @property
    def backup(self) -> Path:
        return self.path / "backup" / "central.db"

    @property
    def keys(self) -> Path:
        return self.path / "keys"

    @property
    def anchors(self) -> Path:
        """PEM certificates of the roots that citizens' cards chain to; published with the catalogue."""
        return self.path / "anchors"

    @property
    def revocation(self) -> Path:
        """The authorities' revocation lists, one file per address (central/revocation.py)."""
        return self.path / "revocation"

    @property
    def catalogues(self) -> Path:
        """Every catalogue ever published, N.json: a ticket is judged by the version it was made under."""
        return self.path / "catalogues"

    @property
    def tuf_metadata(self) -> Path:
        return self.path / "tuf" / "metadata"

    @property
    def tuf_targets(self) -> Path:
        return self.path / "tuf" / "targets"

    @property
    def tls(self) -> Path:
        """ca.pem (what kiosks pin), server.pem and server.key."""
        return self.path / "tls"

    @property
    def debts(self) -> Path:
        return self.path / self.settings.debts_csv

    @property
    def registrars(self) -> Path:
        """Who makes guides payable that are not payable as printed (central.registrar)."""
        return self.path / "registrars.toml"

    @property
    def port_file(self) -> Path:
        """The port that `totem central serve` really took."""
        return self.path / "port"

    def anchors_pem(self) -> tuple[str, ...]:
        """The trust anchors, one PEM text each, in the order of their files."""
        texts = (file.read_text(encoding="ascii") for file in sorted(self.anchors.glob("*.pem")))
        return tuple(found for text in texts for found in CERTIFICATE.findall(text))


def make_folder(path: Path, settings: Settings) -> CentralState:
    """Makes the folder (private) and central.toml; a central.toml that is there stays as it is."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.chmod(0o700)
    state = CentralState(path)
    for folder in (state.keys, state.anchors, state.catalogues, state.backup.parent, state.tls):
        folder.mkdir(mode=0o700, exist_ok=True)
    file = path / "central.toml"
    if not file.exists():
        lines = [f"{name} = {json.dumps(value)}" for name, value in settings.model_dump(exclude_none=True).items()]
        private_files.write(file, ("\n".join(lines) + "\n").encode())
    return state
