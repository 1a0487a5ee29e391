"""What the commands share that sign and push: where keys lie, how they are opened and made, what is answered."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from central.state import CentralState

if TYPE_CHECKING:
    from securesystemslib.signer import Signer

    from central.signing import Bundle

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
FOLDER = click.Path(file_okay=False, path_type=Path)
PASSPHRASE = "TOTEM_PASSPHRASE"  # noqa: S105  the name of a variable

keys_option = click.option(
    "--keys",
    type=FOLDER,
    multiple=True,
    help="Folder of the keys that sign, one for each who signs; their passphrase is asked for, or stands in "
    f"{PASSPHRASE}.",
)
new_keys_option = click.option(
    "--keys", type=FOLDER, required=True, multiple=True,
    help="Where the new keys go, one folder for each who signs: not onto the centre's disk.",
)  # fmt: skip
count_option = click.option(
    "--count", type=click.IntRange(1, 9), default=1, show_default=True, help="How many of each role there."
)
threshold_option = click.option(
    "--threshold", type=click.IntRange(1, 9), default=1, show_default=True, help="How many of them must sign."
)
out_option = click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="The signed file; beside FILE by default."
)
steps_option = click.option(
    "--steps", default="1,5%,25%,100%", show_default=True, help="How many kiosks each step reaches."
)
group_option = click.option("--group", help="Only the kiosks of this group.")
wait_option = click.option(
    "--wait", type=click.IntRange(0), default=10, show_default=True, help="Minutes a step lasts at least."
)
no_rollout_option = click.option(
    "--no-rollout", is_flag=True, help="Only publish: nothing runs it before a rollout is begun."
)


def signers(folders: tuple[Path, ...], role: str) -> list[Signer]:
    """The keys of a role in these folders; ValueError where a folder was named and has none."""
    from central import signing_keys

    found = [signer for folder in folders for signer in signing_keys.load(folder, role, _ask)]
    if folders and not found:
        raise ValueError(f"no key of {role} lies in {', '.join(map(str, folders))}: name another folder with --keys")
    return found


def make_keys(folders: tuple[Path, ...], role: str, count: int) -> None:
    """As many keys in each folder as are wanted, those that are there counted; one passphrase a folder."""
    from central import signing_keys

    for folder in folders:
        there = len([*folder.glob(f"{role}-*.pem"), *folder.glob(f"{role}-*.token")])
        passphrase = _ask(f"passphrase for the new keys of {role} in {folder}") if there < count else None
        for _ in range(count - there):
            signing_keys.make(folder, role, passphrase)


def _ask(what: str) -> str:
    given = os.environ.get(PASSPHRASE)
    return given if given is not None else str(click.prompt(what, hide_input=True, err=True))


def state_of(folder: Path) -> CentralState:
    """The centre in a folder; ValueError or FileNotFoundError if there is none."""
    state = CentralState(folder)
    _ = state.settings
    return state


def say(words: str, value: dict[str, Any], *, as_json: bool) -> None:
    """What came of it, for people or for machines."""
    click.echo(json.dumps(value, ensure_ascii=False) if as_json else words)


def say_signed(path: Path, bundle: Bundle[Any], *, as_json: bool) -> None:
    """Where what was signed lies, and who must still sign."""
    say(
        f"{path}: {bundle.signed.said}, {bundle.signatures} of {bundle.needed} signatures.",
        {"file": str(path), **bundle.signed.told(), "signatures": bundle.signatures, "needed": bundle.needed},
        as_json=as_json,
    )
