"""The pages say what is so: their commands exist, their examples come out, their links lead somewhere."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from central.state import Settings as CentralSettings
from kiosk.cli import main
from offline_cache.settings import Settings
from tests.docs import pages
from tests.docs.pages import ROOT

PAGES = pages.pages()
# Words in capitals stand for what the reader fills in.
PLACEHOLDER = re.compile(r"[A-Z][A-Z_]*|…|\.\.\.")


def of_pages(found, name=" ".join):
    """(page, item) for each item of each page, under a name one can read."""
    pairs = ((page, item) for page in PAGES for item in found(page))
    return [pytest.param(page, item, id=f"{page.relative_to(ROOT)}: {name(item)}") for page, item in pairs]


def parse(words):
    """Follows the words through click's own tree. UsageError or KeyError if the command would not be understood."""
    command, context = main, click.Context(main, info_name="totem")
    rest = list(words)
    while isinstance(command, click.Group) and rest:
        if rest[0].startswith("-") or PLACEHOLDER.fullmatch(rest[0]):
            break
        name = rest.pop(0)
        found = command.get_command(context, name)
        if found is None:
            raise KeyError(name)
        command, context = found, click.Context(found, info_name=name, parent=context)
    values, left, _ = command.make_parser(context).parse_args(rest)
    if left and not isinstance(command, click.Group):
        raise click.UsageError(f"too much: {left}")
    for parameter in command.params:
        given = values.get(parameter.name)
        if isinstance(parameter.type, click.Choice) and isinstance(given, str) and not PLACEHOLDER.fullmatch(given):
            parameter.type.convert(given, parameter, context)
    return command


@pytest.mark.parametrize(("page", "words"), of_pages(lambda page: pages.commands(page, "totem")))
def test_every_totem_command_of_the_pages_exists(page: Path, words: list[str]):
    parse(words[1:])


def test_a_command_that_does_not_exist_would_be_noticed():
    for wrong in ("prove", "queue shout", "queue status --loud", "dock printer on-fire", "sync once twice"):
        with pytest.raises((click.UsageError, KeyError)):
            parse(wrong.split())


@pytest.mark.parametrize(("page", "words"), of_pages(lambda page: pages.commands(page, "make")))
def test_every_make_command_of_the_pages_exists(page: Path, words: list[str]):
    done = subprocess.run(["make", "-n", *words[1:]], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_readme_names_every_target_that_the_makefile_declares():
    declared = re.search(r"^\.PHONY: (.+)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert declared is not None
    named = {words[1] for words in pages.commands(ROOT / "README.md", "make") if len(words) > 1}
    assert set(declared[1].split()) <= named


@pytest.mark.parametrize(
    ("page", "example"), of_pages(pages.examples, name=lambda example: " ".join(example.command)[:60])
)
def test_the_examples_come_out_as_the_pages_show(page: Path, example: pages.Example, monkeypatch):
    monkeypatch.chdir(ROOT)
    assert example.command[0] == "totem"
    done = CliRunner().invoke(main, example.command[1:])
    assert done.output == example.said


@pytest.mark.parametrize(
    ("page", "link"),
    of_pages(lambda page: pages.LINK.findall(page.read_text(encoding="utf-8")), name="".join),
)
def test_every_link_and_picture_of_the_pages_leads_somewhere(page: Path, link: tuple[str, str]):
    target, anchor = link
    if re.match(r"[a-z]+:", target):
        pytest.fail(f"{target} lies outside the project: a page of it must be readable without a network")
    found = (page.parent / target).resolve() if target else page
    assert found.exists()
    assert found.is_relative_to(ROOT)
    if anchor:
        assert anchor in pages.anchors(found)


@pytest.mark.parametrize(
    ("page", "named"),
    of_pages(lambda page: pages.TEST.findall(page.read_text(encoding="utf-8")), name=lambda named: named[1]),
)
def test_every_test_that_the_pages_name_is_there(page: Path, named: tuple[str, str]):
    file, test = named
    assert f"def {test}(" in (ROOT / file).read_text(encoding="utf-8")


FILE = re.compile(r"[\w.-]+(?:/[\w.-]+)*/[\w-]+\.(?:py|yaml|toml|md|csv|json|service)")
NAME = re.compile(r"(?:kiosk|printer|devices|offline_cache|central)(?:\.(?!toml$)[A-Za-z_]\w*)+")


def own_files(page: Path) -> list[str]:
    """Paths inside the project that the page names; a path below another folder is the reader's own."""
    rooms = {path.relative_to(ROOT).parts[0] for path in pages.tracked()}
    found = (text.split("::")[0] for text in pages.inline(page))
    return sorted({text for text in found if FILE.fullmatch(text) and text.split("/")[0] in rooms})


@pytest.mark.parametrize(("page", "file"), of_pages(own_files, name=str))
def test_every_file_that_the_pages_name_is_there(page: Path, file: str):
    assert (ROOT / file).is_file()


@pytest.mark.parametrize(
    ("page", "dotted"),
    of_pages(lambda page: sorted({text for text in pages.inline(page) if NAME.fullmatch(text)}), name=str),
)
def test_every_module_that_the_pages_name_is_there(page: Path, dotted: str):
    path = ROOT.joinpath(*dotted.split("."))
    assert path.is_dir() or path.with_suffix(".py").is_file()


SETTINGS = {"# totem.toml": Settings, "# central.toml": CentralSettings}


@pytest.mark.parametrize(
    ("page", "body"), of_pages(lambda page: pages.fenced(page, "toml"), name=lambda body: body.splitlines()[0])
)
def test_every_settings_file_of_the_pages_is_accepted(page: Path, body: str):
    written = tomllib.loads(body)
    SETTINGS[body.splitlines()[0]].model_validate(written)


@pytest.mark.parametrize("name", ["technician", "administrator"])
def test_both_languages_of_a_page_show_the_same_commands(name: str):
    english, portuguese = (ROOT / f"docs/{name}.{language}.md" for language in ("en", "pt"))
    for language in ("sh", "console"):
        assert pages.fenced(english, language) == pages.fenced(portuguese, language)
    assert pages.fenced(english, "sh")


def test_a_picture_of_the_pages_is_small():
    heavy = {path.name for path in (ROOT / "docs/pictures").glob("*.png") if path.stat().st_size > 60_000}
    assert not heavy


def test_every_page_is_reached_from_the_readme():
    reached, waiting = set(), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in reached:
            continue
        reached.add(page)
        for target in pages.targets(page):
            waiting += target.glob("*.md") if target.is_dir() else [target] if target.suffix == ".md" else []
    assert reached == set(PAGES)
