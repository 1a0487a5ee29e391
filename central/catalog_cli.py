"""The commands of `totem catalog` that need the centre's folder or the keys of those who sign.

Exit 0 done, 1 the catalogue is wrong, 2 wrong use or nothing published.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from central import rollout_cli
from central.cli_options import json_option, plain_errors, state_option
from central.cli_signers import (
    FILE,
    FOLDER,
    count_option,
    group_option,
    keys_option,
    make_keys,
    new_keys_option,
    no_rollout_option,
    out_option,
    say,
    say_signed,
    signers,
    state_of,
    steps_option,
    threshold_option,
)

if TYPE_CHECKING:
    from securesystemslib.signer import Signer


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
@new_keys_option
@count_option
@threshold_option
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
    from central import repository, signing

    state, now = state_of(folder), datetime.now(UTC)
    if operator is not None:
        repository.check_operator(operator)
        targets = signers(signed_by, "targets") or signing.own_targets_signers(state)
        make_keys(keys, operator, count)
        own = signers(keys, operator)
        signing.delegate(state, now, operator, keys=own, threshold=threshold, targets=targets)
        say(
            f"{threshold} of {len(own)} keys sign for {operator} from now on.", {"operator": operator}, as_json=as_json
        )
        return
    before = signing.own_root_signers(state)
    if not before:
        raise ValueError("the root is with people already: put new keys in with `totem catalog rotate`")
    for role in ("root", "targets"):
        make_keys(keys, role, count)
    version = signing.hand_over(
        state,
        now,
        root=signers(keys, "root"),
        targets=signers(keys, "targets"),
        threshold=threshold,
        root_signers=before,
    )
    say(
        f"Root {version}: {threshold} of {count * len(keys)} keys sign root and targets. Keep them away from the "
        "centre, and a copy of each elsewhere.",
        {"root": version},
        as_json=as_json,
    )


@click.command()
@click.argument("file", type=FILE)
@state_option
@keys_option
@out_option
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

    bundle = signing.read_bundle(file, publishing.Signed)
    if bundle is not None and min_version is not None:
        raise ValueError("--min-version is signed with the rest: give it when you sign the YAML")
    if bundle is None:
        state = state_of(folder)
        text = _text(file, as_json=as_json)
        signed = publishing.prepare(state, text, datetime.now(UTC), file.parent, min_version)
        bundle = signing.Bundle.of(state, signed)
    bundle.sign(signers(keys, bundle.signed.role))
    path = out or (file if file.name.endswith(signing.SIGNED) else file.with_suffix(signing.SIGNED))
    private_files.write(path, bundle.to_bytes(), private=False)
    say_signed(path, bundle, as_json=as_json)


@click.command()
@click.argument("file", type=FILE)
@state_option
@keys_option
@no_rollout_option
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

    state, now = state_of(folder), datetime.now(UTC)
    centre = open_centre(state)
    # What a rollout would be refused for is told before anything is published.
    rollouts.counts(steps.split(","), 100)
    rollouts.of_version(centre, 0)
    bundle = signing.read_bundle(file, publishing.Signed)
    if bundle is not None:
        catalogue = publishing.publish_signed(state, bundle.signed, now)
    else:
        text = _text(file, as_json=as_json)
        operator = publishing.operator_of(text)
        own = signers(keys, publishing.role_of(state, operator)) if keys else None
        catalogue = publishing.publish(state, text, now, file.parent, own)
    aside = [] if no_rollout else rollouts.begin_pushed(centre, catalogue.version, steps=steps.split(","), group=group)
    say(
        f"Version {catalogue.version} is published: {len(catalogue.services)} services."
        + "".join(f" The rollout of version {version} was set aside." for version in aside),
        {"version": catalogue.version, "published": catalogue.published},
        as_json=as_json,
    )


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

    state, now = state_of(folder), datetime.now(UTC)
    new: list[Signer] = []
    root_signers = signers(keys, "root") or signing.own_root_signers(state)
    if role in {"root", "targets"}:
        if not new_keys:
            raise ValueError(f"new keys of {role} go into a folder of their own: name it with --new-keys")
        threshold = repository.root(state).signed.roles[role].threshold
        make_keys(new_keys, role, -(-threshold // len(new_keys)))
        new = signers(new_keys, role)
    version = signing.rotate(state, now, role, new=new, root_signers=root_signers)
    say(f"Root {version}: {role} has new keys.", {"root": version}, as_json=as_json)


COMMANDS: dict[str, click.Command] = {
    "init": init, "sign": sign, "push": push, "rotate": rotate, **rollout_cli.commands("catalogue"),
}  # fmt: skip
