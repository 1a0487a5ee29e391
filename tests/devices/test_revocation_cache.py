from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from devices import revocation_cache
from devices.virtual.authority import pem
from devices.virtual.icp_brasil import Icp, make_card
from devices.virtual.piv import PivCard
from devices.virtual.vpcd import VirtualReader
from offline_cache.contract.revocation import list_name, lists_for
from tests.devices.conftest import Listener
from tests.devices.statements import statement

NOW = datetime(2026, 6, 1, tzinfo=UTC)
ICP = Icp.make(address="http://localhost/crl")


def fill(folder: Path, at: datetime) -> None:
    for name, authority in (("raiz", ICP.root), ("emissora", ICP.issuing)):
        (folder / list_name(f"http://localhost/crl/{name}.crl")).write_bytes(authority.revocation_list(at))


def test_a_list_is_found_by_the_address_in_the_certificate(tmp_path: Path) -> None:
    card = make_card(ICP, legacy=False)
    anchors = [pem(ICP.issuing.certificate)]

    def found(folder: Path, *certificates: bytes) -> int:
        return len(lists_for(certificates, anchors, partial(revocation_cache.read, folder)).lists)

    assert found(tmp_path / "nowhere", card.certificate) == 0
    fill(tmp_path, NOW)
    assert found(tmp_path, card.certificate) == 2
    assert found(tmp_path, b"no certificate") == 1  # the one for the authority among the anchors


def test_with_fresh_lists_a_pin_makes_level_three_and_with_stale_ones_two(
    slot: VirtualReader, short_folder: Path, tmp_path: Path
) -> None:
    roots = [pem(ICP.root.certificate) + pem(ICP.issuing.certificate)]
    card: PivCard = make_card(ICP, legacy=False)
    for at, level in ((NOW - timedelta(hours=1), 3), (NOW - timedelta(days=9), 2)):
        fill(tmp_path, at)
        listener = Listener(short_folder / "pcscd.sock", 15, revocation_lists=tmp_path)
        listener.worker.start()
        listener.card_is(present=False)
        slot.insert(card)
        listener.card_is(present=True)
        listener.worker.read(roots, NOW, ["piv-icp-brasil"])
        assert listener.read_whole()["event"] == "identity"
        listener.worker.prove(statement(), bytearray(b"123456"))
        proved = listener.named("proved", "refused")
        assert proved["assurance"] == level, [c for c in proved["checks"] if c["outcome"] != "passed"]
        listener.worker.kill()
        slot.remove()
