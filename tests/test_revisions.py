"""A page fetched again with other text is a new revision: the old one stays, only what changed is read, events keep their ids.

The article is the newsroom's corrected one, over real HTTP, as it was first published and as it was corrected.
"""

from __future__ import annotations

import psycopg
import pytest

from dateline import pipeline
from dateline.annotate.coding import annotate_texts
from dateline.maintenance import daily_report
from dateline.resolve.decisions import join_events
from dateline.runtime import open_tools
from dateline.settings import Settings
from dateline.stack.newsroom import load_expected, serve_version, serving
from dateline.store import articles
from dateline.store.mentions import record_digest
from dateline.types import ArticleRef, Ticket

pytestmark = pytest.mark.model

CORRECTED = "northlight/malaysian-jet-shot-down-over-ukraine"


@pytest.fixture
def home(tmp_path):
    return tmp_path / "newsroom"


@pytest.fixture
def newsroom(home):
    with serving(home) as served:
        yield served


@pytest.fixture
def settings(newsroom, home, prepared_url):
    return Settings(
        home=home, database_url=prepared_url, allow_hosts=",".join(newsroom.allow_hosts), min_pace_seconds=0, workers=1
    )


@pytest.fixture
def page(newsroom, home):
    return next(page for page in load_expected(home) if page.id == CORRECTED)


def take(settings, url):
    with open_tools(settings) as tools:
        pipeline.enqueue(tools, [ArticleRef(url=url, discovered_at=tools.now())], again=True)
        return pipeline.ingest(tools)


def rows(settings, sql, *values):
    with psycopg.connect(settings.database_url) as connection:
        return connection.execute(sql, values).fetchall()


def events(settings):
    return dict(rows(settings, "select event_id, sentence from dateline.event_report"))


def test_a_corrected_page_is_a_new_revision_of_the_same_article(settings, home, page):
    serve_version(home, CORRECTED, 1)
    first = take(settings, page.url)
    assert first["annotate"]["words_known"] == 0
    before = events(settings)
    assert before
    serve_version(home, CORRECTED, 2)
    second = take(settings, page.url)
    assert (second["group"]["texts"], second["group"]["duplicates"]) == (1, 0)

    assert rows(settings, "select count(*) from dateline.articles") == [(1,)]
    assert rows(settings, "select outcome, attempts from dateline.frontier") == [("coded", 0)]
    versions = rows(
        settings,
        "select number, is_current, note_kind, tokens, tokens_read, mentions, words from dateline.revision_report order by 1",
    )
    assert [(number, current, note) for number, current, note, *_ in versions] == [
        (1, False, None),
        (2, True, "correction"),
    ]
    (*_, tokens, read, mentions, _), (*_, tokens_again, read_again, mentions_again, _) = versions
    assert (read, mentions > 0, mentions_again > 0) == (tokens, True, True)
    assert read_again < tokens_again / 2
    assert second["annotate"]["words_known"] == tokens_again - read_again
    old, new = rows(settings, "select text from dateline.texts order by text_id")
    assert ("295 people" in old[0], "298 people" in new[0]) == (True, True)

    after = events(settings)
    same = [event_id for event_id, sentence in before.items() if "295" not in sentence]
    assert same
    assert [after[event_id] for event_id in same] == [before[event_id] for event_id in same]
    assert set(after) == set(before)  # the changed sentence tells of the same event
    assert not any("295" in sentence for sentence in after.values())
    assert rows(settings, "select distinct note_kind from dateline.event_report") == [("correction",)]
    with open_tools(settings) as tools, tools.engine.connect() as conn:
        report, _ = daily_report(conn, now=tools.now())
    assert f"{page.title} (correction)" in report


def test_what_is_stored_is_what_a_full_annotation_gives(settings, home, page):
    for version in (1, 2):
        serve_version(home, CORRECTED, version)
        take(settings, page.url)
    ids = [row[0] for row in rows(settings, "select text_id from dateline.texts order by 1")]
    with open_tools(settings) as tools:
        with tools.engine.connect() as conn:
            asked = [Ticket(id=0, url="", state="done", text_id=text_id) for text_id in ids]
            texts = [pipeline.text_input(ticket, article) for ticket, article in articles.load_texts(conn, asked)]
        full = {int(item.id): record_digest(answer) for item, answer in annotate_texts(tools.nlp(), texts)}
    stored = dict(rows(settings, "select text_id, digest from dateline.codings"))
    assert {text_id: bytes(digest) for text_id, digest in stored.items()} == full


def test_a_page_that_did_not_change_is_no_new_revision(settings, page):
    take(settings, page.url)
    before = events(settings)
    take(settings, page.url)
    counted = rows(
        settings,
        "select (select count(*) from dateline.revisions), (select count(*) from dateline.texts), "
        "(select count(*) from dateline.codings), (select count(*) from dateline.captures)",
    )
    assert counted == [(1, 1, 1, 2)]
    assert events(settings) == before


def test_what_a_person_decided_holds_for_the_next_revision(settings, home, page):
    serve_version(home, CORRECTED, 1)
    take(settings, page.url)
    one, other = sorted(event_id for event_id, sentence in events(settings).items() if "295" not in sentence)[-2:]
    with open_tools(settings) as tools:
        with tools.engine.begin() as conn:
            join_events(conn, [one, other], who="Ada", now=tools.now())
        pipeline.resolve(tools)
    serve_version(home, CORRECTED, 2)
    take(settings, page.url)
    held = rows(
        settings,
        "select k.event_id, k.decided_who, t.is_current from dateline.event_members k join dateline.texts t using (text_id) "
        "where k.decided_by = 'person' and k.valid_to is null and t.is_current",
    )
    assert len(held) >= 2
    assert set(held) == {(one, "Ada", True)}
    assert other not in events(settings)
    before = held
    with open_tools(settings) as tools:
        with tools.engine.begin() as conn:
            conn.exec_driver_sql("insert into dateline.unresolved_texts select text_id, now() from dateline.texts")
        pipeline.resolve(tools)
    assert before == rows(
        settings,
        "select k.event_id, k.decided_who, t.is_current from dateline.event_members k join dateline.texts t using (text_id) "
        "where k.decided_by = 'person' and k.valid_to is null and t.is_current",
    )
