import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.catalog.model import Language
from printer import escpos, picture, profiles
from printer.receipt import Band, Feed, Field_, Header, Qr, Receipt, Rule, Text
from printer.virtual.commands import parse
from tests.printer.printing import printed
from tests.printer.samples import BARCODE, PIX, guide, ticket
from tests.printer.scanning import read_by_zbar, read_by_zxing

PROFILES = [profiles.load(name) for name in profiles.names()]
PAGE_MODE = profiles.load("epson-tm-t20x")
RASTER = profiles.load("generic-80mm")
NATIVE = [profile for profile in PROFILES if profile.text == "native"]
each_native = pytest.mark.parametrize("profile", NATIVE, ids=lambda profile: profile.name)
each_profile = pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.name)


@each_profile
def test_two_decoders_read_the_very_digits_and_payload_from_the_printed_guide(profile):
    image = printed(guide(), profile)
    assert read_by_zxing(image) == {BARCODE, PIX}
    assert read_by_zbar(image) == {BARCODE, PIX}


@each_profile
@pytest.mark.parametrize("receipt", [guide(), guide(no_value=True), ticket()], ids=["guide", "no-value", "ticket"])
def test_paper_and_picture_are_the_same_dot_for_dot(receipt, profile):
    assert np.array_equal(np.array(printed(receipt, profile)), np.array(picture.draw(receipt, profile)))


text = st.text(alphabet=st.characters(codec="cp858", exclude_categories=["Cc"]), min_size=1, max_size=80)
blocks = st.one_of(
    st.builds(Text, text=text, size=st.sampled_from([1, 2, 3]), bold=st.booleans()),
    st.builds(Field_, label=text, value=text, size=st.sampled_from([1, 2]), value_size=st.sampled_from([1, 2, 3])),
    st.builds(Band, text=text),
    st.builds(Rule, double=st.booleans()),
    st.builds(Feed, dots=st.integers(min_value=1, max_value=600)),
    st.builds(Header, name_line1=text, name_line2=text, department=text, kiosk=text),
    st.builds(Qr, data=text, what=st.just("x")),
)


@settings(max_examples=25, deadline=None)
@given(st.lists(blocks, min_size=1, max_size=5), st.sampled_from(PROFILES))
def test_any_receipt_comes_out_as_its_picture(content, profile):
    receipt = Receipt(title="t", language=Language.PT_BR, blocks=tuple(content))
    assert np.array_equal(np.array(printed(receipt, profile)), np.array(picture.draw(receipt, profile)))


@pytest.mark.parametrize("profile", [PAGE_MODE, RASTER], ids=lambda profile: profile.name)
def test_a_raster_qr_code_is_the_same_as_a_native_one(profile):
    raster = profile.model_copy(update={"qr": "raster"})
    for receipt in (guide(), ticket()):
        assert np.array_equal(np.array(printed(receipt, raster)), np.array(printed(receipt, profile)))


def test_a_guide_takes_2_kb_with_page_mode_and_12_kb_with_a_raster_barcode():
    assert len(escpos.encode(guide(), PAGE_MODE, b"0001")) <= 2048
    assert len(escpos.encode(guide(), RASTER, b"0001")) <= 12 * 1024


@each_native
def test_control_bytes_in_data_never_reach_the_printer(profile):
    evil = "Maria\x1b@\x1dV\x00\x10\x05\x02\x0c\u202e\u0085 Souza"
    receipt = Receipt(
        title="t",
        language=Language.PT_BR,
        blocks=(Text(text=evil), Field_(label=evil, value=evil), Band(text=evil)),
    )
    commands = parse(bytearray(escpos.encode(receipt, profile, None)))
    names = [command.name for command in commands]
    assert names.count("ESC @") == 1
    assert names.count("GS V") + names.count("ESC i") == (profile.cutter != "none")
    assert not {"DLE \x05", "FF", "CAN", "CR", "HT"} & set(names)
    texts = b"".join(command.data for command in commands if command.name == "text")
    assert texts.count(b"Maria@V") == 4


@each_native
def test_accents_of_four_languages_go_out_in_the_one_code_page(profile):
    sentence = "São Paulo, Ação: ¿Niño? Perché città, però €5 §1º ñÑ üÜ ìòù"
    data = escpos.encode(Receipt(title="t", language=Language.IT, blocks=(Text(text=sentence),)), profile, None)
    commands = parse(bytearray(data))
    number = bytes([profiles.code_page_number(profile)])
    assert [command.data for command in commands if command.name == "ESC t"] == [number]
    texts = [command.data.decode(profile.encoding) for command in commands if command.name == "text"]
    assert " ".join(texts) == (sentence if profile.code_page != "CP850" else sentence.replace("€", "EUR"))


def test_the_question_whether_it_is_printed_comes_last_in_the_profiles_way():
    assert escpos.encode(ticket(), PAGE_MODE, b"A0z~").endswith(b"\x1dVB\x00\x1d(H\x06\x0000A0z~")
    assert escpos.encode(ticket(), RASTER, b"A0z~").endswith(b"\x1dVB\x00\x1dr\x01")
    assert escpos.encode(ticket(), RASTER, None).endswith(b"\x1dVB\x00")


@pytest.mark.parametrize("process_id", [b"", b"12345", b"\x1b123", b"12\xff4"])
def test_a_process_id_that_a_printer_would_not_take_is_refused(process_id):
    with pytest.raises(ValueError, match="process id"):
        escpos.encode(ticket(), PAGE_MODE, process_id)
