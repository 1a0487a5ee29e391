"""The catalogue of the demonstration, as the tests of pure rooms use it."""

from __future__ import annotations

import base64
from pathlib import Path

from kiosk.catalog import read
from kiosk.catalog.model import Catalogue, SealingKey

PATH = Path(__file__).parents[2] / "catalogs" / "vila-aurora" / "catalogue.yaml"
KEY = SealingKey(key_id="test", public_key=base64.b64encode(bytes(32)).decode())


def file(name: str) -> bytes:
    """What lies beside the catalogue."""
    return (PATH.parent / name).read_bytes()


def catalogue() -> Catalogue:
    return read.from_yaml(
        PATH.read_text(encoding="utf-8"),
        version=7,
        published="2026-11-24T00:00:00Z",
        trust_anchors=("anchor",),
        sealing_keys=(KEY,),
        files=file,
    )
