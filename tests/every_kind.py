"""Publish real articles in every way in which news arrives: over real HTTP, and in real files."""

from __future__ import annotations

import gzip
import io
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from html import escape
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from dateline.stack.newsroom.content import load_pieces
from dateline.stack.newsroom.markup import running_text
from dateline.stack.newsroom.records import Piece

from .hostile import Site, answer, serving

ARCHIVED = "http://archive.example"  # where archived pages stood: nothing is asked of it

LETTER = "https://inbox.invalid/letter"  # what a mail without an address is known by, its digest left out


@dataclass(frozen=True, slots=True)
class Published:
    """Say under which source which addresses are to be found."""

    kind: str
    source: str
    urls: tuple[str, ...]


@contextmanager
def publishing(folder: Path) -> Iterator[tuple[Site, list[Published]]]:
    """Serve a site and fill a folder, with two articles for each kind of source."""
    now = datetime.now(UTC) - timedelta(hours=2)
    pieces = iter([piece for piece in load_pieces() if piece.language == "en" and not piece.syndication])
    with serving({"/robots.txt": answer(b"", status=404)}) as site:
        made: list[Published] = []

        def pair(where: str, *, served: bool = True) -> list[tuple[str, Piece]]:
            found = [(f"{where}/{piece.slug}", piece) for piece in (next(pieces), next(pieces))]
            for url, piece in found if served else ():
                site.routes[url.removeprefix(site.url)] = answer(html(piece, now))
            return found

        def publish(kind: str, source: str, articles: list[tuple[str, Piece]]) -> None:
            made.append(Published(kind, source, tuple(url for url, _ in articles)))

        for name, write in (("rss", rss), ("atom", atom), ("json", json_feed), ("news", news_sitemap)):
            articles = pair(f"{site.url}/{name}/story")
            body, kind = write(articles, now)
            site.routes[f"/{name}-source"] = answer(body, kind=kind)
            publish("sitemap" if name == "news" else "feed", f"{site.url}/{name}-source", articles)

        articles = pair(f"{site.url}/world/2026")
        site.routes["/map-1.xml.gz"] = answer(gzip.compress(sitemap(articles, now)), kind="application/gzip")
        site.routes["/index.xml"] = answer(
            f"<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><sitemap><loc>{site.url}/map-1.xml.gz</loc>"
            f"<lastmod>{now.isoformat()}</lastmod></sitemap></sitemapindex>".encode(),
            kind="application/xml",
        )
        publish("sitemap", f"{site.url}/index.xml", articles)

        articles = pair(f"{site.url}/politics/2026")
        links = "".join(f"<li><a href='{url}'>{escape(piece.title)}</a></li>" for url, piece in articles)
        site.routes["/politics"] = answer(f"<html><body><h1>Politics</h1><ul>{links}</ul></body></html>".encode())
        publish("links", f"{site.url}/politics", articles)

        articles = pair(f"{site.url}/listed")
        site.routes["/urls.txt"] = answer("\n".join(url for url, _ in articles).encode(), kind="text/plain")
        publish("list", f"{site.url}/urls.txt", articles)

        folder.mkdir(parents=True, exist_ok=True)
        articles = pair(f"{site.url}/table")
        (folder / "urls.csv").write_text(
            "title,url\n" + "".join(f'"x",{url}\n' for url, _ in articles), encoding="utf-8"
        )
        publish("list", str(folder / "urls.csv"), articles)

        articles = pair(f"{ARCHIVED}/local", served=False)
        (folder / "local.warc.gz").write_bytes(warc(articles, now))
        publish("archive", str(folder / "local.warc.gz"), articles)

        articles = pair(f"{ARCHIVED}/served", served=False)
        site.routes["/served.warc.gz"] = answer(warc(articles, now), kind="application/gzip")
        publish("archive", f"{site.url}/served.warc.gz", articles)

        inbox = folder / "inbox"
        inbox.mkdir()
        articles = pair("https://given.example", served=False) + pair("https://given.example", served=False)
        articles[-1] = (LETTER, articles[-1][1])
        fill_inbox(inbox, articles, now)
        publish("inbox", str(inbox), articles)
        yield site, made


def plain(url: str) -> str:
    """Leave out the digest of what came without an address."""
    return LETTER if url.startswith(LETTER) else url


