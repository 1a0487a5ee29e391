"""The made-up prefeitura's world on disk: made once, kept between runs.

`var/` is the kiosk's state folder; `var-demo/` is what lies outside the kiosk: the centre and the citizens' cards.
Nothing here is ever part of an appliance.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from devices.virtual import wallet
from kiosk.widgets.tokens import Panel
from offline_cache import client, enrolment
from offline_cache.folder import StateFolder
from offline_cache.store import create_keys, key_path

LABEL, PLACE = "VA-017", "Praça da Matriz"


@dataclass
class Places:
    """Where the demonstration keeps its things. `centre_port` 0 takes a free one at the first start."""

    state: Path
    demo: Path
    catalogue: Path
    centre_port: int = 0
    panel: Panel = field(default_factory=Panel)

    @property
    def folder(self) -> StateFolder:
        return StateFolder(self.state)

    @property
    def central(self) -> Path:
        return self.demo / "central"

    @property
    def cards(self) -> Path:
        return self.demo / "cards"

    @property
    def paper(self) -> Path:
        """What came out of the virtual printer, a picture each. It is the citizens', so not in the state folder."""
        return self.demo / "paper"


def prepare(places: Places, announce: Callable[[str], None]) -> None:
    """Makes what is missing: the simulation mark, keys, cards, the centre with its catalogue and sample debts.

    DemonstrationError for a folder that holds anything but a demonstration: nothing is touched there.
    """
    if places.state.exists() and any(places.state.iterdir()) and not places.folder.simulation:
        raise DemonstrationError(
            f"{places.state} is not a demonstration's folder (a real kiosk's, perhaps): name another with --state"
        )
    for path in (places.state, places.demo, places.paper):
        path.mkdir(parents=True, exist_ok=True)
    mark = places.state / "simulation"
    if not mark.exists():
        mark.write_text("A demonstration with made-up people: nothing printed from here has any value.\n")
    if not key_path(places.folder).exists():
        create_keys(places.folder)
    if not (places.cards / wallet.ANCHORS).exists():
        announce("Making the demonstration's certificate authorities and sample cards")
        wallet.make_wallet(places.cards)
    if not (places.cards / wallet.LISTS).exists():
        raise DemonstrationError(
            f"{places.cards} was made by an older version: remove {places.state} and {places.demo}, then start again"
        )
    if not (places.central / "central.toml").exists():
        announce("Making the demonstration's centre")
        _totem(
            "central", "init", "--state", str(places.central), "--simulation",
            "--anchors", str(places.cards / "anchors.pem"),
        )  # fmt: skip
    _hand_out_lists(places)
    _publish(places, announce)


def _hand_out_lists(places: Places) -> None:
    """The made-up authorities publish nowhere: their lists are laid where the centre keeps what it fetches, and where a
    kiosk that has run for a while has them. What makes a technician is handed over as when a kiosk is set up.
    """
    places.folder.operator.mkdir(mode=0o700, exist_ok=True)
    for file in (places.cards / wallet.OPERATOR).iterdir():
        shutil.copy(file, places.folder.operator / file.name)
    for folder in (places.central / "revocation", places.folder.revocation_lists):
        folder.mkdir(mode=0o700, exist_ok=True)
        for file in (places.cards / wallet.LISTS).iterdir():
            shutil.copy(file, folder / file.name)


def _publish(places: Places, announce: Callable[[str], None]) -> None:
    """Pushes the sample catalogue when it changed since the last push."""
    pushed = places.central / "pushed.yaml"
    text = places.catalogue.read_text(encoding="utf-8")
    if pushed.exists() and pushed.read_text(encoding="utf-8") == text:
        return
    announce("Signing and pushing the catalogue")
    _totem("catalog", "push", str(places.catalogue), "--state", str(places.central))
    pushed.write_text(text, encoding="utf-8")


def enrol_once(places: Places, announce: Callable[[str], None]) -> None:
    """Hands the kiosk its trust in the centre and enrols it; done once."""
    if enrolment.is_enrolled(places.folder):
        return
    announce("Enrolling the kiosk at the centre")
    token = json.loads(_totem("central", "token", "--state", str(places.central), "--json"))
    try:
        enrolment.enrol(places.folder, secret=token["secret"], root=places.central / "tuf/metadata/1.root.json")
    except client.Unreachable as error:
        raise DemonstrationError(
            "the kiosk could not be enrolled, for the centre does not answer: the first start needs it; try again"
        ) from error
    except client.Refused as error:
        raise DemonstrationError(f"the centre refused to enrol the kiosk ({error.code})") from error


def write_settings(places: Places, ports: dict[str, int], pcscd_socket: str, *, sound: bool) -> None:
    """totem.toml anew at each start: the ports of the demonstration are whatever was free. Where nobody listens speech
    is made and not played: nobody has to wait for its end.
    """
    lines = [
        f'label = "{LABEL}"',
        f'place = "{PLACE}"',
        f'pcscd_socket = "{pcscd_socket}"',
        "[centre]",
        f'url = "https://localhost:{ports["network"]}"',
        f'ca = "{places.central / "tls/ca.pem"}"',
        "[printer]",
        'host = "127.0.0.1"',
        f"port = {ports['printer']}",
        'profile = "epson-tm-t20x"',
        "[page_printer]",
        'queue = "pages"',
        f'server = "127.0.0.1:{ports["a4"]}"',
        # Somebody is watching: the network comes and goes in seconds here, not in minutes.
        "[sync]",
        "heartbeat_s = 2.0",
        "retry_cap_s = 3.0",
        "[panel]",
        *(f"{name} = {length}" for name, length in asdict(places.panel).items()),
        *([] if sound else ["[speech]", 'player = ""']),
    ]
    (places.state / "totem.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def read_ports(folder: StateFolder) -> dict[str, int]:
    ports: dict[str, int] = json.loads((folder.run / "ports.json").read_text(encoding="utf-8"))
    return ports


class DemonstrationError(Exception):
    """A step of the preparation failed; the message is that step's own line."""


def _totem(*arguments: str) -> str:
    done = subprocess.run([sys.executable, "-m", "kiosk.cli", *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        lines = done.stderr.strip().splitlines()
        raise DemonstrationError(lines[-1].removeprefix("totem: ") if lines else f"totem {arguments[0]} failed")
    return done.stdout
