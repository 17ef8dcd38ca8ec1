"""Bring a store that older versions filled to the newest migration: its texts are found by the keys made anew."""

from __future__ import annotations

from datetime import date

import pytest
from alembic import command
from sqlalchemy import Connection, Engine, create_engine, text

from dateline.group import find_copies, find_stories
from dateline.group.terms import hashes_of
from dateline.store import migrate
from dateline.store.grouped_index import AT_ONCE
from dateline.store.grouped_known import TermCounts, unpacked_weights
from dateline.store.groups import group_texts
from dateline.store.signatures import signed
from dateline.store.story_rows import show_story
from tests.group_texts import HARBOUR, QUAKE, STRIKE, reprint
from tests.test_group_store import NOW, Shelf

DAY = date(2024, 3, 4)
OTHERS = AT_ONCE + 50  # so that keys are made in more than one piece


@pytest.fixture
def old(database_url: str) -> Engine:
    """Return a store as version 0005 left it."""
    return left_by("0005", database_url)


def left_by(revision: str, database_url: str) -> Engine:
    engine = create_engine(database_url.replace("postgresql://", "postgresql+psycopg://", 1))
    with engine.begin() as conn:
        migrate._run_file(conn, "roles.sql")
        migrate._become_owner(conn)
        config = migrate._config()
        config.attributes["connection"] = conn
        command.upgrade(config, revision)
    return engine


def fill(conn: Connection) -> list[int]:
    """Group three articles as 0005 kept them, amid many others; return their texts."""
    conn.execute(text("set local role none"))
    conn.execute(text("set local session_replication_role = replica"))
    conn.execute(
        text(
            """
            insert into dateline.text_signatures (text_id, sha256, minhash, bands, words, published_on, terms, weights)
            select 1000000 + i, sha256(i::text::bytea), decode(repeat(md5(i::text), 32), 'hex'), '{1,2}', 400, :day,
                array['t' || i, 'u' || i], '{1,1}' from generate_series(1, :n) i
            """
        ),
        {"n": OTHERS, "day": DAY},
    )
    conn.execute(
        text(
            """
            insert into dateline.stories (first_text_id, articles, terms, weights, first_reported_on, last_reported_on)
            select 1000000 + i, 1, array['t' || i, 'u' || i], '{0.7,0.7}', :day, :day from generate_series(1, :n) i
            """
        ),
        {"n": OTHERS, "day": DAY},
    )
    shelf = Shelf(conn)
    put = [shelf.put(body, title="The quake") for body in QUAKE[:2]] + [shelf.put(STRIKE[0], title="The strike")]
    batch = [signed(ticket.text_id, ticket.article_id, article) for ticket, article in put]
    for item in batch:
        terms = item.signature.terms
        conn.execute(
            text(
                """
                insert into dateline.text_signatures
                    (text_id, article_id, sha256, minhash, bands, words, published_on, terms, weights)
                values (:id, :article, :sha256, :minhash, '{3,4}', :words, :day, :terms, :weights)
                """
            ),
            {
                "id": item.id, "article": item.article, "sha256": item.signature.sha256, "minhash": item.signature.minhash,
                "words": item.signature.words, "day": item.day, "terms": terms.words.split(),
                "weights": [1.0] * len(terms),
            },
        )  # fmt: skip
        conn.execute(text("insert into dateline.text_bands values (3, :id), (4, :id)"), {"id": item.id})
        conn.execute(text("insert into dateline.text_story_keys values (5, :id), (6, :id)"), {"id": item.id})
    for unit in find_stories(find_copies(batch)).stories:
        words, weights = unit.vector.heaviest()
        story = conn.scalar(
            text(
                """
                insert into dateline.stories (first_text_id, articles, likeness, terms, weights, first_reported_on, last_reported_on)
                values (:first, :size, :within, :terms, :weights, :day, :day) returning story_id
                """
            ),
            {
                "first": unit.texts[0], "size": unit.size, "within": unit.within, "terms": words,
                "weights": weights.tolist(), "day": DAY,
            },
        )  # fmt: skip
        for id_ in unit.texts:
            conn.execute(
                text(
                    """
                    with founded as (insert into dateline.syndications (first_text_id) values (:id) returning syndication_id)
                    insert into dateline.syndication_members (syndication_id, text_id, reason)
                    select syndication_id, :id, 'no copy known' from founded
                    """
                ),
                {"id": id_},
            )
            conn.execute(
                text("insert into dateline.story_members (story_id, text_id, reason) values (:story, :id, 'by words')"),
                {"story": story, "id": id_},
            )
    # one story that older rules merged: nothing then said when
    conn.execute(
        text(
            """
            with gone as (
                insert into dateline.stories (merged_into) select min(story_id) from dateline.story_members returning story_id
            )
            insert into dateline.story_members (story_id, text_id, valid_from, valid_to)
            select story_id, :id, timestamptz '2024-03-04 08:00Z', timestamptz '2024-03-04 09:00Z' from gone
            """
        ),
        {"id": batch[1].id},
    )
    return [item.id for item in batch]


