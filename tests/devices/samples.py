"""One made-up card of every family that can be emulated, with the roots that trust it and what it should say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from devices.virtual import belgium, cie, cns
from devices.virtual import icp_brasil as icp
from devices.virtual.authority import pem
from devices.virtual.iso7816 import Chip


@dataclass(frozen=True)
class Sample:
    """`level`: the assurance without PIN and without revocation lists."""

    family: str
    make: Callable[[], Chip]
    roots: Callable[[], str]
    name: str
    scheme: str
    number: str
    level: int
    pin: str | None


@cache
def belgian_register() -> belgium.Register:
    return belgium.Register.make()


@cache
def icp_brasil() -> icp.Icp:
    return icp.Icp.make()


@cache
def italian_ministry() -> cie.Ministry:
    return cie.Ministry.make()


@cache
def italian_issuer() -> cns.Issuer:
    return cns.Issuer.make()


SAMPLES = {
    sample.family: sample
    for sample in (
        Sample(
            "belgian-eid",
            lambda: belgium.make_card(belgian_register()),
            lambda: pem(belgian_register().root.certificate),
            "Lotte Marie Peeters",
            "be-national-register",
            "85073003328",
            2,
            "1234",
        ),
        Sample(
            "cns",
            lambda: cns.make_card(italian_issuer()),
            lambda: pem(italian_issuer().root.certificate) + pem(italian_issuer().citizens.certificate),
            "GIULIA BIANCHI",
            "it-codice-fiscale",
            cns.GIULIA.fiscal_code,
            1,
            "12345",
        ),
        Sample(
            "cie",
            lambda: cie.make_card(italian_ministry()),
            lambda: pem(italian_ministry().csca.certificate),
            "",
            "it-cie-nis",
            cie.SAMPLE_NIS,
            2,
            None,
        ),
    )
}
