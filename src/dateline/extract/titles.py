"""Find an article's title: a vote of the page's headings, its social cards, its structured data and <title>."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dateline.extract.blocks import Block, key_of, tidy
from dateline.extract.page import Page
from dateline.extract.structured import Node, text_of

SEPARATOR = re.compile(r"\s+[|•·—–\-»«:/⋆~‹›<>]+\s+|\s*[|»«]\s*|\s+::\s+|(?<=\w):\s+")
HARD = re.compile(r"\s+[|•·—–\-»«⋆~‹›<>]+\s+|\s*[|»«]\s*|\s+::\s+")
MAX_TITLE = 350
MIN_HEADLINE = 12  # characters of a title that can stand without the rest


@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    """Hold the title and what each witness said."""

    text: str | None
    votes: tuple[tuple[str, str], ...]


def find_title(page: Page, article: Node, blocks: list[Block], site_names: list[str]) -> Title:
    """Return the title without the site's name."""
    sites = {key_of(name) for name in site_names if name} - {""}
    head = page.root.find(".//title")
    witnesses = [("h1", block.text) for block in blocks if block.tag == "h1" and len(block.text) <= MAX_TITLE]
    given = [
        ("og:title", page.first("og:title")),
        ("jsonld", text_of(article.get("headline")) or text_of(article.get("name"))),
        ("twitter:title", page.first("twitter:title")),
        ("meta", page.first("title", "headline", "dc.title", "parsely-title", "sailthru.title", "citation_title")),
        ("title", tidy("".join(head.itertext())) if head is not None else None),
    ]
    cards = [(name, cut_site(tidy(text), sites)) for name, text in given if text]
    cards = [(name, text) for name, text in cards if text]
    votes = tuple([*witnesses, *cards])
    headings = [text for _, text in witnesses if key_of(text) not in sites]
    if not cards:
        return Title(text=headings[0] if headings else None, votes=votes)
    if not headings:
        return Title(text=_agreed([text for _, text in cards]), votes=votes)
    best = max(headings, key=lambda text: (_support(text, [card for _, card in cards]), -headings.index(text)))
    if _support(best, [card for _, card in cards]) > 0 or len(headings) == 1:
        return Title(text=best if len(key_of(best)) >= 5 else _agreed([text for _, text in cards]), votes=votes)
    return Title(text=_agreed([text for _, text in cards]), votes=votes)


def _agreed(cards: list[str]) -> str:
    keys = [key_of(card) for card in cards]
    return max(cards, key=lambda card: (keys.count(key_of(card)), -cards.index(card)))


def _support(text: str, cards: list[str]) -> float:
    """Say how far the cards say the same: 1 for each that equals, less for each that shares most words."""
    words = set(re.findall(r"\w+", text.lower()))
    total = 0.0
    for card in cards:
        other = set(re.findall(r"\w+", card.lower()))
        shared = len(words & other) / max(1, len(words | other))
        total += shared if shared >= 0.4 else 0
    return total


def cut_site(title: str, sites: set[str]) -> str:
    """Cut the site's name (or a section's) from either end of a title."""
    changed = True
    while changed:
        changed = False
        pieces = [(found.start(), found.end()) for found in HARD.finditer(title)]
        for start, end in reversed(pieces):
            tail = key_of(title[end:])
            if _is_site(tail, sites):
                title, changed = title[:start].strip(), True
                break
        if not changed and pieces:
            start, end = pieces[0]
            if _is_site(key_of(title[:start]), sites):
                title, changed = title[end:].strip(), True
    return title


def _is_site(key: str, sites: set[str]) -> bool:
    return bool(key) and any(
        key == site or (len(key) > 3 and (site.startswith(key) or key.startswith(site))) for site in sites
    )
