from __future__ import annotations

import pytest

from dateline.discover.kinds import recognise
from dateline.errors import DiscoverError, FetchError
from dateline.fetch.client import Client

from .hostile import PAGE, answer, feed_of, serving
from .test_discover_archives import archive

ATOM = b'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr-FR"><title>Le Journal</title><entry><link href="/a"/></entry></feed>'
RSS = b"<rss version='2.0'><channel><title>The Outlet</title><language>en-gb</language><item><link>/a</link></item></channel></rss>"
SITEMAP = (
    b"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc>http://x.example/a</loc></url></urlset>"
)
FRONT = b"<html lang=en><head><title>Front page</title>%s</head><body>%s</body></html>"
LINKS = b"".join(b"<a href='/news/envoys-of-both-sides-meet-%d'>x</a>" % n for n in range(9))


def recognised(routes, path="/x"):
    with serving(routes) as site, Client(user_agent="Dateline/0.1", allow_hosts=frozenset([site.host])) as client:
        found = recognise(site.url + path, client)
        return found.kind, found.url.removeprefix(site.url), found.name, found.language


def named(*links):
    return b"".join(b"<link rel='alternate' type='application/%s+xml' title='%s' href='%s'>" % link for link in links)


@pytest.mark.parametrize(
    ("body", "kind", "expected"),
    [
        (RSS, "application/rss+xml", ("feed", "/x", "The Outlet", "en")),
        (ATOM, "text/xml", ("feed", "/x", "Le Journal", "fr")),
        (
            b'{"version": "https://jsonfeed.org/version/1.1", "title": "J", "items": []}',
            "application/json",
            ("feed", "/x", "J", None),
        ),
        (SITEMAP, "application/xml", ("sitemap", "/x", "127.0.0.1", None)),
        (b"http://x.example/a\n", "text/plain", ("list", "/x", "127.0.0.1", None)),
        (
            b'{"url": "http://x.example/a"}\n{"url": "http://x.example/b"}\n',
            "text/plain",
            ("list", "/x", "127.0.0.1", None),
        ),
        (RSS, "text/html", ("feed", "/x", "The Outlet", "en")),  # many servers say so
    ],
)
def test_what_an_address_is(body, kind, expected):
    assert recognised({"/x": answer(body, kind=kind)}) == expected


def test_a_home_page_names_its_feeds():
    head = named(
        (b"rss", b"Comments", b"/comments/feed"), (b"rss", b"News", b"/feed.rss"), (b"atom", b"Atom", b"/feed.atom")
    )
    routes = {"/x": FRONT % (head, LINKS), "/comments/feed": RSS, "/feed.rss": RSS, "/feed.atom": ATOM}
    assert recognised(routes) == ("feed", "/feed.rss", "The Outlet", "en")


def test_a_dead_feed_is_passed_over():
    head = named((b"rss", b"News", b"/dead"), (b"atom", b"Atom", b"/feed.atom"))
    assert recognised({"/x": FRONT % (head, b""), "/feed.atom": ATOM})[:2] == ("feed", "/feed.atom")


def test_robots_names_the_sitemap():
    routes = {
        "/x": FRONT % (b"", b""),
        "/robots.txt": answer(b"User-agent: *\nSitemap: /all.xml\nSitemap: /news.xml", kind="text/plain"),
        "/news.xml": answer(SITEMAP, kind="application/xml"),
    }
    assert recognised(routes)[:2] == ("sitemap", "/news.xml")


def test_a_section_page_is_read_for_its_links():
    assert recognised({"/x": FRONT % (b"", LINKS)}) == ("links", "/x", "Front page", "en")


def test_the_usual_place_is_tried_last():
    assert recognised({"/x": FRONT % (b"", b""), "/feed": RSS})[:2] == ("feed", "/feed")


def test_a_page_without_anything_is_said_to_have_none():
    with pytest.raises(DiscoverError) as caught:
        recognised({"/x": PAGE})
    assert caught.value.code == "no_feed"
    assert "--kind links" in caught.value.message


def test_an_address_that_fails_says_how():
    with pytest.raises(FetchError) as caught:
        recognised({})
    assert caught.value.code == "not_found"


def test_local_sources(tmp_path):
    folder = tmp_path / "inbox"
    folder.mkdir()
    archives = tmp_path / "archives"
    archives.mkdir()
    archive(archives / "a.warc.gz", 1)
    feed = tmp_path / "feed.xml"
    feed.write_bytes(feed_of(2, "http://x.example"))
    urls = tmp_path / "urls.txt"
    urls.write_text("http://x.example/a\n")
    with Client(user_agent="Dateline/0.1") as client:
        found = [recognise(str(path), client) for path in (folder, archives, archives / "*.warc.gz", feed, urls)]
        assert [source.kind for source in found] == ["inbox", "archive", "archive", "feed", "list"]
        assert found[4].url == str(urls)
        assert recognise("https://x.example/a.warc.gz", client).kind == "archive"
        with pytest.raises(DiscoverError):
            recognise(str(tmp_path / "none.txt"), client)
