"""Every page of the demo newsroom is read as its expected result says, and the coder agrees with a careful reader.

The floors stand in `eval/floors.json`: raising one is a commit, lowering one needs a reason in it.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from dateline.annotate.coding import annotate_texts
from dateline.annotate.nlp import load_nlp
from dateline.annotate.records import to_json
from dateline.extract import extract_page
from dateline.fetch.client import Client
from dateline.stack.newsroom import load_expected, serving
from dateline.stack.newsroom.agreement import compare
from dateline.types import TextInput

FLOORS = json.loads((Path(__file__).parent.parent / "eval" / "floors.json").read_text(encoding="utf-8"))
CLOCK = re.compile(r"^\d{1,2}[:.]\d{2}")


@pytest.fixture(scope="module")
def read(tmp_path_factory):
    """Return every article page with what extraction reads on it."""
    home = tmp_path_factory.mktemp("newsroom")
    with serving(home) as newsroom, Client(user_agent="test/1", allow_hosts=frozenset(newsroom.allow_hosts)) as client:
        pages = [page for page in load_expected(home) if page.text and page.status == 200 and page.outcome != "robots"]
        return [(page, extract_page(client.get(page.url))) for page in pages]


def share(pairs):
    right = [one == other for one, other in pairs]
    return sum(right) / len(right)


def squeezed(text):
    return "".join(text.split())


def words(text, optional=()):
    """Return a text's words; paragraphs that may or may not be taken do not count, nor the hour before a live entry's head."""
    left_out = {squeezed(line) for line in optional}
    lines = map(squeezed, text.split("\n"))
    return [line for line in lines if line not in left_out and CLOCK.sub("", line) not in left_out]


def test_texts_are_those_that_a_reader_sees(read):
    pairs = [(words(article.text, page.optional), words(page.text, page.optional)) for page, article in read]
    assert share(pairs) >= FLOORS["newsroom.text"]


def test_titles_authors_and_dates_are_those_of_the_page(read):
    assert share([(article.title, page.title) for page, article in read]) >= FLOORS["newsroom.title"]
    assert share([(set(article.authors), set(page.authors)) for page, article in read]) >= FLOORS["newsroom.authors"]
    days = [(article.published and article.published.on, page.published_at.date()) for page, article in read]
    assert share(days) >= FLOORS["newsroom.day"]
    assert share([(article.language, page.language) for page, article in read]) == 1


def test_captions_are_those_of_the_page_with_their_credits(read):
    for page, article in read:
        found = list(map(squeezed, article.captions))
        wanted = list(map(squeezed, page.captions))
        assert len(found) == len(wanted), (page.id, article.captions)
        for got, caption in zip(found, wanted, strict=True):
            assert got.startswith(caption), page.id
            assert not got.removeprefix(caption) or any(squeezed(credit) in got for credit in page.credits), page.id


def test_standfirsts_kinds_and_canonical_addresses_are_those_of_the_page(read):
    for page, article in read:
        assert squeezed(article.standfirst or "") == squeezed(page.standfirst or ""), page.id
        assert article.kind == page.kind, page.id
        assert article.canonical_url == page.canonical_url, page.id


@pytest.mark.model
def test_the_coder_agrees_with_a_careful_reader(read):
    pages = [page for page, _ in read if page.outcome == "coded"]
    texts = [
        TextInput(id=page.id, text=page.text, title=page.title, published=page.published_at, language=page.language)
        for page in pages
    ]
    coded = {item.id: to_json(answer.events) for item, answer in annotate_texts(load_nlp(), texts)}
    found = compare((page.id, coded[page.id], page.events) for page in pages)
    assert found.precision >= FLOORS["newsroom.precision"], found.extra
    assert found.recall >= FLOORS["newsroom.recall"]
    for page in pages:
        for event in coded[page.id]:
            trigger = event["trigger"]
            assert page.text[trigger["start"] : trigger["end"]] == trigger["text"]
