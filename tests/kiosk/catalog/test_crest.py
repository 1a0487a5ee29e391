from __future__ import annotations

import io
from base64 import b64decode

import pytest
import yaml
from PIL import Image

from kiosk.catalog import crest, read
from kiosk.catalog.contrast import contrast
from kiosk.catalog.model import Catalogue
from tests.kiosk import vila_aurora

BRAND = "#16316B"
GREEN = {"brand": "#083D2C", "press": "#03211A", "tint": "#E8F2ED", "accent": "#F2B705"}


def png(picture: Image.Image, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, "png", **options)
    return out.getvalue()


def emblem(colour: str, size: tuple[int, int] = (96, 96)) -> Image.Image:
    """A square of one colour with a transparent rim."""
    picture = Image.new("RGBA", size, (0, 0, 0, 0))
    picture.paste(Image.new("RGBA", (size[0] - 16, size[1] - 16), colour), (8, 8))
    return picture


def published(files: dict[str, bytes], **operator: object) -> Catalogue:
    written = yaml.safe_load(vila_aurora.PATH.read_text(encoding="utf-8"))
    written["operator"] |= {"crest": {"colour": "a.png", "one_colour": "b.png"}} | operator

    def file(name: str) -> bytes:
        if name not in files:
            raise FileNotFoundError(name)
        return files[name]

    return read.from_yaml(
        yaml.safe_dump(written, allow_unicode=True),
        version=1, published="now", trust_anchors=("anchor",), sealing_keys=(vila_aurora.KEY,), files=file,
    )


def refused(files: dict[str, bytes], **operator: object) -> tuple[str, ...]:
    with pytest.raises(read.CatalogueError) as error:
        published(files, **operator)
    return error.value.problems


def test_the_pictures_named_beside_the_catalogue_travel_inside_it() -> None:
    files = {"a.png": png(emblem("#FFFFFF")), "b.png": png(emblem("#000000"))}
    catalogue = read.from_json(read.to_json(published(files)))
    assert catalogue.operator.crest is not None
    assert catalogue.operator.crest.colour_png == files["a.png"]
    assert b64decode(catalogue.operator.crest.one_colour) == files["b.png"]


def test_an_emblem_is_seen_as_well_as_half_of_it() -> None:
    half = emblem("#FFFFFF")
    half.paste(Image.new("RGBA", (80, 30), BRAND), (8, 8))
    assert crest.seen_on(png(half), BRAND) == pytest.approx(contrast("#FFFFFF", BRAND), abs=0.01)
    half.paste(Image.new("RGBA", (80, 45), BRAND), (8, 8))
    assert crest.seen_on(png(half), BRAND) == pytest.approx(1)


@pytest.mark.parametrize("mode", ["RGBA", "RGB", "L", "LA"])
def test_pixels_are_read_as_another_reader_reads_them(mode: str) -> None:
    picture = Image.effect_noise((90, 70), 60).convert(mode)
    wide = picture.convert("RGBA")
    assert crest.pixels(png(picture, optimize=True)) == [wide.getpixel((x, y)) for y in range(70) for x in range(90)]


def test_an_emblem_that_drowns_in_the_brands_colour_is_refused_with_what_was_measured() -> None:
    files = {"a.png": png(emblem("#24448A")), "b.png": png(emblem("#000000"))}
    (line,) = refused(files)
    assert line.startswith("operator.crest.colour: half of it has no more than 1.3:1 on the brand's colour")
    assert "3:1 are needed" in line


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"GIF89a" + bytes(60), "is no PNG picture"),
        (crest.SIGNATURE + bytes(70_000), "has 68 KiB, and 64 are allowed"),
        (png(emblem("#FFFFFF", (40, 40))), "is 40 x 40 pixels"),
        (png(emblem("#FFFFFF", (600, 100))), "is 600 x 100 pixels"),
        (png(emblem("#FFFFFF").convert("P")), "no colour table"),
        (png(emblem("#FFFFFF"))[:-60], "is broken"),
    ],
)
def test_a_picture_that_cannot_be_used_is_refused_in_one_line(data: bytes, words: str) -> None:
    (line,) = refused({"a.png": data, "b.png": png(emblem("#000000"))})
    assert line.startswith("operator.crest.colour: ")
    assert words in line


def test_a_picture_in_one_colour_needs_a_shape() -> None:
    full = png(Image.new("RGBA", (96, 96), "#000000"))
    (line,) = refused({"a.png": png(emblem("#FFFFFF")), "b.png": full})
    assert line.startswith("operator.crest.one_colour: has no shape")


@pytest.mark.parametrize("name", ["c.png", "../a.png", "/etc/passwd", "a.jpg"])
def test_a_file_that_is_not_beside_the_catalogue_is_refused(name: str) -> None:
    (line,) = refused({"b.png": png(emblem("#000000"))}, crest={"colour": name, "one_colour": "b.png"})
    assert line == f"operator.crest.colour: there is no picture {name}: put it beside the catalogue"


def test_the_second_example_of_colours_is_accepted() -> None:
    files = {"a.png": png(emblem("#FFFFFF")), "b.png": png(emblem("#000000"))}
    assert published(files, colours=GREEN).operator.colours.brand == "#083D2C"


@pytest.mark.parametrize(
    ("changed", "line"),
    [
        ({"brand": "#3B6FD4"}, "the contrast of brand, white on it, is 4.8:1, and 10:1 are needed"),
        ({"brand": "#3B6FD4"}, "the contrast of brand, written on the page, is 4.3:1, and 10:1 are needed"),
        ({"tint": "#9AA7C4"}, "the contrast of brand, written on the tint, is 5.2:1, and 10:1 are needed"),
        ({"press": "#808080"}, "the contrast of press, white on it, is 3.9:1, and 10:1 are needed"),
    ],
)
def test_colours_that_are_hard_to_read_are_refused_with_what_was_measured(changed: dict[str, str], line: str) -> None:
    files = {"a.png": png(emblem("#FFFFFF")), "b.png": png(emblem("#000000"))}
    own = {"brand": BRAND, "press": "#0B1C44", "tint": "#E8EDF7", "accent": "#FFC24A"}
    assert f"operator.colours: {line}: take a darker one" in refused(files, colours=own | changed)


def test_on_paper_its_shape_stands_in_the_middle_of_104_dots_as_large_as_it_goes() -> None:
    rows = crest.on_paper(png(emblem("#000000", (96, 192))))
    dots = [[bool(rows[y * 13 + x // 8] & (0x80 >> x % 8)) for x in range(104)] for y in range(104)]
    # 80 of 96 pixels across and 176 of 192 down, the higher side on all 104 dots.
    assert dots[52] == [30 <= x <= 73 for x in range(104)]
    assert [row[52] for row in dots] == [4 <= y <= 99 for y in range(104)]


def test_publishing_puts_what_printers_take_beside_the_pictures() -> None:
    files = {"a.png": png(emblem("#FFFFFF")), "b.png": png(emblem("#000000"))}
    catalogue = read.from_json(read.to_json(published(files)))
    assert catalogue.operator.crest is not None
    assert b64decode(catalogue.operator.crest.paper) == crest.on_paper(files["b.png"])
