import pytest

from printer import profiles


@pytest.mark.parametrize("name", profiles.names())
def test_every_profile_loads_and_its_printer_has_the_code_page(name):
    profile = profiles.load(name)
    assert profile.name == name
    assert profile.dots == profile.columns * 12
    assert 0 <= profiles.code_page_number(profile) <= 255
    for letters in ("ãõçáéíóúâêôà", "ñüÁÉÍÓÚÑ", "àèéìòù"):
        assert letters.encode(profile.encoding)


def test_an_unknown_profile_is_refused_with_the_names_there_are():
    with pytest.raises(ValueError, match="generic-80mm"):
        profiles.load("laser")


def test_the_printers_that_there_are_have_a_profile():
    assert set(profiles.names()) == {
        "epson-tm-t20x", "epson-tm-t88v", "elgin-i9", "bematech-mp-4200-escpos", "bematech-mp-4200-bema",
        "daruma-dr800", "custom-vkp80", "citizen-ppu-231", "star-prnt", "generic-80mm", "generic-58mm",
    }  # fmt: skip


@pytest.mark.parametrize("name", profiles.names())
def test_a_printer_that_cannot_confirm_is_refused_unless_it_is_accepted_word_for_word(name):
    profile = profiles.load(name)
    refused = profiles.refusal(profile, "")
    assert (refused is None) == profile.confirms
    if refused is not None:
        assert profiles.OVERRIDE in refused
        assert profiles.refusal(profile, "yes") == refused
        assert profiles.refusal(profile, profiles.OVERRIDE) is None
