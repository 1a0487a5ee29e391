from __future__ import annotations

from pathlib import Path

from kiosk.performers.technicians import OperatorStore


def test_without_the_operator_s_authority_nothing_is_asked(tmp_path: Path) -> None:
    store = OperatorStore(tmp_path / "operator")
    assert store.trust() is None
    assert store.wrong_pins() == 0
    store.keep_wrong_pins(3)  # nowhere to keep it, and no technician to keep out


def test_authority_list_and_wrong_pins_are_what_was_handed_over_and_kept(tmp_path: Path) -> None:
    (tmp_path / "anchors.pem").write_text("anchor", encoding="ascii")
    store = OperatorStore(tmp_path)
    trust = store.trust()
    assert trust is not None
    assert (trust.anchors, trust.revocation_list) == (("anchor",), None)
    (tmp_path / "revocation.crl").write_bytes(b"list")
    store.keep_wrong_pins(4)
    again = OperatorStore(tmp_path)
    trust = again.trust()
    assert trust is not None
    assert (trust.revocation_list, again.wrong_pins()) == (b"list", 4)
    (tmp_path / "wrong-pins").write_text("spoilt", encoding="ascii")
    assert again.wrong_pins() == 0
