import numpy as np
import pytest

from printer import picture, profiles
from tests.printer.samples import BARCODE, LINK, PIX, guide, ticket
from tests.printer.scanning import read_by_zbar, read_by_zxing

PROFILES = [profiles.load(name) for name in profiles.names()]


@pytest.mark.parametrize("no_value", [False, True])
@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.name)
def test_two_decoders_read_the_very_digits_and_payload_from_the_picture_of_a_guide(profile, no_value):
    image = picture.draw(guide(no_value=no_value), profile)
    assert image.mode == "1"
    assert image.width == profile.dots
    assert read_by_zxing(image) == {BARCODE, PIX}
    assert read_by_zbar(image) == {BARCODE, PIX}


def test_two_decoders_read_the_link_of_a_ticket():
    image = picture.draw(ticket(), PROFILES[0])
    assert read_by_zxing(image) == {LINK}
    assert read_by_zbar(image) == {LINK}


def test_the_barcode_has_its_quiet_zone_of_40_dots_at_both_ends():
    dots = ~np.array(picture.draw(guide(), profiles.load("generic-80mm")))
    middle = dots[:, 288]
    bars = np.flatnonzero(dots[:, 236:340].all(axis=1) & ~dots[:, 200:236].any(axis=1))
    first, last = bars[0], bars[-1]
    assert last - first + 1 == 810
    assert not middle[first - 40 : first].any()
    assert not middle[last + 1 : last + 41].any()
