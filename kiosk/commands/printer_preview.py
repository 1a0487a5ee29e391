"""`totem printer preview`: the picture of a paper, without a printer."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--profile", "profile_name", default="epson-tm-t20x", show_default=True, help="printer profile")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="PNG to write")
def preview(file: Path, profile_name: str, out: Path) -> None:
    """Draw a receipt, without a printer. FILE is the receipt in JSON."""
    from pydantic import ValidationError

    from printer import picture, profiles
    from printer.receipt import Receipt

    try:
        profile = profiles.load(profile_name)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    try:
        receipt = Receipt.model_validate_json(file.read_bytes())
        image = picture.draw(receipt, profile)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the file"
        raise click.UsageError(f"{file} is not a receipt: {where}: {first['msg']}") from error
    except ValueError as error:
        raise click.UsageError(f"{file} cannot be printed on {profile_name}: {error}") from error
    image.save(out, format="PNG")
