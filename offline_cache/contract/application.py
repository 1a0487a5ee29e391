"""Which program a kiosk runs, as it tells the centre."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

# Releases are numbered 1, 2, 3…; 0 is the program that a kiosk was provisioned with.
Release = Annotated[int, Field(ge=0, le=1 << 31)]


class Application(BaseModel):
    """`platform` is what its wheels are for (`cp311-x86_64`), `lock` the SHA-256 of systemd/appliance.lock, hex.
    `current`: no update has happened here; `trying`: switched, the health check is not over; `proven`: it is, and well.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    release: Release
    version: str = Field(pattern=r"^[0-9A-Za-z.+-]{1,32}$")
    platform: str = Field(pattern=r"^[0-9a-z_.-]{1,48}$")
    lock: str = Field(pattern=r"^[0-9a-f]{64}$")
    state: Literal["proven", "trying", "current"]
    bad: tuple[Release, ...] = Field(default=(), description="releases that this kiosk tried and took back")
    why: str = Field(
        default="",
        pattern=r"^[!-~]{0,64}$",
        description="why the last one was taken back or refused, a code such as `health:printer`",
    )
