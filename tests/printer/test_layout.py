from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.catalog.model import Language
from printer import profiles
from printer.layout import lay_out
from printer.receipt import Align, Band, Field_, Header, Qr, Receipt, Text
from printer.strips import Drawing, Line, Sheet
from printer.wrapping import wrap
from tests.printer.samples import guide

PROFILES = [profiles.load(name) for name in profiles.names()]
words = st.text(alphabet="ab cãÇ1\n", max_size=120)


def paper(*blocks):
    return Receipt(title="t", language=Language.PT_BR, blocks=blocks)


def lines_of(strips):
    for strip in strips:
        if isinstance(strip, Line):
            yield strip
        elif isinstance(strip, Sheet):
            yield from (placed.part for placed in strip.parts if isinstance(placed.part, Line))


@given(words, words, st.sampled_from([1, 2]), st.sampled_from([1, 2, 3]), st.sampled_from(list(Align)))
def test_nothing_leaves_the_paper_at_either_edge_and_no_letter_is_lost(left, right, size, value_size, align):
    receipt = paper(
        Header(name_line1=left, name_line2=right, department=left, kiosk=right),
        Field_(label=left, value=right, size=size, value_size=value_size),
        Text(text=left, size=value_size, align=align),
        Band(text=right),
    )
    for profile in PROFILES:
        strips = lay_out(receipt, profile)
        runs = [run for line in lines_of(strips) for run in line.runs if run.text]
        assert all(run.x >= 0 and run.x + run.width <= profile.dots for run in runs)
        printed = "".join(run.text for run in runs)
        assert sum(not char.isspace() for char in printed) == sum(
            not char.isspace() for char in (left + right) * 3 + left + right
        )


@given(words, st.integers(min_value=1, max_value=48))
def test_wrapped_lines_keep_to_the_columns_and_to_the_words(text, columns):
    lines = wrap(text, columns)
    assert all(len(line) <= columns for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_label_and_value_share_a_line_when_both_fit_and_else_the_value_falls_below():
    (both,) = lines_of(lay_out(paper(Field_(label="CPF", value="1" * 44)), PROFILES[0]))
    assert [run.x for run in both.runs] == [0, 576 - 44 * 12]
    above, below = lines_of(lay_out(paper(Field_(label="CPF", value="1" * 45)), PROFILES[0]))
    assert above.runs[0].text == "CPF"
    assert below.runs[0].x == 576 - 45 * 12


def test_a_qr_code_that_cannot_be_scanned_at_this_width_is_refused():
    with pytest.raises(ValueError, match="wider than the paper"):
        lay_out(paper(Qr(data="a" * 1900, what="too much")), PROFILES[0])


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.name)
def test_a_simulations_paper_says_no_value_along_its_whole_length(profile):
    y, marks = 0, [0]
    for strip in lay_out(guide(no_value=True), profile):
        if isinstance(strip, Line) and "SEM VALOR" in strip.runs[0].text:
            marks.append(y)
        elif isinstance(strip, Sheet) and any("SEM VALOR" in str(placed.part) for placed in strip.parts):
            marks += range(y, y + strip.advance, 100)
        y += strip.advance
    gaps = [after - before for before, after in zip(marks, [*marks[1:], y], strict=True)]
    assert max(gaps) < 700


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.name)
def test_the_crest_of_a_header_is_drawn_dot_for_dot_and_a_white_one_is_none(profile):
    def drawn(crest):
        header = Header(name_line1="Ayuntamiento de", name_line2="Valdelomas", department="", kiosk="", crest=crest)
        sheets = [strip for strip in lay_out(paper(header), profile) if isinstance(strip, Sheet)]
        return [placed.part for strip in sheets for placed in strip.parts if isinstance(placed.part, Drawing)]

    rows = bytes(range(256)) * 5 + bytes(1352 - 1280)
    assert [part.rows for part in drawn(b64encode(rows).decode())] == [rows]
    assert drawn("") == drawn(b64encode(bytes(1352)).decode()) == []
