from __future__ import annotations

import gzip
import io
import zipfile
from datetime import UTC, datetime

import pytest

from dateline.discover import discover
from dateline.discover.links import looks_like_article, same_site
from dateline.errors import DiscoverError
from dateline.fetch.client import Client
from dateline.types import Source

from .hostile import answer, serving

NOW = datetime(2018, 8, 25, 12, tzinfo=UTC)
AT = datetime(2018, 8, 24, 17, 5, tzinfo=UTC)


def look(body, path="/list", **routes):
    served = {path: answer(body, kind="text/plain"), **{"/" + name: route for name, route in routes.items()}}
    with serving(served) as site, Client(user_agent="Dateline/0.1", allow_hosts=frozenset([site.host])) as client:
        return discover(Source(url=site.url + path, kind="list"), client, now=NOW)


def look_at_file(path):
    with Client(user_agent="Dateline/0.1") as client:
        return discover(Source(url=str(path), kind="list"), client, now=NOW)


def zipped(name, body):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(name, body)
    return out.getvalue()


EXPORT = (
    "\t".join(["1"] * 59 + ["20180824170500", "http://x.example/a"])
    + "\n"
    + "\t".join(["2"] * 60 + ["http://x.example/b"])
)
MENTIONS = "\n".join(
    "\t".join(["1", "20180824170000", "20180824170500", kind, "x.example", f"http://x.example/{name}", *["0"] * 10])
    for kind, name in (("1", "a"), ("2", "citation"), ("1", "b"))
)


@pytest.mark.parametrize(
    ("body", "dated"),
    [
        (b"# ours\nhttp://x.example/a\n\n  http://x.example/b  # why\n", None),
        (b"\xef\xbb\xbfhttp://x.example/a\r\nhttp://x.example/b\r\n", None),
        (b'title,url,date\nOne,http://x.example/a,2018-08-24T17:05:00Z\n"Two, too",http://x.example/b,\n', AT),
        (b"url;headline\nhttp://x.example/a;One\nhttp://x.example/b;Two\n", None),
        (
            b'{"url": "http://x.example/a", "published_at": "2018-08-24T17:05:00Z"}\n{"link": "http://x.example/b"}\n',
            AT,
        ),
        (EXPORT.encode(), AT),
        (MENTIONS.encode(), AT),
        (gzip.compress(b"http://x.example/a\nhttp://x.example/b\n", mtime=0), None),
        (zipped("20180824.export.CSV", EXPORT), AT),
    ],
)
def test_every_kind_of_list(body, dated):
    found = look(body)
    assert [ref.url for ref in found.refs] == ["http://x.example/a", "http://x.example/b"]
    assert found.refs[0].published_at == dated
    assert found.rejected == ()


def test_gdelts_list_of_files_leads_to_its_files():
    with serving({}) as site, Client(user_agent="Dateline/0.1", allow_hosts=frozenset([site.host])) as client:
        names = ("20180824.export.CSV.zip", "20180824.mentions.CSV.zip", "20180824.gkg.csv.zip")
        site.routes = {
            "/lastupdate.txt": answer(
                "".join(f"123 {'a' * 32} {site.url}/{name}\n" for name in names).encode(), kind="text/plain"
            ),
            "/" + names[0]: answer(zipped("e", EXPORT), kind="application/zip"),
            "/" + names[1]: answer(b"PK\x03\x04broken", kind="application/zip"),
        }
        found = discover(Source(url=f"{site.url}/lastupdate.txt", kind="list"), client, now=NOW)
        assert len(site.asked) == 3
    assert [ref.url for ref in found.refs] == ["http://x.example/a", "http://x.example/b"]
    assert [fault.code for fault in found.rejected] == ["bad_encoding"]


def test_bad_lines_leave_the_others_alone():
    found = look(b'{"url": "http://x.example/a"}\nnot json\n[1]\n{"url": "ftp://x"}\n{"url": "http://x.example/b"}\n')
    assert [ref.url for ref in found.refs] == ["http://x.example/a", "http://x.example/b"]
    assert [fault.code for fault in found.rejected] == ["bad_json", "bad_json", "bad_url"]


