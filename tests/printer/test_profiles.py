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
