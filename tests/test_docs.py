"""The documents name only what there is: files, make targets, commands, settings, tables and views."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer

from dateline.cli.app import app
from dateline.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
CODE = re.compile(r"```.*?```|`[^`\n]+`|^    .+$", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")
COMMAND = re.compile(r"(?<![\w./-])dateline ((?:[a-z][a-z-]+ ?){1,3})")


def ids(path):
    return str(path.relative_to(ROOT))


@pytest.fixture(scope="module")
def commands():
    """Return every command, as its words after `dateline`."""
    found = set()

    def walk(command, words):
        found.add(" ".join(words))
        for name, inner in getattr(command, "commands", {}).items():
            walk(inner, [*words, name])

    walk(typer.main.get_command(app), [])
    return found


@pytest.mark.parametrize("document", DOCUMENTS, ids=ids)
def test_links_lead_somewhere(document):
    for target in LINK.findall(document.read_text(encoding="utf-8")):
        assert (document.parent / target).exists(), f"{ids(document)} links to {target}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=ids)
def test_commands_exist(document, commands):
    code = "\n".join(CODE.findall(document.read_text(encoding="utf-8")))
    groups = {words.split()[0] for words in commands if " " in words}
    for said in COMMAND.findall(code):
        first, *rest = said.split()
        assert first in commands, f"{ids(document)} names `dateline {first}`"
        if first in groups and rest:
            assert f"{first} {rest[0]}" in commands, f"{ids(document)} names `dateline {first} {rest[0]}`"


@pytest.mark.parametrize("document", DOCUMENTS, ids=ids)
def test_make_targets_exist(document):
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    code = "\n".join(CODE.findall(document.read_text(encoding="utf-8")))
    for target in re.findall(r"(?<![\w.-])make ([a-z]+)", code):
        assert target in targets, f"{ids(document)} names `make {target}`"


@pytest.mark.parametrize("document", DOCUMENTS, ids=ids)
def test_settings_exist(document):
    known = {f"DATELINE_{name.upper()}" for name in Settings.model_fields}
    sources = "".join(path.read_text(encoding="utf-8") for path in ROOT.glob("src/**/*.py"))
    known |= set(re.findall(r"DATELINE_[A-Z_]+", sources + (ROOT / "eval" / "run.py").read_text(encoding="utf-8")))
    for name in re.findall(r"DATELINE_[A-Z_]+[A-Z]", document.read_text(encoding="utf-8")):
        assert name in known, f"{ids(document)} names {name}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=ids)
def test_tables_and_views_exist(document):
    made = "".join(path.read_text(encoding="utf-8") for path in ROOT.glob("src/dateline/store/migrations/**/*.sql"))
    known = set(re.findall(r"(?:table|view|function)\s+(?:if not exists\s+)?dateline\.(\w+)", made, re.IGNORECASE))
    code = "\n".join(CODE.findall(document.read_text(encoding="utf-8")))
    for name in re.findall(r"(?:from|join) dateline\.(\w+)", code, re.IGNORECASE):
        assert name in known, f"{ids(document)} names dateline.{name}"


def test_every_command_has_help(commands):
    def walk(command, words):
        assert command.help or not words, f"`dateline {' '.join(words)}` has no help"
        for name, inner in getattr(command, "commands", {}).items():
            walk(inner, [*words, name])

    walk(typer.main.get_command(app), [])


def test_no_download_addresses_are_committed():
    pattern = re.compile(r"https?://\S*(?:/simple/|\.whl|\.tgz|\.tar\.gz)")
    for path in [*ROOT.glob("*.lock"), *ROOT.glob("*.toml"), *ROOT.glob("*.md"), *ROOT.glob("Dockerfile")]:
        assert not pattern.search(path.read_text(encoding="utf-8")), f"{path.name} names a download address"


def test_the_changelog_has_an_open_section():
    assert "## [Unreleased]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_decisions_are_short():
    for path in (ROOT / "docs" / "decisions").glob("*.md"):
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        assert len(lines) <= 25, f"{path.name}: a decision is ten lines, more or less"
