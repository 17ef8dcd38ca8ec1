"""Make pages to measure on: the demo newsroom's own, with paragraphs drawn anew so that no two are copies."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path
from urllib.request import urlopen

from lxml import html as lxml_html

SEED = 20261123  # any; the same pages in every run
OWN_SHARE = 0.5  # of a page's paragraphs stay, so that a page still has a subject


def make_pages(count: int) -> list[tuple[str, str]]:
    """Return `count` pages as (URL, HTML), each as its outlet's template makes it, with about the usual length."""
    from dateline.stack.newsroom import load_expected, serving

    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        with serving(home):
            expected = [
                page for page in load_expected(home) if page.text and page.status == 200 and page.language == "en"
            ]
            served = []
            for page in expected:
                with urlopen(page.url) as answer:
                    served.append((page.url, answer.read().decode("utf-8", "replace")))
    paragraphs = [line for page in expected for line in (page.text or "").split("\n")]
    draw = random.Random(SEED)
    return [_vary(*served[number % len(served)], paragraphs, number, draw) for number in range(count)]


def _vary(url: str, page: str, paragraphs: list[str], number: int, draw: random.Random) -> tuple[str, str]:
    known = set(paragraphs)
    tree = lxml_html.fromstring(page)
    for node in tree.iter("p"):
        if " ".join(node.text_content().split()) in known and draw.random() > OWN_SHARE:
            for child in list(node):
                node.remove(child)
            node.text = draw.choice(paragraphs)
    return f"{url}?bench={number}", lxml_html.tostring(tree, encoding="unicode", doctype="<!doctype html>")