def test_what_older_versions_grouped_is_found_after_the_upgrade(old: Engine) -> None:
    with old.begin() as conn:
        quake, second, strike = fill(conn)
    assert migrate.upgrade(old)[0] == "0006"
    with old.begin() as conn:
        assert conn.scalar(text("select count(*) from dateline.text_bands")) == 25 * (OTHERS + 3)
        assert conn.scalar(text("select count(*) from dateline.text_story_keys")) >= OTHERS
        shelf = Shelf(conn)
        shelf.count = 100
        homes: dict[int, int] = dict(
            conn.execute(text("select text_id, story_id from dateline.story_members where valid_to is null")).all()
        )
        assert homes[quake] == homes[second] != homes[strike]
        copy, same, told, other = (
            grouping
            for _, grouping in group_texts(
                conn, [shelf.put(body) for body in (reprint(QUAKE[0]), STRIKE[0], QUAKE[2], HARBOUR[0])], now=NOW
            )
        )
        copies = "select syndication_id from dateline.syndication_members where text_id = :id and valid_to is null"
        assert copy.syndication_id == str(conn.scalar(text(copies), {"id": quake}))
        assert same.duplicate_of == str(strike)
        assert told.story_id == copy.story_id == str(homes[quake])
        assert int(other.story_id) not in homes.values()
        (merged,) = show_story(conn, homes[quake]).absorbed
        assert f"{merged.merged_at:%H:%M}" == "09:00"


def test_texts_that_waited_for_grouping_are_signed_then(old: Engine) -> None:
    with old.begin() as conn:
        waiting = [Shelf(conn).put(QUAKE[0])]
    migrate.upgrade(old)
    with old.begin() as conn:
        ((_, grouping),) = group_texts(conn, waiting, now=NOW)
    assert grouping.id == str(waiting[0][0].text_id)


def test_terms_that_older_versions_kept_are_known_by_hash(database_url: str) -> None:
    engine = left_by("0008", database_url)
    words = ["almeda", "8", "norrail"]
    with engine.begin() as conn:
        conn.execute(text("insert into dateline.term_counts values ('', 7), ('almeda', 3), ('8', 2)"))
        conn.execute(text("insert into dateline.text_terms values (1, 'almeda 8 norrail', '\\x01')"))
        conn.execute(
            text(
                "insert into dateline.stories (first_text_id, articles, terms, weights, last_reported_on)"
                " values (1, 1, '{almeda,8,norrail}', '{0.7,0.5,0.5}', :day), (2, 1, '{}', '{}', :day)"
            ),
            {"day": DAY},
        )
    assert migrate.upgrade(engine) == ["0009"]
    with engine.begin() as conn:
        counts, texts = TermCounts().load(conn, hashes_of([*words, "never"]))
        assert (counts.tolist(), texts) == ([3, 2, 0, 0], 7)
        assert conn.scalar(text("select hashes from dateline.text_terms")) == hashes_of(words).tobytes()
        row = conn.execute(text("select terms, weights from dateline.stories where first_text_id = 1")).one()
        assert row.terms.split() == words
        assert unpacked_weights(row.weights).tolist() == pytest.approx([0.7, 0.5, 0.5])
        assert conn.scalar(text("select count(*) from dateline.text_story_keys")) == 3  # the pairs of three terms
        assert show_story(conn, 1).story.terms == tuple(words)
