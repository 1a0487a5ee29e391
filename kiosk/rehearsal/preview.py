"""The preview of a catalogue: every screen and every receipt as a picture, and one page that shows them all."""

from __future__ import annotations

import html
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.catalog.model import Catalogue, Language
from kiosk.rehearsal import acts, receipts

if TYPE_CHECKING:
    from kiosk.rehearsal.glass import Glass

PROFILE = "epson-tm-t20"
STYLE = """
body { font: 16px/1.4 sans-serif; margin: 24px; background: #F5F3EE; color: #141A24 }
h1 { font-size: 26px } h2 { font-size: 20px; margin-top: 40px } nav a { margin-right: 16px }
.row { display: flex; flex-wrap: wrap; gap: 20px; align-items: flex-start }
figure { margin: 0; background: #fff; padding: 8px } figure img { width: 270px; display: block }
figcaption { width: 270px; padding-top: 6px; font-size: 14px }
"""


class Preview:
    """Collects pictures in a folder; `write` makes index.html of them."""

    def __init__(self, catalogue: Catalogue, folder: Path, now: datetime) -> None:
        self._catalogue, self._folder, self._now = catalogue, folder, now
        self._pictures: list[tuple[Language, str, str]] = []
        folder.mkdir(parents=True, exist_ok=True)

    def screens(self, glass: Glass) -> None:
        for language in self._catalogue.languages:
            for name, state in acts.of(self._catalogue, language, self._now.date()):
                glass.show(state)
                glass.save(self._place(language, name))

    def papers(self) -> None:
        from printer import picture, profiles

        profile = profiles.load(PROFILE if PROFILE in profiles.names() else profiles.names()[0])
        for language in self._catalogue.languages:
            for service in self._catalogue.services:
                receipt = receipts.of(self._catalogue, service, language, self._now)
                if receipt is not None:
                    picture.draw(receipt, profile).save(self._place(language, f"{service.id} receipt"))

    def write(self) -> Path:
        """The page: languages one below the other, each service a row."""
        name = f"{self._catalogue.operator.name_line1} {self._catalogue.operator.name_line2}".strip()
        links = "".join(f'<a href="#{language}">{language}</a>' for language in self._catalogue.languages)
        parts = [
            "<!doctype html><html lang=en><meta charset=utf-8>",
            f"<title>{html.escape(name)}</title><style>{STYLE}</style>",
            f"<h1>{html.escape(name)}</h1><nav>{links}</nav>",
        ]
        for language in self._catalogue.languages:
            parts.append(f'<h1 id="{language}">{language}</h1>')
            for title, begins in self._rows(language):
                figures = [
                    f'<figure><a href="{file}"><img loading=lazy src="{file}" alt="{html.escape(shown)}"></a>'
                    f"<figcaption>{html.escape(shown)}</figcaption></figure>"
                    for spoken, shown, file in self._pictures
                    if spoken is language and self._row_of(shown) == begins
                ]
                parts.append(f'<h2>{html.escape(title)}</h2><div class="row">{"".join(figures)}</div>')
        page = self._folder / "index.html"
        page.write_text("\n".join(parts), encoding="utf-8")
        return page

    def _rows(self, language: Language) -> list[tuple[str, str]]:
        found = [(service.title.in_language(language), service.id) for service in self._catalogue.services]
        return [("", ""), *found]

    def _row_of(self, name: str) -> str:
        first = name.partition(" ")[0]
        return first if any(service.id == first for service in self._catalogue.services) else ""

    def _place(self, language: Language, name: str) -> Path:
        file = f"{language}-{name.replace(' ', '-')}.png"
        self._pictures.append((language, name, file))
        return self._folder / file
