"""The papers whose pictures are kept: `python -m tests.printer.golden_papers` draws them anew, for eyes to look at."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from PIL import Image

from kiosk.catalog.model import Language
from printer import picture, profiles
from printer.profiles import Profile
from printer.receipt import Align, Band, Field_, Qr, Receipt, Rule, Text
from printer.status_paper import Check, Verdict, status_paper
from printer.trial_page import trial_page
from tests.printer import samples

FOLDER = Path(__file__).parent / "golden"
SEAL = "https://vilaaurora.example/v/7K2M0005HWN63QXA#" + "0123456789ABCDEFGHJKMNPQRSTVWXYZ" * 6


def document() -> Receipt:
    return Receipt(
        title="Certidão negativa",
        language=Language.PT_BR,
        blocks=(
            samples.HEADER,
            Rule(double=True),
            Text(text="CERTIDÃO NEGATIVA\nde débitos municipais", size=2, bold=True, align=Align.CENTRE),
            Rule(double=True),
            Field_(label="Número", value="2026/018.442-7"),
            Field_(label="Emitida", value="24/11/2026 14:05"),
            Field_(label="Válida até", value="22/02/2027", size=2, value_size=2),
            Rule(),
            Text(text="A Prefeitura de Vila Aurora certifica que, até esta data, não há débito "
                      "municipal vencido em nome de:"),
            Text(text="MARIA DAS DORES OLIVEIRA", size=2, bold=True),
            Text(text="CPF ***.982.247-**", size=2, bold=True),
            Text(text="Dívidas apuradas depois desta data podem ser cobradas."),
            Field_(label="Identidade provada", value="cartão e senha"),
            Band(text="CONFIRA O CÓDIGO"),
            Text(text="7K2M-0005-", size=3, align=Align.CENTRE),
            Text(text="HWN6-3QXA", size=3, align=Align.CENTRE),
            Text(text="Digite este código em vilaaurora.example/v ou aponte a câmera do celular:", align=Align.CENTRE),
            Qr(data=SEAL, what="selo"),
            Text(text="O selo no QR pode ser conferido sem internet.", align=Align.CENTRE),
            Rule(),
            Field_(label="Código do pedido", value="7K2M-0004-QXAW"),
            Field_(label="Senha do código", value="482713"),
            Text(text="Guarde longe do calor e da luz. Se apagar, peça outra aqui."),
        ),
    )  # fmt: skip


def status(profile: Profile) -> Receipt:
    checks = (
        Check("Impressora", Verdict.OK, "Elgin i9, USB, responde"),
        Check("Papel", Verdict.ATTENTION, "perto do fim", "Papel: troque a bobina."),
        Check("Leitor de cartão", Verdict.FAULT, "não responde desde 13:52", "Leitor: reconecte o cabo USB azul."),
        Check("Fila", Verdict.OK, "0 esperam"),
        Check("Números", Verdict.OK, "IPTU 412 de 500, certidões 96 de 200"),
    )
    now = datetime(2026, 11, 24, 14, 5)  # noqa: DTZ001  as it stands on the paper
    return status_paper("VA-017", "Praça da Matriz", checks, now=now, language=Language.PT_BR, head_dots=profile.dots)


PAPERS: dict[str, Callable[[Profile], Receipt]] = {
    "guide": lambda _profile: samples.guide(), "document": lambda _profile: document(),
    "ticket": lambda _profile: samples.ticket(), "test": lambda profile: trial_page("Totem VA-017", profile),
    "status": status,
}  # fmt: skip


def drawn(name: str, paper: str) -> Image.Image:
    profile = profiles.load(name)
    return picture.draw(PAPERS[paper](profile), profile)


def file(name: str, paper: str) -> Path:
    return FOLDER / f"{paper}-{alike(name)}.png"


def alike(name: str) -> str:
    """Printers of one width, resolution and way of barcodes give the same papers: one picture is kept for them."""
    profile = profiles.load(name)
    kind = "page" if profile.page_mode else f"raster{profile.itf_wide_dots}"
    return f"{profile.dots}-{kind}-{profile.code_page.lower()}-{profile.feed_before_cut_dots}"


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.png"):
        old.unlink()
    for name in profiles.names():
        for paper in PAPERS:
            drawn(name, paper).save(file(name, paper), optimize=True)


if __name__ == "__main__":
    main()
