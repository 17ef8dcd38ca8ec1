"""Define what the demo newsroom is made of: outlets, the pieces they publish, other addresses, and what to expect of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from dateline.types import ArticleKind, Source

SpecialKind = Literal["redirect", "variant", "missing", "gone", "front"]
Event = dict[str, Any]  # the shape of an expected event, as docs/newsroom.md describes it


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """Describe a publisher: how its site looks, how it announces what it publishes, what it asks of robots."""

    key: str
    name: str
    tagline: str
    country: str  # ISO 3166-1 alpha-3
    language: str
    template: str
    path: str  # pattern of its articles' addresses: {slug}, {section}, {number}, {year}, {month}, {mon}, {day}
    announces: Literal["rss", "atom", "news_sitemap", "list"]
    announced_at: str
    crawl_delay: float | None
    disallow: tuple[str, ...]
    sections: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Caption:
    """Hold the words under a picture. `alt`: the picture's alternative text, where it says anything."""

    text: str
    credit: str | None = None
    alt: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """Hold the note on a corrected article, and what its first version said: paragraph number → words."""

    note: str
    first: Mapping[int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Be one published article as its file has it. `body` is our markup (see markup.py); dates are those of shift 0."""

    id: str  # outlet/slug
    outlet: str
    slug: str
    path: str
    title: str
    body: tuple[str, ...]
    published: datetime
    section: str
    standfirst: str | None = None
    authors: tuple[str, ...] = ()
    modified: datetime | None = None
    language: str = "en"
    kind: ArticleKind = "news"
    tags: tuple[str, ...] = ()
    dateline: str | None = None  # the place line of agency copy, in an element of its own
    captions: tuple[Caption, ...] = ()
    related: tuple[str, ...] = ()
    traits: frozenset[str] = frozenset()
    syndication: str | None = None
    story: str | None = None
    outcome: str = "coded"
    current: bool = False
    correction: Correction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Special:
    """Be an address that is no article of its own: a redirect, a variant, something gone, a section front."""

    id: str
    outlet: str
    path: str
    kind: SpecialKind
    outcome: str
    target: str | None = None  # id of the piece that it leads to
    title: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedPage:
    """Say what the pipeline must make of one address of the newsroom."""

    id: str
    outlet: str
    url: str
    status: int
    outcome: str  # coded, duplicate, not_article, robots, not_found, gone
    kind: ArticleKind | SpecialKind = "news"
    title: str | None = None
    standfirst: str | None = None
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None
    modified_at: datetime | None = None
    canonical_url: str | None = None
    language: str | None = None
    text: str | None = None
    captions: tuple[str, ...] = ()
    credits: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()  # paragraphs that may or may not be taken for text: crossheads, notes
    correction: str | None = None
    syndication: str | None = None
    story: str | None = None
    target: str | None = None
    events: tuple[Event, ...] = ()
    traits: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Newsroom:
    """Tell the stack how to start the newsroom and where it answers."""

    home: Path
    ports: Mapping[str, int]  # outlet → port
    shift_weeks: int
    token: str  # sent back in the header `X-Newsroom`: tells ours from another program's
    allow_hosts: tuple[str, ...]
    sources: tuple[Source, ...]
    command: tuple[str, ...] = field(default=())
