"""`totem enrol`: makes this machine a kiosk of the centre that a token names; the last step of `provision`."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import assert_never

import click

from kiosk.commands.options import plain, state_option, stop
from offline_cache.folder import StateFolder

AGAIN_S = 3.0
# How long a first catalogue is asked for over a line that breaks.
CATALOGUE_LIMIT_S = 60.0


@click.command(
    help="Enrol this kiosk with a token file, - for standard input. The six words that it says are read to the "
    "administrator, who approves with them; then it goes on by itself. Exit status 1 if nobody did in time."
)
@click.argument("token_file", type=click.Path(dir_okay=False, allow_dash=True, path_type=Path))
@click.option("--wait-s", type=click.IntRange(0, 24 * 3600), default=1800, show_default=True,
              help="How long to wait for the approval.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON for each step.")
@state_option
def enrol(token_file: Path, wait_s: int, as_json: bool, folder: StateFolder) -> None:
    import structlog

    from offline_cache import catalogue_cache, centre_trust, enrolment
    from offline_cache.client import Refused, Unreachable
    from offline_cache.contract import trust
    from offline_cache.store import StoreError

    # Standard output belongs to the steps.
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))

    def say(state: str, told: str, **more: object) -> None:
        click.echo(json.dumps({"state": state, **more}) if as_json else told)
        sys.stdout.flush()

    try:
        text = sys.stdin.read() if str(token_file) == "-" else token_file.read_text(encoding="utf-8")
        token = trust.read_token(text)
        known = centre_trust.fetch(token)
        if not enrolment.is_enrolled(folder):
            words = trust.words(
                public_key=enrolment.public_key(folder), answer_key=known.answer_key, root=token.root_sha256
            )
            root = folder.path / "root.offered.json"
            root.write_text(known.root, encoding="utf-8")
            until_s, told = time.monotonic() + wait_s, False
            while True:
                try:
                    given = enrolment.enrol(
                        folder, secret=token.secret, root=root, sealing_sha256=token.sealing_sha256
                    )
                    break
                except Refused as error:
                    if error.code != trust.AWAITING_APPROVAL:
                        stop(f"the centre refused: {error}", 1)
                    if not told:
                        say("waiting", f"the six words: {' '.join(words)}", words=words)
                        told = True
                except Unreachable as error:
                    if time.monotonic() >= until_s:
                        stop(f"the centre does not answer at {token.centre}: {error}", 1)
                if time.monotonic() >= until_s:
                    stop("nobody approved this kiosk in time: run it again, the words stay the same", 1)
                time.sleep(AGAIN_S)
            root.unlink()
            if given.answer_key != known.answer_key:
                stop("the centre answers with another key than it told: have the administrator look", 1)
            say("enrolled", f"enrolled as {given.kiosk}", kiosk=given.kiosk)
        state, line = _first_catalogue(folder)
        enrolment.check_sealing(folder, token.sealing_sha256)
    except catalogue_cache.SealsElsewhereError as error:
        stop(str(error), 1)
    except (StoreError, OSError, ValueError) as error:
        stop(plain(error))
    say(state, line, catalogue=state == "ready", line=line)


def _first_catalogue(folder: StateFolder) -> tuple[str, str]:
    """How it stands with the catalogue, as a state and as a line."""
    from offline_cache.sync_process import FirstCatalogue, first_catalogue

    try:
        found, why = first_catalogue(folder, CATALOGUE_LIMIT_S)
    except BlockingIOError:
        return "catalogue-later", "the sync process runs already: it fetches the catalogue"
    match found:
        case FirstCatalogue.HERE:
            return "ready", "the catalogue is here"
        case FirstCatalogue.NONE_PUBLISHED:
            return "no-catalogue", "the centre has published no catalogue yet: the kiosk waits for it"
        case FirstCatalogue.NOT_FETCHED:
            return "catalogue-later", "the catalogue could not be fetched yet: the kiosk goes on trying"
        case FirstCatalogue.REFUSED:
            return "catalogue-refused", f"the centre's catalogue was refused: {why}"
        case _:
            assert_never(found)
