"""Say how much of time and memory a fetch may take, and what it expects to get."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

MEGABYTE = 1_000_000
FEED_BODY = 60 * MEGABYTE

Expected = Literal["html", "feed", "robots"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bound one fetch. Times are seconds, sizes bytes; `total` covers look-up, every redirect, headers and body."""

    connect: float = 10.0
    read: float = 20.0  # between two pieces of an answer
    total: float = 45.0
    body: int = 10 * MEGABYTE  # as sent; news pages have 0.1 to 2
    decompressed: int = 20 * MEGABYTE
    redirects: int = 8

    def fit(self, expected: Expected) -> Limits:
        """Return the limits for another kind of answer than a page."""
        if expected == "feed":  # a sitemap may have 50 MB, says its protocol
            return replace(self, body=max(self.body, FEED_BODY), decompressed=max(self.decompressed, FEED_BODY))
        if expected == "robots":  # RFC 9309 asks for as much
            return replace(self, total=min(self.total, 20.0), body=512_000, decompressed=512_000, redirects=5)
        return self


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """Say which answers are wanted: `types` are wanted, `perhaps` need a look at the body, all others are refused unread."""

    name: str
    accept: str  # the request's Accept header
    types: tuple[str, ...]
    perhaps: tuple[str, ...] = ()
    heeds_robots: bool = False  # feeds and sitemaps are made for machines, and their reader was told to read them
    cut: bool = False  # take the first part of a body that is too large, instead of refusing it

    def wants(self, media_type: str) -> bool:
        """Say whether a declared type is wanted, or may be."""
        return media_type.startswith((*self.types, *self.perhaps)) or not media_type


EXPECTATIONS: dict[Expected, Expectation] = {
    "html": Expectation(
        name="HTML",
        accept="text/html,application/xhtml+xml;q=0.9,*/*;q=0.1",
        types=("text/html", "application/xhtml+xml"),
        perhaps=("text/plain", "text/xml", "application/xml", "application/octet-stream", "unknown", "text/x-"),
        heeds_robots=True,
    ),
    "feed": Expectation(
        name="a feed, sitemap, list or page",
        accept="application/rss+xml,application/atom+xml,application/feed+json,application/xml;q=0.9,text/xml;q=0.9,"
        "application/json;q=0.9,text/html;q=0.7,*/*;q=0.5",
        types=("text/", "application/", "unknown", "binary/"),
    ),
    "robots": Expectation(name="robots.txt", accept="text/plain,*/*;q=0.5", types=("",), cut=True),
}
