from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from dateline.discover import discover
from dateline.discover.dates import date_in_path, read_date
from dateline.errors import DiscoverError, FetchError
from dateline.fetch.client import Client
from dateline.types import Source

from . import hostile
from .hostile import answer, send, serving

NOW = datetime(2018, 8, 25, 12, tzinfo=UTC)
AT = datetime(2018, 8, 24, 17, 5, tzinfo=UTC)


def look(body, *, kind="feed", content_type="application/xml", since=None, **how):
    with serving({"/feed": answer(body, kind=content_type)}) as site, client_for(site) as client:
        source = Source(id=7, url=f"{site.url}/feed", kind=kind, **how)
        return discover(source, client, now=NOW, since=since), site.url


def client_for(*sites):
    return Client(user_agent="Dateline/0.1", allow_hosts=frozenset(site.host for site in sites))


ENTRY = "<title>Talks <b>resume</b> &amp;amp; go on</title><link>/story</link>"
FEEDS = {
    "RSS 2.0": f'<?xml version="1.0"?><rss version="2.0"><channel><title>t</title><link>http://x.example/</link>'
    f"<item>{ENTRY}<pubDate>Fri, 24 Aug 2018 17:05:00 GMT</pubDate></item></channel></rss>",
    "RSS 0.91 with a doctype": '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" '
    '"http://my.netscape.com/publish/formats/rss-0.91.dtd">'
    f'<rss version="0.91"><channel><item>{ENTRY}<pubDate>24 Aug 2018 17:05 +0000</pubDate></item></channel></rss>',
    "RSS 1.0": '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>t</title></channel><item rdf:about="/story">'
    "<title>Talks resume &amp;amp; go on</title><dc:date>2018-08-24T17:05:00Z</dc:date></item></rdf:RDF>",
    "Atom": '<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title><link href="/" rel="self"/><entry>'
    '<title type="html">Talks &lt;b&gt;resume&lt;/b&gt; &amp;amp; go on</title><link rel="enclosure" href="/a.mp3"/>'
    '<link rel="alternate" type="text/html" href="/story"/><published>2018-08-24T19:05:00+02:00</published>'
    "<updated>2018-08-25T00:00:00Z</updated></entry></feed>",
    "Atom 0.3 with prefixes": '<a:feed xmlns:a="http://purl.org/atom/ns#"><a:entry><a:title>Talks resume &amp;amp; go on</a:title>'
    '<a:link rel="alternate" href="/story"/><a:issued>2018-08-24T17:05:00Z</a:issued></a:entry></a:feed>',
    "JSON Feed": '{"version": "https://jsonfeed.org/version/1.1", "title": "t", "items": [{"id": "1", "url": "/story", '
    '"title": "Talks resume & go on", "date_published": "2018-08-24T17:05:00Z"}]}',
    "a feed without a declaration, cut in the middle": f"\n\n<rss><channel><item>{ENTRY}<pubDate>Fri, 24 Aug 2018 17:05:00 GMT"
    "</pubDate></item><item><title>Half an",
    "bare ampersands and control characters": "<rss><channel><item><title>Talks resume & go on\x03</title><link>/story</link>"
    "<pubDate>Fri, 24 Aug 2018 17:05:00 GMT</pubDate></item></channel></rss>",
    "tags that do not fit": f"<rss><channel><item>{ENTRY}<description><p>text<br></description>"
    "<pubDate>Fri, 24 Aug 2018 17:05:00 GMT</pubDate></item></rss>",
    "feedburner": '<rss xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"><channel><item><title>Talks resume &amp; go on'
    "</title><link>http://feeds.example/~r/1</link><feedburner:origLink>/story</feedburner:origLink>"
    "<pubDate>Fri, 24 Aug 2018 17:05:00 GMT</pubDate></item></channel></rss>",
}  # fmt: skip


