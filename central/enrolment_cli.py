"""Commands of `totem central` that let kiosks in: tokens, who waits, approval by six words."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import click

from central.cli_options import json_option, plain_errors, print_rows, state_option
from central.state import CentralState


@click.command()
@state_option
@click.option("--hours", type=click.IntRange(1, 24 * 30), default=24, show_default=True,
              help="How long it may be used.")
@click.option("--kiosk", help="Let this kiosk come back: revoked, forgotten by a restored centre, or on another disk.")
@click.option("--file", "target", type=click.Path(dir_okay=False, path_type=Path),
              help="Write a token file for a technician; its kiosk waits for `approve`.")
@click.option("--url", help="With --file: the address at which kiosks reach this centre, https://HOST:PORT.")
@json_option
@plain_errors
def token(
    folder: Path, hours: int, kiosk: str | None, target: Path | None, url: str | None, as_json: bool
) -> None:
    """Make a single-use secret for enrolling one kiosk. Outside a demonstration the kiosk waits for `approve`."""
    from central import approvals, enrolment, private_files
    from central.centre import open_centre

    if (target is None) is not (url is None):
        raise ValueError("a token file needs both --file and --url, the address at which kiosks reach this centre")
    centre = open_centre(CentralState(folder))
    wanted = target is not None or not centre.state.settings.demonstration
    valid_for = timedelta(hours=hours)
    if target is not None and url is not None:
        # What the address is wrong for is said before a secret is made.
        approvals.token(centre, url=url, secret="", valid_for=valid_for)
    secret = enrolment.make_secret(centre, valid_for, kiosk, approval=wanted)
    said: dict[str, object] = {"secret": secret, "hours": hours, "approval": wanted}
    line = secret
    if target is not None and url is not None:
        made = approvals.token(centre, url=url, secret=secret, valid_for=valid_for)
        private_files.write(target, made.text().encode())
        said["file"] = str(target)
        line = f"{target} is written: for one kiosk, until {made.expires}. Afterwards: totem central approve WORDS"
    click.echo(json.dumps(said) if as_json else line)


@click.command()
@state_option
@json_option
@plain_errors
def enrolments(folder: Path, as_json: bool) -> None:
    """List the kiosks that wait for approval."""
    from central import approvals
    from central.centre import open_centre

    print_rows(approvals.waiting(open_centre(CentralState(folder))), as_json, none="no kiosk waits")


@click.command()
@click.argument("words", nargs=-1, required=True)
@state_option
@plain_errors
def approve(words: tuple[str, ...], folder: Path) -> None:
    """Let in the kiosk whose status receipt says these six WORDS. Have them read to you by whoever stands before it."""
    from central import approvals
    from central.centre import open_centre

    label = approvals.approve(open_centre(CentralState(folder)), " ".join(words))
    click.echo(f"{label} is approved: it enrols itself within seconds.")
