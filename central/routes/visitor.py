"""Who opens a page: in which language they read, and where they come from."""

from __future__ import annotations

import ipaddress

from fastapi import Request

from kiosk.catalog.model import Language

FALLBACK = Language.PT_BR
BY_TAG = {language.value.partition("-")[0]: language for language in Language}
# A household has a whole /64 of IPv6 (RFC 6177): one address of it says nothing.
IPV6_PREFIX = 64


def language_of(request: Request) -> Language:
    """`?lang` if it names one of ours, else the best of Accept-Language (RFC 9110, 12.5.4), else Portuguese."""
    asked = request.query_params.get("lang", "")
    if asked in set(Language):
        return Language(asked)
    best, weight = FALLBACK, 0.0
    for part in request.headers.get("accept-language", "").split(","):
        tag, _, parameter = part.strip().partition(";")
        language = BY_TAG.get(tag.partition("-")[0].strip().lower())
        quality = _quality(parameter)
        if language is not None and quality > weight:
            best, weight = language, quality
    return best


def _quality(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name.strip().lower() != "q":
        return 1.0
    try:
        return min(max(float(value), 0.0), 1.0)
    except ValueError:
        return 0.0


def source_of(request: Request, proxies: tuple[str, ...]) -> str:
    """The address, or network, from which somebody asks. Only our own proxies are believed about others."""
    address = request.client.host if request.client else ""
    if address in proxies:
        address = request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip() or address
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(known, ipaddress.IPv6Address):
        if known.ipv4_mapped is not None:
            return str(known.ipv4_mapped)
        return str(ipaddress.ip_network((known.packed, IPV6_PREFIX), strict=False))
    return str(known)
