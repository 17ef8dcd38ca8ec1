"""Find an article's title: a vote of the page's headings, its structured data, its social cards and <title>."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import unescape
from urllib.parse import urlsplit

from dateline.extract.blocks import HEADINGS, Block, key_of, tidy
from dateline.extract.page import Page
from dateline.extract.structured import Node, text_of

# what a witness's word is worth; cards are written for other places than the page, so the page's own heading counts most
WEIGHTS = {"h1": 1.95, "jsonld": 1.0, "og:title": 1.0, "title": 0.8, "meta": 0.5, "twitter:title": 0.1}
UNRELATED = 0.5  # what a heading is worth that shares no word with any other witness: a section's name, a slogan
META = ("title", "headline", "dc.title", "dcterms.title", "parsely-title", "sailthru.title", "citation_title")
PARTLY = 0.25  # of a witness's weight, for a title that is its beginning or end up to a separator
LONGEST = 350  # characters; an unclosed <title> takes in the whole page
LONGEST_RAW = 4 * LONGEST  # with entities and markup
TAIL_WORDS = 5  # a site's name, with or without a section, has no more
SHORTEST = 5  # word characters
BESIDE_HEADLINE = 4  # blocks round the first heading in which another heading may be the real headline

PIPE = re.compile(r"\s*[|\u2502\uff5c\u3163\u00a6]\s*")
SEPARATOR = re.compile(
    r"\s+[\u2022\u00b7\u2014\u2013\-\u00bb\u00ab/:\u22c6~\u2039\u203a<>]+\s+|\s*[\u00bb\u00ab]\s*|\s+::\s+|-(?=\S+$)"
)
WORD = re.compile(r"\w{3,}|[^\x00-\u02ff]")
HOST_NOISE = re.compile(r"^(?:www|m|amp|edition|blog|news|en|de|fr|es|it)\d*\.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    """Hold the title and what each witness said."""

    text: str | None
    votes: tuple[tuple[str, str], ...]


def find_title(page: Page, article: Node, blocks: list[Block], sites: set[str]) -> Title:
    """Return the title that most witnesses support, without the site's name. `sites` are the keys of its names."""
    witnesses = [(name, cut_site(text, sites)) for name, text in _witnesses(page, article, blocks)]
    witnesses = [(name, text) for name, text in witnesses if len(key_of(text)) >= SHORTEST or len(text) > 1]
    if shown := _shown_headline(witnesses, blocks):
        return Title(text=shown, votes=tuple(witnesses))
    named = [(name, text) for name, text in witnesses if not is_site(key_of(text), sites)]
    ranked = sorted(named or witnesses, key=lambda item: -_support(item[1], witnesses))  # stable: h1 first
    return Title(text=ranked[0][1] if ranked else None, votes=tuple(witnesses))


def _witnesses(page: Page, article: Node, blocks: list[Block]) -> Iterable[tuple[str, str]]:
    for block in blocks:
        if block.tag == "h1" and len(block.text) <= LONGEST and not block.hinted(frozenset(("nav", "footer"))):
            yield "h1", tidy(unescape(block.text))
    head = page.root.find(".//head//title")
    given = [
        ("jsonld", text_of(article.get("headline")) or text_of(article.get("name"))),
        ("og:title", page.first("og:title")),
        ("title", "".join(head.itertext()) if head is not None else None),
        ("meta", page.first(*META)),
        ("twitter:title", page.first("twitter:title")),
    ]
    for name, text in given:
        if text and (clean := tidy(unescape(unescape(text[:LONGEST_RAW])))) and len(clean) <= LONGEST:
            yield name, clean


def _shown_headline(witnesses: list[tuple[str, str]], blocks: list[Block]) -> str | None:
    """Return the structured headline where the page shows just these words as a heading near its first heading.

    Some templates make the first heading for search engines, and the headline that readers see another.
    """
    stated = next((text for name, text in witnesses if name == "jsonld"), None)
    first = next((block.index for block in blocks if block.tag == "h1"), None)
    if stated is None or first is None:
        return None
    key = key_of(stated)
    near = blocks[max(0, first - BESIDE_HEADLINE) : first + BESIDE_HEADLINE + 1]
    return next((block.text for block in near if block.key == key and block.tag in HEADINGS), None)


def _support(text: str, witnesses: list[tuple[str, str]]) -> float:
    """Add up the weights of the witnesses that say the same; each kind of witness speaks once."""
    key = key_of(text)
    best: dict[str, float] = {}
    for name, other in witnesses:
        other_key = key_of(other)
        if other_key == key:
            worth = UNRELATED if name == "h1" and _unrelated(other, witnesses) else WEIGHTS[name]
        elif len(key) > TAIL_WORDS * 3 and (other_key.startswith(key) or other_key.endswith(key)):
            worth = WEIGHTS[name] * PARTLY
        else:
            continue
        best[name] = max(worth, best.get(name, 0.0))
    return sum(best.values())


def _unrelated(heading: str, witnesses: list[tuple[str, str]]) -> bool:
    words = set(WORD.findall(heading.lower()))
    others = [set(WORD.findall(text.lower())) for name, text in witnesses if name not in {"h1", "twitter:title"}]
    return len(others) > 1 and not any(words & other for other in others)


def site_keys(names: Iterable[str | None], addresses: Iterable[str | None]) -> set[str]:
    """Return the keys by which a site's name is known: its names, and the name in its address."""
    keys = {key_of(name) for name in names if name}
    for address in addresses:
        try:
            host = urlsplit(address or "").hostname or ""
        except ValueError:
            continue
        labels = HOST_NOISE.sub("", host).split(".")
        if len(labels) > 1:
            keys |= {key_of(labels[0]), key_of("".join(labels))}
    return {key for key in keys if len(key) > 1}


def is_site(key: str, sites: set[str]) -> bool:
    """Say whether a key is a site's name, or begins with it and goes on a little."""
    return any(
        key == site or (len(site) > 3 and key.startswith(site) and len(key) <= 2 * len(site))  # noqa: PLR2004
        or (len(key) > 3 and site.startswith(key))  # noqa: PLR2004
        for site in sites
    )  # fmt: skip


def cut_site(title: str, sites: set[str]) -> str:
    """Cut the site's name, with a section before it, from either end of a title."""
    title = _cut_pipes(title, sites)
    parts = list(SEPARATOR.finditer(title))
    for found in parts:  # the longest tail first: "Title - Section - Site"
        tail = title[found.end() :]
        pieces = [key_of(piece) for piece in SEPARATOR.split(tail)]
        if found.start() and len(tail.split()) <= TAIL_WORDS and is_site(pieces[-1], sites):
            return title[: found.start()].strip()
    if parts and key_of(title[: parts[0].start()]) in sites:
        return title[parts[0].end() :].strip()
    return title


def _cut_pipes(title: str, sites: set[str]) -> str:
    """Cut at upright bars, which hardly stand in a headline itself."""
    parts = PIPE.split(title)
    if len(parts) > 1 and key_of(parts[0]) in sites:
        parts.pop(0)
    while len(parts) > 1 and (is_site(key_of(parts[-1]), sites) or len(parts[-1].split()) <= TAIL_WORDS):
        rest = " ".join(parts[:-1])
        if len(rest.split()) <= 1 and len(key_of(rest)) < 3 * SHORTEST:
            break
        parts.pop()
    return " | ".join(parts).strip()