def test_lists_from_files(tmp_path):
    path = tmp_path / "urls.txt"
    path.write_text("http://x.example/a\n")
    first = look_at_file(path)
    assert [ref.url for ref in first.refs] == ["http://x.example/a"]
    with Client(user_agent="Dateline/0.1") as client:
        assert discover(first.source, client, now=NOW).not_modified
    assert [ref.url for ref in look_at_file(path.as_uri()).refs] == ["http://x.example/a"]


def test_a_file_that_is_not_there_is_said_to_be_missing(tmp_path):
    with pytest.raises(DiscoverError) as caught:
        look_at_file(tmp_path / "none.txt")
    assert caught.value.code == "no_file"


def test_what_is_no_list_is_said_to_be_none():
    with pytest.raises(DiscoverError) as caught:
        look(b"Dear reader,\nwe have moved.")
    assert caught.value.code == "not_a_list"


def test_an_empty_list_is_empty(tmp_path):
    path = tmp_path / "urls.txt"
    path.write_text("\n\n")
    assert look_at_file(path).refs == ()


# ----------------------------------------------------------------------------------------------- links of a page

FRONT = """<html><head><base href="/news/"></head><body>
<a href="2018/08/24/talks-resume">Talks resume</a> <a href="/news/2018/08/24/talks-resume#comments">Envoys meet again in Geneva</a>
<a href="envoys-of-both-sides-meet-again">x</a> <a href="/story-12345678">Envoys of both sides meet again in Geneva</a>
<a href="/">Home</a> <a href="/politics">Politics</a> <a href="/tag/north-korea-and-the-bomb">North Korea</a>
<a href="/picture-of-a-long-slug.jpg">x</a> <a href="mailto:a@x.example">mail</a> <a href="https://other.example/2018/08/24/a-story">o</a>
<a href="/about-us">About us and what we do here</a> <a>no link</a> <a href="http://[bad">bad</a></body></html>"""


def test_a_front_page_gives_links_to_articles_of_its_site():
    with serving({"/front": FRONT.encode()}) as site:
        with Client(user_agent="Dateline/0.1", allow_hosts=frozenset([site.host])) as client:
            found = discover(Source(url=f"{site.url}/front", kind="links"), client, now=NOW)
        assert [(ref.url.removeprefix(site.url), ref.title) for ref in found.refs] == [
            ("/news/2018/08/24/talks-resume", "Envoys meet again in Geneva"),
            ("/news/envoys-of-both-sides-meet-again", "x"),
            ("/story-12345678", "Envoys of both sides meet again in Geneva"),
        ]


@pytest.mark.parametrize(
    ("url", "text", "article"),
    [
        ("https://www.bbc.com/news/world-asia-45302459", "North Korea: Trump cancels Pompeo visit", True),
        ("https://x.example/2018/08/24/world/asia/trump-pompeo-korea.html", "", True),
        ("https://x.example/news/articles/c4gz1x2y3z4o5", "Trump cancels Pompeo's visit to the North", True),
        ("https://x.example/article/us-korea-idUSKCN1L91ZS12", "Trump cancels his envoy's trip", True),
        ("https://x.example/world", "World", False),
        ("https://x.example/world/asia", "Asia", False),
        ("https://x.example/video/a-long-slug-of-a-clip", "", False),
        ("https://x.example/", "Home", False),
        ("https://x.example/newsletters/the-daily-briefing-from-us", "Sign up for our briefing", False),
    ],
)
def test_what_looks_like_an_article(url, text, article):
    assert looks_like_article(url, text) is article


def test_what_is_one_site():
    assert same_site("https://www.bbc.co.uk/a", "https://news.bbc.co.uk/")
    assert not same_site("https://a.co.uk/a", "https://b.co.uk/")
    assert not same_site("http://127.0.0.1:1/a", "http://127.0.0.1:2/")
