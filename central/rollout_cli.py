"""The commands that lead kiosks to what is published: alike for catalogues and for the program's releases."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from central.cli_options import json_option, plain_errors, state_option
from central.cli_signers import group_option, say, state_of, steps_option, wait_option

if TYPE_CHECKING:
    from central.rollout_kinds import Kind

_failures_option = click.option(
    "--failures", type=click.IntRange(0), default=0, show_default=True, help="How many kiosks may fail."
)


def _kind(thing: str) -> Kind:
    """Loaded when a command runs, so that --help needs no database."""
    from central.rollout_kinds import KINDS

    return KINDS[thing]


def commands(thing: str) -> dict[str, click.Command]:
    """`rollout`, `rollback` and `status` of a kind, and `group`; `thing` is the kind's name."""
    named = "release" if thing == "release" else "version"

    @click.command(
        help=f"Bring a published {named} to the kiosks step by step. Each step waits until the kiosks of the one before"
        " run it; more failures than allowed stop it and take it back."
    )
    @click.argument(named, type=click.IntRange(1))
    @state_option
    @steps_option
    @group_option
    @_failures_option
    @wait_option
    @json_option
    @plain_errors
    def rollout(
        folder: Path, steps: str, group: str | None, failures: int, wait: int, as_json: bool, **number: int
    ) -> None:
        from central import rollouts
        from central.centre import open_centre

        begun = rollouts.begin(
            open_centre(state_of(folder)), number[named], steps=steps.split(","), group=group, failures=failures,
            wait_s=wait * 60, kind=_kind(thing),
        )  # fmt: skip
        say(
            f"Rollout {begun.number} of {named} {begun.version}: {', '.join(begun.steps)}.",
            {"rollout": begun.number},
            as_json=as_json,
        )

    @click.command(
        help="Take the kiosks back to what they ran before. No key is needed: that is vouched for already."
    )
    @state_option
    @click.option(f"--{named}", type=click.IntRange(1), help="Which one to take back; the newest by default.")
    @json_option
    @plain_errors
    def rollback(folder: Path, as_json: bool, **number: int | None) -> None:
        from central import rollouts
        from central.centre import open_centre

        stopped = rollouts.stop(
            open_centre(state_of(folder)), "taken back by an administrator", number[named], kind=_kind(thing)
        )
        say(
            f"{named.capitalize()} {stopped.version} is taken back: kiosks return with their next heartbeat.",
            {named: stopped.version},
            as_json=as_json,
        )

    @click.command(
        help="What is published, until when its signatures hold, how rollouts stand, which kiosk runs what.",
        short_help="What is published, what runs where.",
    )
    @state_option
    @json_option
    @plain_errors
    def status(folder: Path, as_json: bool) -> None:
        from central import rollout_status
        from central.centre import open_centre

        kind = _kind(thing)
        found = rollout_status.of(open_centre(state_of(folder)), kind)
        if as_json:
            click.echo(json.dumps(found, ensure_ascii=False))
        else:
            click.echo("\n".join(rollout_status.lines(found, kind)))

    return {"rollout": rollout, "rollback": rollback, "status": status, "group": group}


@click.command(short_help="Put kiosks into a group, for rollouts.")
@click.argument("name")
@click.argument("kiosks", nargs=-1, required=True)
@state_option
@plain_errors
def group(name: str, kiosks: tuple[str, ...], folder: Path) -> None:
    """Put KIOSKS into the group NAME; a hyphen as NAME takes them out of any."""
    from central import rollouts
    from central.centre import open_centre

    rollouts.put_into_group(open_centre(state_of(folder)), kiosks, None if name == "-" else name)
    click.echo(f"{len(kiosks)} in {name}." if name != "-" else f"{len(kiosks)} in no group.")
