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
        ("a: 1\nb:\n  c: 1\n  c: 2", "line 4, column 3: not YAML, c is given twice"),
        ("a: [", "line 2"),
        ("\ta: 1", "line 1, column 1"),
        ("a: " + "[" * 20_000, "nested too deeply"),
        ("- " * 200_000 + "x", "nested too deeply"),
        ("\0", "not YAML"),
        ("a: !!python/object/apply:os.system [id]", "nobody knows tag:yaml.org,2002:python"),
    ],
    ids=["doubled", "merged", "itself", "twice", "open", "tab", "deep", "lists", "nul", "object"],
)
def test_what_cannot_be_read_is_one_line_with_its_place(text, words):
    with pytest.raises(written.WrittenError) as refused:
        written.load(text)
    assert words in str(refused.value)
    assert "\n" not in str(refused.value)


def test_plain_words_mean_what_they_look_like():
    text = "[yes, no, on, true, False, 0971, 12, -3, 1.5, 2026-11-24, 1_000, ~, null, '12', 08:30, NO]"
    assert written.load(text) == [
        "yes", "no", "on", True, "False", "0971", 12, -3, 1.5, "2026-11-24", "1_000", None, None, "12", "08:30", "NO",
    ]


def test_every_part_knows_its_line():
    text = "a: 1\nlist:\n  - id: x\n    words: {en: Yes,\n      it: Si}\n  - &y\n    id: y\n  - <<: *y\n    more: 2\n"
    value, lines = written.read(text)
    assert value["list"][2] == {"id": "y", "more": 2}
    assert lines.of(("a",)) == 1
    assert lines.of(("list", 0, "words", "it")) == 5
    assert lines.of(("list", 1, "id")) == 7
    assert lines.of(("list", 2, "id")) == 7
    assert lines.of(("list", 2, "more")) == 9
    # of what is missing, where it is missing
    assert lines.of(("list", 0, "missing", "it")) == 3
