"""Find who wrote an article: people, split, without "By", roles, handles or the outlet itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from dateline.extract.blocks import Block, key_of, tidy
from dateline.extract.page import Page
from dateline.extract.structured import Node, text_of, types_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Authors:
    """Hold the names and what each witness said."""

    names: tuple[str, ...]
    votes: tuple[tuple[str, str], ...]


SPLIT = re.compile(
    r"\s*(?:[;|/•·&]|,(?!\s*(?:Jr|Sr|III|II|PhD|MD)\b)|\b(?:and|und|et|y|e|og|och|en|i|ja|with|mit)\b)\s*",
    re.IGNORECASE,
)
PREFIX = re.compile(
    r"^(?:(?:written |words |story |reported |posted )?by|von|par|por|di|da|av|af|door|od|text|autor(?:in)?)\s*:?\s+",
    re.IGNORECASE,
)


def find_authors(page: Page, article: Node, blocks: list[Block], sites: set[str]) -> Authors:
    """Hear the witnesses in order of trust and take the first that names people."""
    witnesses: list[tuple[str, list[str]]] = [
        ("jsonld", _from_node(article.get("author"))),
        (
            "meta",
            [
                text
                for name in (
                    "author",
                    "article:author",
                    "parsely-author",
                    "sailthru.author",
                    "dc.creator",
                    "byl",
                    "citation_author",
                    "dcterms.creator",
                    "cxenseparse:author",
                )
                for text in page.meta.get(name, ())
            ],
        ),
        (
            "rel",
            [tidy(link.text_content()) for link in page.body.iter("a") if "author" in (link.get("rel") or "").split()],
        ),
        (
            "itemprop",
            [
                tidy(el.text_content())
                for el in page.body.iter("span", "a", "div", "p")
                if (el.get("itemprop") or "") == "author"
            ],
        ),
        ("byline", [block.text for block in blocks if "author" in block.hints and len(block.text) < 100]),
    ]
    votes = tuple((name, " | ".join(texts)) for name, texts in witnesses if texts)
    for _, texts in witnesses:
        names = clean_names(texts, sites)
        if names:
            return Authors(names=names, votes=votes)
    return Authors(names=(), votes=votes)


def _from_node(value: Any) -> list[str]:
    if isinstance(value, list):
        return [name for item in value for name in _from_node(item)]
    if isinstance(value, dict) and "Organization" in types_of(value):
        return []
    name = text_of(value)
    return [name] if name else []


def clean_names(texts: list[str], sites: set[str]) -> tuple[str, ...]:
    """Split and clean names; drop what is no person."""
    names: dict[str, str] = {}
    for text in texts:
        if re.match(r"https?://", text):
            continue
        for part in SPLIT.split(PREFIX.sub("", tidy(text))):
            name = PREFIX.sub("", tidy(part)).strip(" ,.:-–—")
            key = key_of(name)
            if (
                not key
                or key in sites
                or "@" in name
                or any(c.isdigit() for c in name)
                or len(name.split()) > 5
                or len(name) < 3
            ):
                continue
            names.setdefault(key, name)
    return tuple(names.values())
