"""What the counter and the departments say of tickets, and what became of the numbers of guides."""

from __future__ import annotations

from pathlib import Path

import click

from central.cli_options import json_option, plain_errors, print_rows, state_option
from central.progress import STATES
from central.state import CentralState


@click.command()
@click.argument("code")
@click.argument("state", type=click.Choice(STATES))
@state_option
@plain_errors
def progress(code: str, state: str, folder: Path) -> None:
    """Say what has become of a ticket.

    Whoever follows its tracking code CODE sees state and time.
    """
    from central import progress as tickets
    from central.centre import open_centre

    tickets.set_state(open_centre(CentralState(folder)), code, state)


@click.command()
@click.argument("code")
@state_option
@plain_errors
def unlock(code: str, folder: Path) -> None:
    """Let CODE be asked about again after too many wrong PINs. For the counter, once the citizen is known there."""
    from central import progress as tickets
    from central.centre import open_centre

    tickets.unlock(open_centre(CentralState(folder)), code)


@click.command()
@state_option
@json_option
@plain_errors
def numbers(folder: Path, as_json: bool) -> None:
    """List the blocks of guide numbers.

    Which kiosk holds what, how many came back in tickets, how many are wasted.
    """
    from central import numbers as blocks
    from central.centre import open_centre

    print_rows(blocks.listing(open_centre(CentralState(folder))), as_json, none="no numbers leased yet")
