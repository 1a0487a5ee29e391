"""The `totem` command. Each subcommand's code is loaded when it is called, so that the others start at once."""

from __future__ import annotations

import importlib
import sys
from typing import Any, NoReturn

import click

from kiosk.commands.options import INTERRUPTED, plain, stop

COMMANDS = {
    "run": ("kiosk.commands.run:run", "Run one process of the kiosk, or the whole demonstration."),
    "journey": ("kiosk.commands.journey:journey", "Play a journey file on the real application."),
    "dock": ("kiosk.commands.dock:dock", "Move the simulated hardware: cards, printer, network, headset."),
    "card": ("kiosk.commands.card:card", "Read a smart card, or watch the readers."),
    "guide": ("kiosk.commands.issuing:guide", "Decode or make a payment guide's code."),
    "pix": ("kiosk.commands.issuing:pix", "Decode or make a Pix payload."),
    "code": ("kiosk.commands.issuing:code", "Check the code of a ticket or a document."),
    "document": ("kiosk.commands.document:document", "Check a document's seal without a network."),
    "printer": ("kiosk.commands.printer:printer", "Ask and test the printer; preview a receipt."),
    "speech": ("kiosk.commands.speech:speech", "Try the voice of the screen."),
    "doctor": ("kiosk.commands.doctor:doctor", "Look at everything; what to do where something is missing."),
    "queue": ("kiosk.commands.queue:queue", "What waits for the centre."),
    "enrol": ("kiosk.commands.enrol:enrol", "Make this machine a kiosk of the centre that a token names."),
    "sync": ("kiosk.commands.sync:sync", "Send what waits now, once."),
    "catalog": ("kiosk.commands.catalog:catalog", "Write, check, sign and push the service catalogue."),
    "release": ("central.release_cli:release", "Build, sign and push the program that kiosks run."),
    "central": ("central.cli:central", "The other end: serve it, and look into it."),
}


# These stay until they are told to end; what breaks in them belongs into the journal as it is.
SERVICES = (["run"], ["central", "serve"], ["dock", "serve"])


class Lazy(click.Group):
    def main(self, *arguments: Any, **named: Any) -> NoReturn:
        """Every failure leaves as one plain line on standard error that says what to do, never as a traceback."""
        named |= zip(("args", "prog_name"), arguments, strict=False)
        given = list(sys.argv[1:] if named.get("args") is None else named["args"])
        try:
            status = super().main(**{**named, "args": given, "prog_name": "totem", "standalone_mode": False})
        except click.exceptions.NoArgsIsHelpError as error:
            error.show()
            sys.exit(error.exit_code)
        except click.UsageError as error:
            where = error.ctx.command_path if error.ctx else "totem"
            stop(f"{error.format_message().rstrip('.')}: see `{where} --help`")
        except click.ClickException as error:
            stop(error.format_message(), error.exit_code)
        except click.Abort:
            sys.exit(INTERRUPTED)
        except (OSError, ValueError) as error:
            stop(plain(error))
        except Exception as error:
            if any(given[: len(service)] == service for service in SERVICES):
                raise
            stop(f"this is a fault of the program ({type(error).__name__} {_where(error)}); please report it")
        sys.exit(status if isinstance(status, int) else 0)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's interface
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  click's interface
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name][0].partition(":")
        try:
            command = getattr(importlib.import_module(module), attribute)
        except ModuleNotFoundError as error:
            if error.name and error.name.split(".")[0] in {"kiosk", "printer", "devices", "offline_cache"}:
                raise
            stop(
                f"`totem {cmd_name}` needs {error.name}, which is not installed here (an appliance carries no centre)."
            )
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  click's interface
        with formatter.section("Commands"):
            formatter.write_dl([(name, words) for name, (_, words) in COMMANDS.items()])


def _where(error: Exception) -> str:
    """File and line of the innermost frame."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"at {trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace is not None else "somewhere"


@click.command(cls=Lazy, help="Totem: the software of a public self-service kiosk.")
@click.version_option(package_name="totem-kiosk")
def main() -> None:
    pass


if __name__ == "__main__":
    main()
