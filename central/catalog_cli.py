"""The commands of `totem catalog` that need the centre's folder or the keys of those who sign.

Exit 0 done, 1 the catalogue is wrong, 2 wrong use or nothing published.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from central.cli_options import json_option, plain_errors, state_option
from central.state import CentralState

if TYPE_CHECKING:
    from securesystemslib.signer import Signer

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
steps_option = click.option(
    "--steps", default="1,5%,25%,100%", show_default=True, help="How many kiosks each step reaches."
)
group_option = click.option("--group", help="Only the kiosks of this group.")


def _ask(what: str) -> str:
    given = os.environ.get(PASSPHRASE)
    return given if given is not None else str(click.prompt(what, hide_input=True, err=True))


def _signers(folders: tuple[Path, ...], role: str) -> list[Signer]:
    """The keys of a role in these folders; ValueError where a folder was named and has none."""
    from central import signing_keys

    found = [signer for folder in folders for signer in signing_keys.load(folder, role, _ask)]
    if folders and not found:
        raise ValueError(f"no key of {role} lies in {', '.join(map(str, folders))}: name another folder with --keys")
    return found


def _state(folder: Path) -> CentralState:
    state = CentralState(folder)
    _ = state.settings
    return state


def _say(words: str, value: dict[str, Any], *, as_json: bool) -> None:
    click.echo(json.dumps(value, ensure_ascii=False) if as_json else words)


def _text(file: Path, *, as_json: bool) -> str:
    """The file's text, after every check an author can make; what is wrong is told and ends the command with 1."""
    from central.publishing import files_of
    from kiosk.authoring.validation import LONGEST_BYTES, validate

    with file.open("rb") as opened:
        data = opened.read(LONGEST_BYTES + 1)
    verdict = validate(data, datetime.now(UTC).date(), files_of(file.parent))
    if verdict.problems:
        if as_json:
            click.echo(json.dumps(verdict.told(str(file)), ensure_ascii=False))
        else:
            click.echo("\n".join(f"{file}:{entry}" for entry in verdict.problems), err=True)
        sys.exit(1)
    return data.decode("utf-8-sig")


@click.command()
@state_option
@click.option(
    "--keys", type=FOLDER, required=True, multiple=True,
    help="Where the new keys go, one folder for each who signs: not onto the centre's disk.",
)
@click.option("--count", type=click.IntRange(1, 9), default=1, show_default=True, help="How many of each role there.")
@click.option(
    "--threshold", type=click.IntRange(1, 9), default=1, show_default=True, help="How many of them must sign."
)
@click.option("--operator", help="Delegate this operator's catalogues to keys of its own, made here.")
@click.option(
    "--signed-by", type=FOLDER, multiple=True,
    help="With --operator: folders of the keys of targets, if people have them.",
)
@json_option
@plain_errors
def init(
    folder: Path, keys: tuple[Path, ...], count: int, threshold: int, operator: str | None,
    signed_by: tuple[Path, ...], as_json: bool,
) -> None:
    """Make the keys that sign catalogues and hand the root over to them. The centre keeps those of snapshot and
    timestamp alone. A key in a token: write ROLE-N.token (module, token, label) into the folder first.
    """
    from central import signing

    state, now = _state(folder), datetime.now(UTC)
    if operator is not None:
        signing.check_operator(operator)
        targets = _signers(signed_by, "targets") or signing.own_targets_signers(state)
        _make(keys, operator, count)
        own = _signers(keys, operator)
        signing.delegate(state, now, operator, keys=own, threshold=threshold, targets=targets)
        _say(
            f"{threshold} of {len(own)} keys sign for {operator} from now on.", {"operator": operator}, as_json=as_json
        )
        return
    before = signing.own_root_signers(state)
    if not before:
        raise ValueError("the root is with people already: put new keys in with `totem catalog rotate`")
    for role in ("root", "targets"):
        _make(keys, role, count)
    version = signing.hand_over(
        state,
        now,
        root=_signers(keys, "root"),
        targets=_signers(keys, "targets"),
        threshold=threshold,
        root_signers=before,
    )
    _say(
        f"Root {version}: {threshold} of {count * len(keys)} keys sign root and targets. Keep them away from the "
        "centre, and a copy of each elsewhere.",
        {"root": version},
        as_json=as_json,
    )


