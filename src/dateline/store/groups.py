"""Group texts: one step, one worker at a time, over signatures that are in Postgres and outlive every process.

    signatures of the batch ─► what is known that shares a band, the words or a key ─decide─► memberships, merges

Signatures were made after extraction (store/signatures.py). Memberships are dated and never deleted: a merge ends the old ones and
founds new ones, so that it can be undone (store/stories.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial

from sqlalchemy import Connection, RowMapping, text

from dateline.group import Outcome, Signed, find_copies, find_stories
from dateline.store import grouped_known, grouped_rows
from dateline.store.articles import load_texts
from dateline.store.grouped_keys import Writer
from dateline.store.grouped_known import TermCounts
from dateline.store.signatures import drop_terms, load_signed, sign_texts
from dateline.types import Article, Grouping, Ticket

__all__ = ["TermCounts", "group_signed", "group_texts", "group_tickets", "take_lock"]

LOCK = 5_064_215_601_133_010  # any number of our own: one grouping step at a time, in the whole database

_STORED = text("""
    select c.text_id, c.duplicate_of, c.syndication_id, s.story_id, concat_ws('; ', c.reason, s.reason) as reason
    from dateline.syndication_members c join dateline.story_members s using (text_id)
    where text_id = any(:ids) and c.valid_to is null and s.valid_to is null
""")
_UNSIGNED = text("""
    select text_id from unnest(cast(:ids as bigint[])) as g (text_id)
    where not exists (select from dateline.text_terms w where w.text_id = g.text_id)
        and not exists (select from dateline.story_members m where m.text_id = g.text_id and m.valid_to is null)
""")


def group_tickets(
    conn: Connection, tickets: Sequence[Ticket], *, now: datetime, counts: TermCounts | None = None
) -> list[tuple[Ticket, Grouping]]:
    """Group a batch and return each ticket's grouping, in order. Ids are those of texts, syndications and stories.

    Takes the grouping lock until the transaction ends. A text that was grouped before keeps its place, so that running
    this again changes nothing. Texts are read only where extraction has not signed them; a ticket is left out where that text
    is not kept either. `counts` may be given again to the next call.
    """
    unsigned = _unsigned(conn, tickets)
    texts = load_texts(conn, [ticket for ticket in tickets if ticket.text_id in unsigned]) if unsigned else []
    return _group(conn, tickets, texts, now=now, counts=counts)


def group_texts(
    conn: Connection, texts: Sequence[tuple[Ticket, Article]], *, now: datetime, counts: TermCounts | None = None
) -> list[tuple[Ticket, Grouping]]:
    """Do the same with texts at hand."""
    tickets = [ticket for ticket, _ in texts]
    unsigned = _unsigned(conn, tickets)
    return _group(conn, tickets, [item for item in texts if item[0].text_id in unsigned], now=now, counts=counts)


def group_signed(
    conn: Connection, batch: Sequence[Signed], *, now: datetime, counts: TermCounts | None = None
) -> Outcome:
    """Group texts whose signatures are stored and that no group holds yet. The caller holds the grouping lock."""
    today = now.date()
    with grouped_known.by_index(conn), Writer(conn) as writer:
        known = grouped_known.load_copies(conn, batch, today=today)
        copies = find_copies(batch, known, frequencies=partial((counts or TermCounts()).load, conn))
        outcome = find_stories(copies, grouped_known.load_stories(conn, copies, today=today))
        grouped_rows.save(conn, writer, batch, outcome, now=now)
    drop_terms(conn, [item.id for item in batch])
    return outcome


def _group(
    conn: Connection,
    tickets: Sequence[Ticket],
    unsigned: Sequence[tuple[Ticket, Article]],
    *,
    now: datetime,
    counts: TermCounts | None,
) -> list[tuple[Ticket, Grouping]]:
    """Sign what is not signed, take the lock, and group what no group holds."""
    sign_texts(conn, unsigned, now=now)
    take_lock(conn)
    ids = [_text_id(ticket) for ticket in tickets]
    placed = _stored(conn, ids)
    if waiting := {id_ for id_ in ids if id_ not in placed}:
        batch = load_signed(conn, waiting, {_text_id(ticket): article for ticket, article in unsigned})
        if batch:
            group_signed(conn, batch, now=now, counts=counts)
        placed |= _stored(conn, waiting)
    return [(ticket, placed[id_]) for id_, ticket in zip(ids, tickets, strict=True) if id_ in placed]


def _unsigned(conn: Connection, tickets: Sequence[Ticket]) -> set[int]:
    return set(conn.scalars(_UNSIGNED, {"ids": [_text_id(ticket) for ticket in tickets]}))


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
