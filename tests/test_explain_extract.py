"""`dateline extract --explain`: the article, where each field came from, how its text was chosen, what was left out and why."""

from __future__ import annotations

import gzip
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from dateline.cli.explain_extract import explain, reason_of
from dateline.errors import UserError
from dateline.extract.read import Trace, read_page

PAGES = Path(__file__).parent / "pages"


def shown(path: Path) -> tuple[int, str]:
    out = StringIO()
    code = explain(path, console=Console(file=out, width=140))
    return code, out.getvalue()


@pytest.mark.parametrize("path", sorted(PAGES.glob("*.html")), ids=lambda path: path.stem)
def test_every_page_of_ours_is_explained(path):
    code, text = shown(path)
    assert ("Mode" in text) == (code == 0)
    assert max(map(len, text.splitlines())) <= 140


@pytest.mark.parametrize("path", sorted(PAGES.glob("*.html")), ids=lambda path: path.stem)
def test_each_decision_has_its_reason(path):
    trace = Trace()
    read_page(path.read_text("utf-8"), trace=trace)
    assert all(reason_of(block, trace) for block in trace.blocks)
    dropped = [block for block in trace.blocks if not block.taken and block.why == "trafilatura"]
    assert not dropped


def test_fields_say_where_they_came_from():
    text = shown(PAGES / "reference_traits.html")[1]
    lines = {line.strip("│ ").split("  ")[0]: line for line in text.splitlines() if line.startswith("│")}
    assert "jsonld, rel, byline" in lines["authors"]
    assert "2018-08-24 17:05:00-04:00" in lines["published"]
    assert "jsonld" in lines["published"]
    assert "og:site_name" in lines["site"]
    assert "link rel=canonical" in lines["address"]


def test_each_block_says_why():
    lines = shown(PAGES / "reference_traits.html")[1].splitlines()
    assert any(line.startswith("✗ h1") and line.rstrip().endswith("headline") for line in lines)
    assert any(line.startswith("✗ p") and line.rstrip().endswith("standfirst") for line in lines)
    assert any(line.startswith("· figcaption") and line.rstrip().endswith("caption") for line in lines)
    assert any(line.startswith("· p") and line.rstrip().endswith("newsletter line") for line in lines)


def test_witnesses_that_say_otherwise_and_warnings_are_shown(tmp_path):
    words = "<p>The council met in the evening and agreed to repair the old harbour wall before winter comes.</p>" * 4
    page = tmp_path / "page.html"
    page.write_text(
        '<html lang="fr"><head><title>Wall news</title><meta property="og:title" content="Storms are coming soon"></head>'
        f"<body><h1>Council to repair the wall</h1>{words}</body></html>"
    )
    text = shown(page)[1]
    assert "og:title says: Storms are coming soon" in text
    assert "! page claims language fr, text is en" in text


def test_a_page_without_article_shows_what_is_there(tmp_path):
    page = tmp_path / "page.html.gz"
    page.write_bytes(
        gzip.compress(b"<html><body><ul><li><a href=/a>One</a></li><li><a href=/b>Two</a></li></ul></body></html>")
    )
    code, text = shown(page)
    assert code == 1
    assert "no_article" in text
    assert "One" in text


def test_a_file_that_is_not_there_says_so(tmp_path):
    with pytest.raises(UserError, match="cannot read"):
        explain(tmp_path / "none.html")
