"""`totem catalog`: what an author needs stands here; what needs the centre's keys and folder comes from the centre.

Exit 0 done, 1 the catalogue is wrong, 2 wrong use.
"""

from __future__ import annotations

import importlib
import json
import logging
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kiosk.commands.options import stop

if TYPE_CHECKING:
    from kiosk.authoring.validation import Verdict

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
LANGUAGES = click.Choice(["pt-BR", "es", "it", "en"])
# Of central.catalog_cli: listed here so that --help needs no centre.
OF_THE_CENTRE = {
    "init": "Make the keys that sign catalogues, and the root that names them.",
    "sign": "Sign a catalogue, or add a signature to a signed one.",
    "push": "Publish a signed catalogue, or sign and publish in one step.",
    "rollout": "Bring a published version to the kiosks, group by group and step by step.",
    "rollback": "Take the kiosks back to the version before.",
    "status": "What is published, what runs where, what waits for a signature.",
    "rotate": "Put a new key in the place of one that signs.",
    "group": "Put kiosks into a group, for rollouts.",
}

json_option = click.option("--json", "as_json", is_flag=True, help="One line of JSON, for machines.")


class Catalog(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*super().list_commands(ctx), *OF_THE_CENTRE]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in OF_THE_CENTRE:
            return super().get_command(ctx, cmd_name)
        try:
            commands = importlib.import_module("central.catalog_cli").COMMANDS
        except ModuleNotFoundError as error:
            if error.name and error.name.split(".")[0] in {"kiosk", "printer", "devices", "offline_cache"}:
                raise
            stop(f"`totem catalog {cmd_name}` needs {error.name}: run it where the centre is installed")
        command = commands[cmd_name]
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        own = [(name, self.commands[name].get_short_help_str()) for name in super().list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl([*own, *OF_THE_CENTRE.items()])


@click.group(cls=Catalog)
def catalog() -> None:
    """The service catalogue: written, checked, looked at, signed, pushed, rolled back."""
    import structlog

    # Standard output belongs to answers, and who types a command is told what came of it, not each step.
    structlog.configure(
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
    )


def checked(file: Path) -> Verdict:
    """What checking says of a file as it stands today."""
    from kiosk.authoring.validation import LONGEST_BYTES, validate
    from kiosk.catalog.crest import MOST_BYTES

    def beside(name: str) -> bytes:
        with (file.parent / name).open("rb") as opened:
            return opened.read(MOST_BYTES + 1)

    with file.open("rb") as opened:
        data = opened.read(LONGEST_BYTES + 1)
    return validate(data, datetime.now(UTC).date(), beside)


def report(file: Path, verdict: Verdict, *, as_json: bool) -> None:
    """Every problem: file, line, field, what is wrong, how to mend it."""
    if as_json:
        click.echo(json.dumps(verdict.told(str(file)), ensure_ascii=False))
    elif verdict.problems:
        for entry in verdict.problems:
            click.echo(f"{file}:{entry}", err=True)
    else:
        click.echo(f"{file}: valid")


@catalog.command()
@click.argument("file", type=FILE)
@json_option
def validate(file: Path, as_json: bool) -> None:
    """Check a catalogue written in YAML. Every error in one run."""
    verdict = checked(file)
    report(file, verdict, as_json=as_json)
    sys.exit(1 if verdict.problems else 0)


@catalog.command()
@click.argument("file", type=FILE)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default=Path("out/preview"), show_default=True)
@click.option(
    "--panel", type=click.Choice(["tall", "wide", "p1280", "p1024", "p800"]), default="tall", show_default=True
)
def preview(file: Path, out: Path, panel: str) -> None:
    """Draw every screen and receipt.

    In every language, with one page that shows them all. Needs no kiosk.
    """
    import dataclasses
    import subprocess

    from kiosk.catalog.read import to_json
    from kiosk.widgets.tokens import PANELS

    verdict = checked(file)
    if verdict.problems:
        report(file, verdict, as_json=False)
    if verdict.catalogue is None:
        sys.exit(1)
    out.mkdir(parents=True, exist_ok=True)
    command = [
        sys.executable, "-m", "kiosk.rehearsal", "--pictures", str(out),
        "--panel", json.dumps(dataclasses.asdict(PANELS[panel])),
    ]  # fmt: skip
    done = subprocess.run(command, input=to_json(verdict.catalogue), capture_output=True, check=False)
    if done.returncode:
        last = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
        raise ValueError(f"a screen of this catalogue cannot be drawn: {' '.join(last)}")
    click.echo(f"{out / 'index.html'}: {len(list(out.glob('*.png')))} pictures")


@catalog.command()
def schema() -> None:
    """Print a catalogue's JSON Schema, for editors."""
    from kiosk.authoring import schema as schemas

    click.echo(schemas.text(), nl=False)


@catalog.command("export")
@click.argument("file", type=FILE)
@click.option("--language", type=LANGUAGES, default="en", show_default=True)
def export_(file: Path, language: str) -> None:
    """Write requests as Open311 definitions."""
    from kiosk.authoring import open311
    from kiosk.catalog.model import Language

    verdict = checked(file)
    if verdict.catalogue is None:
        report(file, verdict, as_json=False)
        sys.exit(1)
    click.echo(json.dumps(open311.export(verdict.catalogue, Language(language)), ensure_ascii=False, indent=1))


@catalog.command("import")
@click.argument("file", type=FILE)
@click.option("--language", type=LANGUAGES, default="en", show_default=True, help="In which it is written.")
def import_(file: Path, language: str) -> None:
    """Read Open311 services as YAML.

    What export writes, or a service list; the YAML is to go on from.
    """
    import yaml

    from kiosk.authoring import open311
    from kiosk.catalog.model import Language

    try:
        value: Any = json.loads(file.read_bytes())
    except ValueError as error:
        raise ValueError(f"{file} is no JSON: save what the Open311 server answers") from error
    listed = value.get("services") if isinstance(value, dict) else value
    definitions = value.get("definitions") if isinstance(value, dict) else None
    if not isinstance(listed, list):
        line = f"{file} lists no services: save what the Open311 server answers to GET services.json"
        raise ValueError(line)  # noqa: TRY004  told as one plain line
    defined = definitions if isinstance(definitions, dict) else {}
    services = [
        open311.take_in(
            entry, defined.get(str(entry.get("service_code"))) if isinstance(entry, dict) else None, Language(language)
        )
        for entry in listed
    ]
    click.echo(yaml.safe_dump({"services": services}, allow_unicode=True, sort_keys=False, width=120), nl=False)
