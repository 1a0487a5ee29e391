"""The pages of the faults are those of their table, and the table forgets no fault that a technician can mend."""

from __future__ import annotations

from docs.faults import make
from docs.faults.table import FAULTS
from tests.docs.pages import ROOT


def test_every_page_says_what_its_table_and_the_kiosk_s_own_words_say():
    written = {path: path.read_text(encoding="utf-8") for path in (ROOT / "docs/faults").rglob("*.md")}
    assert written == dict(make.files()), "write them anew: python -m docs.faults.make"


def test_every_page_has_its_picture_and_every_picture_its_page():
    wanted = {make.picture(fault, language) for fault in FAULTS for language in make.LANGUAGES}
    assert {path.name for path in (ROOT / "docs/faults/pictures").glob("*.png")} == wanted


def test_a_page_is_named_once():
    assert len({fault.name for fault in FAULTS}) == len(FAULTS)
