"""Loading: the same again changes nothing, one bad record costs only itself, and what was forgotten stays away."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from dateline.store import articles, captures, codings, frontier, migrate, rejects, rows, runs, sources
from dateline.store.engine import open_engine
from dateline.types import Discovery, PubDate, Rejected, Sentence
from tests import factories as make
from tests import store_help as walk


@pytest.fixture
def engine(database_url):
    engine = open_engine(database_url)
    migrate.upgrade(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def conn(store):
    return store


def column(conn, statement, **values):
    return conn.scalars(text(statement), values).all()


# ------------------------------------------------------------------------------------------------------ sources


def test_a_source_saved_again_keeps_its_id_and_validators(conn):
    (first,) = sources.save_sources(conn, [make.source()])
    seen = Discovery(
        source=replace(first, etag='"1"', body_sha256="ab"),
        rejected=(Rejected(stage="discover", code="bad_item", message="x"),),
    )
    sources.record_look(conn, seen, now=make.NOW, new=3)
    (again,) = sources.save_sources(conn, [make.source(name=None, poll_minutes=5)])
    assert (again.id, again.etag, again.name, again.poll_minutes) == (first.id, '"1"', "Example News", 5)
    assert sources.load_sources(conn) == [again]


def test_a_source_is_due_by_its_interval_and_later_where_it_fails(conn):
    (source,) = sources.save_sources(conn, [make.source(poll_minutes=60)])

    def due(**later):
        return [found.id for found in sources.load_sources(conn, due_at=make.NOW + timedelta(**later))]

    assert due() == [source.id]
    sources.record_look(conn, Discovery(source=source), now=make.NOW, new=0)
    assert due(minutes=59) == []
    assert due(minutes=60) == [source.id]
    failure = Rejected(stage="discover", code="timeout", message="no answer")
    sources.record_failure(conn, source, failure, now=make.NOW)
    assert due(minutes=119) == []
    assert due(minutes=120) == [source.id]
    for _ in range(20):
        sources.record_failure(conn, source, failure, now=make.NOW)
    assert due(hours=24) == [source.id]
    assert column(conn, "select times_seen from dateline.rejects") == [21]
    sources.record_look(conn, Discovery(source=source), now=make.NOW, new=0)
    assert column(conn, "select count(*) from dateline.rejects_open") == [0]


# ----------------------------------------------------------------------------------------------------- captures


def test_a_page_comes_back_as_it_was(conn):
    page = make.page(
        body=bytes(range(256)) * 10,
        redirects=("http://news.example/b",),
        noarchive=True,
        tdm_reserved=False,
        etag='"x"',
    )
    ticket = captures.save_capture(conn, walk.ticket(conn), page)
    again = captures.save_capture(conn, ticket, page)
    assert (again.captured_at, again.capture_id) == (make.NOW, ticket.capture_id)
    assert captures.load_pages(conn, [ticket]) == [(ticket, page)]
    assert list(captures.iter_captures(conn, since=make.NOW, until=make.NOW + make.HOUR)) == [page]
    assert list(captures.iter_captures(conn, until=make.NOW)) == []


@pytest.mark.parametrize("moment", [datetime(1960, 1, 1, tzinfo=UTC), datetime(2999, 1, 1, tzinfo=UTC)])
def test_a_capture_with_a_wrong_clock_is_kept(conn, moment):
    ticket = captures.save_capture(conn, walk.ticket(conn), make.page(fetched_at=moment, body=b""))
    assert captures.load_pages(conn, [ticket])[0][1].body == b""
    assert column(conn, "select tableoid::regclass::text from dateline.captures") == ["captures_other"]


def test_a_month_has_its_partition(conn):
    captures.save_capture(conn, walk.ticket(conn), make.page())
    assert column(conn, "select tableoid::regclass::text from dateline.captures") == ["captures_2024_05"]


# ----------------------------------------------------------------------------------------------------- articles


def test_an_article_comes_back_as_it_was(conn):
    whole = make.article(
        canonical_url="http://news.example/a", standfirst="s", authors=("A B", "C D"), captions=("c",), links=("http://x.example/",),
        published=PubDate(value=datetime(2024, 5, 2, 23, 30, tzinfo=timezone(timedelta(hours=-5))), basis="jsonld"),
        modified=PubDate(value=date(2024, 5, 3), basis="meta"), section="World", tags=("t",), image="http://x.example/i",
        paywalled=False, kind="opinion", corrected="c", warnings=("w",),
    )  # fmt: skip
    ticket = walk.read(conn, whole)
    ((found, loaded),) = articles.load_texts(conn, [ticket])
    assert (found, loaded) == (ticket, whole)
    assert column(conn, "select published_on from dateline.revisions") == [date(2024, 5, 2)]
    assert column(conn, "select published_at from dateline.revisions") == [datetime(2024, 5, 3, 4, 30, tzinfo=UTC)]


def test_the_same_article_again_changes_nothing(conn):
    first = walk.read(conn)
    before = walk.counts(conn)
    again = walk.read(conn)
    assert (again.article_id, again.text_id, walk.counts(conn)) == (first.article_id, first.text_id, before)


def test_another_text_is_a_new_revision_and_the_old_one_stays(conn):
    first = walk.read(conn)
    second = walk.read(conn, make.article(text="Corrected: " + make.TEXT), at=make.NOW + make.HOUR)
    assert second.article_id == first.article_id
    assert column(conn, "select is_current from dateline.texts order by text_id") == [False, True]
    assert column(conn, "select is_current from dateline.revisions order by revision_id") == [False, True]
    back = walk.read(conn, at=make.NOW + 2 * make.HOUR)
    assert back.text_id == first.text_id
    assert column(conn, "select is_current from dateline.texts order by text_id") == [True, False]


def test_an_older_capture_does_not_become_current(conn):
    walk.read(conn)
    walk.read(conn, make.article(text="An older version of it."), at=make.NOW - make.HOUR)
    assert column(conn, "select is_current from dateline.texts order by text_id") == [True, False]


def test_another_extractor_reads_the_same_revision(conn):
    walk.read(conn)
    walk.read(conn, make.article(extractor="test-2", text=make.TEXT + " More."))
    assert walk.counts(conn)["revisions"] == 1
    assert column(conn, "select is_current from dateline.texts order by text_id") == [False, True]


def test_two_urls_that_prove_to_be_one_are_one_article(conn):
    amp = walk.read(conn, make.article("http://amp.news.example/a.amp", canonical_url="http://news.example/a"))
    page = walk.read(conn, make.article(canonical_url="http://news.example/a"))
    assert (page.article_id, page.text_id) == (amp.article_id, amp.text_id)
    assert column(conn, "select count(*) from dateline.articles where merged_into is not null") == [1]


def test_two_urls_are_merged_when_the_second_one_says_so_later(conn):
    one = walk.read(conn, make.article("http://news.example/1"))
    two = walk.read(conn, make.article("http://news.example/2"))
    assert one.article_id != two.article_id
    later = walk.read(
        conn, make.article("http://news.example/2", canonical_url="http://news.example/1"), at=make.NOW + make.HOUR
    )
    assert later.article_id == one.article_id
    assert column(conn, "select count(*) from dateline.texts where is_current") == [1]


@pytest.mark.parametrize(
    "wrong", ["http://news.example/", "http://other.example/a", "not a url", "http://[", "http://news.example/1"]
)
def test_a_wrong_canonical_link_merges_nothing(conn, wrong):
    walk.read(conn, make.article("http://news.example/1", canonical_url=wrong))
    other = make.article(
        "http://news.example/2", canonical_url=wrong, text="Brazil met Argentina in Lima to speak of trade."
    )
    again = [walk.read(conn, other, at=make.NOW + n * make.HOUR) for n in range(2)]
    assert len({ticket.text_id for ticket in again}) == 1
    assert column(conn, "select count(*) from dateline.articles where merged_into is null") == [2]


def test_one_batch_may_hold_one_article_twice(conn):
    tickets = [walk.ticket(conn, f"http://news.example/{n}") for n in range(3)]
    read = [(ticket, make.article(ticket.url, canonical_url="http://news.example/0")) for ticket in tickets]
    saved = articles.save_articles(conn, read)
    assert [ticket.id for ticket in saved] == [ticket.id for ticket in tickets]
    assert len({(ticket.article_id, ticket.text_id) for ticket in saved}) == 1


def test_a_bad_record_becomes_a_reject_and_the_others_are_stored(conn):
    tickets = [walk.ticket(conn, f"http://news.example/{n}") for n in range(9)]
    bad = PubDate(
        value=datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=9))), basis="text"
    )  # before the first day in UTC
    read = [
        (ticket, make.article(ticket.url, text=f"{make.TEXT} {n}", **({"published": bad} if n == 4 else {})))
        for n, ticket in enumerate(tickets)
    ]
    saved = articles.save_articles(conn, read)
    assert [ticket.url[-1] for ticket in saved] == list("01235678")
    assert column(conn, "select code from dateline.rejects_open") == ["not_stored"]
    assert column(conn, "select outcome from dateline.frontier where state = 'done'") == ["not_stored"]
    assert walk.counts(conn)["texts"] == 8


def test_text_that_postgres_cannot_hold_is_stored_one_for_one(conn):
    nasty = "Nul \x00, lone \ud800, and \U0001f600. " + make.TEXT
    ticket = walk.read(
        conn, make.article(text=nasty, title="a\x00b", authors=("x\ud800",), tags=("\x00",), captions=("\ud800",))
    )
    ((_, loaded),) = articles.load_texts(conn, [ticket])
    assert len(loaded.text) == len(nasty)
    assert loaded.title == "a\ufffdb"


@pytest.mark.parametrize(
    ("word", "size"), [("\U00020000\U00020001 ", 10_000_000), ("a-b/c.d@e ", 2_000_000), ("x", 2_000_000)]
)
def test_megabytes_are_stored(conn, word, size):
    long = "".join(f"{n}{word}" for n in range(size // (len(word.encode()) + 6)))
    ticket = walk.read(conn, make.article(text=long, language=None))
    assert articles.load_texts(conn, [ticket])[0][1].text == long


def test_a_very_long_url_is_stored(conn):
    url = "http://news.example/" + "".join(str(n) for n in range(20_000))
    ticket = walk.read(conn, make.article(url))
    assert articles.load_texts(conn, [ticket])[0][1].url == url
    assert frontier.enqueue(conn, [(url, make.ref(url))]).known == 1


def test_texts_can_be_searched(conn):
    walk.read(conn)
    walk.read(conn, make.article("http://news.example/fr", text="La France a sanctionné la Russie.", language="fr"))
    search = (
        "select language from dateline.texts where search @@ websearch_to_tsquery(cast(:config as regconfig), :words)"
    )
    assert column(conn, search, config="english", words="sanctioning Russia") == ["en"]
    assert column(conn, search, config="simple", words="sanctionné") == ["fr"]


# ------------------------------------------------------------------------------------------------------ codings


def test_a_coding_stored_again_changes_nothing(conn):
    ticket = walk.read(conn)
    record = make.annotated()
    first = codings.save_codings(conn, [(ticket.text_id, record)], walk.VERSIONS)
    before = walk.counts(conn)
    stamp = column(conn, "select xmin::text from dateline.event_mentions")
    assert codings.save_codings(conn, [(ticket.text_id, record)], walk.VERSIONS) == first
    assert (walk.counts(conn), column(conn, "select xmin::text from dateline.event_mentions")) == (before, stamp)
    assert {
        before[name] for name in ("entity_mentions", "place_mentions", "time_mentions", "quotes", "event_mentions")
    } == {1}


def test_another_reading_replaces_the_rows_whole_and_keeps_the_keys_of_mentions(conn):
    ticket = walk.read(conn)
    keys = "select mention_key from dateline.event_mentions order by n"
    first = codings.save_codings(conn, [(ticket.text_id, make.annotated())], walk.VERSIONS)
    (key,) = column(conn, keys)
    more = make.annotated(
        events=(make.event(confidence=0.5), make.event(source=None, trigger="follow", event_type="THREATEN"))
    )
    assert codings.save_codings(conn, [(ticket.text_id, more)], walk.VERSIONS) == first
    assert (column(conn, keys)[0], len(column(conn, keys))) == (key, 2)


def test_one_coding_of_a_text_counts_and_promotion_switches_it(conn):
    ticket = walk.read(conn)
    old = codings.save_codings(conn, [(ticket.text_id, make.annotated())], walk.VERSIONS)
    newer = replace(walk.VERSIONS, coder="coder-2")
    new = codings.save_codings(conn, [(ticket.text_id, make.annotated(events=()))], newer, activate=False)
    active = "select coding_id from dateline.codings where is_active"
    assert column(conn, active) == old
    codings.promote(conn, new)
    assert column(conn, active) == new


def test_a_reading_that_cannot_be_stored_costs_only_itself(conn):
    tickets = [walk.read(conn, make.article(f"http://news.example/{n}", text=f"{make.TEXT} {n}")) for n in range(4)]
    bad = make.annotated(events=(make.event(confidence=0.1, happening=2**40),))
    read = [(ticket.text_id, bad if n == 1 else make.annotated()) for n, ticket in enumerate(tickets)]
    saved = codings.save_codings(conn, [*read, (10**9, make.annotated())], walk.VERSIONS)
    assert [coding is None for coding in saved] == [False, True, False, False, True]
    assert sorted(column(conn, "select code from dateline.rejects")) == ["no_text", "not_stored"]


def test_a_mention_keeps_its_sentence_and_offsets(conn):
    shifted = "\U0001f600 " + make.TEXT
    ticket = walk.read(conn, make.article(text=shifted))
    record = make.annotated(shifted, sentences=(Sentence(2, 2 + make.TEXT.index(". ") + 1),))
    codings.save_codings(conn, [(ticket.text_id, record)], walk.VERSIONS)
    row = conn.execute(text("select sentence_text, substr(t.text, trigger_start + 1, trigger_end - trigger_start) as words "
                            "from dateline.event_mentions m join dateline.texts t using (text_id)")).one()  # fmt: skip
    assert tuple(row) == ("France sanctioned Russia on Thursday.", "sanctioned")


# ------------------------------------------------------------------------------------------------------- others


def test_a_fault_that_is_nobodys_is_raised(conn):
    def save(items):
        conn.execute(text("select * from no_such_table"))
        return items

    with pytest.raises(DBAPIError):
        rows.saved_or_rejected(conn, [1, 2], save, lambda *_: pytest.fail("blamed"))


def test_rejects_are_counted_not_added(conn):
    for _ in range(3):
        rejects.record(conn, Rejected(stage="fetch", code="gone", message="410", url="http://x.example/"), now=make.NOW)
    assert column(conn, "select times_seen from dateline.rejects_open") == [3]


def test_a_run_is_noted(conn):
    run = runs.start_run(conn, "fetch", now=make.NOW, versions={"dateline": "1"})
    runs.finish_run(conn, run, counts={"fetched": 2}, now=make.NOW + make.HOUR, ok=True)
    assert column(conn, "select counts ->> 'fetched' from dateline.runs where ok") == ["2"]


@pytest.mark.parametrize(
    ("policy", "text_kept", "sentence_kept", "words_kept"),
    [("full", True, True, True), ("spans", False, True, True), ("none", False, False, False)],
)
def test_no_more_is_kept_than_the_source_allows(conn, policy, text_kept, sentence_kept, words_kept):
    source_id = walk.add_source(conn, text_policy=policy)
    ticket, _ = walk.code(conn, make.article(), source_id=source_id)
    assert [kept is not None for kept in column(conn, "select body from dateline.captures")] == [text_kept]
    assert [kept is not None for kept in column(conn, "select text from dateline.texts")] == [text_kept]
    assert [kept is not None for kept in column(conn, "select text from dateline.quotes")] == [text_kept]
    assert [kept is not None for kept in column(conn, "select sentence_text from dateline.event_mentions")] == [
        sentence_kept
    ]
    assert [kept is not None for kept in column(conn, "select trigger_text from dateline.event_mentions")] == [
        words_kept
    ]
    assert column(conn, "select source_country from dateline.event_mentions") == ["FRA"]
    assert captures.load_pages(conn, [ticket]) == [] or text_kept
    assert articles.load_texts(conn, [ticket]) == [] or text_kept


def test_two_workers_with_one_article_store_it_once(engine):
    with engine.begin() as conn:
        ticket = walk.ticket(conn)
    gate, done = threading.Barrier(4), []

    def work():
        gate.wait()
        with engine.begin() as conn:
            done.extend(articles.save_articles(conn, [(ticket, make.article())]))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == 4
    assert len({(ticket.article_id, ticket.text_id) for ticket in done}) == 1