@pytest.mark.parametrize("name", FEEDS)
def test_every_kind_of_feed_gives_its_entries(name):
    found, url = look(FEEDS[name].encode())
    assert [(ref.url, ref.title, ref.published_at, ref.source_id) for ref in found.refs] == [
        (f"{url}/story", "Talks resume & go on", AT, 7)
    ]
    assert not found.not_modified


def test_a_guid_stands_for_a_missing_link_if_it_is_one():
    items = (
        "<item><guid>http://x.example/a</guid></item><item><guid isPermaLink='false'>http://x.example/b</guid></item>"
        "<item><guid>tag:c</guid></item><item><link>javascript:alert(1)</link></item><item/>"
    )
    found, _ = look(f"<rss><channel>{items}</channel></rss>".encode())
    assert [ref.url for ref in found.refs] == ["http://x.example/a"]
    assert [fault.code for fault in found.rejected] == ["bad_url"] * 4


def test_html_entities_and_foreign_encodings_in_feeds():
    feed = '<?xml version="1.0" encoding="iso-8859-1"?><rss><channel><item><title>Genève &eacute;t&eacute;&nbsp;fini</title>'
    feed += "<link>/story</link></item></channel></rss>"
    found, _ = look(feed.encode("latin-1"))
    assert found.refs[0].title == "Genève été fini"


def test_an_entry_keeps_its_base_and_is_named_once():
    feed = '<feed xml:base="http://x.example/news/"><entry xml:base="a/"><link href="one"/></entry>' + (
        '<entry><link href="two"/></entry>' * 3 + "</feed>"
    )
    found, _ = look(feed.encode())
    assert [ref.url for ref in found.refs] == ["http://x.example/news/a/one", "http://x.example/news/two"]


def test_dates_far_off_are_kept_and_marked():
    dates = [
        "Fri, 24 Aug 2018 17:05:00 GMT",
        "Fri, 24 Aug 2028 17:05:00 GMT",
        "Fri, 24 Aug 2001 17:05:00 GMT",
        "yesterday",
    ]
    items = "".join(f"<item><link>/{n}</link><pubDate>{at}</pubDate></item>" for n, at in enumerate(dates))
    found, _ = look(f"<rss><channel>{items}</channel></rss>".encode())
    assert [ref.marks for ref in found.refs] == [(), ("future",), ("old",), ()]
    assert [ref.published_at is None for ref in found.refs] == [False, False, False, True]


def test_entries_before_the_day_asked_for_are_left_out():
    items = "".join(
        f"<item><link>/{n}</link><pubDate>{n} Aug 2018 10:00:00 GMT</pubDate></item>" for n in range(20, 25)
    )
    found, url = look(
        f"<rss><channel>{items}<item><link>/x</link></item></channel></rss>".encode(), since=date(2018, 8, 23)
    )
    assert [ref.url for ref in found.refs] == [f"{url}/23", f"{url}/24", f"{url}/x"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"<!doctype html><html><head><title>Our feeds</title></head></html>", "not_a_feed"),
        (b'{"error": "no"}', "not_a_feed"),
        (b"plain words", "not_a_feed"),
        (b"<urlset><url><loc>http://x.example/</loc></url></urlset>", "not_a_feed"),
    ],
)
def test_what_is_no_feed_is_said_to_be_none(body, code):
    with pytest.raises(DiscoverError) as caught:
        look(body)
    assert caught.value.code == code


def test_an_empty_feed_is_a_feed():
    found, _ = look(b"<rss version='2.0'><channel><title>t</title></channel></rss>")
    assert (found.refs, found.rejected) == ((), ())


def test_an_xml_bomb_is_harmless_and_said():
    found, _ = look(hostile.XML_BOMB)
    assert [ref.url for ref in found.refs] == ["http://example.com/story"]
    assert [fault.code for fault in found.rejected] == ["xml_entities"]
    assert len(found.refs[0].title or "") < 100


