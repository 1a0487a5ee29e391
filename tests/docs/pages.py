"""The written pages of the project, and what in them can be tried: commands, links, examples, named tests."""

from __future__ import annotations

import re
import shlex
import subprocess
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"(?:\]\(|<img src=\")([^)\"#\s]*)(#[^)\"\s]*)?[)\"]")
TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def tracked() -> list[Path]:
    """Every file that belongs to the project, as git knows it; new ones too, ignored ones not."""
    names = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        capture_output=True, check=True,
    ).stdout.decode().split("\0")  # fmt: skip
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


def pages() -> list[Path]:
    """README.md and every other page in Markdown that we wrote."""
    return [path for path in tracked() if path.suffix == ".md"]


@dataclass(frozen=True)
class Example:
    """A command of a console block and the lines that must come back."""

    page: Path
    command: list[str]
    said: str


def fenced(page: Path, *languages: str) -> list[str]:
    """The bodies of the page's blocks in one of those languages."""
    return [body for language, body in FENCE.findall(page.read_text(encoding="utf-8")) if language in languages]


def commands(page: Path, name: str) -> list[list[str]]:
    """Every `name …` of the page, in a block or inside a line, split as a shell does."""
    text = page.read_text(encoding="utf-8")
    lines = [line.removeprefix("$ ") for body in fenced(page, "sh", "console") for line in body.splitlines()]
    lines += INLINE.findall(FENCE.sub("", text))
    return [
        shlex.split(line.split(" # ")[0])
        for line in (line.removeprefix(".venv/bin/").removeprefix("sudo ") for line in lines)
        if line == name or line.startswith(f"{name} ")
    ]


def examples(page: Path) -> list[Example]:
    """What the console blocks show: `$ command`, then what it said."""
    found = []
    for body in fenced(page, "console"):
        for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
            command, _, said = part.partition("\n")
            found.append(Example(page, shlex.split(command), said))
    return found


def targets(page: Path) -> list[Path]:
    """The files and folders to which a page links."""
    found = LINK.findall(page.read_text(encoding="utf-8"))
    return [(page.parent / target).resolve() for target, _ in found if target]


def anchors(page: Path) -> set[str]:
    """The names that GitHub gives to the headings of a page."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", page.read_text(encoding="utf-8")), re.MULTILINE)
    return {"#" + re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def inline(page: Path) -> list[str]:
    """Every piece of code inside a line of the page."""
    return INLINE.findall(FENCE.sub("", page.read_text(encoding="utf-8")))
