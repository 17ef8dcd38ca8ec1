from __future__ import annotations

import gzip
from datetime import UTC, date, datetime, timedelta

import pytest

from dateline.discover import discover
from dateline.discover.sitemaps import sitemaps_in_robots
from dateline.errors import DiscoverError, FetchError
from dateline.fetch.client import Client
from dateline.types import Source

from .hostile import XML_BOMB, answer, serving

NOW = datetime(2018, 8, 25, 12, tzinfo=UTC)
SITEMAP = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def urlset(*urls):
    return f'<?xml version="1.0" encoding="UTF-8"?><urlset {SITEMAP}>{"".join(urls)}</urlset>'.encode()


def url(loc, lastmod=None, more=""):
    return f"<url><loc>{loc}</loc>{f'<lastmod>{lastmod}</lastmod>' if lastmod else ''}{more}</url>"


def index(*children):
    entries = "".join(
        f"<sitemap><loc>{loc}</loc>{f'<lastmod>{at}</lastmod>' if at else ''}</sitemap>" for loc, at in children
    )
    return f"<sitemapindex {SITEMAP}>{entries}</sitemapindex>".encode()


def look(routes, *, since=None, **how):
    routes = {path: (body if callable(body) else answer(body, kind="application/xml")) for path, body in routes.items()}
    with serving(routes) as site, Client(user_agent="Dateline/0.1", allow_hosts=frozenset([site.host])) as client:
        source = Source(url=f"{site.url}/sitemap.xml", kind="sitemap", **how)
        found = discover(source, client, now=NOW, since=since)
        return [ref.url.removeprefix(site.url) for ref in found.refs], found, site.paths


def test_the_first_look_takes_the_last_days_and_not_ten_years():
    body = urlset(
        url("/new", "2018-08-24"),
        url("/old", "2010-01-01"),
        url("/2018/08/23/dated"),
        url("/2011/03/11/dated-and-changed", "2018-08-24T10:00:00Z"),
        url("/2018/08/month-only"),
        url("/undated"),
    )
    assert look({"/sitemap.xml": body})[0] == ["/new", "/2018/08/23/dated", "/2018/08/month-only", "/undated"]
    everything = look({"/sitemap.xml": body}, since=date(2009, 1, 1))[0]
    assert len(everything) == 6


def test_later_looks_go_back_to_shortly_before_the_last():
    body = urlset(url("/a", "2018-08-20"), url("/b", "2018-08-23"), url("/c", "2018-08-25"))
    assert look({"/sitemap.xml": body}, last_polled_at=NOW - timedelta(hours=2))[0] == ["/b", "/c"]


def test_a_news_sitemap_gives_titles_times_and_languages():
    news = (
        "<news:news xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'><news:publication><news:name>n</news:name>"
        "<news:language>fr</news:language></news:publication><news:publication_date>2018-08-24T17:05:00Z</news:publication_date>"
        "<news:title>Talks &amp; more</news:title></news:news>"
    )
    _, found, _ = look({"/sitemap.xml": urlset(url("http://x.example/a", None, news))})
    (ref,) = found.refs
    assert (ref.title, ref.language, ref.published_at) == (
        "Talks & more",
        "fr",
        datetime(2018, 8, 24, 17, 5, tzinfo=UTC),
    )


def test_an_index_is_followed_to_what_can_be_new():
    routes = {
        "/sitemap.xml": index(
            ("/sitemap-2018-08.xml", None), ("/sitemap-2009-01.xml", None), ("/old.xml", "2012-01-01"),
            ("/news.xml.gz", None), ("/broken.xml", None), ("/missing.xml", None), ("/video.xml", None),
        ),
        "/sitemap-2018-08.xml": urlset(url("/august", "2018-08-24")),
        "/news.xml.gz": answer(gzip.compress(urlset(url("/news", "2018-08-25"))), kind="application/gzip"),
        "/broken.xml": b"<html>an error page</html>",
    }  # fmt: skip
    urls, found, asked = look(routes)
    assert urls == ["/news", "/august"]
    assert {fault.code for fault in found.rejected} == {"not_a_sitemap", "not_found"}
    assert asked[:2] == ["/sitemap.xml", "/news.xml.gz"]
    assert not {"/sitemap-2009-01.xml", "/old.xml", "/video.xml"} & set(asked)


def test_an_index_that_names_itself_ends():
    _, found, asked = look({"/sitemap.xml": index(("/sitemap.xml", None))})
    assert [fault.code for fault in found.rejected] == ["too_deep"]
    assert len(asked) <= 4


def test_an_index_of_very_many_is_bounded():
    routes = {"/sitemap.xml": index(*((f"/s{n}.xml", None) for n in range(60))), "*": urlset(url("/a", "2018-08-24"))}
    _, found, asked = look(routes)
    assert len(asked) == 51
    assert [fault.code for fault in found.rejected] == ["too_many_sitemaps"]


def test_very_many_addresses_without_a_date_are_not_taken_for_new():
    urls, found, _ = look({"/sitemap.xml": urlset(*(url(f"/page-{n}") for n in range(600)))})
    assert urls == []
    assert [fault.code for fault in found.rejected] == ["undated"]
    urls, _, _ = look({"/sitemap.xml": urlset(*(url(f"/page-{n}") for n in range(600)))}, since=date(2018, 1, 1))
    assert len(urls) == 600


def test_a_plain_text_sitemap():
    body = b"\xef\xbb\xbfhttp://x.example/a\nhttp://x.example/2018/08/24/b\nhttp://x.example/2001/01/01/c\n"
    assert set(look({"/sitemap.xml": answer(body, kind="text/plain")})[0]) == {
        "http://x.example/a",
        "http://x.example/2018/08/24/b",
    }


@pytest.mark.parametrize(
    "body", [b"<html><body>no</body></html>", b"words", gzip.compress(b"<urlset/>", mtime=0)[:-4], b"\x1f\x8brubbish"]
)
def test_what_is_no_sitemap_is_said_to_be_none(body):
    with pytest.raises((DiscoverError, FetchError)) as caught:
        look({"/sitemap.xml": body})
    assert caught.value.code in {"not_a_sitemap", "bad_encoding", "truncated"}


def test_a_gzip_bomb_in_a_sitemap_is_harmless():
    with pytest.raises(FetchError) as caught:
        look({"/sitemap.xml": gzip.compress(b"<urlset>" + b" " * 70_000_000, 1)})
    assert caught.value.code == "bomb"


def test_entities_are_not_expanded():
    _, found, _ = look({"/sitemap.xml": XML_BOMB.replace(b"rss", b"urlset")})
    assert [fault.code for fault in found.rejected] == ["xml_entities"]


def test_robots_names_sitemaps():
    text = "User-agent: *\nSitemap: /map.xml\nsitemap:  https://x.example/news-sitemap.xml \nSitemap:\n"
    assert sitemaps_in_robots(text, "https://x.example/robots.txt") == [
        "https://x.example/news-sitemap.xml",
        "https://x.example/map.xml",
    ]