def _make(folders: tuple[Path, ...], role: str, count: int) -> None:
    """As many keys in each folder as are wanted, those that are there counted; one passphrase a folder."""
    from central import signing_keys

    for folder in folders:
        there = len([*folder.glob(f"{role}-*.pem"), *folder.glob(f"{role}-*.token")])
        passphrase = _ask(f"passphrase for the new keys of {role} in {folder}") if there < count else None
        for _ in range(count - there):
            signing_keys.make(folder, role, passphrase)


@click.command()
@click.argument("file", type=FILE)
@state_option
@keys_option
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="The signed file; beside FILE by default.")
@click.option("--min-version", type=click.IntRange(1), help="Withdraw every version below this one.")
@json_option
@plain_errors
def sign(
    file: Path, folder: Path, keys: tuple[Path, ...], out: Path | None, min_version: int | None, as_json: bool
) -> None:
    """Sign a catalogue, or add a signature. FILE is the YAML, which only the centre can complete (--keys may come
    later); or what `sign` wrote there, to which a machine of its own adds a signature.
    """
    from central import private_files, publishing, signing

    bundle = signing.read_bundle(file)
    if bundle is not None and min_version is not None:
        raise ValueError("--min-version is signed with the rest: give it when you sign the YAML")
    if bundle is None:
        state = _state(folder)
        text = _text(file, as_json=as_json)
        signed = publishing.prepare(state, text, datetime.now(UTC), file.parent, min_version)
        bundle = signing.Bundle.of(state, signed)
    bundle.sign(_signers(keys, bundle.signed.role))
    path = out or (file if file.name.endswith(signing.SIGNED) else file.with_suffix(signing.SIGNED))
    private_files.write(path, bundle.to_bytes(), private=False)
    version = bundle.signed.catalogue.version
    _say(
        f"{path}: version {version}, {bundle.signatures} of {bundle.needed} signatures.",
        {"file": str(path), "version": version, "signatures": bundle.signatures, "needed": bundle.needed},
        as_json=as_json,
    )


@click.command()
@click.argument("file", type=FILE)
@state_option
@keys_option
@click.option("--no-rollout", is_flag=True, help="Only publish: nothing runs it before `totem catalog rollout`.")
@steps_option
@group_option
@json_option
@plain_errors
def push(
    file: Path, folder: Path, keys: tuple[Path, ...], no_rollout: bool, steps: str, group: str | None, as_json: bool
) -> None:
    """Publish a catalogue and begin its rollout. FILE is a signed one; or YAML, with --keys or where the centre still
    has the keys. Repeating a push that was cut off is safe: a catalogue is published whole or not at all.
    """
    from central import publishing, rollouts, signing
    from central.centre import open_centre

    state, now = _state(folder), datetime.now(UTC)
    centre = open_centre(state)
    # What a rollout would be refused for is told before anything is published.
    rollouts.counts(steps.split(","), 100)
    rollouts.of_version(centre, 0)
    bundle = signing.read_bundle(file)
    if bundle is not None:
        catalogue = publishing.publish_signed(state, bundle.signed, now)
    else:
        text = _text(file, as_json=as_json)
        operator = publishing.operator_of(text)
        signers = _signers(keys, publishing.role_of(state, operator)) if keys else None
        catalogue = publishing.publish(state, text, now, file.parent, signers)
    aside = [] if no_rollout else rollouts.begin_pushed(centre, catalogue.version, steps=steps.split(","), group=group)
    _say(
        f"Version {catalogue.version} is published: {len(catalogue.services)} services."
        + "".join(f" The rollout of version {version} was set aside." for version in aside),
        {"version": catalogue.version, "published": catalogue.published},
        as_json=as_json,
    )


