"""`totem central`: the other end, from a terminal. Exit 0 done, 2 wrong use; errors are one plain line."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from central import document_cli, enrolment_cli, fleet_cli, ticket_cli
from central.cli_options import json_option, plain_errors, print_rows, state_option
from central.state import CentralState, Settings, make_folder

# The made-up prefeitura has sixteen kiosks already.
DEMONSTRATION_FIRST_KIOSK = 17
SIMULATED_OFFICE = "Prefeitura de Vila Aurora (sem valor)"


@click.group()
def central() -> None:
    """The centre: enrolment, events, documents, catalogue."""
    import structlog

    # standard output belongs to answers
    structlog.configure(
        processors=[
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.add_log_level,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


@central.command()
@state_option
@click.option("--simulation", is_flag=True, help="A demonstration: accepts simulated kiosks, backs itself up.")
@click.option("--anchors", type=click.Path(exists=True, dir_okay=False, path_type=Path), multiple=True,
              help="PEM file of roots that citizens' cards chain to.")
@click.option("--debts", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="CSV of debts; the made-up prefeitura's by default in a simulation.")
@click.option("--host", "hosts", multiple=True,
              help="A name or address by which kiosks reach this centre: the server's certificate names it.")
@click.option("--office", help="Who signs documents, as readers of PDFs show it (an office's name).")
@plain_errors
def init(folder: Path, simulation: bool, anchors: tuple[Path, ...], debts: Path | None, office: str | None,
         hosts: tuple[str, ...]) -> None:
    """Make a centre's folder. Keys, database, TUF root and certificate; what exists stays."""
    from central import debts_csv, keys, private_files, publishing, tls
    from central.centre import utc_now
    from central.database import Database

    now = utc_now()
    for file in anchors:
        _check_pem(file)
    if debts is not None:
        debts_csv.read(debts)
    first = DEMONSTRATION_FIRST_KIOSK if simulation else 1
    state = make_folder(folder, Settings(demonstration=simulation, first_kiosk=first))
    keys.make(state.keys, now, office or (SIMULATED_OFFICE if simulation else "Totem"))
    tls.make(state, hosts)
    publishing.initialise(state, now)
    for number, file in enumerate(anchors, start=1):
        private_files.write(state.anchors / f"{number:02d}-{file.stem}.pem", file.read_bytes(), private=False)
    if debts is not None:
        private_files.write(state.debts, debts.read_bytes())
    elif simulation:
        # anew each time: the dates must lie ahead of the day of the demonstration
        debts_csv.copy_sample(state.debts, now.date())
    if simulation and not state.registrars.exists():
        private_files.write(state.registrars, debts_csv.SAMPLE.with_name("registrars.toml").read_bytes())
    database = Database(state.database_url)
    database.migrate()
    database.close()
    click.echo(f"The centre is ready in {folder}.")


@central.command()
@state_option
@click.option("--host", default="127.0.0.1", show_default=True, help="0.0.0.0 or :: for kiosks elsewhere.")
@click.option("--port", type=click.IntRange(0, 65535), default=8443, show_default=True,
              help="0 takes a free one.")
@click.option("--processes", type=click.IntRange(1, 64), default=1, show_default=True,
              help="How many answer on the port. A fleet on PostgreSQL wants one a core.")
@plain_errors
def serve(folder: Path, host: str, port: int, processes: int) -> None:
    """Answer kiosks over TLS until told to stop."""
    from central.serve import bind
    from central.serve import serve as run

    state = CentralState(folder)
    _ = state.settings
    said = f"The centre answers on https://{host}"
    run(state, bind(host, port), lambda taken: click.echo(f"{said}:{taken}"), processes)


@central.command()
@state_option
@json_option
@plain_errors
def kiosks(folder: Path, as_json: bool) -> None:
    """List the enrolled kiosks."""
    from central import listings
    from central.centre import open_centre

    print_rows(listings.kiosks(open_centre(CentralState(folder))), as_json, none="no kiosks yet")


@central.command()
@state_option
@json_option
@plain_errors
def tickets(folder: Path, as_json: bool) -> None:
    """List the tickets, people masked."""
    from central import listings
    from central.centre import open_centre

    print_rows(listings.tickets(open_centre(CentralState(folder))), as_json, none="no tickets yet")


