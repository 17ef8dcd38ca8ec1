"""After a run, the store holds of each page what its source allows, and says what stood out about it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import islice

import psycopg
import pytest

from dateline import pipeline
from dateline.runtime import open_tools, save_sources
from dateline.settings import Settings
from dateline.stack.newsroom.content import load_pieces
from dateline.stack.newsroom.markup import running_text
from dateline.types import Source

from .every_kind import html
from .hostile import answer, serving

pytestmark = pytest.mark.model

POLICIES = ("full", "spans", "none")
PAYWALL = b'<script type="application/ld+json">{"@type": "NewsArticle", "isAccessibleForFree": false}</script>'
NOTE = b"<p>Correction: An earlier version of this story gave the wrong day.</p></article>"


@pytest.fixture(scope="module")
def kept(postgres_url, prepared_template, tmp_path_factory):
    """Run the whole path once: three sources with one policy each, and a feed of pages that stand out."""
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE kept TEMPLATE {prepared_template}")
    url = postgres_url.rpartition("/")[0] + "/kept"
    pieces = [piece for piece in islice(load_pieces(), 40) if piece.language == "en" and not piece.syndication]
    now = datetime.now(UTC)
    with serving({"/robots.txt": answer(b"", status=404)}) as site:
        sources = []
        for number, policy in enumerate(POLICIES):
            piece = pieces[number]
            site.routes[f"/{policy}/story"] = answer(html(piece, now))
            site.routes[f"/{policy}.txt"] = answer(f"{site.url}/{policy}/story".encode(), kind="text/plain")
            sources.append(Source(url=f"{site.url}/{policy}.txt", kind="list", text_policy=policy))
        stories = {
            "paywall": (html(pieces[4], now).replace(b"</head>", PAYWALL + b"</head>"), {}),
            "noarchive": (html(pieces[5], now).replace(b"<head>", b"<head><meta name=robots content='noarchive'>"), {}),
            "tdm": (html(pieces[6], now), {"tdm_reservation": "1"}),
            "training": (html(pieces[7], now), {"X_Robots_Tag": "noai, noimageai"}),
            "open": (html(pieces[8], now), {"tdm_reservation": "0"}),
            "old": (html(pieces[9], now - timedelta(days=4000)), {}),
            "future": (html(pieces[10], now), {}),
            "note": (html(pieces[11], now).replace(b"</article>", NOTE), {}),
        }
        dates = {"old": now - timedelta(days=4000), "future": now + timedelta(days=30)}
        items = ""
        for name, (body, headers) in stories.items():
            site.routes[f"/marks/{name}"] = answer(body, **headers)
            at = dates.get(name, now - timedelta(hours=3))
            items += (
                f"<item><link>{site.url}/marks/{name}</link><pubDate>{at:%a, %d %b %Y %H:%M:%S} GMT</pubDate></item>"
            )
        site.routes["/feed"] = answer(
            f"<rss version='2.0'><channel><title>m</title>{items}</channel></rss>".encode(), kind="application/rss+xml"
        )
        sources.append(Source(url=f"{site.url}/feed", kind="feed"))
        settings = Settings(
            home=tmp_path_factory.mktemp("kept"), database_url=url, allow_hosts=site.host, min_pace_seconds=0, workers=1
        )
        save_sources(settings, sources)
        with open_tools(settings) as tools:
            pipeline.discover(tools)
            pipeline.ingest(tools)
    with psycopg.connect(url) as connection:
        yield connection
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("DROP DATABASE kept WITH (FORCE)")


def of_policy(kept, sql, policy):
    (row,) = kept.execute(
        f"select {sql} from dateline.frontier f join dateline.texts t on t.text_id = f.text_id "
        "join dateline.codings k on k.text_id = t.text_id and k.is_active "
        "join dateline.captures c on c.captured_at = f.captured_at and c.capture_id = f.capture_id "
        "where f.url like %s",
        (f"%/{policy}/story",),
    ).fetchall()
    return row


def words(table, column, where="true"):
    """Count rows of a coding, and those of them that hold words."""
    return (
        f"(select array[count(*), count({column})] from dateline.{table} m where m.coding_id = k.coding_id and {where})"
    )


def test_everything_was_coded(kept):
    found = kept.execute("select outcome, count(*) from dateline.frontier group by 1").fetchall()
    assert found == [("coded", 11)]


@pytest.mark.parametrize(
    ("policy", "page", "text", "sentences", "names"),
    [("full", True, True, True, True), ("spans", False, False, True, True), ("none", False, False, False, False)],
)
def test_the_policy_of_a_source_decides_what_is_kept(kept, policy, page, text, sentences, names):
    body, whole, parse = of_policy(
        kept,
        "c.body is not null, t.text is not null, exists (select from dateline.parses p where p.text_id = t.text_id)",
        policy,
    )
    assert (body, whole, parse) == (page, text, text)
    columns = {
        ("event_mentions", "sentence_text"): sentences, ("event_mentions", "trigger_text"): sentences,
        ("entity_mentions", "text"): names, ("place_mentions", "text"): names, ("time_mentions", "text"): names,
    }  # fmt: skip
    for (table, column), allowed in columns.items():
        (counted,) = of_policy(kept, words(table, column), policy)
        rows, filled = counted
        assert rows > 0, table
        assert filled == (rows if allowed else 0), (table, column)
    (counted,) = of_policy(kept, words("quotes", "text"), policy)
    assert counted[1] == (counted[0] if policy == "full" else 0)


@pytest.mark.parametrize("policy", ["spans", "none"])
def test_no_long_stretch_of_a_forbidden_text_is_anywhere(kept, policy):
    """Search every text column of every table: for whole paragraphs, and where nothing is allowed for their beginnings."""
    pieces = [piece for piece in islice(load_pieces(), 40) if piece.language == "en" and not piece.syndication]
    paragraphs = running_text(pieces[POLICIES.index(policy)].body).split("\n")
    probes = [words if policy == "spans" else words[:60] for words in paragraphs if words.count(". ") > 1]
    assert probes
    columns = kept.execute(
        "select c.relname, a.attname from pg_attribute a join pg_class c on c.oid = a.attrelid "
        "where c.relnamespace = 'dateline'::regnamespace and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped "
        "and format_type(a.atttypid, a.atttypmod) in ('text', 'text[]', 'jsonb', 'tsvector')"
    ).fetchall()
    for table, column in columns:
        for probe in probes:
            hit = kept.execute(
                f'select count(*) from dateline."{table}" where strpos("{column}"::text, %s) > 0', (probe,)
            ).fetchone()
            assert hit == (0,), (table, column)


@pytest.mark.parametrize(
    ("name", "marks", "noarchive", "reserved", "note"),
    [
        ("paywall", ["paywall"], False, None, None),
        ("noarchive", [], True, None, None),
        ("tdm", [], False, True, None),
        ("training", [], False, True, None),
        ("open", [], False, False, None),
        ("old", ["old"], False, None, None),
        ("future", ["future"], False, None, None),
        ("note", [], False, None, "correction"),
    ],
)
def test_what_stands_out_is_a_column(kept, name, marks, noarchive, reserved, note):
    found = kept.execute(
        "select marks, noarchive, tdm_reserved, note_kind from dateline.text_report where url like %s",
        (f"%/marks/{name}",),
    ).fetchall()
    assert found == [(marks, noarchive, reserved, note)]
    captured = kept.execute(
        "select c.marks, c.noarchive, c.tdm_reserved from dateline.captures c where c.url like %s", (f"%/marks/{name}",)
    ).fetchall()
    assert captured == [([mark for mark in marks if mark == "paywall"], noarchive, reserved)]
    hinted = kept.execute("select marks from dateline.frontier where url like %s", (f"%/marks/{name}",)).fetchall()
    assert hinted == [([mark for mark in marks if mark != "paywall"],)]
