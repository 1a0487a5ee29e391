"""totem.toml: what a technician decides about one machine."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kiosk.catalog import problems


class PrinterSettings(BaseModel):
    """Which printer, and the way to it: `host` and `port`; `usb` (vendor:product, `usb_serial` where there are
    several); `device`, with `bit_s` and `flow` for a serial port. `unconfirmed` says in so many words that a printer
    is accepted which cannot tell what it printed (printer/profiles.py).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    transport: Literal["network", "usb", "serial", "file"] = "network"
    host: str = "127.0.0.1"
    port: int = 9100
    usb: str = ""
    usb_serial: str = ""
    device: str = ""
    bit_s: int | None = None
    flow: Literal["rts-cts", "xon-xoff", "none"] = "rts-cts"
    profile: str = "epson-tm-t20x"
    unconfirmed: str = ""

    @property
    def address(self) -> str:
        """Where it is, for people."""
        match self.transport:
            case "network":
                return f"{self.host}:{self.port}"
            case "usb":
                return f"usb {self.usb} {self.usb_serial}".rstrip()
            case "serial" | "file":
                return self.device


class PagePrinterSettings(BaseModel):
    """The A4 printer: a queue of CUPS, which is asked at a socket's path or at host:port."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    queue: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,126}$")
    server: str = Field(default="/run/cups/cups.sock", pattern=r"^(/.+|.+:\d{1,5})$")


class CentreSettings(BaseModel):
    """`ca` is a PEM file: the pinned authority of the centre's TLS certificate."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str
    ca: str


class PanelSettings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    width_px: int = 1080
    height_px: int = 1920
    width_mm: float = 296.7
    height_mm: float = 527.4


class SyncSettings(BaseModel):
    """Seconds between heartbeats, and the longest wait between tries while the centre cannot be reached."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    heartbeat_s: float = 60.0
    retry_cap_s: float = 60.0


class SpeechSettings(BaseModel):
    """How the screen is spoken (kiosk/access/voices.py says what the commands may use); None is what is built in.

    `headset`: the input device with the headset's switch, "auto" to look for one, "" where there is none.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    engine: str | None = None
    player: str | None = None
    clips: str | None = None
    headset: str = "auto"
    voices: dict[str, str] = {}


class KeySettings(BaseModel):
    """Keys by command, where a keypad sends others than kiosk/access/keys.py has, and their times in seconds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    commands: dict[str, tuple[str, ...]] = {}
    double_strike_s: float = Field(default=0.06, ge=0, le=2)
    repeat_after_s: float = Field(default=0.8, ge=0.1, le=5)
    repeat_every_s: float = Field(default=0.25, ge=0.05, le=5)


class Settings(BaseModel):
    """All of it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    label: str = "Totem"
    place: str = ""
    centre: CentreSettings
    printer: PrinterSettings = PrinterSettings()
    page_printer: PagePrinterSettings | None = None
    panel: PanelSettings = PanelSettings()
    sync: SyncSettings = SyncSettings()
    speech: SpeechSettings = SpeechSettings()
    keys: KeySettings = KeySettings()
    # When the programs begin anew, once a day, if nobody is there; "" for never.
    restart: str = Field(default="03:00", pattern=r"^(([01]\d|2[0-3]):[0-5]\d)?$")
    pcscd_socket: str | None = None
    # PKCS#11 modules for cards that need one, in the order in which they are tried; none: those known and installed.
    pkcs11_modules: tuple[str, ...] = ()


def read(file: Path) -> Settings:
    """The settings of a file; ValueError names it and, in one line, every field that is wrong."""
    value: dict[str, object] = {}
    try:
        value = tomllib.loads(file.read_text(encoding="utf-8"))
        return Settings.model_validate(value)
    except ValidationError as error:
        raise ValueError(f"{file}: {'; '.join(map(str, problems.lines(error, value)))}") from error
    except UnicodeDecodeError as error:
        raise ValueError(f"{file} is not UTF-8: save it as UTF-8") from error
    except ValueError as error:
        raise ValueError(f"{file}: {error}") from error
