"""`totem release`: the program itself, built, signed and brought to the kiosks as catalogues are.

Exit 0 done, 2 wrong use or nothing published.
"""

from __future__ import annotations

import logging
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
    wait_option,
)

if TYPE_CHECKING:
    from central.releases import SignedRelease
    from central.signing import Bundle


@click.group()
def release() -> None:
    """The program that kiosks run: built, signed, pushed, rolled out step by step, taken back."""
    import structlog

    # Standard output belongs to answers, and who types a command is told what came of it, not each step.
    structlog.configure(
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
    )


@release.command()
@click.argument("checkout", type=click.Path(exists=True, file_okay=False, path_type=Path), default=Path())
@click.option(
    "--release", "number", type=click.IntRange(1, 1 << 31), required=True, help="Its number, higher than any before."
)
@click.option("--out", type=FOLDER, default=Path("out/release"), show_default=True, help="Where the archive goes.")
@click.option("--wheels", is_flag=True, help="With the wheels of this machine's platform, where dependencies changed.")
@click.option("--python", default=sys.executable, help="With --wheels: of the version that kiosks have (this one's).")
@click.option("--wheels-from", type=FOLDER, help="With wheels that `./provision stick FOLDER --only wheels` gathered.")
@click.option("--platform", help="With --wheels-from: for which kiosks they are, such as cp311-aarch64.")
@json_option
@plain_errors
def build(
    checkout: Path, number: int, out: Path, wheels: bool, python: str, wheels_from: Path | None, platform: str | None,
    as_json: bool,
) -> None:
    """Make a release of a CHECKOUT. The same commit gives the same bytes, so that everybody who signs can build it
    and compare.
    """  # fmt: skip
    from hashlib import file_digest

    from central import release_build

    path = release_build.make(
        checkout, number, out, wheels=wheels, wheels_from=wheels_from, platform=platform, python=python
    )
    with path.open("rb") as opened:
        digest = file_digest(opened, "sha256").hexdigest()
    say(
        f"{path}: {path.stat().st_size // 1024} KB, SHA-256 {digest}",
        {"file": str(path), "release": number, "sha256": digest},
        as_json=as_json,
    )


@release.command()
@state_option
@new_keys_option
@count_option
@threshold_option
@click.option("--signed-by", type=FOLDER, multiple=True, help="Folders of the keys of targets, if people have them.")
@json_option
@plain_errors
def init(
    folder: Path, keys: tuple[Path, ...], count: int, threshold: int, signed_by: tuple[Path, ...], as_json: bool
) -> None:
    """Make the keys that sign releases, and let nobody else sign them. Again, with other folders, it puts those keys in
    the place of the ones before. A key in a token: write application-N.token (module, token, label) there first.
    """
    from central import releases, signing
    from central.repository import APPLICATION

    state = state_of(folder)
    targets = signers(signed_by, "targets") or signing.own_targets_signers(state)
    if not targets:
        raise ValueError("the keys of targets are with people: name their folders with --signed-by")
    make_keys(keys, APPLICATION, count)
    own = signers(keys, APPLICATION)
    signing.delegate(
        state, datetime.now(UTC), APPLICATION, keys=own, threshold=threshold, targets=targets, paths=releases.PATHS
    )
    say(
        f"{threshold} of {len(own)} keys sign releases from now on. Keep them away from the centre, and a copy of each "
        "elsewhere.",
        {"role": APPLICATION, "keys": len(own), "threshold": threshold},
        as_json=as_json,
    )


@release.command()
@click.argument("files", nargs=-1, type=FILE)
@state_option
@keys_option
@out_option
@click.option("--min-release", type=click.IntRange(1), help="Withdraw every release below this one.")
@json_option
@plain_errors
def sign(
    files: tuple[Path, ...], folder: Path, keys: tuple[Path, ...], out: Path | None, min_release: int | None,
    as_json: bool,
) -> None:
    """Sign a release, or add a signature. FILES are its archives, which only the centre can list (--keys may come
    later); or what `sign` wrote there, to which a machine of its own adds a signature, and archives that were built
    there to be held against it. Without FILES what is listed is signed for another year.
    """  # fmt: skip
    from central import private_files, release_archive, releases, signing

    signed, archives = _sorted(files)
    if signed is not None:
        if min_release is not None:
            raise ValueError("--min-release is signed with the rest: give it when you sign the archives")
        bundle, path = signed
        bundle.signed.compare(archives)
    else:
        state = state_of(folder)
        prepared = releases.prepare(state, archives, datetime.now(UTC), min_release)
        bundle = signing.Bundle.of(state, prepared)
        beside = archives[0].parent if archives else Path()
        path = beside / f"{release_archive.stem_of(prepared.release)}{signing.SIGNED}"
    bundle.sign(signers(keys, bundle.signed.role))
    path = out or path
    private_files.write(path, bundle.to_bytes(), private=False)
    say_signed(path, bundle, as_json=as_json)


@release.command()
@click.argument("files", nargs=-1, type=FILE, required=True)
@state_option
@keys_option
@no_rollout_option
@steps_option
@group_option
@wait_option
@json_option
@plain_errors
def push(
    files: tuple[Path, ...], folder: Path, keys: tuple[Path, ...], no_rollout: bool, steps: str, group: str | None,
    wait: int, as_json: bool,
) -> None:
    """Publish a release and begin its rollout. FILES are the signed file, with the archives beside it; or the archives,
    with --keys. Repeating a push that was cut off is safe: a release is published whole or not at all.
    """
    from central import releases, rollouts
    from central.centre import open_centre
    from central.repository import APPLICATION
    from central.rollout_kinds import RELEASE

    state, now = state_of(folder), datetime.now(UTC)
    centre = open_centre(state)
    # What a rollout would be refused for is told before anything is published.
    rollouts.counts(steps.split(","), 100)
    rollouts.of_version(centre, 0, RELEASE)
    bundle, archives = _sorted(files)
    if bundle is not None:
        made = bundle[0].signed
        releases.publish_signed(state, made, [bundle[1].parent, *(path.parent for path in archives)], now)
    elif not keys:
        raise ValueError("the keys of application are with people, not at the centre: sign first, or give --keys")
    else:
        made = releases.publish(state, archives, signers(keys, APPLICATION), now)
    aside: list[int] = []
    if made.release and not no_rollout:
        aside = rollouts.begin_pushed(
            centre, made.release, steps=steps.split(","), group=group, wait_s=wait * 60, kind=RELEASE
        )
    say(
        (f"Release {made.release} is published." if made.release else "What is listed is signed anew.")
        + "".join(f" The rollout of release {number} was set aside." for number in aside),
        {"release": made.release},
        as_json=as_json,
    )


def _sorted(files: tuple[Path, ...]) -> tuple[tuple[Bundle[SignedRelease], Path] | None, list[Path]]:
    """The signed file among them with its place, and the archives."""
    from central import signing
    from central.releases import SignedRelease

    found = [(bundle, path) for path in files if (bundle := signing.read_bundle(path, SignedRelease)) is not None]
    if len(found) > 1:
        raise ValueError("two signed files are named: name one, and archives to hold against it")
    archives = [path for path in files if not found or path != found[0][1]]
    return (found[0] if found else None), archives


for name, command in rollout_cli.commands("release").items():
    release.add_command(command, name)