def fill_inbox(inbox: Path, articles: list[tuple[str, Piece]], now: datetime) -> None:
    """Put four articles into a folder: a saved page, a text with a header, JSON Lines, a mail; none just written."""
    (saved, one), (text, two), (line, three), (_, four) = articles
    (inbox / "saved.html").write_bytes(
        html(one, now).replace(b"<head>", f"<head><link rel=canonical href='{saved}'>".encode())
    )
    (inbox / "text.txt").write_text(
        f"Title: {two.title}\nURL: {text}\nDate: {now:%Y-%m-%d}\n\n{running_text(two.body)}"
    )
    given = {"url": line, "title": three.title, "text": running_text(three.body), "published_at": now.isoformat()}
    (inbox / "lines.jsonl").write_text(json.dumps(given) + "\n")
    message = EmailMessage()
    message["Subject"], message["From"], message["Date"] = four.title, "News <news@given.example>", now
    message.set_content(running_text(four.body))
    (inbox / "letter.eml").write_bytes(bytes(message))
    for path in inbox.iterdir():
        os.utime(path, (time.time() - 60,) * 2)  # what was just written may still be growing


def html(piece: Piece, at: datetime) -> bytes:
    paragraphs = "".join(f"<p>{escape(words)}</p>" for words in running_text(piece.body).split("\n"))
    return (
        f"<!doctype html><html lang=en><head><title>{escape(piece.title)}</title>"
        f"<meta property='article:published_time' content='{at.isoformat()}'></head>"
        f"<body><main><article><h1>{escape(piece.title)}</h1>{paragraphs}</article></main></body></html>"
    ).encode()


def rss(articles: list[tuple[str, Piece]], at: datetime) -> tuple[bytes, str]:
    items = "".join(
        f"<item><title>{escape(piece.title)}</title><link>{url}</link><pubDate>{at:%a, %d %b %Y %H:%M:%S} GMT</pubDate></item>"
        for url, piece in articles
    )
    return f"<rss version='2.0'><channel><title>R</title>{items}</channel></rss>".encode(), "application/rss+xml"


def atom(articles: list[tuple[str, Piece]], at: datetime) -> tuple[bytes, str]:
    entries = "".join(
        f"<entry><title>{escape(piece.title)}</title><link href='{url}'/><updated>{at.isoformat()}</updated></entry>"
        for url, piece in articles
    )
    return (
        f"<feed xmlns='http://www.w3.org/2005/Atom'><title>A</title>{entries}</feed>".encode(),
        "application/atom+xml",
    )


def json_feed(articles: list[tuple[str, Piece]], at: datetime) -> tuple[bytes, str]:
    items = [{"id": url, "url": url, "title": piece.title, "date_published": at.isoformat()} for url, piece in articles]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "J", "items": items}
    return json.dumps(feed).encode(), "application/feed+json"


def news_sitemap(articles: list[tuple[str, Piece]], at: datetime) -> tuple[bytes, str]:
    urls = "".join(
        f"<url><loc>{url}</loc><n:news><n:publication_date>{at.isoformat()}</n:publication_date>"
        f"<n:title>{escape(piece.title)}</n:title></n:news></url>"
        for url, piece in articles
    )
    spaces = (
        "xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' xmlns:n='http://www.google.com/schemas/sitemap-news/0.9'"
    )
    return f"<urlset {spaces}>{urls}</urlset>".encode(), "application/xml"


def sitemap(articles: list[tuple[str, Piece]], at: datetime) -> bytes:
    urls = "".join(f"<url><loc>{url}</loc><lastmod>{at.isoformat()}</lastmod></url>" for url, _ in articles)
    return f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{urls}</urlset>".encode()


def warc(articles: list[tuple[str, Piece]], at: datetime) -> bytes:
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True)
    for url, piece in articles:
        head = StatusAndHeaders("200 OK", [("Content-Type", "text/html; charset=utf-8")], "HTTP/1.1")
        writer.write_record(
            writer.create_warc_record(
                url,
                "response",
                payload=io.BytesIO(html(piece, at)),
                http_headers=head,
                warc_headers_dict={"WARC-Date": f"{at:%Y-%m-%dT%H:%M:%SZ}"},
            )
        )
    return out.getvalue()
