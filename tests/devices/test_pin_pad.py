"""PIN pads of readers (PC/SC part 10): what is said to the reader, byte for byte, and what comes of its answers.

The virtual reader offers no such feature, so the channel to the reader is played here.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from devices.cards.base import KeyCard, PinAccepted, PinBlocked, PinNotSent, PinNotTyped, PinWrong
from devices.cards.belgium import BelgianEid
from devices.cards.cns import Cns
from devices.cards.piv import Piv
from devices.cards.pkcs11 import installed
from devices.pin_pad import PinPad, features, find
from devices.virtual import belgium, cns
from devices.virtual.icp_brasil import make_card
from devices.virtual.vpcd import VirtualReader
from tests.devices.cards.test_pkcs11 import roots
from tests.devices.conftest import Listener
from tests.devices.direct import Direct
from tests.devices.samples import belgian_register, icp_brasil, italian_issuer
from tests.devices.statements import statement

NOW = datetime(2026, 6, 1, tzinfo=UTC)
# What a Gemalto pinpad reader answers (pcsc-lite's own example): verify 06, modify 07, properties 0A.
REAL = bytes.fromhex("0604423303 0A0704423303 0B0A04423000 0A".replace(" ", ""))


@dataclass
class Reader(Direct):
    """A reader with keys: what it was asked, and what its keys do with the card."""

    def __init__(self, card: object, typed: str | int) -> None:
        super().__init__(card)  # type: ignore[arg-type]
        self.typed = typed
        self.asked: list[bytes] = []
        self.pad = PinPad(self.control, 0x4233030A)

    def control(self, code: int, data: list[int]) -> bytes:
        assert code == 0x4233030A
        self.asked.append(bytes(data))
        if isinstance(self.typed, int):
            return self.typed.to_bytes(2, "big")
        return self.transmit(filled(bytes(data), self.typed))


def filled(structure: bytes, pin: str) -> list[int]:
    """What such a reader does: the digits into the blank command, as the structure says (PC/SC part 10, 2.5.2)."""
    form, block, length_form = structure[2:5]
    size = int.from_bytes(structure[15:19], "little")
    command = bytearray(structure[19 : 19 + size])
    at = 5 + ((form >> 3) & 0xF)
    if form & 0x3 == 0x2:
        command[at : at + len(pin)] = pin.encode()
    else:
        digits = pin.ljust(2 * (block & 0xF), "F")
        command[at : at + (block & 0xF)] = bytes.fromhex(digits)
    if block >> 4 == 4 and length_form == 4:
        command[5] = command[5] & 0xF0 | len(pin)
    return list(command)


def of(family: str, typed: str | int) -> tuple[KeyCard, Reader]:
    match family:
        case "piv":
            reader = Reader(make_card(icp_brasil(), legacy=False), typed)
            return Piv(reader, reader.pad), reader
        case "cns":
            reader = Reader(cns.make_card(italian_issuer(), pin="12345"), typed)
            return Cns(reader, cns.ATR, reader.pad), reader
        case _:
            reader = Reader(belgium.make_card(belgian_register(), pin="1234"), typed)
            return BelgianEid(reader, reader.pad), reader


RIGHT = {"piv": "123456", "cns": "12345", "belgium": "1234"}
every_family = pytest.mark.parametrize("family", RIGHT)


def test_the_features_of_a_reader_are_read_as_it_says_them() -> None:
    assert features(REAL) == {0x06: 0x4233030A, 0x07: 0x4233030B, 0x0A: 0x4230000A}
    assert features(b"") == features(b"\x06") == features(b"\x06\x05" + bytes(9)) == {}
    assert find(lambda _code, _data: REAL, 1) is not None
    assert find(lambda _code, _data: bytes.fromhex("0704423303 0B".replace(" ", "")), 1) is None


def test_what_the_reader_is_told_for_a_piv_card_is_this_byte_for_byte() -> None:
    card, reader = of("piv", "123456")
    assert card.has_pad
    card.verify_on_pad()
    head = "1E1E 82 08 00 0806 02 01 1604 00 000000 0D000000"
    assert reader.asked == [bytes.fromhex(head.replace(" ", "") + "00200080 08 FFFFFFFFFFFFFFFF".replace(" ", ""))]


@every_family
def test_the_digits_go_from_the_reader_s_keys_to_the_card(family: str) -> None:
    card, _ = of(family, RIGHT[family])
    assert card.verify_on_pad() == PinAccepted()
    assert len(card.sign(bytes(32))) >= 64


@every_family
def test_a_wrong_pin_costs_a_try_and_the_last_one_is_never_asked_for(family: str) -> None:
    wrong = "".join("9" if digit != "9" else "8" for digit in RIGHT[family])
    card, reader = of(family, wrong)
    assert card.verify_on_pad() == PinWrong(2)
    assert card.verify_on_pad() == PinWrong(1)
    assert card.verify_on_pad() == PinNotSent(1)
    assert len(reader.asked) == 2


@pytest.mark.parametrize("status", [0x6400, 0x6401, 0x6403])
def test_a_cancelled_or_forgotten_pad_leaves_the_card_alone(status: int) -> None:
    card, _ = of("piv", status)
    assert card.verify_on_pad() == PinNotTyped(3)
    assert card.tries_left() == 3


def test_a_card_that_blocks_says_so() -> None:
    card, _ = of("piv", 0x6983)
    assert card.verify_on_pad() == PinBlocked()


def test_a_reader_without_the_feature_has_no_pad(slot: VirtualReader, short_folder: Path) -> None:
    """The virtual one, through the real pcscd: the question is asked and answered with no."""
    listener = Listener(short_folder / "pcscd.sock", 15)
    listener.worker.start()
    try:
        slot.insert(make_card(icp_brasil(), legacy=False))
        listener.card_is(present=True)
        listener.worker.read(roots(), NOW, ["piv-icp-brasil"])
        assert listener.read_whole()["pad"] is False
    finally:
        listener.worker.kill()


# ---- the same through a PKCS#11 module ----------------------------------------------------------------------

# OpenSC's module, which says of its token that it has a path of its own, and types the PIN when none is given: what a
# module does whose reader has keys. Places in CK_FUNCTION_LIST and CK_TOKEN_INFO: PKCS#11 v2.40 clauses 3.2, 3.4, 5.4.
SHIM = """
#include <dlfcn.h>
#include <string.h>
typedef unsigned long UL;
typedef struct { unsigned char version[2]; void *f[68]; } LIST;
static LIST mine, *real;
static UL info(UL slot, unsigned char *token) {
  UL rv = ((UL (*)(UL, void *))real->f[6])(slot, token);
  if (!rv) *(UL *)(token + 96) |= 0x100;
  return rv;
}
static UL login(UL session, UL user, unsigned char *pin, UL len) {
  static unsigned char typed[] = PIN;
  if (pin != NULL) return 0x5; /* CKR_GENERAL_ERROR: nobody may bring a PIN here */
  if (sizeof typed == 1) return 0x50; /* CKR_FUNCTION_CANCELED */
  return ((UL (*)(UL, UL, unsigned char *, UL))real->f[18])(session, user, typed, sizeof typed - 1);
}
UL C_GetFunctionList(LIST **list) {
  void *module = dlopen(MODULE, RTLD_NOW);
  UL (*get)(LIST **) = (UL (*)(LIST **))dlsym(module, "C_GetFunctionList");
  UL rv = get(&real);
  memcpy(&mine, real, sizeof mine);
  mine.f[6] = (void *)info; mine.f[18] = (void *)login;
  *list = &mine;
  return rv;
}
"""


@pytest.fixture
def module_with_keys(tmp_path: Path) -> Callable[[str], Path]:
    def make(pin: str) -> Path:
        source, library = tmp_path / "shim.c", tmp_path / f"shim-{pin or 'none'}.so"
        source.write_text(SHIM.replace("MODULE", f'"{installed()[0]}"').replace("PIN", f'"{pin}"', 1), encoding="ascii")
        subprocess.run(["gcc", "-shared", "-fPIC", "-o", library, source, "-ldl"], check=True)
        return library

    return make


@pytest.mark.parametrize(
    ("pin", "answer"),
    [("123456", "proved"), ("000000", "pin-refused"), ("", "pin-refused")],
    ids=["right", "wrong", "cancelled"],
)
def test_a_module_that_asks_for_the_pin_itself_gets_none_from_here(
    slot: VirtualReader, short_folder: Path, module_with_keys: Callable[[str], Path], pin: str, answer: str
) -> None:
    listener = Listener(short_folder / "pcscd.sock", 15, [module_with_keys(pin)])
    listener.worker.start()
    card = make_card(icp_brasil(), legacy=True)
    try:
        slot.insert(card)
        listener.card_is(present=True)
        listener.worker.read(roots(), NOW, ["icp-brasil"])
        assert listener.read_whole()["pad"] is True
        listener.worker.prove(statement(), None, on_pad=True)
        assert listener.named("proved", "pin-refused", "refused")["event"] == answer
    finally:
        listener.worker.kill()
    assert card.tries_left == (2 if pin == "000000" else 3)
