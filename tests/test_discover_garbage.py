"""Whatever a source gives is read, or refused with an error of ours; never a crash."""

from __future__ import annotations

import random
from contextlib import suppress
from datetime import UTC, datetime

import pytest

from dateline.discover import feeds, links, lists, sitemaps
from dateline.discover.archives import read_archives
from dateline.discover.documents import read_document
from dateline.discover.web import Findings
from dateline.errors import ArticleError, FetchError
from dateline.types import RawPage, Source

from .test_discover_archives import archive
from .test_discover_feeds import FEEDS
from .test_discover_inbox import letter
from .test_discover_lists import EXPORT, FRONT, MENTIONS
from .test_discover_sitemaps import index, url, urlset

NOW = datetime(2018, 8, 25, tzinfo=UTC)
SEEDS = [*(feed.encode() for feed in FEEDS.values()), EXPORT.encode(), MENTIONS.encode(), FRONT.encode(),
         urlset(url("http://x.example/2018/08/24/a", "2018-08-24")), index(("http://x.example/map.xml", "2018-08-24"))]  # fmt: skip
NASTY = [b"<", b">", b"]]>", b"<![CDATA[", b"&#x0;", b"&#xD800;", b"&#99999999;", b"\x00", b"<!DOCTYPE x [", b"<!--", b'"', b"http://[",
         b"\xff\xfe", b"\xed\xa0\x80", b"<?xml encoding='utf-16'?>", b"href='http://['", b"\r", b"\t" * 20]  # fmt: skip
DOCUMENTS = {
    "a.txt": b"Title: x\nURL: http://x.example/a\nDate: 2018-08-24\n\nText",
    "a.jsonl": b'{"url": "http://x.example/a", "text": "x", "published_at": "2018-08-24", "authors": ["a"]}\n{"html": "<p>x"}',
    "a.html": b"<link rel=canonical href=http://x.example/a><p>hi",
    "a.eml": letter(html="<p>Envoys met.</p>"),
}


class Nobody:
    def get(self, url, **how):  # noqa: ARG002
        raise FetchError(url, code="connect")


def mutated(chance, body):
    changed = bytearray(body)
    for _ in range(chance.randint(1, 8)):
        place = chance.randrange(len(changed) + 1)
        kind = chance.random()
        if kind < 0.3:
            del changed[place : place + chance.randint(1, 20)]
        elif kind < 0.6:
            changed[place:place] = chance.randbytes(chance.randint(1, 6))
        elif kind < 0.85:
            changed[place:place] = chance.choice(NASTY)
        else:
            other = chance.randrange(len(changed) + 1)
            changed[place:place] = changed[other : other + 200]
    return bytes(changed)


@pytest.mark.parametrize("seed", range(4))
def test_garbage_from_sources_is_read_or_refused(seed):
    chance = random.Random(seed)
    for _ in range(60):
        body = mutated(chance, chance.choice(SEEDS))
        page = RawPage(
            url="http://x.example/f", final_url="http://x.example/f", status=200, headers=(("Content-Type", "text/xml"),), body=body,
            fetched_at=NOW, elapsed=0.0,
        )  # fmt: skip
        for kind in ("feed", "sitemap", "list", "links"):
            findings = Findings(Source(url=page.url, kind=kind), now=NOW)
            with suppress(ArticleError):
                match kind:
                    case "feed":
                        feeds.read_feed(body, "text/xml", page.url, findings)
                    case "sitemap":
                        sitemaps.read_sitemap(page, Nobody(), findings)
                    case "list":
                        lists.read_list(body, None, findings)
                    case _:
                        links.read_links(page, findings)
            assert all(ref.url.lower().startswith(("http://", "https://")) for ref in findings.refs.values())


def test_garbage_in_the_inbox_is_read_or_refused(tmp_path):
    chance = random.Random(1)
    for _ in range(200):
        name = chance.choice(list(DOCUMENTS))
        (tmp_path / name).write_bytes(mutated(chance, DOCUMENTS[name]))
        with suppress(ArticleError):
            for found in read_document(tmp_path / name, now=NOW):
                assert isinstance(found, RawPage | ArticleError)


def test_garbage_in_archives_is_read_or_refused(tmp_path):
    chance = random.Random(1)
    bodies = [
        archive(tmp_path / "a.warc", 4, zipped=False).read_bytes(),
        archive(tmp_path / "a.warc.gz", 4).read_bytes(),
    ]
    for number in range(200):
        (tmp_path / "m.warc").write_bytes(mutated(chance, bodies[number % 2]))
        with suppress(ArticleError):
            for found in read_archives(str(tmp_path / "m.warc")):
                assert (found.page is None) != (found.rejected is None)
