"""Read sitemaps: index, news, plain XML, text, each perhaps gzipped; only what is new enough, unless asked for more."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from dateline.bodies import gunzipped
from dateline.discover.dates import date_in_path, read_date
from dateline.discover.feeds import language_code
from dateline.discover.markup import child_text, elements, local, xml_text
from dateline.discover.web import Findings, Getter, absolute
from dateline.encoding import decode_html
from dateline.errors import DiscoverError, FetchError
from dateline.types import RawPage

WINDOW = timedelta(days=7)  # how far back the first look goes
OVERLAP = timedelta(days=2)  # how far back later looks go before the last one: sites add late, and in other zones
MOST_CHILDREN = 50  # sitemaps of an index that one look reads
DEEPEST = 3  # an index in an index is against the protocol, and found
MOST_ENTRIES = 50_000  # what the protocol allows in one sitemap
MOST_UNDATED = 500  # addresses without any date that are taken for new
LARGEST = 60_000_000  # bytes of an unpacked sitemap

_NEWS = re.compile(r"news|latest|recent|today", re.IGNORECASE)
_NO_ARTICLES = re.compile(r"video|image|tag|categor|author|topic|static|page-sitemap|product|gallery", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Child:
    """Be a sitemap that an index names."""

    url: str
    changed: date | None


def window(findings: Findings) -> date:
    """Return the first day that is wanted: as asked, else since shortly before the last look, else of the last days."""
    if findings.since is not None:
        return findings.since
    last = findings.source.last_polled_at
    return ((last - OVERLAP) if last is not None else (findings.now - WINDOW)).date()


def read_sitemap(page: RawPage, client: Getter, findings: Findings) -> None:
    """Add the articles of a sitemap, and of the sitemaps that it names. Raises DiscoverError("not_a_sitemap")."""
    undated: list[str] = []
    budget = [MOST_CHILDREN]
    _read(page, client, findings, undated, budget, depth=0)
    if len(undated) > MOST_UNDATED and findings.since is None:
        said = f"{len(undated):,} addresses without a date were left out; ask with a date to take them"
        findings.reject("undated", said)
        return
    for url in undated:
        findings.add(url)


def sitemaps_in_robots(text: str, base: str) -> list[str]:
    """Return the sitemaps that a robots.txt names, those for news first."""
    named = [
        line.partition(":")[2].strip() for line in text.splitlines() if line.strip().lower().startswith("sitemap:")
    ]
    found = [url for each in named if (url := absolute(each, base)) is not None]
    return sorted(dict.fromkeys(found), key=_rank)


def _read(
    page: RawPage, client: Getter, findings: Findings, undated: list[str], budget: list[int], *, depth: int
) -> None:
    body = gunzipped(page.body, LARGEST)
    if not body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        _read_text(body, page, findings, undated)
        return
    text, hostile = xml_text(body, page.header("Content-Type"))
    if hostile:
        findings.reject(
            "xml_entities", "the sitemap declares entities of its own; they are not expanded", page.final_url
        )
    head = text[:3000].lower()
    if "<sitemapindex" in head or ":sitemapindex" in head:
        children = _wanted(_children(text, page.final_url), window(findings))
        _read_children(children, client, findings, undated, budget, depth=depth)
    elif "urlset" in head:
        _read_urls(text, page.final_url, findings, undated)
    else:
        raise DiscoverError(f"{page.final_url} gives no sitemap", code="not_a_sitemap")


def _read_children(
    children: Iterable[Child], client: Getter, findings: Findings, undated: list[str], budget: list[int], *, depth: int
) -> None:
    if depth >= DEEPEST:
        findings.reject("too_deep", "sitemaps name sitemaps that name sitemaps; the deepest were left out")
        return
    for child in children:
        if budget[0] <= 0:
            findings.reject("too_many_sitemaps", f"more than {MOST_CHILDREN} sitemaps; the newest were read")
            return
        budget[0] -= 1
        try:
            _read(client.get(child.url, expect="feed"), client, findings, undated, budget, depth=depth + 1)
        except (FetchError, DiscoverError) as error:
            findings.reject(error.code, error.message, child.url)


def _children(text: str, base: str) -> list[Child]:
    found = []
    for element in elements(text, "sitemap"):
        url = absolute(child_text(element, "loc"), base)
        changed = read_date(child_text(element, "lastmod"))
        if url is not None:
            found.append(Child(url, changed.date() if changed else None))
    return found


def _wanted(children: list[Child], first: date) -> list[Child]:
    """Choose the sitemaps that can hold new articles: those for news first, then the newest."""
    fresh = [
        child
        for child in children
        if (child.changed is None or child.changed >= first) and _maybe_since(child.url, first)
    ]
    fresh = [child for child in fresh if not _NO_ARTICLES.search(child.url)] or fresh
    # an index without dates is nearly always written in order of time, and the newest are at one of its ends
    order = {child.url: place for place, child in enumerate(fresh)}
    return sorted(
        dict.fromkeys(fresh),
        key=lambda child: (_rank(child.url), -(child.changed or date.min).toordinal(), -order[child.url]),
    )


def _maybe_since(url: str, first: date) -> bool:
    """Say whether a sitemap that names a month or day in its address (`sitemap-2018-08.xml`) may hold newer articles."""
    named = re.search(r"(19\d{2}|20\d{2})[-_/]?(0[1-9]|1[0-2])?(?!\d{3})", url.rpartition("://")[2].partition("/")[2])
    if named is None:
        return True
    year, month = int(named.group(1)), int(named.group(2) or 12)
    return (year, month) >= (first.year, first.month)


def _rank(url: str) -> int:
    return 0 if _NEWS.search(url.partition("://")[2].partition("/")[2]) else 1


def _read_urls(text: str, base: str, findings: Findings, undated: list[str]) -> None:
    first = window(findings)
    for count, element in enumerate(elements(text, "url")):
        if count >= MOST_ENTRIES:
            findings.reject("too_many_entries", f"more than {MOST_ENTRIES:,} entries; the first ones were read", base)
            return
        entry = _entry(element, base)
        if entry is None:
            findings.reject("bad_url", f"an entry without a usable address: {child_text(element, 'loc')!r}", base)
        elif entry.last_day is None:
            undated.append(entry.url)
        elif entry.last_day >= first or (entry.is_news and findings.since is None):
            findings.add(entry.url, title=entry.title, at=entry.published, language=entry.language)


@dataclass(frozen=True, slots=True)
class Entry:
    """Be one `<url>` of a sitemap. `last_day`: the latest that it can have appeared on; None: nothing says when."""

    url: str
    last_day: date | None
    published: datetime | None = None
    title: str | None = None
    language: str | None = None
    is_news: bool = False  # of a news sitemap, which by its protocol holds no archive: all of it is wanted


def _entry(element: Any, base: str) -> Entry | None:
    url = absolute(child_text(element, "loc"), base)
    if url is None:
        return None
    named = date_in_path(url)
    changed = read_date(child_text(element, "lastmod"))
    # a page that was changed is no news for that; a date in its address says so
    last_day = _month_end(named) if named is not None else changed.date() if changed is not None else None
    news = next((child for child in element if local(child) == "news"), None)
    if news is None:
        return Entry(url, last_day)
    publication = next((child for child in news if local(child) == "publication"), None)
    published = read_date(child_text(news, "publication_date"))
    return Entry(
        url,
        published.date() if published is not None else last_day,
        published=published,
        title=child_text(news, "title"),
        language=language_code(child_text(publication, "language")) if publication is not None else None,
        is_news=True,
    )


def _read_text(body: bytes, page: RawPage, findings: Findings, undated: list[str]) -> None:
    lines = decode_html(body, page.header("Content-Type")).splitlines()
    found = [url for line in lines[:MOST_ENTRIES] if (url := absolute(line, "")) is not None]
    if not found:
        raise DiscoverError(f"{page.final_url} gives no sitemap", code="not_a_sitemap")
    first = window(findings)
    for url in found:
        named = date_in_path(url)
        if named is None:
            undated.append(url)
        elif _month_end(named) >= first:
            findings.add(url)


def _month_end(day: date) -> date:
    """Take the first of a month for the whole month: an address that names no day may be of any."""
    return day if day.day > 1 else (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
