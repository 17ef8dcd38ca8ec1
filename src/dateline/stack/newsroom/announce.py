"""Write what tells readers of new articles: RSS, Atom, news sitemap, a plain list of addresses; and robots.txt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from dateline.stack.newsroom.records import Outlet

ATOM = "http://www.w3.org/2005/Atom"
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"


@dataclass(frozen=True, slots=True)
class Item:
    """Hold one announced address."""

    url: str
    title: str
    published: datetime
    summary: str | None


def write_announcement(outlet: Outlet, base: str, items: Sequence[Item]) -> tuple[str, bytes]:
    """Write the outlet's announcement in its own kind. Return content type and body."""
    if outlet.announces == "rss":
        return "application/rss+xml; charset=utf-8", _xml(_rss(outlet, base, items))
    if outlet.announces == "atom":
        return "application/atom+xml; charset=utf-8", _xml(_atom(outlet, base, items))
    if outlet.announces == "news_sitemap":
        return "application/xml; charset=utf-8", _xml(_news_sitemap(outlet, items))
    return "text/plain; charset=utf-8", "".join(f"{item.url}\n" for item in items).encode()


def robots_txt(outlet: Outlet, base: str) -> bytes:
    """Write what the outlet asks of robots."""
    lines = ["User-agent: *"]
    if outlet.crawl_delay is not None:
        lines.append(f"Crawl-delay: {outlet.crawl_delay}")
    lines += [f"Disallow: {path}" for path in outlet.disallow]
    if outlet.announces == "news_sitemap":
        lines += ["", f"Sitemap: {base}{outlet.announced_at}"]
    return ("\n".join(lines) + "\n").encode()


def _rss(outlet: Outlet, base: str, items: Sequence[Item]) -> Element:
    register_namespace("atom", ATOM)
    rss = Element("rss", version="2.0")
    channel = SubElement(rss, "channel")
    _words(channel, "title", outlet.name)
    _words(channel, "link", base + "/")
    _words(channel, "description", outlet.tagline)
    _words(channel, "language", outlet.language)
    SubElement(channel, f"{{{ATOM}}}link", href=base + outlet.announced_at, rel="self", type="application/rss+xml")
    for item in items:
        entry = SubElement(channel, "item")
        _words(entry, "title", item.title)
        _words(entry, "link", item.url)
        SubElement(entry, "guid", isPermaLink="true").text = item.url
        _words(entry, "pubDate", format_datetime(item.published))
        if item.summary:
            _words(entry, "description", item.summary)
    return rss


def _atom(outlet: Outlet, base: str, items: Sequence[Item]) -> Element:
    register_namespace("", ATOM)
    feed = Element(f"{{{ATOM}}}feed")
    _words(feed, f"{{{ATOM}}}title", outlet.name)
    _words(feed, f"{{{ATOM}}}id", base + "/")
    _words(feed, f"{{{ATOM}}}updated", max(item.published for item in items).isoformat())
    SubElement(feed, f"{{{ATOM}}}link", href=base + outlet.announced_at, rel="self")
    author = SubElement(feed, f"{{{ATOM}}}author")
    _words(author, f"{{{ATOM}}}name", outlet.name)
    for item in items:
        entry = SubElement(feed, f"{{{ATOM}}}entry")
        _words(entry, f"{{{ATOM}}}title", item.title)
        _words(entry, f"{{{ATOM}}}id", item.url)
        SubElement(entry, f"{{{ATOM}}}link", href=item.url)
        _words(entry, f"{{{ATOM}}}published", item.published.isoformat())
        _words(entry, f"{{{ATOM}}}updated", item.published.isoformat())
        if item.summary:
            _words(entry, f"{{{ATOM}}}summary", item.summary)
    return feed


def _news_sitemap(outlet: Outlet, items: Sequence[Item]) -> Element:
    register_namespace("", SITEMAP)
    register_namespace("news", NEWS)
    urlset = Element(f"{{{SITEMAP}}}urlset")
    for item in items:
        url = SubElement(urlset, f"{{{SITEMAP}}}url")
        _words(url, f"{{{SITEMAP}}}loc", item.url)
        news = SubElement(url, f"{{{NEWS}}}news")
        publication = SubElement(news, f"{{{NEWS}}}publication")
        _words(publication, f"{{{NEWS}}}name", outlet.name)
        _words(publication, f"{{{NEWS}}}language", outlet.language)
        _words(news, f"{{{NEWS}}}publication_date", item.published.isoformat())
        _words(news, f"{{{NEWS}}}title", item.title)
    return urlset


def _words(parent: Element, tag: str, words: str) -> None:
    SubElement(parent, tag).text = words


def _xml(root: Element) -> bytes:
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written