@click.command()
@click.argument("version", type=click.IntRange(1))
@state_option
@steps_option
@group_option
@click.option("--failures", type=click.IntRange(0), default=0, show_default=True, help="How many kiosks may fail.")
@click.option("--wait", type=click.IntRange(0), default=10, show_default=True, help="Minutes a step lasts at least.")
@json_option
@plain_errors
def rollout(version: int, folder: Path, steps: str, group: str | None, failures: int, wait: int, as_json: bool) -> None:
    """Bring a published version to the kiosks step by step. Each step waits until the kiosks of the one before run it;
    more failures than allowed stop it and take it back.
    """
    from central import rollouts
    from central.centre import open_centre

    begun = rollouts.begin(
        open_centre(_state(folder)), version, steps=steps.split(","), group=group, failures=failures, wait_s=wait * 60
    )
    _say(
        f"Rollout {begun.number} of version {version}: {', '.join(begun.steps)}.",
        {"rollout": begun.number},
        as_json=as_json,
    )


@click.command()
@state_option
@click.option("--version", type=click.IntRange(1), help="Which one to take back; the newest by default.")
@json_option
@plain_errors
def rollback(folder: Path, version: int | None, as_json: bool) -> None:
    """Take the kiosks back to what they ran before. No key is needed: that version is vouched for already."""
    from central import rollouts
    from central.centre import open_centre

    stopped = rollouts.stop(open_centre(_state(folder)), "taken back by an administrator", version)
    _say(
        f"Version {stopped.version} is taken back: kiosks return with their next heartbeat.",
        {"version": stopped.version},
        as_json=as_json,
    )


@click.command()
@state_option
@json_option
@plain_errors
def status(folder: Path, as_json: bool) -> None:
    """What is published, until when its signatures hold, how rollouts stand, which kiosk runs what."""
    from central import catalogue_status
    from central.centre import open_centre

    found = catalogue_status.of(open_centre(_state(folder)))
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
    else:
        click.echo("\n".join(catalogue_status.lines(found)))


@click.command()
@click.argument("role", type=click.Choice(["root", "targets", "snapshot", "timestamp"]))
@state_option
@click.option("--keys", type=FOLDER, multiple=True, help="Folders with the keys of root as they are.")
@click.option(
    "--new-keys", type=FOLDER, multiple=True,
    help="Folders with, or for, the new keys of root or targets, one for each who signs.",
)
@json_option
@plain_errors
def rotate(role: str, folder: Path, keys: tuple[Path, ...], new_keys: tuple[Path, ...], as_json: bool) -> None:
    """Put new keys in the place of those that sign ROLE. Kiosks learn of it by a new root."""
    from central import repository, signing

    state, now = _state(folder), datetime.now(UTC)
    new: list[Signer] = []
    root_signers = _signers(keys, "root") or signing.own_root_signers(state)
    if role in {"root", "targets"}:
        if not new_keys:
            raise ValueError(f"new keys of {role} go into a folder of their own: name it with --new-keys")
        threshold = repository.root(state).signed.roles[role].threshold
        _make(new_keys, role, -(-threshold // len(new_keys)))
        new = _signers(new_keys, role)
    version = signing.rotate(state, now, role, new=new, root_signers=root_signers)
    _say(f"Root {version}: {role} has new keys.", {"root": version}, as_json=as_json)


@click.command()
@click.argument("name")
@click.argument("kiosks", nargs=-1, required=True)
@state_option
@plain_errors
def group(name: str, kiosks: tuple[str, ...], folder: Path) -> None:
    """Put KIOSKS into the group NAME; a hyphen as NAME takes them out of any."""
    from central import rollouts
    from central.centre import open_centre

    rollouts.put_into_group(open_centre(_state(folder)), kiosks, None if name == "-" else name)
    click.echo(f"{len(kiosks)} in {name}." if name != "-" else f"{len(kiosks)} in no group.")


COMMANDS: dict[str, click.Command] = {
    "init": init, "sign": sign, "push": push, "rollout": rollout, "rollback": rollback, "status": status,
    "rotate": rotate, "group": group,
}  # fmt: skip