@central.command()
@state_option
@json_option
@plain_errors
def alerts(folder: Path, as_json: bool) -> None:
    """List what somebody has to look at. Kiosks that look up too many people, or show too many bad proofs."""
    from central import vigilance
    from central.centre import open_centre

    print_rows(vigilance.alerts(open_centre(CentralState(folder))), as_json, none="no alerts")


@central.command()
@state_option
@plain_errors
def revocation(folder: Path) -> None:
    """Fetch the revocation lists that the catalogue names. A centre that serves does so every half hour."""
    from central import revocation as lists
    from central.centre import open_centre

    click.echo(f"{lists.refresh(open_centre(CentralState(folder)))} lists were newer.")


@central.command()
@state_option
@json_option
@plain_errors
def backup(folder: Path, as_json: bool) -> None:
    """Copy the database aside. Kiosks may then purge what lies in the copy."""
    from central import backup as backups
    from central.centre import open_centre

    state = CentralState(folder)
    safe = backups.run(open_centre(state))
    if not as_json:
        click.echo(f"{backups.backup_file(state)} is written.")
    print_rows([{"kiosk": kiosk, "safe_seq": seq} for kiosk, seq in safe.items()], as_json, none="no kiosks yet")


@central.command()
@state_option
@json_option
@plain_errors
def debts(folder: Path, as_json: bool) -> None:
    """Check that the tax system can be asked. Its CSV file is read, or its database asked for nobody's debts."""
    from central.debts import source

    said = source(CentralState(folder)).check()
    click.echo(json.dumps({"works": True, "source": said}, ensure_ascii=False) if as_json else said)


@central.command()
@state_option
@json_option
@plain_errors
def registrars(folder: Path, as_json: bool) -> None:
    """Check that registrars can be asked.

    Every one of registrars.toml; nothing is registered.
    """
    from central import registrar

    said = {name: found.check() for name, found in registrar.registrars(CentralState(folder)).items()}
    if as_json:
        click.echo(json.dumps(said, ensure_ascii=False))
        return
    for line in [f"{name}: {words}" for name, words in said.items()] or ["no registrars.toml: no registrars"]:
        click.echo(line)


@central.command()
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--flagged", is_flag=True, help="List only the guides with something wrong.")
@state_option
@json_option
@plain_errors
def payments(folder: Path, file: Path | None, flagged: bool, as_json: bool) -> None:
    """Take payments in, list what is paid.

    Payments come from a CSV FILE; then the paid guides are listed. Without FILE only the list. Flagged is a guide that
    was paid by barcode and by Pix, twice by the same way, with another amount, or that no kiosk issued. Columns: id,
    channel (barcode, pix, pagopa, transfer), reference (the barcode's digits or line, a txid, a notice's number, a
    creditor's reference), amount_cents, paid (ISO date). A payment that came in another file before is not taken twice.
    """
    from central import payments as books
    from central.centre import open_centre

    centre = open_centre(CentralState(folder))
    taken = books.take(centre, file) if file is not None else None
    listed = [row for row in books.listing(centre) if row["flags"] or not flagged]
    if as_json:
        click.echo(json.dumps(listed, ensure_ascii=False))
        return
    if taken is not None:
        click.echo(f"{taken.new} new payments, {taken.known} known before")
    for line in books.lines(listed) or ["no guide paid" + (" with anything wrong" if flagged else "")]:
        click.echo(line)


def _check_pem(file: Path) -> None:
    from cryptography.x509 import load_pem_x509_certificates

    try:
        load_pem_x509_certificates(file.read_bytes())
    except ValueError as error:
        raise ValueError(f"{file} holds no certificates in PEM") from error


for command in (
    enrolment_cli.token, enrolment_cli.enrolments, enrolment_cli.approve,
    document_cli.documents, document_cli.revoke, document_cli.keys,
    ticket_cli.progress, ticket_cli.unlock, ticket_cli.numbers,
    fleet_cli.revoke_kiosk, fleet_cli.new_key, fleet_cli.challenge, fleet_cli.rotate_sealing, fleet_cli.rotate_answers,
    fleet_cli.quarantine, fleet_cli.restore,
):
    central.add_command(command)
