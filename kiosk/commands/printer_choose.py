"""`totem printer choose`: takes a printer into service, or says why not."""

from __future__ import annotations

from typing import Any

import click

from kiosk.commands.options import plain, state_option, stop
from offline_cache.folder import StateFolder


@click.command()
@click.argument("profile")
@click.option("--host", help="Its address in the network.")
@click.option("--port", type=click.IntRange(1, 65535), help="Its port in the network; 9100 where nothing is said.")
@click.option("--usb", help="Vendor and product of a USB printer, as 04b8:0202; `totem printer detect` lists them.")
@click.option("--usb-serial", help="Its serial number, where several of that model hang on this machine.")
@click.option("--serial", "serial_port", help="The serial port that it hangs on, as /dev/ttyUSB0.")
@click.option("--bit-s", type=click.IntRange(min=300), help="Its speed, where it is not the model's.")
@click.option("--flow", type=click.Choice(["rts-cts", "xon-xoff", "none"]), help="Flow control of the serial port.")
@click.option("--file", "device_file", help="The kernel's printer file, as /dev/usb/lp0.")
@click.option(
    "--unconfirmed", default="", metavar="WORDS",
    help='For a printer that cannot tell what it printed: "papers are never called printed", word for word.',
)
@state_option
def choose(folder: StateFolder, **said: Any) -> None:
    """Take a printer into service. PROFILE is its model; one way to it is named.

    It is written under [printer] of totem.toml. A printer that cannot tell whether a paper came out is refused (exit
    status 1) unless that is accepted in so many words; citizens are then asked, and nothing is called printed.
    """
    from pydantic import ValidationError

    from offline_cache.settings import PrinterSettings
    from printer import choice, profiles

    try:
        file = folder.settings_file()
        choice.choose(file, PrinterSettings(**_settings(said)))
    except choice.PrinterRefusedError as error:
        stop(f'{error}; here: --unconfirmed "{profiles.OVERRIDE}"', 1)
    except ValidationError as error:
        stop("; ".join(each["msg"] for each in error.errors()))
    except (OSError, ValueError) as error:
        stop(plain(error))
    click.echo(f"written to {file}: start the printer process again, then `totem printer test`")


def _settings(said: dict[str, Any]) -> dict[str, Any]:
    """The options as [printer] has them; wrong use when they name no way to the printer, or several."""
    ways = {name: said.pop(name) for name in ("host", "usb", "serial_port", "device_file")}
    named = [name for name, value in ways.items() if value]
    if len(named) != 1:
        raise click.UsageError("name one way to the printer: --host, --usb, --serial or --file")
    way = named[0]
    _only_with(said, way, "host", "port")
    _only_with(said, way, "usb", "usb_serial")
    _only_with(said, way, "serial_port", "bit_s", "flow")
    transport = {"host": "network", "usb": "usb", "serial_port": "serial", "device_file": "file"}[way]
    where = "device" if way in {"serial_port", "device_file"} else way
    return {"transport": transport, where: ways[way]} | {name: value for name, value in said.items() if value}


def _only_with(said: dict[str, Any], way: str, wanted: str, *names: str) -> None:
    for name in names:
        if said[name] and way != wanted:
            flag = {"host": "--host", "usb": "--usb", "serial_port": "--serial"}[wanted]
            raise click.UsageError(f"--{name.replace('_', '-')} goes with {flag}")
