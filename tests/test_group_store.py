"""Grouping in Postgres: across runs, in any order, with merges that stay on record."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from sqlalchemy import Connection, Engine, create_engine, text

from dateline.group.terms import hashes_of
from dateline.store.grouped_index import rebuild_keys
from dateline.store.groups import TermCounts, group_texts, group_tickets
from dateline.store.migrate import upgrade
from dateline.store.signatures import load_signed, sign_texts, signed
from dateline.types import Article, Grouping, PubDate, Ticket
from tests.group_texts import HARBOUR, QUAKE, QUAKE_LATER, STRIKE, reprint, shortened

NOW = datetime(2024, 3, 5, 12, tzinfo=UTC)


@pytest.fixture
def engine(database_url: str) -> Engine:
    engine = create_engine(database_url.replace("postgresql://", "postgresql+psycopg://", 1))
    upgrade(engine)
    return engine


class Shelf:
    """Put texts into the store as extraction leaves them."""

    def __init__(self, conn: Connection) -> None:
        self.conn = conn
        self.count = 0

    def put(
        self,
        body: str,
        *,
        day: date | datetime | None = date(2024, 3, 4),
        title: str = "A title",
        article: int | None = None,
    ):
        self.count += 1
        if article is None:
            article = self.conn.scalar(
                text("insert into dateline.articles (key, url) values (:key, :key) returning article_id"),
                {"key": f"https://example.org/{self.count}"},
            )
        revision = self.conn.scalar(
            text(
                "insert into dateline.revisions (article_id, url, title, is_current) values (:a, 'x', :t, false) returning revision_id"
            ),
            {"a": article, "t": title},
        )
        text_id = self.conn.scalar(
            text(
                "insert into dateline.texts (article_id, revision_id, extractor, sha256, characters, words, text, is_current)"
                " values (:a, :r, 'test', sha256(convert_to(:b, 'utf8')), length(:b), 1, :b, false) returning text_id"
            ),
            {"a": article, "r": revision, "b": body},
        )
        ticket = Ticket(id=self.count, url="x", state="extracted", article_id=article, text_id=text_id)
        published = PubDate(value=day, basis="meta") if day else None
        return ticket, Article(url="x", text=body, extractor="test", title=title, published=published, language="en")


def groups(found: list[tuple[Ticket, Grouping]]) -> list[Grouping]:
    return [grouping for _, grouping in found]


def partition(found: list[Grouping], name: str) -> set[frozenset[str]]:
    parts: dict[str, set[str]] = {}
    for grouping in found:
        parts.setdefault(getattr(grouping, name), set()).add(grouping.id)
    return {frozenset(part) for part in parts.values()}


def test_copies_and_stories_meet_across_batches(engine: Engine) -> None:
    with engine.begin() as conn:
        shelf = Shelf(conn)
        (first,) = groups(group_texts(conn, [shelf.put(QUAKE[0])], now=NOW))
        second, third, fourth = groups(
            group_texts(
                conn,
                [shelf.put(QUAKE[0]), shelf.put(reprint(QUAKE[0]), title="Other head"), shelf.put(QUAKE[1])],
                now=NOW,
            )
        )
    assert second.duplicate_of == first.id
    assert second.syndication_id == third.syndication_id == first.syndication_id
    assert third.duplicate_of is None
    assert fourth.syndication_id != first.syndication_id
    assert {g.story_id for g in (first, second, third, fourth)} == {first.story_id}
    assert "alike by" in (fourth.reason or "")


def test_other_happenings_stay_apart(engine: Engine) -> None:
    with engine.begin() as conn:
        shelf = Shelf(conn)
        found = groups(group_texts(conn, [shelf.put(body) for body in (*QUAKE, *STRIKE, *HARBOUR)], now=NOW))
    sizes = sorted(len(part) for part in partition(found, "story_id"))
    assert sizes == sorted([len(QUAKE), len(STRIKE), len(HARBOUR)])


def test_the_same_place_months_later_is_another_story(engine: Engine) -> None:
    with engine.begin() as conn:
        shelf = Shelf(conn)
        (before,) = groups(group_texts(conn, [shelf.put(QUAKE[0])], now=NOW))
        later = shelf.put(QUAKE_LATER[0], day=date(2024, 3, 4) + timedelta(days=120))
        (after,) = groups(group_texts(conn, [later], now=NOW))
    assert before.story_id != after.story_id


@pytest.mark.parametrize(("days", "together"), [(0, True), (29, True), (-29, True), (31, False), (-400, False)])
def test_a_reprint_is_looked_for_within_weeks(engine: Engine, days: int, *, together: bool) -> None:
    with engine.begin() as conn:
        shelf = Shelf(conn)
        day = date(2024, 3, 4)
        (before,) = groups(group_texts(conn, [shelf.put(QUAKE[0], day=day)], now=NOW))
        day += timedelta(days=days)
        (near,) = groups(group_texts(conn, [shelf.put(reprint(QUAKE[0]), day=day)], now=NOW))
        (same,) = groups(group_texts(conn, [shelf.put(QUAKE[0], day=day)], now=NOW))
    assert (near.syndication_id == before.syndication_id) == together
    assert same.duplicate_of == before.id  # the very same words are found at any age


@pytest.mark.parametrize("day", [date(1, 1, 1), date(9999, 12, 31)])
def test_days_at_the_ends_of_time(engine: Engine, day: date) -> None:
    with engine.begin() as conn:
        shelf = Shelf(conn)
        (first,) = groups(group_texts(conn, [shelf.put(QUAKE[0], day=day)], now=NOW))
        copy, other = groups(
            group_texts(conn, [shelf.put(reprint(QUAKE[0]), day=day), shelf.put(QUAKE[1], day=day)], now=NOW)
        )
    assert copy.syndication_id == first.syndication_id
    assert other.story_id == first.story_id


def test_a_text_without_a_date_is_of_the_day_it_came(engine: Engine) -> None:
    with engine.begin() as conn:
        shelf = Shelf(conn)
        (first,) = groups(group_texts(conn, [shelf.put(QUAKE[0], day=None)], now=NOW))
        dated = [shelf.put(reprint(QUAKE[0])), shelf.put(QUAKE[1], day=NOW.date())]
        copy, other = groups(group_texts(conn, dated, now=NOW))
    assert copy.syndication_id == first.syndication_id
    assert other.story_id == first.story_id


def test_keys_can_be_made_anew(engine: Engine) -> None:
    with engine.begin() as conn:
        shelf = Shelf(conn)
        (first,) = groups(group_texts(conn, [shelf.put(QUAKE[0])], now=NOW))
        count = "select (select count(*) from dateline.text_bands), (select count(*) from dateline.text_story_keys)"
        before = conn.execute(text(count)).one()
        rebuild_keys(conn)
        assert conn.execute(text(count)).one() == before
        copy, other = groups(group_texts(conn, [shelf.put(reprint(QUAKE[0])), shelf.put(QUAKE[1])], now=NOW))
    assert copy.syndication_id == first.syndication_id
    assert other.story_id == first.story_id


def test_order_within_a_batch_changes_nothing(engine: Engine) -> None:
    bodies = [*QUAKE, *STRIKE, *HARBOUR, reprint(QUAKE[1]), shortened(STRIKE[0]), QUAKE[2]]
    parts = []
    for seed in range(3):
        with engine.connect() as conn, conn.begin() as transaction:
            shelf = Shelf(conn)
            batch = [shelf.put(body) for body in bodies]
            base = batch[0][0].text_id
            random.Random(seed).shuffle(batch)
            found = groups(group_texts(conn, batch, now=NOW))
            shift = [
                Grouping(
                    id=str(int(g.id) - base),
                    duplicate_of=g.duplicate_of and str(int(g.duplicate_of) - base),
                    syndication_id=g.syndication_id,
                    story_id=g.story_id,
                )
                for g in found
            ]
            parts.append(
                (
                    partition(shift, "story_id"),
                    partition(shift, "syndication_id"),
                    {(g.id, g.duplicate_of) for g in shift},
                )
            )
            transaction.rollback()
    assert parts[0] == parts[1] == parts[2]


def test_again_changes_nothing(engine: Engine) -> None:
    with engine.begin() as conn:
        shelf = Shelf(conn)
        batch = [shelf.put(body) for body in (*QUAKE, *STRIKE)]
        once = groups(group_texts(conn, batch, now=NOW))
        tables = ("text_signatures", "syndication_members", "story_members", "stories", "syndications", "term_counts")
        counts = [conn.scalar(text(f"select count(*) from dateline.{table}")) for table in tables]
        again = groups(group_texts(conn, batch, now=NOW + timedelta(days=1)))
        assert [conn.scalar(text(f"select count(*) from dateline.{table}")) for table in tables] == counts
    assert once == again


def test_a_late_arrival_that_joins_two_stories_is_on_record(engine: Engine) -> None:
    with engine.begin() as conn:
        shelf = Shelf(conn)
        one = groups(group_texts(conn, [shelf.put(shortened(STRIKE[0], keep=0.5))], now=NOW))[0]
        whole = groups(group_texts(conn, [shelf.put(STRIKE[0])], now=NOW))[0]
        assert whole.syndication_id == one.syndication_id or whole.story_id == one.story_id
        members = conn.execute(text("select story_id, text_id, valid_from, valid_to from dateline.story_members")).all()
    assert all(row.valid_from == NOW for row in members)


def test_a_new_text_of_one_article_is_no_duplicate(engine: Engine) -> None:
    with engine.begin() as conn:
        shelf = Shelf(conn)
        ticket, article = shelf.put(QUAKE[0])
        group_texts(conn, [(ticket, article)], now=NOW)
        again = shelf.put(QUAKE[0], article=ticket.article_id)
        (grouping,) = groups(group_texts(conn, [again], now=NOW))
    assert grouping.duplicate_of is None


def test_who_published_first_leads(engine: Engine) -> None:
    with engine.begin() as conn:
        shelf = Shelf(conn)
        late = shelf.put(QUAKE[0], day=datetime(2024, 3, 4, 12, tzinfo=UTC))
        group_texts(conn, [late], now=NOW)
        early = shelf.put(reprint(QUAKE[0]), day=datetime(2024, 3, 4, 8, tzinfo=UTC), title="First of all")
        group_texts(conn, [early], now=NOW)
        first = conn.scalar(text("select first_text_id from dateline.syndications"))
        title = conn.scalar(text("select title from dateline.stories"))
    assert first == early[0].text_id
    assert title == "First of all"


@pytest.mark.parametrize("body", ["", "…", "Yes.", "12 34", "地震が発生した。" * 20])
def test_odd_texts_are_grouped_alone(engine: Engine, body: str) -> None:
    with engine.begin() as conn:
        shelf = Shelf(conn)
        found = groups(group_texts(conn, [shelf.put(body), shelf.put(QUAKE[0])], now=NOW))
    assert len(partition(found, "story_id")) == 2


def test_what_is_signed_is_grouped_without_its_text(store: Connection) -> None:
    shelf = Shelf(store)
    put = [shelf.put(body) for body in (*QUAKE, reprint(QUAKE[0]), *STRIKE)]
    sign_texts(store, put, now=NOW)
    sign_texts(store, put[:2], now=NOW)  # a second time changes nothing
    assert store.scalar(text("select count(*) from dateline.text_bands")) == 25 * len(put)
    store.execute(text("update dateline.texts set text = null"))
    found = groups(group_tickets(store, [ticket for ticket, _ in put], now=NOW))
    assert {len(part) for part in partition(found, "story_id")} == {4, 3}
    assert found[0].syndication_id == found[3].syndication_id
    assert store.scalar(text("select count(*) from dateline.text_terms")) == 0


def test_a_stored_signature_is_the_one_that_was_made(store: Connection) -> None:
    shelf = Shelf(store)
    late = datetime(2024, 3, 4, 23, 30, tzinfo=timezone(timedelta(hours=-5)))  # the next day in UTC
    ticket, article = shelf.put(QUAKE[0], day=late)
    sign_texts(store, [(ticket, article)], now=NOW)
    (kept,) = load_signed(store, [ticket.text_id], {})
    assert kept == signed(ticket.text_id, ticket.article_id, article)
    assert kept.day == date(2024, 3, 4)


def test_terms_that_a_crash_took_are_read_from_the_text_again(store: Connection) -> None:
    shelf = Shelf(store)
    put = [shelf.put(body) for body in QUAKE]
    sign_texts(store, put, now=NOW)
    store.execute(text("delete from dateline.text_terms"))
    found = groups(group_tickets(store, [ticket for ticket, _ in put], now=NOW))
    assert len(partition(found, "story_id")) == 1
    unread = shelf.put(STRIKE[0])
    store.execute(text("update dateline.texts set text = null"))
    assert group_tickets(store, [unread[0]], now=NOW) == []  # neither signed nor kept


def test_remembered_counts_are_those_in_the_store(store: Connection) -> None:
    shelf, counts = Shelf(store), TermCounts()
    terms = hashes_of(["norrail", "almeda", "never"])
    assert counts.load(store, terms)[1] == 0
    for bodies in (QUAKE, STRIKE):
        group_texts(store, [shelf.put(body) for body in bodies], now=NOW, counts=counts)
        known, texts = counts.load(store, terms)
        fresh, _ = TermCounts().load(store, terms)
        assert known.tolist() == fresh.tolist()
        assert texts == shelf.count
    assert known.tolist() == [3, 3, 0]
