"""Commands of `totem central` about kiosks' keys, the quarantine and what is put back from a backup."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import click

from central.cli_options import json_option, plain_errors, print_rows, state_option
from central.state import CentralState


@click.command("revoke-kiosk")
@click.argument("kiosk")
@state_option
@plain_errors
def revoke_kiosk(kiosk: str, folder: Path) -> None:
    """Accept nothing more from a KIOSK. A stolen or copied one; `token --kiosk` lets it come back."""
    from central import enrolment
    from central.centre import open_centre

    enrolment.revoke(open_centre(CentralState(folder)), kiosk)
    click.echo(f"{kiosk} is revoked; what waits on its disk stays there until it is enrolled again.")


@click.command("new-key")
@click.argument("kiosk")
@state_option
@plain_errors
def new_key(kiosk: str, folder: Path) -> None:
    """Ask a KIOSK to make itself another device key. It does so with its next heartbeat."""
    from central import enrolment
    from central.centre import open_centre

    enrolment.wish_key(open_centre(CentralState(folder)), kiosk)
    click.echo(f"{kiosk} will be asked for another key with its next heartbeat.")


@click.command()
@click.argument("kiosk")
@click.argument("number", nargs=-1, required=True)
@state_option
@json_option
@plain_errors
def challenge(kiosk: str, number: tuple[str, ...], folder: Path, as_json: bool) -> None:
    """Answer a technician who is on the telephone. KIOSK and NUMBER are what its screen shows; the code lets them into
    its maintenance for 15 minutes, in a limited role. Know whom you are talking to.
    """
    from central import challenges
    from central.centre import open_centre
    from offline_cache.contract.challenge import grouped

    newest, *before = challenges.answer(open_centre(CentralState(folder)), kiosk, "".join(number))
    if as_json:
        click.echo(json.dumps({"code": newest, "before": before}))
        return
    click.echo(grouped(newest, 4))
    for code in before:
        click.echo(f"{grouped(code, 4)}  if that did not match: the kiosk was away when the key of answers changed")


@click.command("rotate-sealing")
@state_option
@plain_errors
def rotate_sealing(folder: Path) -> None:
    """Make another key to which kiosks seal. Push the catalogue afterwards: it carries the key to them. Old keys open
    what is on its way; those are removed that are older than any kiosk is ever without a link (longest_offline_days).
    """
    from central import keys
    from central.centre import utc_now

    state = CentralState(folder)
    longest, now = timedelta(days=state.settings.longest_offline_days), utc_now()
    keys.load(state.keys)
    made = keys.rotate_sealing(state.keys, now)
    for gone in keys.retire_sealing(state.keys, now, longest):
        click.echo(f"{gone} is removed: nothing can be sealed to it any more.")
    click.echo(f"{made} is made. Push the catalogue now: `totem catalog push`.")


@click.command("rotate-answers")
@state_option
@plain_errors
def rotate_answers(folder: Path) -> None:
    """Make another key by which kiosks know the centre's answers. Start the server again afterwards: it signs with the
    old ones too, and each kiosk relies on the new one alone from its next heartbeat on. Those keys are removed that are
    older than any kiosk is ever without a link (longest_offline_days).
    """
    from central import keys
    from central.centre import utc_now

    state = CentralState(folder)
    longest, now = timedelta(days=state.settings.longest_offline_days), utc_now()
    keys.load(state.keys)
    made = keys.rotate_answers(state.keys, now)
    for gone in keys.retire_answers(state.keys, now, longest):
        click.echo(f"{gone} is removed: no kiosk relies on it any more.")
    click.echo(f"{made} is made. Start the server again now, with the same keys in all its processes.")


@click.command()
@click.argument("ids", nargs=-1)
@click.option("--replay", is_flag=True, help="Judge these items again, or all; exit 1 if any stays.")
@state_option
@json_option
@plain_errors
def quarantine(ids: tuple[str, ...], replay: bool, folder: Path, as_json: bool) -> None:
    """List what could not be processed.

    And judge it again once it can be; without IDS all of it.
    """
    from central import listings
    from central import replay as replaying
    from central.centre import open_centre

    centre = open_centre(CentralState(folder))
    if not replay:
        rows = [row for row in listings.quarantine(centre) if not ids or row["id"] in ids]
        print_rows(rows, as_json, none="nothing is in quarantine")
        return
    judged = replaying.replay(centre, ids)
    if as_json:
        click.echo(json.dumps(judged))
    else:
        for row in judged:
            became = f"stays: {row['reason']}" if row["reason"] else "in its place"
            click.echo(f"{row['id']}  {row['kiosk']}  {became}")
        if not judged:
            click.echo("nothing is in quarantine")
    if any(row["reason"] for row in judged):
        raise SystemExit(1)


@click.command()
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@state_option
@plain_errors
def restore(file: Path | None, folder: Path) -> None:
    """Put a backup in the place of the database. FILE is the newest one by default. The server must not run; what was
    there is kept beside. Kiosks offer again what the backup has not.
    """
    from central import backup

    state = CentralState(folder)
    source = file or backup.backup_file(state)
    backup.restore(state, source)
    click.echo(f"{source} is put back. Start the server: the kiosks offer again what they still keep.")
