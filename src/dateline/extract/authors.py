"""Find who wrote an article: people, split, without "By", roles, handles or the outlet itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from dateline.extract.blocks import Block, key_of, tidy
from dateline.extract.page import Page
from dateline.extract.people import CASED, LONGEST_NAME, people_in, person_in, rule_of, without_prefix
from dateline.extract.structured import Node, text_of, types_of

META = (
    "author", "article:author", "parsely-author", "sailthru.author", "dc.creator", "dcterms.creator", "byl", "authors",
    "citation_author", "cxenseparse:author", "dcterms.creator.aut", "og:article:author", "article:author_name",
)  # fmt: skip
ABOVE, BELOW = 6, 4  # blocks above the headline, and below the first and last prose, among which a byline stands
LONGEST_LINE = 160
SHORTEST_NAME = 6  # characters of a line that is a name
FAR = 60  # blocks between headline and text
AUTHOR = frozenset(("author",))

SYSTEM = re.compile(r"[\d\W]+|[a-z]+(?:\.[a-z]+){3,}")  # a number, or a field that nobody filled
ADDRESS = re.compile(r"@|https?:|[/{}<>=_]")
AUTHOR_PATH = re.compile(
    r"/(?:authors?|by|people|person|profiles?|staff|autor(?:en|es|in)?|auteurs?|journalists?|contributors?|writers?)/[^/]",
    re.IGNORECASE,
)
DATED_BY = re.compile(r"\d.{0,20}\b(?:[Bb]y|[Vv]on|[Pp]ar|[Pp]or|[Dd]i|[Dd]oor|[Aa]v|[Aa]f)\s+([^\W\d_].{2,100})$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Authors:
    """Hold the names and what each witness said."""

    names: tuple[str, ...]
    votes: tuple[tuple[str, str], ...]


def find_authors(page: Page, article: Node, blocks: list[Block], sites: set[str]) -> Authors:
    """Hear the witnesses in order of trust and take the first that names people.

    Where none does, a first name alone will do, and then the team or organisation that signs.
    """
    witnesses = _witnesses(page, article, blocks)
    people = {
        name: people_in(texts, sites, single=name == "jsonld", owner=name in {"jsonld", "rel"})
        for name, texts in witnesses
    }
    best = next((found for found in people.values() if found), ())
    linked = people["rel"]
    if best and len(linked) > len(best) and set(map(key_of, best)) <= set(map(key_of, linked)):
        best = linked  # structured data that names only the first of them
    if not best:
        alone = (people_in(texts, sites, single=True)[:1] for name, texts in witnesses if name != "byline")
        best = next((found for found in alone if found), ())
    if not best:
        best = _signature(witnesses, article, sites)
    return Authors(names=best, votes=tuple((name, " | ".join(texts)) for name, texts in witnesses if texts))


def _witnesses(page: Page, article: Node, blocks: list[Block]) -> list[tuple[str, list[str]]]:
    above, below = round_the_text(blocks)
    near = [*above, *below]
    hinted = [block for block in near if block.hinted(AUTHOR)]
    return [
        ("jsonld", list(_from_node(article.get("author")) or _from_node(article.get("creator")))),
        ("meta", [text for name in META for text in page.meta.get(name, ())]),
        ("rel", [text for block in above for text in _links(block, by_relation=True)]),
        ("byline", [text for block in hinted for text in _names_in(block)]),
        ("line", [found for block in [*near, *_ending(blocks)] for line in _lines(block) if (found := _signed(line))]),
        ("link", [text for block in above for text in _links(block, by_relation=False)]),
        ("name", _echoed(above, blocks)),
    ]


def _echoed(above: list[Block], blocks: list[Block]) -> list[str]:
    """Return the lines between headline and text that are a name and stand again behind the text: at the head of a biography."""
    prose = [block.index for block in blocks if block.taken and block.prose]
    top = next((block.index for block in above if block.tag == "h1"), None)
    if top is None or not prose:
        return []
    lines = [
        block for block in above if top < block.index < prose[0] and SHORTEST_NAME <= len(block.text) <= LONGEST_NAME
    ]
    names = [
        block
        for block in lines
        if " " in block.text and not block.heading and person_in(block.text, single=False) == block.text
    ]
    behind = [block.key for block in blocks[max(prose[0], prose[-1] - BELOW) :] if len(block.key) <= LONGEST_LINE * 4]
    return [block.text for block in names if any(_echoes(key, block.key) for key in behind)][:1]


def _echoes(key: str, name: str) -> bool:
    """Say whether a line behind the text begins with a name, or is short and holds it."""
    return key.startswith(name) or (len(key) <= LONGEST_LINE // 2 and name in key)


def _from_node(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _from_node(item)
    elif not (isinstance(value, dict) and any("Organization" in name for name in types_of(value))):
        name = text_of(value)
        if name:
            yield name


def _signature(witnesses: list[tuple[str, list[str]]], article: Node, sites: set[str]) -> tuple[str, ...]:
    """Return the agency, team or organisation that signs where no person does; the outlet itself last."""
    given = text_of(article.get("author"))
    stated = [given] if given else []
    for name, texts in witnesses:
        stated += [text for text in texts if name in {"jsonld", "meta"} or _is_collective(text)]
    cleaned = [without_prefix(tidy(text)).strip(" ,:-") for text in stated]
    signed = [
        text
        for text in cleaned
        if 1 < len(text) <= LONGEST_NAME and not ADDRESS.search(text) and not SYSTEM.fullmatch(text)
    ]
    others = [text for text in signed if key_of(text) not in sites]
    return tuple((others or signed)[:1])


def _is_collective(text: str) -> bool:
    text = without_prefix(tidy(text))
    return bool(rule_of("collective").match(text)) and not rule_of("noise").match(text)


def round_the_text(blocks: list[Block]) -> tuple[list[Block], list[Block]]:
    """Return the blocks among which a byline stands: from the headline to the first paragraphs, and just after the text."""
    prose = [block.index for block in blocks if block.taken and block.prose]
    top = next((block.index for block in blocks if block.tag == "h1"), prose[0] if prose else 0)
    first, last = (prose[0], prose[-1]) if prose else (top, top)
    begin, end = max(0, min(top, first) - ABOVE), max(top, first) + BELOW
    if end - begin > FAR:
        begin = max(0, first - FAR // 2)  # a heading so far from the text is not its headline
    above, below = blocks[begin:end], blocks[max(end, last + 1) : last + 1 + BELOW]
    foreign = frozenset(("comment", "related"))
    return [x for x in above if not x.hinted(foreign)], [x for x in below if not x.hinted(foreign)]


def _ending(blocks: list[Block]) -> list[Block]:
    """Return the last blocks of the text: "Written by Jane Roe" may stand over a biography there."""
    prose = [block.index for block in blocks if block.taken and block.prose]
    last = prose[-1] if prose else 0
    return [block for block in blocks[max(0, last - BELOW) : last] if not block.prose]


def _links(block: Block, *, by_relation: bool) -> list[str]:
    """Return the texts of links that say they lead to an author: by relation, or by their address."""
    found = []
    for link in block.element.iter("a"):
        related = "author" in (link.get("rel") or "").split() or link.get("itemprop") == "author"
        if related if by_relation else AUTHOR_PATH.search(link.get("href") or ""):
            found.append(tidy("".join(link.itertext())))
    return [text for text in found if text]


def _names_in(block: Block) -> list[str]:
    """Return the names of a byline: its links where they are most of it, else its text."""
    links = [tidy("".join(link.itertext())) for link in block.element.iter("a")]
    if len(links) > 1 and block.link_share > 0.6:  # noqa: PLR2004
        return [text for text in links if text]
    children = [text for child in block.element if (text := tidy("".join(child.itertext())))]
    if len(children) > 1 and sum(map(len, children)) > 0.8 * len(block.text):
        return children
    return [block.text] if len(block.text) <= LONGEST_LINE else []


def _lines(block: Block) -> list[str]:
    """Return a short block's lines as its <br>s part them; a name and a role may stand in one each."""
    if len(block.text) > LONGEST_LINE or next(block.element.iter("br"), None) is None:
        return [block.text]
    parts = [block.element.text or ""]
    for inner in block.element.iterdescendants():
        parts += ["\n" if inner.tag == "br" else inner.text or "", inner.tail or ""]
    lines = [line for line in map(tidy, "".join(parts).split("\n")) if line and key_of(line) in block.key]
    return lines or [block.text]


def _signed(text: str) -> str | None:
    """Return what stands after "By" in a line that begins so, or that tells date and author."""
    if len(text) > LONGEST_LINE:
        return None
    if found := DATED_BY.search(text):
        return found[1]
    rest = without_prefix(text)
    return rest if rest != text and rest and (CASED.match(rest[0]) or not rest[0].isascii()) else None
