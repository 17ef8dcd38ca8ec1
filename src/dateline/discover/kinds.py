"""Find out what an address is: a feed, a sitemap, a list, an archive, a folder, or a page that names one of them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from dateline.discover import feeds
from dateline.discover.archives import archive_names
from dateline.discover.files import STDIN, local_path, read_local
from dateline.discover.inbox import ARCHIVES
from dateline.discover.links import page_tree, read_links
from dateline.discover.lists import read_list
from dateline.discover.markup import xml_text
from dateline.discover.sitemaps import sitemaps_in_robots
from dateline.discover.web import Findings, Getter, absolute
from dateline.encoding import decode_html
from dateline.errors import DiscoverError, FetchError
from dateline.types import RawPage, Source

FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml")
USUAL_FEEDS = ("/feed", "/rss.xml", "/sitemap.xml")  # where a site that names none may have one
FEW_LINKS = 5  # article-like links that make a page a section page

_FEED = re.compile(r"<(?:\w{1,20}:)?(?:rss|rdf|feed)\b", re.IGNORECASE)
_SITEMAP = re.compile(r"<(?:\w{1,20}:)?(?:urlset|sitemapindex)\b", re.IGNORECASE)
_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_LANGUAGE = re.compile(
    r"<(?:\w+:)?language>\s*([A-Za-z_-]{2,12})\s*<|\bxml:lang=[\"']([A-Za-z_-]{2,12})", re.IGNORECASE
)
_COMMENTS = re.compile(r"comment", re.IGNORECASE)


def recognise(url: str, client: Getter) -> Source:
    """Return a source for an address, a path or a glob, reading it once, and what a page names where it is a page.

    Raises DiscoverError("no_feed") where there is nothing to take articles from, or FetchError.
    """
    if url == STDIN or local_path(url) is not None:
        return _local(url)
    if urlsplit(url).path.endswith(ARCHIVES):
        return Source(url=url, kind="archive", name=Path(urlsplit(url).path).name)
    page = client.get(url, expect="feed")
    found = _read(page) or _named_by(page, client) or _usual(page, client)
    if found is None:
        raise DiscoverError(
            f"{url} has no feed, sitemap or list of articles; look for the address of its feed, or give --kind links",
            code="no_feed",
        )
    return found


def feeds_on_page(tree: HtmlElement, base: str) -> list[tuple[str, str | None]]:
    """Return the feeds that a page names (`<link rel=alternate>`), those of comments last."""
    found: dict[str, str | None] = {}
    for link in tree.iter("link"):
        if "alternate" in (link.get("rel") or "").lower() and (link.get("type") or "").lower().startswith(FEED_TYPES):
            url = absolute(link.get("href"), base)
            if url is not None:
                found.setdefault(url, link.get("title"))
    return sorted(found.items(), key=lambda feed: bool(_COMMENTS.search(feed[0] + (feed[1] or ""))))


def _local(url: str) -> Source:
    path = local_path(url)
    assert path is not None
    name = path.name or url
    where = url if url == STDIN else str(path.absolute())
    if path.is_dir():
        holds_archives = any(each.name.endswith(ARCHIVES) for each in path.iterdir())
        return Source(url=where, kind="archive" if holds_archives else "inbox", name=name)
    if path.name.endswith(ARCHIVES) and archive_names(where):
        return Source(url=where, kind="archive", name=name)
    body = read_local(url) or b""
    now = datetime.now(UTC)
    page = RawPage(url=where, final_url=where, status=200, headers=(), body=body, fetched_at=now, elapsed=0.0)
    found = _read(page)
    if found is None:
        raise DiscoverError(f"{url} is no feed, sitemap or list of addresses", code="no_feed")
    return found


def _read(page: RawPage) -> Source | None:
    """Recognise what an answer itself is."""
    kind = page.header("Content-Type")
    url = page.url if not page.redirects else page.final_url
    start = page.body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start in {b"{", b"<"}:
        head, _ = xml_text(page.body[:100_000], kind)
        head = head[:5000]
        if _SITEMAP.search(head):
            return Source(url=url, kind="sitemap", name=_host(url))
        if start == b"{" or (_FEED.search(head) and not _HTML.search(head)):
            return _feed(page, url, head)
        return None
    findings = Findings(Source(url=url, kind="list"), now=page.fetched_at, most=1)
    try:
        read_list(page.body, kind, findings)
    except (DiscoverError, FetchError):
        return None
    return Source(url=url, kind="list", name=_host(url))


def _feed(page: RawPage, url: str, head: str) -> Source | None:
    findings = Findings(Source(url=url, kind="feed"), now=page.fetched_at, most=1)
    try:
        feeds.read_feed(page.body, page.header("Content-Type"), page.final_url, findings)
    except DiscoverError:
        if not head.lstrip().startswith("{"):
            return None
        return Source(url=url, kind="list", name=_host(url)) if '"url"' in head else None
    said = _LANGUAGE.search(head)
    language = feeds.language_code(said.group(1) or said.group(2)) if said else None
    return Source(url=url, kind="feed", name=feeds.feed_title(page.body, None) or _host(url), language=language)


def _named_by(page: RawPage, client: Getter) -> Source | None:
    """Return the first readable feed that a page names, else the sitemap of its site, else the page for its links."""
    tree = page_tree(page)
    language = feeds.language_code(tree.get("lang"))
    for url, _ in feeds_on_page(tree, page.final_url):
        source = _try(url, client)
        if source is not None and source.kind == "feed":
            return replace(source, language=source.language or language)
    for url in _robots_sitemaps(page.final_url, client):
        source = _try(url, client)
        if source is not None and source.kind == "sitemap":
            return replace(source, language=language)
    findings = Findings(Source(url=page.final_url, kind="links"), now=page.fetched_at)
    try:
        read_links(page, findings)
    except DiscoverError:
        return None
    if len(findings.refs) < FEW_LINKS:
        return None
    title = " ".join((tree.findtext(".//title") or "").split())
    return Source(url=page.final_url, kind="links", name=title or _host(page.final_url), language=language)


def _usual(page: RawPage, client: Getter) -> Source | None:
    found = (_try(urljoin(page.final_url, path), client) for path in USUAL_FEEDS)
    return next((source for source in found if source is not None and source.kind in ("feed", "sitemap")), None)


def _robots_sitemaps(url: str, client: Getter) -> list[str]:
    where = urljoin(url, "/robots.txt")
    try:
        answer = client.get(where, expect="robots")
    except FetchError:
        return []
    return sitemaps_in_robots(decode_html(answer.body), where)


def _try(url: str, client: Getter) -> Source | None:
    try:
        return _read(client.get(url, expect="feed"))
    except (FetchError, DiscoverError):
        return None


def _host(url: str) -> str:
    return (urlsplit(url).hostname or Path(url).name).removeprefix("www.")
