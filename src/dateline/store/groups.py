"""Group texts: one step, one worker at a time, over signatures that are in Postgres and outlive every process.

    signatures of the batch ─► what is known that shares a band, the words or a key ─decide─► memberships, merges

Memberships are dated and never deleted: a merge ends the old ones and founds new ones, so that it can be undone (store/stories.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, RowMapping, text

from dateline.group import Outcome, Signed, find_copies, find_stories, sign
from dateline.store import grouped_known, grouped_rows
from dateline.store.grouped_keys import Writer
from dateline.types import Article, Grouping, Ticket

LOCK = 5_064_215_601_133_010  # any number of our own: one grouping step at a time, in the whole database

_STORED = text("""
    select c.text_id, c.duplicate_of, c.syndication_id, s.story_id, concat_ws('; ', c.reason, s.reason) as reason
    from dateline.syndication_members c join dateline.story_members s using (text_id)
    where text_id = any(:ids) and c.valid_to is null and s.valid_to is null
""")
_ARTICLES = text("select text_id, article_id from dateline.texts where text_id = any(:ids)")


def group_texts(
    conn: Connection, texts: Sequence[tuple[Ticket, Article]], *, now: datetime
) -> list[tuple[Ticket, Grouping]]:
    """Group a batch and return each ticket's grouping, in order. Ids are those of texts, syndications and stories.

    Takes the grouping lock until the transaction ends. A text that was grouped before keeps its place, so that running
    this again changes nothing.
    """
    take_lock(conn)
    ids = [_text_id(ticket) for ticket, _ in texts]
    placed = _stored(conn, ids)
    waiting = {id_: article for id_, (_, article) in zip(ids, texts, strict=True) if id_ not in placed}
    if waiting:
        group_signed(conn, _signed(conn, waiting), now=now)
        placed |= _stored(conn, list(waiting))
    return [(ticket, placed[id_]) for id_, (ticket, _) in zip(ids, texts, strict=True)]


def group_signed(conn: Connection, batch: Sequence[Signed], *, now: datetime) -> Outcome:
    """Group texts that are signed and that no group holds yet. The caller holds the grouping lock."""
    today = now.date()
    with Writer(conn) as writer:
        with grouped_known.by_index(conn):
            frequencies, counted = grouped_known.load_frequencies(conn, batch)
            known = grouped_known.load_copies(conn, batch, today=today)
            grouped_rows.save_signatures(writer, batch, now=now)
            copies = find_copies(batch, known, frequencies=frequencies, texts=counted)
            writer.wait()
            outcome = find_stories(copies, grouped_known.load_stories(conn, copies, today=today))
        grouped_rows.save(conn, writer, batch, outcome, now=now)
    return outcome


def take_lock(conn: Connection) -> None:
    """Wait until nobody else groups, and keep others from it until the transaction ends."""
    conn.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": LOCK})


def _text_id(ticket: Ticket) -> int:
    assert ticket.text_id is not None, "a text is grouped after it was stored"
    return ticket.text_id


def _stored(conn: Connection, ids: Iterable[int]) -> dict[int, Grouping]:
    rows = conn.execute(_STORED, {"ids": sorted(set(ids))}).mappings()
    return {row["text_id"]: _grouping(row) for row in rows}


def _grouping(row: RowMapping) -> Grouping:
    return Grouping(
        id=str(row["text_id"]),
        duplicate_of=None if row["duplicate_of"] is None else str(row["duplicate_of"]),
        syndication_id=str(row["syndication_id"]),
        story_id=str(row["story_id"]),
        reason=row["reason"],
    )


def _signed(conn: Connection, waiting: Mapping[int, Article]) -> list[Signed]:
    articles: dict[int, int] = dict(conn.execute(_ARTICLES, {"ids": list(waiting)}).all())
    return [
        Signed(
            id=id_,
            signature=sign(article.text, title=article.title, language=article.language),
            published=article.published.value if article.published else None,
            article=articles.get(id_),
        )
        for id_, article in waiting.items()
    ]
