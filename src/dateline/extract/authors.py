"""Find who wrote an article: people, split, without "By", roles, handles or the outlet itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from html import unescape
from typing import Any

from dateline.errors import RulesError
from dateline.extract.blocks import Block, key_of, tidy
from dateline.extract.page import Page
from dateline.extract.structured import Node, text_of, types_of
from dateline.extract.tables import read_table

META = (
    "author", "article:author", "parsely-author", "sailthru.author", "dc.creator", "dcterms.creator", "byl", "authors",
    "citation_author", "cxenseparse:author", "dcterms.creator.aut", "og:article:author", "article:author_name",
)  # fmt: skip
ABOVE, BELOW = 6, 4  # blocks above the headline, and below the first and last prose, among which a byline stands
LONGEST_LINE = 160
LONGEST_NAME = 45
SHORTEST_NAME = 6  # characters of a line that is a name
MOST_WORDS = 5
MOST_NAMES = 12
FAR = 60  # blocks between headline and text
AUTHOR = frozenset(("author",))

BETWEEN = re.compile(r"\s*[;|/\u2022\u00b7\u25cf\u22c5\u2219\u2013\u2014\n\u3001\uff0f\uff1b]\s*|\s+[-&+]\s+|\s*,\s*|&")
BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]|\uff08[^\uff09]*\uff09|[\"\u201c\u201d]")
HANDLE = re.compile(r"@|https?:|www\.|\.(?:com|net|org|de|co)\b|[{}<>=#*_\\]|^\W+$")
SYSTEM = re.compile(r"[\d\W]+|[a-z]+(?:\.[a-z]+){3,}")  # a number, or a field that nobody filled
ADDRESS = re.compile(r"@|https?:|[/{}<>=_]")
FROM_DATE = re.compile(
    r"\s*[,|\u2022\u00b7\u2013-]*\s*(?:\b(?:on|am|le|el|il|op)\b\s+)?(?:(?:jan|feb|m[aä]r|apr|ma[iy]|ju[nl]|aug|sep|o[ck]t|nov|de[cz])[a-z]*\.?\s+)?\d.*$",
    re.IGNORECASE,
)
CASED = re.compile(r"[A-Z\u00c0-\u00de\u0100-\u024f\u0370-\u03ff\u0400-\u052f]")
AUTHOR_PATH = re.compile(
    r"/(?:authors?|by|people|person|profiles?|staff|autor(?:en|es|in)?|auteurs?|journalists?|contributors?|writers?)/[^/]",
    re.IGNORECASE,
)
DATED_BY = re.compile(r"\d.{0,20}\b(?:[Bb]y|[Vv]on|[Pp]ar|[Pp]or|[Dd]i|[Dd]oor|[Aa]v|[Aa]f)\s+([^\W\d_].{2,100})$")
GLUED_BY = re.compile(r"^(?:[Ww]ritten )?[Bb]y(?=[A-Z])")
ELSEWHERE = re.compile(r"\s+(?:on behalf of|in|at|for|of|bei|für|chez|pour|from)\s+.*$")
PARTICLES = frozenset(
    [
        "van",
        "von",
        "der",
        "den",
        "de",
        "del",
        "della",
        "di",
        "da",
        "dos",
        "das",
        "do",
        "du",
        "des",
        "la",
        "le",
        "el",
        "al",
        "bin",
        "ibn",
        "ben",
        "y",
        "e",
        "zu",
        "zur",
        "vom",
        "ter",
        "ten",
        "af",
        "av",
        "st.",
        "mc",
        "o'",
        "abu",
        "al-",
        "ul",
        "san",
        "santa",
        "i",
        "und",
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Authors:
    """Hold the names and what each witness said."""

    names: tuple[str, ...]
    votes: tuple[tuple[str, str], ...]


@cache
def _rule(kind: str) -> re.Pattern[str]:
    patterns = []
    for line, row in read_table("names.tsv", ("kind", "pattern")):
        try:
            re.compile(row["pattern"])
        except re.error as error:
            raise RulesError(str(error), table="names.tsv", line=line) from error
        if row["kind"] == kind:
            patterns.append(row["pattern"])
    anywhere = "|".join(f"(?:{pattern})" for pattern in patterns)
    shape = rf"^(?:{anywhere})(?:\s*[:/]\s*|\s+|$)" if kind == "prefix" else rf"^(?:{anywhere})$"
    return re.compile(shape, re.IGNORECASE)


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
        if " " in block.text and not block.heading and _person(block.text, single=False) == block.text
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
    cleaned = [_without_prefix(tidy(text)).strip(" ,:-") for text in stated]
    signed = [
        text
        for text in cleaned
        if 1 < len(text) <= LONGEST_NAME and not ADDRESS.search(text) and not SYSTEM.fullmatch(text)
    ]
    others = [text for text in signed if key_of(text) not in sites]
    return tuple((others or signed)[:1])


def _is_collective(text: str) -> bool:
    text = _without_prefix(tidy(text))
    return bool(_rule("collective").match(text)) and not _rule("noise").match(text)


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
    rest = _without_prefix(text)
    return rest if rest != text and rest and (CASED.match(rest[0]) or not rest[0].isascii()) else None


def people_in(texts: Iterable[str], sites: set[str], *, single: bool = False, owner: bool = False) -> tuple[str, ...]:
    """Split and clean names; drop what is no person.

    `single`: a single capitalised word is a name too. `owner`: a person may be called as the site is.
    """
    names: dict[str, str] = {}
    for raw in texts:
        text = tidy(BRACKETS.sub(" ", unescape(raw)))
        for part in _parts(text):
            name = _person(part, single=single)
            if name and ((owner and " " in name) or key_of(name) not in sites):
                names.setdefault(key_of(name), name)
    kept = [name for key, name in names.items() if not any(key != other and key in other for other in names)]
    return tuple(kept[:MOST_NAMES])


def _parts(text: str) -> Iterator[str]:
    joint = _joint()
    for piece in BETWEEN.split(_without_prefix(text)):
        yield from joint.split(piece)


@cache
def _joint() -> re.Pattern[str]:
    words = _rule("joint").pattern.removeprefix("^").removesuffix("$")
    return re.compile(rf"\s+(?:{words})\s+", re.IGNORECASE)


def _without_prefix(text: str) -> str:
    for _ in range(3):
        shorter = GLUED_BY.sub("", _rule("prefix").sub("", text, count=1)).strip()
        if shorter == text:
            break
        text = shorter
    return text


def _person(part: str, *, single: bool) -> str | None:  # noqa: PLR0911 (rules in order: the first that holds decides)
    """Return a person's name, None where the words are none."""
    name = _without_prefix(FROM_DATE.sub("", part).strip(" .,:-\u2013\u2014*\u2022\u00b7")).strip(" .,:-")
    if not name or len(name) > LONGEST_NAME or HANDLE.search(name) or any(char.isdigit() for char in name):
        return None
    if any(_rule(kind).match(name) for kind in ("credential", "noise")):
        return None
    name = ELSEWHERE.sub("", name)
    if _rule("collective").match(name):
        return None
    name = _cut_role(name)
    words = name.split()
    if not words or len(words) > MOST_WORDS:
        return None
    if not CASED.search(name):  # a script without capitals: two to five characters in Chinese, Japanese, Korean
        return name if not name.isascii() and 2 <= len(key_of(name)) <= 12 else None  # noqa: PLR2004
    capital = [word for word in words if word.lower() not in PARTICLES]
    if not capital or not all(CASED.match(word.lstrip("'\u2019")) for word in capital):
        return None
    if len(words) == 1 and (not single or len(name) < 3 or name.isupper() or CASED.search(name[1:])):  # noqa: PLR2004
        return None
    return name.title() if name.isupper() and len(words) > 1 else name


def _cut_role(name: str) -> str:
    """Drop a role that follows a name ("Jane Roe Staff Writer"), or everything where the whole is a role."""
    words = name.split()
    for at in range(len(words)):
        if _rule("role").match(" ".join(words[at:])) and not _rule("role").match(" ".join(words[at + 1 :]) or "\0"):
            shortest = 2 if CASED.search(name) else 1
            before = words[:at]
            while before and _rule("modifier").match(before[-1]):
                before.pop()
            title = any(_rule("modifier").match(word) for word in before)
            return "" if len(before) < shortest or title else " ".join(before)
    return name
