"""Writes the pages of docs/faults from their table, and draws their pictures.

`python -m docs.faults.make` writes the pages alone, with `--pictures` the pictures too (in a window off the screen).
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from docs.faults.table import FAULTS, Both, Fault
from kiosk.catalog.model import Language
from kiosk.health.findings import What
from kiosk.health.words import WORDS
from kiosk.locale.translate import translator

HERE = Path(__file__).parent
LANGUAGES = {"pt": Language.PT_BR, "en": Language.EN}
HEADINGS = {
    "pt": ("O que a tela mostra", "O que o modo técnico e o `totem doctor` dizem", "O que significa", "O que fazer"),
    "en": ("What the screen shows", "What the technician's mode and `totem doctor` say", "What it means", "What to do"),
}
INDEX = {
    "pt": ("Falhas, uma por página", "O que a tela diz, o que significa, o que fazer.", "In English", "Para o técnico"),
    "en": ("Faults, a page each", "What the screen says, what it means, what to do.", "Em português",
           "For the technician"),
}
VALUES = {
    "why": "…", "n": 9, "bad": 43, "days": 2, "series": "taxas", "program": "espeak-ng", "host": "centro.example",
    "port": 8443,
}  # fmt: skip
WIDTH_PX, COLOURS = 324, 48


def of(text: Both, language: str) -> str:
    return text.pt if language == "pt" else text.en


def picture(fault: Fault, language: str) -> str:
    return f"{(fault.scene or fault.name).replace(' ', '-').replace(',', '')}.{language}.png"


def values_of(what: What) -> dict[str, str | int]:
    """What fills in the words of a finding, made up."""
    words = WORDS[what]
    if what is What.HEAT_HIGH:
        return {"n": 84}
    if what is What.PROGRAM_TAKEN_BACK:
        return {"n": 4, "bad": 5, "why": "health:screen"}
    if what is What.PROGRAM_PACKAGE:
        return {"n": 4, "program": "cage"}
    return {name: value for name, value in VALUES.items() if f"{{{name}}}" in words.words + words.remedy}


def page(fault: Fault, language: str) -> str:
    """One fault in one language, as Markdown."""
    say, (shows, told, means, do) = translator(LANGUAGES[language]), HEADINGS[language]
    title = of(fault.title, language)
    lines = [f"# {title}", "", f"## {shows}", ""]
    lines += [f"> {say(sentence)}\n" for sentence in fault.says]
    lines += [f"![{title}](../pictures/{picture(fault, language)})", ""]
    if fault.finding is not None:
        words = WORDS[fault.finding]
        values = values_of(fault.finding)
        lines += [f"## {told}", "", f"> {say(words.words, **values)}", ">", f"> **{say(words.remedy, **values)}**", ""]
    lines += [f"## {means}", "", of(fault.means, language), "", f"## {do}", ""]
    lines += [f"{number}. {of(step, language)}" for number, step in enumerate(fault.do, start=1)]
    return "\n".join(lines) + "\n"


def index(language: str) -> str:
    title, lead, other, technician = INDEX[language]
    another = "en" if language == "pt" else "pt"
    links = [f"- [{of(fault.title, language)}]({language}/{fault.name}.md)" for fault in FAULTS]
    home = f"[{technician}](../technician.{language}.md)"
    return "\n".join([f"# {title}", "", f"{lead} {home}. [{other}](index.{another}.md).", "", *links]) + "\n"


def files() -> Iterator[tuple[Path, str]]:
    """Every page with its text."""
    for language in LANGUAGES:
        yield HERE / f"index.{language}.md", index(language)
        for fault in FAULTS:
            yield HERE / language / f"{fault.name}.md", page(fault, language)


def draw() -> None:
    """Each scene once in each language, as a citizen or a technician sees it."""
    from PIL import Image

    from kiosk.health.findings import Part, found
    from kiosk.journey.technician_stages import Act, TechnicianAct, TechnicianMode
    from kiosk.widgets.tokens import PANELS
    from tests.kiosk import vila_aurora
    from tests.kiosk.matrix.glass import Glass, save
    from tests.kiosk.matrix.scenes import scenes
    from tests.kiosk.matrix.variants import Variant

    glass, catalogue = Glass(PANELS["tall"]), vila_aurora.catalogue()
    for language, spoken in LANGUAGES.items():
        shown = scenes(catalogue, spoken)
        menu = shown["technician mode"]
        assert isinstance(menu.stage, TechnicianMode)
        for fault in {fault.scene or fault.name: fault for fault in FAULTS}.values():
            state = shown.get(fault.scene, menu)
            if not fault.scene and fault.finding is not None:
                part = Part(fault.finding.value.partition("-")[0])
                told = (found(part, fault.finding, **values_of(fault.finding)),)
                state = replace(menu, stage=TechnicianAct(menu.stage.who, Act.STATE, told))
            glass.show(state, Variant("tall", spoken))
            path = HERE / "pictures" / picture(fault, language)
            save(glass.pixels(), path)
            with Image.open(path) as drawn:
                height_px = round(drawn.height * WIDTH_PX / drawn.width)
                small = drawn.convert("RGB").resize((WIDTH_PX, height_px), Image.Resampling.LANCZOS)
            small.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", action="store_true")
    if parser.parse_args().pictures:
        draw()
    for path, text in files():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
