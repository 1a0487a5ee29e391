"""`totem journey FILE`: plays what a citizen does on the real application, in a real window."""

from __future__ import annotations

import json
from pathlib import Path

import click

from kiosk.commands.options import CHECKOUT, state_option, stop
from offline_cache.folder import StateFolder


@click.command(help="Play a journey file; pictures of every screen and paper go to --out.")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), default=CHECKOUT / "out", help="Where pictures go.")
@click.option(
    "--by", type=click.Choice(["touch", "keys", "speech"]), default="touch",
    help="Fingers; keys alone; or keys and what is spoken, without looking.",
)
@click.option("--json", "as_json", is_flag=True, help="The result as JSON on standard output.")
@state_option
def journey(file: Path, out: Path, by: str, as_json: bool, folder: StateFolder) -> None:
    from kiosk.simulation import demonstrate, journey_file
    from kiosk.simulation.ways import By

    try:
        loaded = journey_file.load(file)
        played = demonstrate.play_one(demonstrate.places(folder.path), file.stem, loaded, out / file.stem, By(by))
    except (journey_file.JourneyError, *demonstrate.CANNOT_RUN) as error:
        stop(str(error))
    if as_json:
        click.echo(json.dumps(played.as_json(), ensure_ascii=False, indent=1))
    else:
        click.echo(demonstrate.sentence(played))
    raise SystemExit(1 if played.failed else 0)
