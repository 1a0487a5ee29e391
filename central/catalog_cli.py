"""`totem catalog`: checking a catalogue and publishing it. Exit 0 done, 1 the catalogue is wrong, 2 wrong use."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from central.cli_options import json_option, plain_errors, state_option
from central.state import CentralState

# The largest catalogue one can think of has a tenth of it.
LONGEST_BYTES = 2 * 2**20
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def catalog() -> None:
    """The service catalogue."""


@catalog.command()
@click.argument("file", type=FILE)
@json_option
@plain_errors
def validate(file: Path, as_json: bool) -> None:
    """Check a catalogue written in YAML."""
    from central.publishing import files_of
    from kiosk.catalog.model import SealingKey
    from kiosk.catalog.read import CatalogueError, from_yaml

    problems: tuple[str, ...] = ()
    # what publishing adds is not the author's; stand-ins complete the record for this check only
    keys = (SealingKey(key_id="check", public_key=""),)
    try:
        from_yaml(
            _text(file), version=1, published="", trust_anchors=(), sealing_keys=keys,
            files=files_of(file.parent),
        )
    except CatalogueError as error:
        problems = error.problems
    _report(file, problems, as_json)


@catalog.command()
@click.argument("file", type=FILE)
@state_option
@json_option
@plain_errors
def push(file: Path, folder: Path, as_json: bool) -> None:
    """Sign and publish a catalogue; kiosks take it at their next look."""
    from central import publishing
    from central.centre import utc_now
    from kiosk.catalog.read import CatalogueError

    state = CentralState(folder)
    _ = state.settings
    try:
        catalogue = publishing.publish(state, _text(file), utc_now(), file.parent)
    except CatalogueError as error:
        _report(file, error.problems, as_json)
        return
    line = f"Version {catalogue.version} is published: {len(catalogue.services)} services."
    click.echo(json.dumps({"version": catalogue.version, "published": catalogue.published}) if as_json else line)


def _text(file: Path) -> str:
    """The file's text; CatalogueError if it is none."""
    from kiosk.catalog.read import CatalogueError

    with file.open("rb") as opened:
        data = opened.read(LONGEST_BYTES + 1)
    if len(data) > LONGEST_BYTES:
        raise CatalogueError([f"longer than {LONGEST_BYTES // 2**20} MB: this is no catalogue"])
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise CatalogueError([f"line {line} is not UTF-8: save the file as UTF-8"]) from error


def _report(file: Path, problems: tuple[str, ...], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"valid": not problems, "problems": problems}, ensure_ascii=False))
    elif problems:
        for problem in problems:
            click.echo(f"{file}: {problem}", err=True)
    else:
        click.echo(f"{file}: valid")
    sys.exit(1 if problems else 0)
