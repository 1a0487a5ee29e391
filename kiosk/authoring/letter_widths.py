"""How wide the letters of the screen's font are (Atkinson Hyperlegible Next, bold), in thousandths of its size.

So that a text can be measured where there is neither a window nor a font; a test holds this against the font.
"""

from __future__ import annotations

GROUPS = {
    210: "'",
    254: "|",
    259: "j",
    269: "’‘",
    271: ",",
    272: ".:;",
    288: "`",
    294: "·",
    300: "iíìî",
    303: "!¡",
    312: " ",
    318: "l",
    335: "()",
    340: "[",
    344: "]",
    365: "f",
    373: "-",
    376: "rt",
    381: "{}",
    390: '"ª',
    400: "_",
    403: "º",
    424: "IÍÌÎ",
    440: "/1\\",
    479: "“”",
    485: "*",
    501: "–",
    505: "z",
    508: "s",
    510: "cç",
    521: "y",
    526: "¿",
    530: "v",
    537: "7~",
    539: "x",
    547: "?",
    552: "Laáàâã",
    555: "k",
    561: "J",
    563: "eéèê",
    566: "F",
    567: "uúùü",
    569: "<>",
    571: "9hnñ",
    576: "oóòôõ",
    579: "2",
    582: "^",
    593: "g",
    595: "+",
    596: "bdp",
    597: "EÉÈÊ",
    599: "q",
    600: "3",
    607: "5T",
    610: "$S",
    612: "=",
    618: "Z",
    624: "48",
    626: "6",
    629: "P",
    643: "B",
    644: "V",
    650: "RY",
    658: "CÇ",
    659: "0",
    663: "K",
    678: "AÁÀÂÃ€",
    685: "X",
    686: "UÚÙÜ",
    688: "D",
    701: "H",
    717: "NÑ",
    718: "G",
    725: "&",
    740: "w",
    746: "OÓÒÔÕ",
    756: "Q",
    765: "#",
    780: "…",
    781: "@",
    858: "M",
    882: "m",
    886: "W",
    969: "%",
}
WIDTHS = {letter: width for width, letters in GROUPS.items() for letter in letters}
# Of a letter that is not in the table, as wide as a capital.
UNKNOWN = 700


def width_px(text: str, size_px: float) -> float:
    """How wide a text stands on one line."""
    return sum(WIDTHS.get(letter, UNKNOWN) for letter in text) * size_px / 1000


def lines_of(text: str, size_px: float, room_px: float) -> int:
    """How many lines it takes, broken between words."""
    lines, used = 1, 0.0
    space = width_px(" ", size_px)
    for word in text.split():
        wide = width_px(word, size_px)
        if used and used + space + wide > room_px:
            lines, used = lines + 1, wide
        else:
            used += wide + (space if used else 0)
    return lines
