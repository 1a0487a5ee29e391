"""The `totem` command. Each subcommand's code is loaded when it is called, so that the others start at once."""

from __future__ import annotations

import importlib
import sys
from typing import Any, NoReturn

import click

from kiosk.commands.options import plain, stop

COMMANDS = {
    "run": ("kiosk.commands.run:run", "Run one process of the kiosk, or the whole demonstration."),
    "journey": ("kiosk.commands.journey:journey", "Play a journey file on the real application."),
    "dock": ("kiosk.commands.dock:dock", "Move the simulated hardware: cards, printer, network."),
    "card": ("kiosk.commands.card:card", "Read a smart card, or watch the readers."),
    "guide": ("kiosk.commands.issuing:guide", "Decode or make a payment guide's code."),
    "pix": ("kiosk.commands.issuing:pix", "Decode or make a Pix payload."),
    "code": ("kiosk.commands.issuing:code", "Check a tracking code."),
    "document": ("kiosk.commands.document:document", "Check a document's seal without a network."),
    "printer": ("kiosk.commands.printer:printer", "Ask and test the printer; preview a receipt."),
    "queue": ("kiosk.commands.queue:queue", "What waits for the centre."),
    "sync": ("kiosk.commands.sync:sync", "Send what waits now, once."),
    "catalog": ("central.catalog_cli:catalog", "Check, sign and push the service catalogue."),
    "central": ("central.cli:central", "The other end: serve it, and look into it."),
}


INTERRUPTED = 130


class Lazy(click.Group):
    def main(self, *arguments: Any, **options: Any) -> NoReturn:
        """Runs one command. Wrong use and what the machine refuses leave as one plain line, exit 2."""
        options["prog_name"] = "totem"
        try:
            status = super().main(*arguments, **{**options, "standalone_mode": False})
        except click.exceptions.NoArgsIsHelpError as error:
            click.echo(error.format_message(), err=True)
            sys.exit(error.exit_code)
        except click.ClickException as error:
            context = getattr(error, "ctx", None)
            hint = f" (see `{context.command_path} --help`)" if context is not None else ""
            stop(f"{error.format_message().rstrip('.')}{hint}")
        except click.Abort:
            sys.exit(INTERRUPTED)
        except OSError as error:
            stop(plain(error))
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


@click.command(cls=Lazy, help="Totem: the software of a public self-service kiosk.")
@click.version_option(package_name="totem-kiosk")
def main() -> None:
    pass


if __name__ == "__main__":
    main()
