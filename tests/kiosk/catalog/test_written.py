"""Reading what administrators wrote, before anybody asks whether it is a catalogue."""

import itertools

import pytest

from kiosk.catalog import written

NINE = [(name, ", ".join([f"*{before}"] * 9)) for before, name in itertools.pairwise("abcdefghi")]
DOUBLED = "\n".join(f"{name}: &{name} [{before}]" for name, before in NINE)
MERGED = "\n".join(f"{name}: &{name} {{<<: [{before}]}}" for name, before in NINE)


def test_anchors_that_name_a_text_once_are_taken():
    text = "department: &finance {en: Finance}\nservices: [{department: *finance}, {department: *finance}]"
    assert written.load(text)["services"][1] == {"department": {"en": "Finance"}}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: &a [1, 1, 1]\n" + DOUBLED, "anchors that multiply"),
        ("a: &a {x: 1}\n" + MERGED, "anchors that multiply"),
        ("a: &a [*a]", "anchors that multiply"),
        ("a: 1\nb:\n  c: 1\n  c: 2", "line 4, column 3: not YAML: c is given twice"),
        ("a: [", "line 1"),
        ("\ta: 1", "line 1, column 1"),
        ("a: " + "[" * 20_000, "nested too deeply"),
        ("a: 2026-99-99", "not YAML: month"),
        ("\0", "not YAML"),
        ("a: !!python/object/apply:os.system [id]", "could not determine a constructor"),
    ],
    ids=["doubled", "merged", "itself", "twice", "open", "tab", "deep", "date", "nul", "object"],
)
def test_what_cannot_be_read_is_one_line_with_its_place(text, words):
    with pytest.raises(written.WrittenError) as refused:
        written.load(text)
    assert words in str(refused.value)
    assert "\n" not in str(refused.value)