def test_an_external_entity_is_not_read():
    found, _ = look(hostile.EXTERNAL_ENTITY)
    assert [ref.url for ref in found.refs] == ["http://example.com/story"]
    assert Path("/etc/hostname").read_text().strip() not in (found.refs[0].title or "")


def test_a_hundred_thousand_entries_take_bounded_time():
    body = hostile.feed_of(100_000, "http://x.example")
    start = time.monotonic()
    found, _ = look(body)
    taken = time.monotonic() - start
    assert len(found.refs) == 5000
    assert [fault.code for fault in found.rejected] == ["too_many_entries"]
    assert taken < 6


def test_deep_nesting_is_survived():
    found, _ = look(b"<rss><channel><item><link>/a</link></item>" + b"<x>" * 100_000 + b"<item><link>/b</link></item>")
    assert found.refs[0].url.endswith("/a")


def test_a_look_asks_only_for_what_changed():
    def route(handler):
        unchanged = handler.headers["If-None-Match"] == '"1"'
        send(
            handler,
            b"" if unchanged else FEEDS["Atom"].encode(),
            status=304 if unchanged else 200,
            kind="text/xml",
            ETag='"1"',
        )

    with serving({"/feed": route}) as site, client_for(site) as client:
        first = discover(Source(url=f"{site.url}/feed", kind="feed"), client, now=NOW)
        second = discover(first.source, client, now=NOW + timedelta(hours=1))
    assert (first.source.etag, first.source.last_polled_at, len(first.refs)) == ('"1"', NOW, 1)
    assert (second.not_modified, second.refs, second.source.etag) == (True, (), '"1"')


def test_a_body_that_is_the_same_is_not_modified_whatever_its_validators_say():
    tags = iter(range(9))

    def route(handler):
        send(handler, FEEDS["Atom"].encode(), kind="text/xml", ETag=f'"{next(tags)}"')

    with serving({"/feed": route}) as site, client_for(site) as client:
        first = discover(Source(url=f"{site.url}/feed", kind="feed"), client, now=NOW)
        assert discover(first.source, client, now=NOW).not_modified
        assert len(discover(first.source, client, now=NOW, since=date(2018, 1, 1)).refs) == 1  # asked for more


def test_a_source_that_fails_says_how():
    with serving({}) as site, client_for(site) as client, pytest.raises(FetchError) as caught:
        discover(Source(url=f"{site.url}/feed", kind="feed"), client, now=NOW)
    assert caught.value.code == "not_found"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Fri, 24 Aug 2018 17:05:00 GMT", AT),
        ("Fri, 24 Aug 2018 13:05:00 EDT", AT),
        ("2018-08-24T19:05:00+02:00", AT),
        ("2018-08-24T17:05:00Z", AT),
        ("2018-08-24T17:05:00.000Z", AT),
        ("2018-08-24 17:05", AT),
        ("2018-08-24", datetime(2018, 8, 24, tzinfo=UTC)),
        ("2018-08", datetime(2018, 8, 1, tzinfo=UTC)),
        ("24 Aug 2018 17:05 +0000", AT),
        ("", None),
        (None, None),
        ("soon", None),
        ("0001-01-01T00:00:00", None),
        ("2018-13-45", None),
        ("x" * 10_000, None),
        ("Thu, 01 Jan 99999 00:00:00 GMT", None),
    ],
)
def test_dates(text, value):
    assert read_date(text) == value


def test_the_offset_of_a_date_is_kept():
    assert read_date("Fri, 24 Aug 2018 23:05:00 +0900").tzinfo == timezone(timedelta(hours=9))


def test_days_in_addresses():
    assert date_in_path("http://x.example/2018/08/24/story") == date(2018, 8, 24)
    assert date_in_path("http://x.example/news/2018-08-24/story") == date(2018, 8, 24)
    assert date_in_path("http://x.example/2018/08/story") == date(2018, 8, 1)
    assert date_in_path("http://x.example/2018/02/31/story") is None
    assert date_in_path("http://x.example/story-2018") is None
